"""VMSC for OBS: load this file in OBS, Tools > Scripts.

OBS calls the script_* functions below; each hands on to vmsc_core. This file alone is written for any Python from 3.6 on, so
that it can say what is wrong on one that is too old for the rest.
"""

import functools
import importlib
import importlib.util
import os
import sys
import textwrap
import traceback

import obspython as obs

FOLDER = os.path.dirname(os.path.abspath(__file__))
OLDEST_PYTHON = (3, 9)
DESCRIPTION = "<b>VMSC for OBS</b>, for Kick streamers"


def import_core():
    """vmsc_core.obs.script, imported again: Reload would otherwise keep what was imported before."""
    for name in [n for n in sys.modules if n == "vmsc_core" or n.startswith("vmsc_core.")]:
        del sys.modules[name]
    # By its place, not by way of sys.path: another copy of the script may bring a vmsc_core of another version there, and with
    # this folder at its beginning a neighbor's uuid.py would be run in place of Python's own.
    package = os.path.join(FOLDER, "vmsc_core")
    spec = importlib.util.spec_from_file_location(
        "vmsc_core", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    sys.modules["vmsc_core"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["vmsc_core"])
    return importlib.import_module("vmsc_core.obs.script")


def printable(text):
    """`text` without what OBS raises on: lone surrogates, which odd file names hold, and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def guarded(callback):
    """A callback that never raises into OBS: a traceback there pops the log window up over the stream."""

    @functools.wraps(callback)
    def wrapper(*args):
        try:
            return callback(*args)
        except BaseException as error:  # SystemExit ends OBS, and there is nobody here for KeyboardInterrupt
            what = "%s: %s: %s" % (callback.__name__, type(error).__name__, error)
            if what not in complaints and len(complaints) < 20:
                complaints.add(what)
                obs.script_log(obs.LOG_INFO, printable("bug in " + what + "\n" + traceback.format_exc()))
            return None

    return wrapper


# Kept when they are there: Reload runs this file again in the same namespace, and a second copy of the same name shares it
# with the one that is at work. script_unload has emptied them when it was our own Reload.
complaints = globals().get("complaints", set())
script = globals().get("script")  # vmsc_core.obs.script.Script between script_load and script_unload
shared = globals().get("shared", False)  # whether another copy of the same file name has used this module
hotkeys = globals().get("hotkeys", {})  # settings key -> OBS's number of the hotkey
core, trouble = None, ""  # a sentence when vmsc_core can't be used at all
if sys.version_info[:2] < OLDEST_PYTHON:
    trouble = (
        "Python %d.%d is too old: this script needs 3.9 or newer. Install Python from python.org, then choose it in "
        "Tools > Scripts > Python Settings." % sys.version_info[:2]
    )
else:
    try:
        core = import_core()
    except BaseException as error:
        trouble = (
            "The script's files are incomplete. Install it again, with the folder vmsc_core beside vmsc_obs.py. "
            "(%s: %s)" % (type(error).__name__, error)
        )


def elsewhere(loading=False):
    """Where another copy of this script is loaded; empty when this one is it, or could be.

    Two copies would write to one card. Copies with different names meet in an attribute of obspython, the one module all
    scripts share. Copies with one file name even share this module: then the script's own path tells them apart. It is only
    asked for when there is such a copy, and script_load comes for it while the first is loaded: script_path crashes OBS when
    a callback on another thread ends at the wrong moment (see vmsc_core/obs/turns.py).
    """
    global shared
    owner = getattr(obs, "vmsc_loaded_from", None)
    if owner is None:
        return ""
    shared = shared or (loading and owner[1] == __name__)
    is_ours = owner[1] == __name__ and (not shared or owner[0] == script_path())  # noqa: F821 (OBS puts script_path here)
    return "" if is_ours else owner[0]


# -- OBS's hooks


@guarded
def script_defaults(settings):
    if core is not None:
        core.set_defaults(settings)


def script_description():
    return DESCRIPTION


@guarded
def script_load(settings):
    # A scene collection of somebody else's may hold it: OBS would draw it on the page, as HTML, in place of ours.
    obs.obs_data_erase(settings, "trouble")
    if not elsewhere(loading=True):
        load(settings)


@guarded
def script_update(settings):
    if script is not None and not elsewhere():
        script.update(settings)
        script.page.edited()


@guarded
def script_properties():
    is_at_work = script is not None and not elsewhere()
    return script.page.build(CALLBACKS) if is_at_work else page_of_trouble()


@guarded
def script_save(settings):
    if not elsewhere():
        save(settings)


@guarded
def script_unload():
    if not elsewhere():
        unload()


# -- what they do


def load(settings):
    global script
    obs.vmsc_loaded_from = (script_path(), __name__)  # noqa: F821
    # Registered first and only here: later, or after a call that fires an event, OBS crashes.
    obs.timer_add(on_timer, 100)
    if obs.obs_data_get_bool(settings, "add_card_at_start"):
        obs.obs_frontend_add_event_callback(on_event)
    register_hotkeys(settings)
    script = core.Script(settings, FOLDER) if core is not None else None


def register_hotkeys(settings):
    hotkeys.clear()
    for key, title, act in HOTKEYS:
        number = obs.obs_hotkey_register_frontend("vmsc_" + key, title, hotkey(key, act))
        keys = obs.obs_data_get_array(settings, key)
        obs.obs_hotkey_load(number, keys)
        obs.obs_data_array_release(keys)
        hotkeys[key] = number


def save(settings):
    if script is not None:
        script.save(settings)
    for key, number in hotkeys.items():
        keys = obs.obs_hotkey_save(number)
        obs.obs_data_set_array(settings, key, keys)
        obs.obs_data_array_release(keys)


def unload():
    global script
    obs.vmsc_loaded_from = None
    ending, script = script, None
    complaints.clear()
    hotkeys.clear()
    if ending is not None:
        ending.close()


# -- callbacks. Those on other threads look at `script` once: script_unload may come at the same moment, on OBS's own


@guarded
def on_timer():
    running = script
    if running is not None:
        running.turn()
    elif trouble:
        write_trouble()


@guarded
def on_event(event):
    if script is not None and event in (obs.OBS_FRONTEND_EVENT_FINISHED_LOADING, obs.OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED):
        script.scene_ready()


def hotkey(name, act):
    """The callback of the hotkey of that name: does `act` with the script that is running when the key goes down."""

    def press(pressed):
        running = script
        if pressed and running is not None:
            act(running)

    press.__name__ = press.__qualname__ = "press_" + name
    return guarded(press)


HOTKEYS = (
    ("hotkey_connect", "Kick: connect", lambda running: running.connect()),
    ("hotkey_disconnect", "Kick: disconnect", lambda running: running.disconnect()),
    ("hotkey_pause_rules", "Kick: pause rules", lambda running: running.rules.toggle_pause()),
    ("hotkey_skip_alert", "Kick: skip alert", lambda running: running.rules.skip_alert()),
    ("hotkey_test_alert", "Kick: test alert", lambda running: running.rules.test_alert()),
)


@guarded
def on_typing(page, prop, settings):
    if script is not None:
        script.page.typing(page, settings)
    return False


@guarded
def on_section(page, prop, settings):
    return script is not None and script.page.open_section(page, settings)


@guarded
def on_rule(page, prop, settings):
    return script is not None and script.page.rule_changed(page, settings)


def button(action):
    """The callback of a button: does what ScriptPage.press does for that action, then has OBS draw the page again."""

    def press(page, prop):
        if script is not None:
            script.page.press(action, page)
        return True

    press.__name__ = press.__qualname__ = "press_" + action
    return guarded(press)


ACTIONS = (
    "connect",
    "reconnect",
    "disconnect",
    "add_card",
    "reset_card",
    "show_preview",
    "use_paste",
    "open_lookup",
    "refresh",
    "install_library",
    "save_report",
    "add_ready",
    "use_rules",
    "add_alert",
    "new_rule",
    "try_rule",
    "duplicate_rule",
    "up_rule",
    "down_rule",
    "delete_rule",
    "export_rules",
    "import_rules",
    "rehearse",
    "stop_rehearsal",
)
CALLBACKS = {action: button(action) for action in ACTIONS}
CALLBACKS["typing"] = on_typing
CALLBACKS["open_section"] = on_section
CALLBACKS["rule_changed"] = on_rule


# -- without vmsc_core: on the page, and on the card when there is one


def page_of_trouble():
    why = trouble or "Press Reload (the round arrow under the list) to start this copy."
    if elsewhere():
        why = "Another copy of this script is already loaded, from " + elsewhere() + ". Remove one of them, then press Reload."
    page = obs.obs_properties_create()
    rich = "<qt>" + printable(why).replace("&", "&amp;").replace("<", "&lt;") + "</qt>"
    obs.obs_properties_add_text(page, "trouble", rich, obs.OBS_TEXT_INFO)
    return page


def write_trouble():
    """Finds the card's pieces by their first names only, those of version 0.1.0 too."""
    for card in ("Kick card", "Kick status card"):
        write_trouble_on(card)


def write_trouble_on(card):
    red, dark = 0xFF3B3BFF, 0xFF181310  # OBS keeps colors as AABBGGRR
    badge = obs.obs_get_source_by_name(card + ": badge")
    letters = red if badge is None else dark
    if badge is not None:
        obs.obs_source_release(badge)
    # Three lines fit; what is cut there is the end of an error's own words, which the page shows whole.
    lines = "\n".join(textwrap.wrap(printable(trouble), 52, max_lines=3, placeholder=" \u2026"))
    for piece, values in (
        ("title", {"text": "ERROR", "color": letters, "color1": letters, "color2": letters}),
        ("badge", {"color": red}),
        ("hole", {"color": dark & 0xFFFFFF}),
        ("detail", {"text": lines}),
        ("dot", {"color": red}),
    ):
        source = obs.obs_get_source_by_name(card + ": " + piece)
        if source is None:
            continue
        data = obs.obs_source_get_settings(source)
        try:
            write_what_differs(source, data, values)
        finally:
            obs.obs_data_release(data)
            obs.obs_source_release(source)


def write_what_differs(source, data, values):
    if any(read_from(data, key, value) != value for key, value in values.items()):
        for key, value in values.items():
            (obs.obs_data_set_int if isinstance(value, int) else obs.obs_data_set_string)(data, key, value)
        obs.obs_source_update(source, data)


def read_from(data, key, value):
    """What is there now, of the type of `value`."""
    if isinstance(value, int):
        return obs.obs_data_get_int(data, key) & 0xFFFFFFFF
    return obs.obs_data_get_string(data, key)
