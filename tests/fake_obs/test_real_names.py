"""The fake beside the real obspython, where an OBS is installed: names, arguments and numbers."""

from __future__ import annotations

import glob
import json
import os
import subprocess
from typing import NoReturn

import pytest
from fake_obspython import API, CONSTANTS, UNUSABLE, FakeObs

# What obs-scripting puts into the module when OBS runs (obs-scripting-python.c and -frontend.c); not in the file.
ADDED_BY_OBS = [
    "script_log",
    "timer_add",
    "timer_remove",
    "source_list_release",
    "sceneitem_list_release",
    "obs_enum_sources",
    "obs_scene_enum_items",
    "obs_sceneitem_group_enum_items",
    "signal_handler_connect",
    "obs_hotkey_register_frontend",
    "obs_hotkey_unregister",
    "obs_properties_add_button",
    "obs_property_set_modified_callback",
    "obs_frontend_get_scene_names",
    "obs_frontend_get_scenes",
    "obs_frontend_get_current_scene",
    "obs_frontend_set_current_scene",
    "obs_frontend_set_current_transition",
    "obs_frontend_set_current_scene_collection",
    "obs_frontend_set_current_profile",
    "obs_frontend_add_event_callback",
]

ASK = """
import inspect, json, sys
import obspython
found = {}
for name in json.load(sys.stdin):
    thing = getattr(obspython, name, None)
    found[name] = len(inspect.signature(thing).parameters) if inspect.isfunction(thing) else thing
json.dump({"version": obspython.obs_get_version(), "found": found}, sys.stdout)
"""


def not_here(lack: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(lack)
    pytest.skip(lack)


def test_names_arguments_and_numbers_are_those_of_the_real_obspython() -> None:
    folders = glob.glob("/usr/lib/*/obs-scripting") + glob.glob("/usr/lib/obs-scripting")
    if not folders:
        not_here("no OBS is installed here")
    names = [*API, *CONSTANTS, *UNUSABLE]
    asked = subprocess.run(
        ["/usr/bin/python3", "-c", ASK],
        input=json.dumps(names),
        env={"PYTHONPATH": folders[0]},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if asked.returncode:
        not_here(f"the installed obspython cannot be imported by /usr/bin/python3: {asked.stderr[-300:]}")
    answer = json.loads(asked.stdout)
    packed = answer["version"]
    with FakeObs(version=(packed >> 24, packed >> 16 & 255, packed & 65535), fresh=()) as fake:
        for name in names:
            real = answer["found"][name]
            if name in ADDED_BY_OBS:
                continue
            assert (real is None) == (not hasattr(fake.module, name)), name
            if real is not None and name in API:
                assert real == len(API[name][0].takes), name
            elif real is not None and name in CONSTANTS:
                assert real == CONSTANTS[name], name
