"""A strict stand-in for OBS's ``obspython``, so that the OBS side can be tested without an OBS.

Knows how OBS treats a Python script (who calls what on which thread, who owns which reference, in which
order the hooks come) and nothing of this project. Rules it enforces, each kept as a line in ``violations``
and raised as :class:`FakeObsError` where the mistake is made (code under test may swallow the exception,
so a fixture must end with ``assert fake.violations == []``):

1. An owned result is released exactly once, before the callback ends in which it was got; a released or
   borrowed handle is not used afterwards; nothing is released that is not owned.
2. obspython is called only on the thread on which OBS runs a callback at this moment. Timers run on a second
   thread ("OBS graphics"), hotkeys on a third ("OBS defer"), everything else on the thread of the test.
3. Timers, hotkeys and frontend event callbacks are registered in script_load only, before anything
   that fires a frontend event, with plain module-level functions. Signals are not to be connected at all.
4. While a collection loads its scripts no source exists; collection switches end every pointer.
5. Arguments have the types SWIG insists on: no int for a bool, no float for an int, no lone surrogates; no NUL
   where obs-scripting parses them itself (script_log, buttons, hotkeys).
6. Nothing raises out of a callback: OBS would print it to its Script Log and pop that up over the stream.
7. After script_unload no thread of the script is alive; the script starts daemon threads only.

Facts come from obs-studio 29 to 32: shared/obs-scripting/*.c, libobs/obs-{source,scene,data,properties}.c,
plugins/frontend-tools/scripts.cpp and shared/properties-view.

Use::

    with FakeObs() as fake:                      # puts itself into sys.modules["obspython"]
        fake.load_script(path, {"username": "x"})    # body, defaults, description, load, update
        fake.load_collection()                   # now there is a scene
        fake.press("connect"); fake.tick(0.5)
        fake.unload_script()
    assert fake.violations == []

Where to look: FakeObs is a chain of classes, each of which knows those before it: violations, references, callbacks,
arguments, world, clock, page, script, fake_obs. OBS's own things are in things.py, what a test sees of them in views.py.
The functions of obspython are in calls/, over the table in signatures.py. One that only reads or writes an attribute is a row
of ``plain`` there; a function that is missing is one that neither the project nor a test has called yet.
"""

from .constants import CONSTANTS, UNUSABLE
from .fake_obs import FakeObs
from .signatures import API
from .views import ItemView
from .violations import FakeObsError

__all__ = ["API", "CONSTANTS", "UNUSABLE", "FakeObs", "FakeObsError", "ItemView"]
