"""The page at the sizes people have it: nothing is cut in OBS's own window of 775×492, nor in a wider one.

The window is read at its width and as high as the screen: its height only decides how much must be scrolled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

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


def labels(sections: tuple[str, ...]) -> list[str]:
    """What stands on buttons, beside fields and at ticks, of a page on which these sections are open."""
    facts = Facts(State(Status.CONNECTED), Choices(), is_wanted=True, open_sections=sections)
    return [row.label for row in page(facts) if row.visible and row.kind is not Kind.INFO]


def said(obs: ObsSandbox, width: int, height: int = SCREEN[1] - 50) -> list[list[reading.Word]]:
    """The phrases on the page in a window of that size."""
    picture = obs.size_scripts_dialog(width, height)
    return obs.phrases(picture.crop((width * 2 // 5, 0, width, height)))


def begins(phrase: Sequence[reading.Word], label: str) -> Optional[reading.Word]:
    """The word of the phrase with which `label` begins; OCR glues a help icon to its end, and reads a tick's box as a letter."""
    wanted = reading.glued(label)
    for first, word in enumerate(phrase):
        rest = reading.glued("".join(one.text for one in phrase[first:]))
        if rest.startswith(wanted) and (first == 0 or len(rest) <= len(wanted) + 2):  # a field's own text may follow its label
            return word
    return None


def missing(obs: ObsSandbox, width: int, sections: tuple[str, ...]) -> list[str]:
    """Labels that cannot be read whole."""
    phrases = said(obs, width)
    return [label for label in labels(sections) if not any(begins(phrase, label) for phrase in phrases)]


@pytest.mark.parametrize("sections", [("card", "blocked"), ("advanced", "history")])
def test_every_label_is_whole_at_every_width_before_and_after_a_press(kick: KickSimulator, sections: tuple[str, ...]) -> None:
    opened = {section_key(section): section in sections for section in SECTIONS}
    whole: dict[int, list[str]] = {width: [] for width in WIDTHS}
    with ObsSandbox(SCRIPT, settings(kick, **opened), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.open_scripts_dialog()
        assert {width: missing(obs, width, sections) for width in WIDTHS} == whole
        obs.size_scripts_dialog(*SCREEN)
        press(obs, "Refresh", lambda: True)
        press(obs, "Reconnect", lambda: True)
        wait_for(obs, Status.CONNECTED)
        assert {width: missing(obs, width, sections) for width in WIDTHS} == whole
        obs.close_scripts_dialog()
        ended_well(obs)


def test_what_a_new_user_needs_is_seen_without_scrolling(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        obs.open_scripts_dialog()
        phrases = said(obs, *OWN)
        for label in ("Kick name", "Connect", "Refresh"):
            assert any(begins(phrase, label) for phrase in phrases), label
        obs.close_scripts_dialog()
        ended_well(obs)


def place(obs: ObsSandbox, label: str) -> Optional[tuple[int, int]]:
    """Where the words of a tick begin, px of the page."""
    words = (begins(phrase, label) for phrase in obs.phrases(obs.page_picture()))
    found = next((word for word in words if word is not None), None)
    return found and (found.left + 4, found.center[1])


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_opens_and_closes_by_the_mouse(kick: KickSimulator, section: str) -> None:
    facts = Facts(State(), Choices(), open_sections={section})
    rows = [row for row in page(facts) if row.visible]
    tick = next(row for row in rows if row.key == section_key(section))
    inside = rows[rows.index(tick) + 1]
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        obs.open_scripts_dialog()
        for is_open in (True, False):
            x, y = obs.wait(lambda: place(obs, tick.label), 10, f"the tick {tick.label}")
            obs.screen.click(SCREEN[0] // 2 + x, y)
            obs.wait(lambda wanted=is_open: (place(obs, inside.label) is not None) is wanted, 10, f"{section} open: {is_open}")
        obs.close_scripts_dialog()
        ended_well(obs)
