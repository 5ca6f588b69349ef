"""What the card shows when the streamer asks to see how it will look."""

from __future__ import annotations

import pytest

from vmsc_core.card.card import render
from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.preview import LATEST_EVENTS, SECONDS, preview
from vmsc_core.settings import COMPACT, PREVIEWS, Choices
from vmsc_core.state import State
from vmsc_core.words import say

MINE = State(name="Night Owl", followers=77)


@pytest.mark.parametrize("kind", PREVIEWS)
def test_each_choice_shows_a_look_of_its_own_with_the_channels_name_and_the_mark(kind: str) -> None:
    looks = [preview(one, MINE, Choices(), 1000.0) for one in PREVIEWS]
    assert len({repr(look) for look in looks}) == len(PREVIEWS)
    made = preview(kind, MINE, Choices(), 1000.0)
    card = render(made.state, made.choices, Host(), 1000.0)
    assert card.name == "Night Owl" and made.until == 1000.0 + SECONDS
    assert card.line.split("\n")[-1] == "PREVIEW" and card.summary.endswith("PREVIEW")


def test_every_state_can_be_seen() -> None:
    assert {preview(kind, MINE, Choices(), 9.0).state.status for kind in PREVIEWS} == set(Status)


@pytest.mark.parametrize("kind", LATEST_EVENTS)
def test_an_event_stands_below_the_name_whatever_line_is_chosen(kind: str) -> None:
    made = preview(kind, MINE, Choices(), 1000.0)
    assert render(made.state, made.choices, Host(), 1000.0).line.split("\n")[0] == say(LATEST_EVENTS[kind])


def test_the_strip_and_a_text_of_the_users_say_that_it_is_a_preview_too() -> None:
    made = preview("live", MINE, Choices(card_layout=COMPACT, text_template="{state}"), 1000.0)
    card = render(made.state, made.choices, Host(), 1000.0)
    assert (card.line, card.summary) == ("PREVIEW", "Live\nPREVIEW")


def test_without_a_name_there_is_one_made_up_and_an_unknown_choice_is_live() -> None:
    made = preview("something else", State(), Choices(), 1000.0)
    assert made.state.name and made.state.status is Status.LIVE


def test_on_air_viewers_see_no_more_of_it_than_of_the_true_state() -> None:
    made = preview("error", MINE, Choices(), 1000.0)
    assert render(made.state, made.choices, Host(streaming=True), 1000.0).detail == "PREVIEW"
