"""``python3 tools/obs_sandbox --help``."""

import sys
from pathlib import Path

if not __package__:  # run as a folder: Python looks for modules in it, not beside it
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import whole_python  # noqa: F401 - before all else

# isort: split
import fresh_machine

fresh_machine.continue_in_venv("obsws_python", "PIL", "websocket")

from obs_sandbox.terminal import main  # noqa: E402 - found only from here on

sys.exit(main())
