"""A real OBS in its own config folder, on its own screen, for tests and for trying the script.

Knows OBS and obs-websocket, not what the script does. The user's own OBS is never touched: every file OBS writes lands in a
temporary folder, and websocket-client reaches OBS's Python through PYTHONPATH.

Order of use::

    with ObsSandbox("vmsc_obs.py", settings={"username": "speedy"}) as obs:
        obs.scene_screenshot("scene.png")          # PIL.Image
        obs.input_settings("Kick card: dot")["color"]
        assert obs.warnings() == []
        ended = obs.quit()                         # ended.code, .seconds, .leaks, .tick; ObsHung when it does not end

Several sandboxes can run side by side: X server and ports are free ones. The tests run on Linux; config.system_folders
says how the folder is kept apart on Windows and macOS, which comes from OBS's source and has not been run.

From a terminal: ``python3 tools/obs_sandbox --script vmsc_obs.py`` runs until Ctrl-C.

sandbox.py starts and ends it, inside.py asks obs-websocket, window.py drives OBS's window (with screen.py and reading.py);
config.py writes OBS's settings files, obs_log.py reads its log, machine.py and processes.py are about this computer.
"""

from .config import SCENE, config_folder
from .machine import ObsDidNotStart, ObsHung, ObsMissing, find_obs, missing_parts
from .obs_log import Exit
from .root import ROOT_VARIABLE, Root
from .sandbox import ObsSandbox
from .screen import SIZE as SCREEN

__all__ = [
    "ROOT_VARIABLE",
    "SCENE",
    "SCREEN",
    "Exit",
    "ObsDidNotStart",
    "ObsHung",
    "ObsMissing",
    "ObsSandbox",
    "Root",
    "config_folder",
    "find_obs",
    "missing_parts",
]
