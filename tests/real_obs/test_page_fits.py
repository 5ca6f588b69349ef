"""The page at the sizes people have it: nothing is cut in OBS's own window of 775×492, nor in a wider one.

The window is read at its width and as high as the screen: its height only decides how much must be scrolled.
"""

from __future__ import annotations

from typing import Any, Optional

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import SCREEN, ObsSandbox, reading
from real_obs.session import BEHIND, SCRIPT, ended_well, first_run, press, settings, wait_for

from vmsc_core.events import Status
from vmsc_core.page import Facts, Kind, page
from vmsc_core.settings import SECTIONS, Choices, section_key
from vmsc_core.state import State

OWN = (775, 492)
WIDTHS = (775, 1000, 1280)
TICKS = [section_key(section) for section in SECTIONS]


def labels(**known: Any) -> list[str]:
    """What stands on buttons, beside fields and at ticks, of a page on which all sections are open."""
    facts = Facts(State(Status.CONNECTED), Choices(), is_wanted=True, open_sections=SECTIONS, **known)
    return [row.label for row in page(facts) if row.visible and row.kind is not Kind.INFO]


def said(obs: ObsSandbox, width: int, height: int = SCREEN[1] - 50) -> list[list[reading.Word]]:
    """The phrases on the page in a window of that size."""
    picture = obs.size_scripts_dialog(width, height)
    return obs.phrases(picture.crop((width * 2 // 5, 0, width, height)))


def missing(obs: ObsSandbox, width: int) -> list[str]:
    """Labels that cannot be read whole."""
    phrases = said(obs, width)
    return [label for label in labels() if not any(reading.says(phrase, label) for phrase in phrases)]


def test_every_label_is_whole_at_every_width_before_and_after_a_press(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.open_scripts_dialog()
        assert {width: missing(obs, width) for width in WIDTHS} == {width: [] for width in WIDTHS}
        obs.size_scripts_dialog(*SCREEN)
        press(obs, "Refresh", lambda: True)
        press(obs, "Reconnect", lambda: True)
        wait_for(obs, Status.CONNECTED)
        assert {width: missing(obs, width) for width in WIDTHS} == {width: [] for width in WIDTHS}
        obs.close_scripts_dialog()
        ended_well(obs)


def test_what_a_new_user_needs_is_seen_without_scrolling(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        obs.open_scripts_dialog()
        phrases = said(obs, *OWN)
        for label in ("Kick name", "Connect", "Refresh"):
            assert any(reading.says(phrase, label) for phrase in phrases), label
        obs.close_scripts_dialog()
        ended_well(obs)


def place(obs: ObsSandbox, label: str) -> Optional[tuple[int, int]]:
    """Where the words of a tick begin, px of the page; OCR glues its help icon to them."""
    for phrase in obs.phrases(obs.page_picture()):
        for first, word in enumerate(phrase):  # its box may be read as a letter
            if reading.glued("".join(one.text for one in phrase[first:])).startswith(reading.glued(label)):
                return word.left + 4, word.center[1]
    return None


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_opens_and_closes_by_the_mouse(kick: KickSimulator, section: str) -> None:
    facts = Facts(State(), Choices(), open_sections={section})
    rows = [row for row in page(facts) if row.visible]
    tick = next(row for row in rows if row.key == section_key(section))
    inside = rows[rows.index(tick) + 1]
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        obs.open_scripts_dialog()
        assert inside.label not in obs.page_text()
        for is_open in (True, False):
            x, y = obs.wait(lambda: place(obs, tick.label), 10, f"the tick {tick.label}")
            obs.screen.click(SCREEN[0] // 2 + x, y)
            obs.wait(lambda wanted=is_open: (inside.label in obs.page_text()) is wanted, 10, f"{section} open: {is_open}")
        obs.close_scripts_dialog()
        ended_well(obs)
