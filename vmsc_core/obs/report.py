"""Saves a report into a file, and says where. UI thread. Knows no page and not what is in a report."""

from __future__ import annotations

import os
import platform
import random
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import obspython as obs

import vmsc_core
from vmsc_core.kick.channel import slug_or_nothing
from vmsc_core.obs.trusted import FOLDER, config_folder
from vmsc_core.reasons import Reason, because
from vmsc_core.report import Facts, report

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script


def save(script: Script) -> Reason:
    """Writes the report where the user finds it; what to say about it. Never raises for a folder that can't be written."""
    name = time.strftime("vmsc-report-%Y%m%d-%H%M%S.txt")
    text = report(_facts(script), f"{random.getrandbits(128):x}")
    problem = ""
    for folder in _folders(script.folder):
        path = os.path.join(folder, name)
        try:
            os.makedirs(folder, exist_ok=True)
            with open(path, "x", encoding="utf-8") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            problem = problem or f"{getattr(error, 'strerror', None) or type(error).__name__}"
            continue
        return because("report_saved", path=path)
    return because("report_failed", problem=problem)


def _facts(script: Script) -> Facts:
    app = script.app
    state = app.shown_state
    packed = obs.obs_get_version()
    known = {row.name.lower(): row for row in app.known.values()} | dict(app.known)
    return Facts(
        versions={
            "vmsc": vmsc_core.__version__,
            "obs": f"{packed >> 24}.{packed >> 16 & 255}.{packed & 65535}",
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        },
        values=script.values,
        state=state,
        now=app.monotonic(),
        history=list(app.history),
        messages=app.recent(),
        channel=known.get(slug_or_nothing(script.values["username"])),
    )


def _folders(script_folder: str) -> Iterator[str]:
    """Where a user looks first, to where there is always room."""
    home = os.path.expanduser("~")
    documents = os.path.join(home, "Documents")
    if os.path.isdir(documents):
        yield documents
    if os.path.isabs(home):
        yield home
    if config_folder():
        yield os.path.join(config_folder(), FOLDER)
    yield script_folder
