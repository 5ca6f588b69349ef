"""The renderer: always what render gives, and the same object while nothing changes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.card.card import render
from vmsc_core.card.renderer import COUNT_EVERY, Renderer
from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.reasons import because
from vmsc_core.settings import Choices
from vmsc_core.state import Drop, State

OFF, ON = Host(), Host(streaming=True)
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
    drop=st.none() | st.builds(Drop, st.sampled_from([Status.CONNECTED, Status.LIVE]), moments, st.floats(0, 100)),
)
hosts = st.builds(Host, st.booleans(), st.booleans())
looks = st.builds(
    Choices,
    card_line=st.sampled_from(["events", "tally", "latest", "followers"]),
    card_problems=st.sampled_from(["off_air", "always", "never"]),
)


@settings(max_examples=300, deadline=None, database=None)
@given(states, st.lists(looks, min_size=1, max_size=2), st.lists(st.tuples(st.floats(0, 130), st.booleans(), hosts), max_size=30))
def test_the_card_is_always_the_one_that_render_gives_with_a_count_that_is_hardly_old(
    state: State, choices: list[Choices], turns: list[tuple[float, bool, Host]]
) -> None:
    renderer = Renderer()
    last_of: dict[int, float] = {}  # count → when it was the count last
    for now, counted, host in sorted(turns, key=lambda turn: turn[0]):
        state = replace(state, count=state.count + 1) if counted else state
        last_of[state.count] = now
        counts = [count for count, moment in last_of.items() if now - moment <= COUNT_EVERY]
        chosen = choices[counted and -1]
        card = renderer.card(state, chosen, host, now)
        assert card in [render(replace(state, count=count), chosen, host, now) for count in counts]


def test_a_count_that_moves_in_every_turn_is_drawn_less_often_and_at_last_in_full() -> None:
    renderer, choices, cards = Renderer(), Choices(), []
    for turn in range(11):
        cards.append(renderer.card(replace(CONNECTED, count=3 + min(turn, 6)), choices, OFF, 100.0 + turn / 8))
    lines = [card.detail for card in cards]
    assert [line.split()[0] for line in lines] == [*["3"] * 4, *["7"] * 4, *["9"] * 3]
    assert renderer.card(replace(CONNECTED, count=10, followers=1), choices, OFF, 101.375).detail.split()[0] == "10"


def test_a_card_on_which_nothing_changes_is_the_same_object() -> None:
    renderer, choices = Renderer(), Choices()
    first = renderer.card(CONNECTED, choices, OFF, 100.0)
    assert renderer.card(CONNECTED, choices, OFF, 100.9) is first
    assert renderer.card(CONNECTED, choices, OFF, 101.0).detail != first.detail


def test_other_choices_are_followed_at_once() -> None:
    renderer, choices = Renderer(), Choices()
    first = renderer.card(CONNECTED, choices, OFF, 100.0)
    assert renderer.card(CONNECTED, Choices(), OFF, 100.0) is not first


def test_a_live_card_pulses_between_the_seconds() -> None:
    renderer, live = Renderer(), replace(CONNECTED, status=Status.LIVE)
    assert renderer.card(live, Choices(), OFF, 100.0).alpha != renderer.card(live, Choices(), OFF, 100.5).alpha


def test_a_drop_that_stays_hidden_goes_on_counting_and_shows_when_it_is_too_long() -> None:
    renderer, choices = Renderer(), Choices()
    lost = replace(CONNECTED, status=Status.RECONNECTING, since=None, drop=Drop(Status.CONNECTED, 100.0, 200.0))
    shown = [renderer.card(lost, choices, ON, 200.0 + second) for second in range(7)]
    assert [card.title for card in shown] == ["Connected"] * 5 + ["Reconnecting"] * 2
    assert [card.detail.split()[-1] for card in shown[:3]] == ["1:40", "1:41", "1:42"]
