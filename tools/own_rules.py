"""Rules that a sandbox's user has made, so that they run: their mark, with the key that each sandbox has."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from obs_sandbox.config import RULES_KEY  # noqa: E402 - found only from here on

from vmsc_core.rules.mark import mark_of  # noqa: E402


def signed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a script, with its rules as this user's own, unless they have a mark already."""
    text = settings.get("rules", "")
    return {"rules_mark": mark_of(text, RULES_KEY), **settings} if text else dict(settings)
