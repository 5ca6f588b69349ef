"""The state table row by row, and what each event does to what the card knows."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.events import (
    ChannelFound,
    ChatCleared,
    ChatMessage,
    Dropped,
    Duplicate,
    Event,
    Follow,
    FollowerTotal,
    GiftedSubscriptions,
    GoalUpdated,
    Host,
    KicksGifted,
    LinkChanged,
    LiveKnown,
    MessageDeleted,
    Notice,
    RewardRedeemed,
    Signal,
    Status,
    StreamEnded,
    StreamStarted,
    Subscription,
    Unknown,
    UserBanned,
)
from vmsc_core.reasons import because
from vmsc_core.state import TRANSITIONS, Drop, State, Stream, Tally, chatted, reduce
from vmsc_core.words import say

D, C, O, L, R, E = Status  # Disconnected, Connecting, connected (on), Live, Reconnecting, Error  # noqa: E741

# The table of the project's README, again and by hand: from, signal, to.
ROWS = [
    (D, Signal.TRYING, C),
    (D, Signal.REFUSED, E),
    (C, Signal.READY, O),
    (C, Signal.BROKE, R),
    (C, Signal.REFUSED, E),
    (C, Signal.STOPPED, D),
    (O, Stream.LIVE, L),
    (O, Signal.BROKE, R),
    (O, Signal.REFUSED, E),
    (O, Signal.STOPPED, D),
    (L, Stream.OFFLINE, O),
    (L, Signal.BROKE, R),
    (L, Signal.REFUSED, E),
    (L, Signal.STOPPED, D),
    (R, Signal.TRYING, R),
    (R, Signal.BROKE, R),
    (R, Signal.READY, O),
    (R, Signal.REFUSED, E),
    (R, Signal.STOPPED, D),
    (E, Signal.READY, O),
    (E, Signal.BROKE, R),
    (E, Signal.REFUSED, E),
    (E, Signal.STOPPED, D),
]

READY = LinkChanged(Signal.READY, at=100.0)
BROKE = LinkChanged(Signal.BROKE, because("lost"), 200.0, 3, 204.0)


def in_status(status: Status) -> State:
    """A state as it can be in that status."""
    up = status in (O, L)
    return State(status, "Name", live=True if status is L else None, since=50.0 if up else None, count=7 if up else 0)


def signalled(state: State, signal: Signal) -> State:
    """The state after the event that brings that signal."""
    if signal is Stream.LIVE:
        return reduce(state, StreamStarted(1))
    if signal is Stream.OFFLINE:
        return reduce(state, StreamEnded(1))
    return reduce(state, LinkChanged(signal, because("a_reason"), 100.0, 2, 101.0))


def test_the_table_has_these_rows_and_no_other():
    assert {(before, signal): after for before, signal, after in ROWS} == TRANSITIONS


@pytest.mark.parametrize(("before", "signal", "after"), ROWS, ids=lambda value: value.value)
def test_each_row_leads_where_it_says(before, signal, after):
    assert signalled(in_status(before), signal).status is after


@pytest.mark.parametrize(
    ("status", "signal"),
    [pair for pair in itertools.product(Status, [*Signal, *Stream]) if pair not in TRANSITIONS],
    ids=lambda value: value.value,
)
def test_a_pair_without_a_row_changes_nothing(status, signal):
    state = in_status(status)
    after = signalled(state, signal)
    assert replace(after, live=state.live) == state


def test_connected_starts_count_and_uptime_anew():
    state = reduce(replace(in_status(R), count=99, reason=because("old"), attempt=5, retry_at=90.0), READY)
    assert (state.status, state.count, state.since, state.reason) == (O, 0, 100.0, None)
    assert (state.attempt, state.retry_at, state.ever_connected) == (0, None, True)


def test_a_loss_keeps_the_reason_the_attempt_and_the_time_of_the_next_try():
    state = reduce(replace(in_status(L), notice=because("old")), BROKE)
    assert (state.status, state.reason, state.attempt, state.retry_at) == (R, because("lost"), 3, 204.0)
    assert (state.since, state.notice) == (None, None)


def test_a_new_try_ends_the_countdown_and_keeps_the_reason():
    state = reduce(reduce(in_status(O), BROKE), LinkChanged(Signal.TRYING, at=204.0, attempt=4))
    assert (state.status, state.retry_at, state.attempt, state.reason) == (R, None, 4, because("lost"))


def test_a_first_try_that_fails_for_a_passing_reason_is_reconnecting_and_not_an_error():
    state = reduce(State(), LinkChanged(Signal.TRYING, attempt=1))
    assert reduce(state, BROKE).status is R


def test_a_silent_try_in_error_shows_nothing():
    state = replace(in_status(E), reason=because("what_to_do"))
    assert reduce(state, LinkChanged(Signal.TRYING, attempt=2)) == state


# -- live ---------------------------------------------


@pytest.mark.parametrize(
    ("event", "live"), [(LiveKnown(True), True), (LiveKnown(False), False), (StreamStarted(1), True), (StreamEnded(1), False)]
)
@pytest.mark.parametrize("status", [O, L])
def test_live_follows_the_stream_while_connected(status, event, live):
    after = reduce(in_status(status), event)
    assert (after.live, after.status) == (live, L if live else O)


@pytest.mark.parametrize("status", [D, C, R, E])
def test_live_is_kept_for_later_while_not_connected(status):
    after = reduce(in_status(status), LiveKnown(True))
    assert (after.status, after.live) == (status, True)


@pytest.mark.parametrize(("live", "status"), [(True, L), (False, O), (None, O)])
def test_connecting_in_mid_stream_ends_in_live(live, status):
    assert reduce(replace(in_status(C), live=live), READY).status is status


def test_an_end_of_the_stream_keeps_the_uptime():
    assert reduce(in_status(L), StreamEnded(1)).since == 50.0


# -- the count ---------------------------------------------


@pytest.mark.parametrize(
    ("event", "more"),
    [
        (ChatMessage("1", "a", "x"), 1),
        (Follow(None, 5), 1),
        (Follow(None, 5, None, 12), 12),
        (Subscription("a", 1), 1),
        (GiftedSubscriptions("a", ("b", "c"), 50), 1),
        (Dropped(300), 300),
        (StreamStarted(1), 0),
        (StreamEnded(1), 0),
        (LiveKnown(True), 0),
        (FollowerTotal(5), 0),
        (Host("a", 5), 0),
        (KicksGifted("a", 500, "x", ""), 0),
        (RewardRedeemed("a", "x", ""), 0),
        (MessageDeleted("1"), 0),
        (UserBanned("a", "b", True), 0),
        (ChatCleared(), 0),
        (GoalUpdated("followers", 5, 10), 0),
        (Duplicate("x"), 0),
        (Unknown("x"), 0),
        (Notice(because("x")), 0),
        (Notice(because("x"), on_card=True), 0),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, int) else str(value),
)
def test_the_four_kinds_of_the_mission_count_and_nothing_else(event, more):
    assert reduce(in_status(O), event).count == 7 + more


@pytest.mark.parametrize(
    ("event", "followers"), [(FollowerTotal(5), 5), (Follow(None, 6), 6), (Follow("a", None), 4), (ChatMessage("1", "a", "x"), 4)]
)
def test_the_total_of_followers_is_the_last_one_told(event, followers):
    assert reduce(replace(in_status(O), followers=4), event).followers == followers


def test_the_name_is_the_channels_once_it_is_known():
    assert reduce(State(name="typed"), ChannelFound("slug", "Name", 1, 2)).name == "Name"
    assert reduce(State(name="typed"), ChannelFound("slug", "", 1, 2)).name == "typed"


def test_only_a_notice_meant_for_the_card_reaches_it():
    assert reduce(in_status(O), Notice(because("moved"), on_card=True)).notice == because("moved")
    assert reduce(in_status(O), Notice(because("moved"))).notice is None


# -- the log ---------------------------------------------


def test_the_line_of_connected_names_the_server(caplog):
    caplog.set_level(logging.INFO, "vmsc")
    found = reduce(reduce(State(), ChannelFound("speedy", "Speedy", 1, 2)), LinkChanged(Signal.TRYING))
    assert reduce(found, LinkChanged(Signal.READY, because("server"), at=1.0)).reason is None
    assert caplog.records[-1].getMessage() == "Connected: Speedy (server())"


def test_each_change_of_state_is_one_line_at_info(caplog):
    caplog.set_level(logging.DEBUG, "vmsc")
    state = State(name="Name")
    for event in (LinkChanged(Signal.TRYING, attempt=1), READY, LiveKnown(True), LiveKnown(True), BROKE, BROKE):
        state = reduce(state, event)
    assert [record.levelname for record in caplog.records] == ["INFO"] * 4
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["Connecting", "Connected", "Live", "Reconnecting"]


# -- any order ---------------------------------------------

ANY_EVENT = st.one_of(
    st.builds(
        LinkChanged,
        st.sampled_from(Signal),
        st.none() | st.builds(because, st.text(max_size=5)),
        st.floats(0, 1e6),
        st.integers(0, 9),
        st.none() | st.floats(0, 1e6),
    ),
    st.builds(LiveKnown, st.booleans()),
    st.builds(Follow, st.none(), st.none() | st.integers(0, 9), st.none(), st.integers(1, 9)),
    st.sampled_from(
        [ChatMessage("1", "a", "x"), StreamStarted(1), StreamEnded(1), Dropped(3), Unknown("x"), ChannelFound("s", "N", None, 1)]
    ),
)


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(ANY_EVENT, max_size=40))
def test_in_any_order_of_events_the_state_makes_sense(happened: list[Event]):
    state = State()
    for event in happened:
        before, state = state, reduce(state, event)
        assert (state.status in (O, L)) == (state.since is not None)
        assert state.status is not L or state.live is True
        assert state.status is not O or state.live is not True
        assert state.count >= 0
        if state.status is not before.status and state.status in (O, L) and before.status not in (O, L):
            assert state.count == 0


@settings(max_examples=50, deadline=None, database=None)
@given(st.sampled_from(Status), st.integers(0, 50))
def test_a_run_of_chat_counts_as_each_message_alone(status: Status, messages: int) -> None:
    state = alone = State(status=status, count=3)
    for _ in range(messages):
        alone = reduce(alone, ChatMessage("1", "a", "x"))
    assert chatted(state, messages) == alone


# -- what came since the stream started ---------------------------------------------

GIFT = GiftedSubscriptions("Kindotter", ("a", "b"), 2)
SAID = [Follow(None, 9, count=3), Subscription("Moth", 1), GIFT]


def after(happened: list[Event], state: State | None = None) -> State:
    state = in_status(Status.CONNECTED) if state is None else state
    for event in happened:
        state = reduce(state, event)
    return state


def test_the_tally_counts_each_kind_and_keeps_the_latest():
    tally = after(SAID).tally
    assert (tally.follows, tally.subs, tally.gifts) == (3, 1, 2)
    assert tally.latest == because("latest_gifts_many", name="Kindotter", count="2")


@pytest.mark.parametrize(
    ("event", "latest"),
    [
        (Follow("Moth", 9), "Moth followed"),
        (Follow(None, 9), "1 new follower"),
        (Follow(None, None, count=1234), "1,234 new followers"),
        (Subscription("Moth", 1), "Moth subscribed"),
        (Subscription("Moth", 7), "Moth subscribed for 7 months"),
        (Subscription("", 1), "Someone subscribed"),
        (GiftedSubscriptions("Moth", (), 1), "Moth gifted 1 sub"),
        (GiftedSubscriptions(None, (), 50), "Someone gifted 50 subs"),
    ],
)
def test_the_latest_event_in_words(event, latest):
    assert say(after([event]).tally.latest) == latest


def test_the_tally_outlives_a_lost_connection_and_the_count_does_not():
    state = after([*SAID, BROKE, LinkChanged(Signal.TRYING, attempt=1), READY, Subscription("Moth", 1)])
    assert (state.count, state.tally.subs, state.tally.follows) == (1, 2, 3)


@pytest.mark.parametrize("start", [[StreamStarted(1)], [LiveKnown(False), LiveKnown(True)], [StreamEnded(1), LiveKnown(True)]])
def test_the_tally_starts_over_when_the_stream_starts(start):
    assert after([*SAID, *start]).tally == Tally()
    assert after([*start, *SAID]).tally == after(SAID).tally


@pytest.mark.parametrize("news", [LiveKnown(True), StreamEnded(1), LiveKnown(False), FollowerTotal(3)])
def test_nothing_else_ends_the_tally(news):
    assert after([*SAID, news]).tally == after(SAID).tally


def test_a_stream_that_goes_on_is_not_a_start():
    state = after([LiveKnown(True), *SAID, BROKE, READY, LiveKnown(True)])
    assert state.tally == after(SAID).tally


# -- a drop ---------------------------------------------


def test_what_was_lost_is_known_until_it_is_back():
    state = after([READY, LiveKnown(True)], in_status(Status.CONNECTING))
    lost = reduce(state, BROKE)
    assert lost.drop == Drop(Status.LIVE, 100.0, 200.0)
    again = after([LinkChanged(Signal.TRYING, attempt=1), LinkChanged(Signal.BROKE, because("lost"), 203.0, 2, 207.0)], lost)
    assert again.drop == lost.drop, "the first loss counts"
    assert reduce(again, READY).drop is None


@pytest.mark.parametrize("signal", [Signal.REFUSED, Signal.STOPPED])
def test_an_end_is_no_drop(signal):
    assert after([BROKE, LinkChanged(signal)]).drop is None
    assert after([LinkChanged(signal)]).drop is None
