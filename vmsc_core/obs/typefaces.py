"""Which typeface the card is written in: the first of a list that this computer has, measured by OBS itself. UI thread only.

OBS names no typefaces, and takes another one without a word for a name that isn't there. So each is tried: a text in a face
that is there is as wide as no text in a face that can't be.
"""

from __future__ import annotations

import sys
from functools import lru_cache

import obspython as obs

from vmsc_core.obs.kinds import text_kind
from vmsc_core.obs.references import new_data, owned

FACES = {
    "win32": ("Segoe UI", "Arial"),
    "darwin": ("Helvetica Neue", "Arial"),
    "linux": ("Inter", "Noto Sans", "Open Sans", "Ubuntu", "Cantarell", "DejaVu Sans"),
}
"""System → faces for a screen, the best first, all no wider than the layout reckons with. The last is used unseen."""

NONE = "VMSC-no-such-typeface"
PROBE = "Wigglyquartz0123456789"
PROBE_SIZE = 64


@lru_cache(maxsize=1)
def font_face() -> str:
    """The typeface; looked for once."""
    faces = FACES.get(sys.platform, FACES["linux"])
    unknown = _width(NONE)
    return next((face for face in faces[:-1] if _width(face) != unknown), faces[-1])


def font_regular() -> str:
    """What that typeface calls its upright, normal style."""
    return "Book" if font_face() == "DejaVu Sans" else "Regular"


def _width(face: str) -> int:
    """How wide OBS draws PROBE in that face, px; 0 when it doesn't say."""
    with new_data() as data, new_data() as font:
        obs.obs_data_set_string(font, "face", face)
        obs.obs_data_set_string(font, "style", "Regular")
        obs.obs_data_set_int(font, "size", PROBE_SIZE)
        obs.obs_data_set_obj(data, "font", font)
        obs.obs_data_set_string(data, "text", PROBE)
        with owned(obs.obs_source_create_private(text_kind(), NONE, data)) as probe:
            return 0 if probe is None else int(obs.obs_source_get_width(probe))
