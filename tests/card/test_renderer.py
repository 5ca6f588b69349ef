"""The renderer: always what render gives, and the same object while nothing changes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.card.card import render
from vmsc_core.card.renderer import Renderer
from vmsc_core.events import Status
from vmsc_core.reasons import because
from vmsc_core.settings import Choices
from vmsc_core.state import State

CONNECTED = State(status=Status.CONNECTED, name="NightOwl", count=3, since=100.0)

moments = st.one_of(st.none(), st.floats(0, 100))
states = st.builds(
    State,
    status=st.sampled_from(Status),
    name=st.sampled_from(["", "NightOwl"]),
    count=st.integers(0, 3),
    since=moments,
    followers=st.sampled_from([None, 7]),
    attempt=st.integers(0, 2),
    retry_at=moments,
    notice=st.sampled_from([None, because("slept")]),
    reason=st.sampled_from([None, because("slept")]),
)


@settings(max_examples=300, deadline=None, database=None)
@given(states, st.lists(st.tuples(st.floats(0, 130), st.booleans()), max_size=30))
def test_the_card_is_always_the_one_that_render_gives(state: State, turns: list[tuple[float, bool]]) -> None:
    renderer = Renderer()
    for now, counted in sorted(turns):
        state = replace(state, count=state.count + 1) if counted else state
        assert renderer.card(state, Choices(), now) == render(state, Choices(), now)


def test_a_card_on_which_nothing_changes_is_the_same_object() -> None:
    renderer, choices = Renderer(), Choices()
    first = renderer.card(CONNECTED, choices, 100.0)
    assert renderer.card(CONNECTED, choices, 100.9) is first
    assert renderer.card(CONNECTED, choices, 101.0).detail != first.detail


def test_other_choices_are_followed_at_once() -> None:
    renderer, choices = Renderer(), Choices()
    first = renderer.card(CONNECTED, choices, 100.0)
    assert renderer.card(CONNECTED, Choices(), 100.0) is not first


def test_a_live_card_pulses_between_the_seconds() -> None:
    renderer, live = Renderer(), replace(CONNECTED, status=Status.LIVE)
    assert renderer.card(live, Choices(), 100.0).alpha != renderer.card(live, Choices(), 100.5).alpha
