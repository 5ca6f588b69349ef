"""Ends with one sentence when this Python lacks parts of its standard library, as Debian's python3-minimal does.

Imported before anything that such a Python lacks.
"""

import sys
from importlib.util import find_spec

NEEDED = ("asyncio", "ctypes", "shutil", "tempfile")
"""Some of what python3-minimal leaves out."""

if not all(find_spec(name) for name in NEEDED):
    sys.exit("This Python is only a part of one (python3-minimal). On Debian and Ubuntu: sudo apt install python3 python3-venv")
