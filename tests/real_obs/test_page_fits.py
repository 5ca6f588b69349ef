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
from vmsc_core.rules.actions import AddLine, SetFilter, SetVolume, ShowAlert, SwitchScene
from vmsc_core.rules.editor_rows import Facts as RuleFacts
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps
from vmsc_core.settings import SECTIONS, Choices, section_key
from vmsc_core.state import State

pytestmark = pytest.mark.timeout(300)  # reading takes long on a busy machine

OWN = (775, 492)
WIDTHS = (775, 1000, 1280)
RULE_WIDTHS = (775, 1280)


BAR = 24
"""px; how far from the window's right edge the page's scroll bar is."""

NO_RULES = RuleFacts()
LONG = "A name that is a good deal longer than any list on this page is wide"
EDITED = {
    "conditions": RuleFacts(
        (Rule("r1", trigger=Trigger("chat"), filters=Filters(who="names", names=("ann",))),), "r1", filters_open=True
    ),
    "an alert and a file": RuleFacts((Rule("r1", LONG, actions=(ShowAlert(), SetVolume(LONG))),), "r1", file_open=True),
    "a state and sources": RuleFacts(
        (Rule("r1", trigger=Trigger("connection"), actions=(SetFilter(LONG, LONG), AddLine(LONG), SwitchScene(LONG))),), "r1"
    ),
}
"""What of the rule editor is open: all together is higher than the screen."""


def labels(sections: tuple[str, ...], rules: RuleFacts = NO_RULES) -> list[str]:
    """What stands on buttons, beside fields and at ticks, of a page on which these sections are open.

    Not on buttons that can't be pressed: OBS draws them too faint for OCR. tests/words measures them as well.
    """
    facts = Facts(State(Status.CONNECTED), Choices(), is_wanted=True, open_sections=sections, rules=rules)
    return [row.label for row in page(facts) if row.visible and row.enabled and row.kind is not Kind.INFO]


def said(obs: ObsSandbox, width: int, height: int = SCREEN[1] - 50) -> list[list[reading.Word]]:
    """The phrases on the page in a window of that size."""
    picture = obs.size_scripts_dialog(width, height)
    return obs.phrases(picture.crop((width * 2 // 5, 0, width, height)))


def said_at_the_end(obs: ObsSandbox, width: int) -> list[list[reading.Word]]:
    """The phrases on the page once it's scrolled down, and up again: the rule editor can be higher than the screen."""
    height = SCREEN[1] - 50
    found: list[list[reading.Word]] = []
    for button in ("5", "4"):
        # Over the bar: a list under the mouse takes the wheel for itself.
        obs.screen.run("xdotool", "mousemove", str(width - BAR), "400", *["click", button] * 40)
        obs.still_picture()
        if button == "5":
            found = obs.phrases(obs.window_screenshot().crop((width * 2 // 5, 0, width, height)))
    return found


def begins(phrase: Sequence[reading.Word], label: str) -> Optional[reading.Word]:
    """The word of the phrase with which `label` begins; OCR glues a help icon to its end, and reads a tick's box as a letter."""
    wanted = reading.glued(label)
    for first, word in enumerate(phrase):
        rest = reading.glued("".join(one.text for one in phrase[first:]))
        if rest.startswith(wanted) and (first == 0 or len(rest) <= len(wanted) + 2):  # a field's own text may follow its label
            return word
    return None


def missing(obs: ObsSandbox, width: int, sections: tuple[str, ...], rules: RuleFacts = NO_RULES) -> list[str]:
    """Labels that cannot be read whole."""
    phrases = said(obs, width)
    if rules is not NO_RULES:
        phrases += said_at_the_end(obs, width)
    return [label for label in labels(sections, rules) if not any(begins(phrase, label) for phrase in phrases)]


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


@pytest.mark.parametrize("shown", EDITED)
def test_the_rule_editor_is_whole_at_every_width_before_and_after_a_press(kick: KickSimulator, shown: str) -> None:
    rules = EDITED[shown]
    more = {section_key(section): section == "rules" for section in SECTIONS}
    more |= {"rules": dumps(rules.rules), "rule_show_filters": rules.filters_open, "rule_show_file": rules.file_open}
    with ObsSandbox(SCRIPT, settings(kick, **more), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.open_scripts_dialog()
        assert {width: missing(obs, width, ("rules",), rules) for width in RULE_WIDTHS} == {width: [] for width in RULE_WIDTHS}
        obs.size_scripts_dialog(*SCREEN)
        press(obs, "Move up", lambda: True)
        assert {width: missing(obs, width, ("rules",), rules) for width in RULE_WIDTHS} == {width: [] for width in RULE_WIDTHS}
        obs.close_scripts_dialog()
        ended_well(obs)


def test_what_a_new_user_needs_is_seen_without_scrolling(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        obs.open_scripts_dialog()
        phrases = said(obs, *OWN)
        for label in ("Kick name", "Connect", "Refresh", "Add card to scene"):
            assert any(begins(phrase, label) for phrase in phrases), label
        obs.close_scripts_dialog()
        ended_well(obs)


def test_when_connected_the_next_step_is_seen_without_scrolling(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick, username="speedy"), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.open_scripts_dialog()
        phrases = said(obs, *OWN)
        for label in ("Kick name", "Disconnect", "State: Connected", "Refresh", "Add card to scene"):
            assert any(begins(phrase, label) for phrase in phrases), label
        obs.close_scripts_dialog()
        ended_well(obs)


def place(obs: ObsSandbox, label: str) -> Optional[tuple[int, int]]:
    """Where the words of a tick begin, px of the page."""
    words = (begins(phrase, label) for phrase in obs.phrases(obs.page_picture()))
    found = next((word for word in words if word is not None), None)
    return found and (found.left + 4, found.center[1])


def test_the_sections_open_and_close_by_the_mouse(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        obs.open_scripts_dialog()
        for section in SECTIONS:
            facts = Facts(State(), Choices(), open_sections={section})
            rows = [row for row in page(facts) if row.visible]
            tick = next(row for row in rows if row.key == section_key(section))
            inside = rows[rows.index(tick) + 1]
            for is_open in (True, False):
                x, y = obs.wait(lambda label=tick.label: place(obs, label), 10, f"the tick {tick.label}")
                obs.screen.click(SCREEN[0] // 2 + x, y)
                what = f"{section} open: {is_open}"
                obs.wait(lambda label=inside.label, wanted=is_open: (place(obs, label) is not None) is wanted, 10, what)
        obs.close_scripts_dialog()
        ended_well(obs)
