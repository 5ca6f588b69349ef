"""websocket-client: found without running anything, and kept as one object of our own. Knows no connection.

Rules a maintainer must keep:
1. A file is looked at before it is run: OBS's path has the folders of other scripts on it, and a neighbor's websocket.py may
   do anything.
2. Ours has a name of its own in sys.modules: neither can another script's `import websocket` replace it, nor do we change
   what that script gets.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
from typing import Any

FOLDER = "vmsc_lib"
"""Beside vmsc_obs.py: where the command on the page puts websocket-client. It wins over every other."""

NAME = "vmsc_core.link.websocket_client"
"""In sys.modules. Reload drops it with the rest of vmsc_core, so that an update of the library is taken."""

PARTS = ("__init__.py", "_abnf.py", "_core.py", "_handshake.py")
"""What websocket-client has, and no other package that is called websocket."""

_lock = threading.Lock()  # two links may look for it at once
_kept: list[Any] = []


class NoCookies:
    """In place of the library's cookie jar, which keeps what servers set for as long as OBS runs, and sends it back."""

    def add(self, set_cookie: object) -> None:
        """Keeps nothing, and reads nothing: the library raises on some cookies."""

    def get(self, host: object) -> str:
        """What to send to a host: nothing."""
        return ""


def load(script_folder: str = "") -> Any | None:
    """The library, from FOLDER in `script_folder` or from Python's path; None when there is none that works.

    Looked for again at each call until it is there, since the user may install it meanwhile.
    """
    with _lock:
        if not _kept:
            places = [os.path.join(script_folder, FOLDER)] if script_folder else []
            for place in [*places, *sys.path]:
                module = _run(os.path.join(place, "websocket")) if isinstance(place, str) and _is_real(place) else None
                if module is not None:
                    _kept.append(module)
                    break
        return _kept[0] if _kept else None


def library() -> Any:
    """The library that `load` found. Raises ImportError when there is none."""
    found = _kept[0] if _kept else load()
    if found is None:
        raise ImportError("websocket-client")
    return found


def place() -> str:
    """The folder that the library which `load` found lies in; empty while there is none."""
    return os.path.dirname(os.path.dirname(os.path.abspath(_kept[0].__file__))) if _kept else ""


def _is_real(place: str) -> bool:
    return all(os.path.isfile(os.path.join(place, "websocket", part)) for part in PARTS)


def _run(folder: str) -> Any | None:
    init = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location(NAME, init, submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        return None
    module = sys.modules[NAME] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        module._handshake.CookieJar = NoCookies()
        if not all(hasattr(module, name) for name in ("WebSocket", "ABNF", "WebSocketException")):
            raise ImportError
    except BaseException:  # a damaged installation raises whatever it likes, SystemExit included
        for name in [n for n in sys.modules if n == NAME or n.startswith(NAME + ".")]:
            del sys.modules[name]
        return None
    return module
