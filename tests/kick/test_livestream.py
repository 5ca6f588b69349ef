"""Lookups and frames in, the stream's start and end out: once for each livestream, whoever reports them."""

from __future__ import annotations

from typing import Any

import pytest

from vmsc_core.events import LiveKnown, StreamEnded, StreamStarted
from vmsc_core.kick.channel import Channel
from vmsc_core.kick.livestream import POLL_LAG, Livestream

NOW = 1000.0


def start(livestream: Any, title: str = "t") -> dict[str, Any]:
    """The data of a StreamerIsLive, shaped as line 45 of frames.jsonl."""
    return {"livestream": {"id": livestream, "session_title": title}}


def stop(livestream: Any) -> dict[str, Any]:
    """The data of a StopStreamBroadcast, shaped as line 46 of frames.jsonl."""
    return {"livestream": {"id": livestream}}


def looked_up(live: bool, livestream: Any = None) -> Channel:
    return Channel("name", 1, 2, live=live, livestream_id=livestream if live else None, title="t")


STARTED, ENDED = StreamStarted(7, "t"), StreamEnded(7)


@pytest.mark.parametrize("live", [True, False])
def test_the_first_lookup_reports_a_state_and_no_event(live):
    assert Livestream().polled(looked_up(live, 7), NOW) == [LiveKnown(live)]


def test_a_lookup_that_does_not_know_says_nothing():
    assert Livestream().polled(Channel("name", 1, 2), NOW) == []


def test_a_repeated_start_is_one_start():
    stream = Livestream()
    found = [event for _ in range(3) for event in stream.started(start(7), NOW)]
    assert found == [STARTED]


def test_a_start_frame_in_mid_stream_is_no_new_start():
    stream = Livestream()
    stream.polled(looked_up(True, 7), NOW)
    assert stream.started(start(7), NOW + 1) == []


def test_a_start_and_its_stop_each_happen_once():
    stream = Livestream()
    found = stream.started(start(7), NOW) + stream.started(start(7), NOW)
    found += stream.stopped(stop(7), NOW) + stream.stopped(stop(7), NOW)
    assert found == [STARTED, ENDED]


@pytest.mark.parametrize("later", [0.0, 30.0, POLL_LAG, 5000.0])
def test_a_stream_that_is_said_to_be_live_again_is_live_but_does_not_start_or_end_twice(later):
    # The encoder lost its connection: the same livestream goes on.
    stream = Livestream()
    found = stream.started(start(7), NOW) + stream.stopped(stop(7), NOW + 600)
    assert found == [STARTED, ENDED]
    assert stream.started(start(7), NOW + 600 + later) == [LiveKnown(True)]
    assert stream.started(start(7), NOW + 600 + later) == []
    assert stream.polled(looked_up(False), NOW + 630 + later) == []  # a minute behind
    assert stream.polled(looked_up(True, 7), NOW + 690 + later) == []
    assert stream.stopped(stop(7), NOW + 900 + later) == [LiveKnown(False)]
    assert stream.started(start(8), NOW + 999 + later) == [StreamStarted(8, "t")]


def test_the_next_stream_starts_even_when_the_stop_was_missing():
    stream = Livestream()
    found = stream.started(start(7), NOW) + stream.started(start(8), NOW + 5000)
    assert found == [STARTED, ENDED, StreamStarted(8, "t")]


def test_a_late_repetition_of_the_stream_before_changes_nothing():
    stream = Livestream()
    for livestream in (7, 8):
        stream.started(start(livestream), NOW)
    assert stream.started(start(7), NOW + 1) == []
    assert stream.stopped(stop(7), NOW + 1) == []
    assert stream.polled(looked_up(True, 7), NOW + 2) == []
    assert stream.stopped(stop(8), NOW + 3) == [StreamEnded(8)]


def test_a_missing_stop_is_found_by_the_poll():
    stream = Livestream()
    stream.started(start(7), NOW)
    assert stream.polled(looked_up(False), NOW + POLL_LAG) == []
    assert stream.polled(looked_up(False), NOW + POLL_LAG + 60) == [ENDED]
    assert stream.stopped(stop(7), NOW + POLL_LAG + 61) == []


def test_a_missing_start_is_found_by_the_poll_and_not_reported_again():
    stream = Livestream()
    stream.polled(looked_up(False), NOW)
    assert stream.polled(looked_up(True, 7), NOW + 60) == [STARTED]
    assert stream.started(start(7), NOW + 61) == []


def test_a_lookup_behind_the_start_does_not_end_the_stream():
    stream = Livestream()
    stream.started(start(7), NOW)
    assert stream.polled(looked_up(False), NOW + POLL_LAG - 0.001) == []
    assert stream.polled(looked_up(True, 7), NOW + POLL_LAG) == []


def test_a_lookup_behind_the_stop_does_not_start_the_stream_again():
    stream = Livestream()
    stream.started(start(7), NOW)
    stream.stopped(stop(7), NOW + 5000)
    assert stream.polled(looked_up(True, 7), NOW + 5030) == []
    assert stream.polled(looked_up(False), NOW + 5090) == []


def test_a_stop_without_an_id_ends_the_stream_that_runs_for_good():
    stream = Livestream()
    stream.started(start(7), NOW)
    assert stream.stopped(stop(None), NOW + 5000) == [ENDED]
    assert stream.polled(looked_up(True, 7), NOW + 5030) == []
    assert stream.started(start(7), NOW + 5031) == [LiveKnown(True)]


def test_a_stop_before_any_lookup_is_reported_once():
    stream = Livestream()
    assert stream.stopped(stop(7), NOW) == [ENDED]
    assert stream.polled(looked_up(True, 7), NOW + 1) == []


def test_a_stream_whose_id_was_not_reported_at_first_is_not_started_again_by_it():
    stream = Livestream()
    stream.polled(looked_up(True, None), NOW)
    assert stream.polled(looked_up(True, 7), NOW + 60) == []
    assert stream.stopped(stop(7), NOW + 61) == [ENDED]


def test_a_stream_that_goes_on_after_two_lookups_said_it_had_ended_is_live_at_once_but_does_not_start_or_end_twice():
    stream = Livestream()
    stream.started(start(7), NOW)
    assert stream.polled(looked_up(False), NOW + 5000) == []
    assert stream.polled(looked_up(False), NOW + 5060) == [ENDED]
    assert stream.polled(looked_up(True, 7), NOW + 5120) == [LiveKnown(True)]
    assert stream.stopped(stop(7), NOW + 9000) == [LiveKnown(False)]


def test_a_stream_that_the_feed_says_goes_on_after_lookups_ended_it_is_live_at_once():
    stream = Livestream()
    stream.started(start(7), NOW)
    assert [stream.polled(looked_up(False), NOW + at) for at in (5000, 5060)] == [[], [ENDED]]
    assert stream.started(start(7), NOW + 5061) == [LiveKnown(True)]
    assert stream.polled(looked_up(False), NOW + 5120) == [], "a fresh start is worth more than a lookup"


# -- one wrong answer ---------------------------------------------


@pytest.mark.parametrize("begin", ["frame", "lookup"])
@pytest.mark.parametrize("wrong", [looked_up(False), looked_up(True, 5)], ids=["offline", "another stream"])
def test_one_lookup_that_contradicts_does_not_end_a_stream(begin, wrong):
    stream = Livestream()
    stream.started(start(7), NOW) if begin == "frame" else stream.polled(looked_up(True, 7), NOW)
    for round_ in range(5):
        later = NOW + 1000 + round_ * 120
        assert stream.polled(wrong, later) == [] and stream.is_doubted
        assert stream.polled(looked_up(True, 7), later + 60) == [] and not stream.is_doubted


def test_the_second_lookup_in_a_row_is_believed():
    stream = Livestream()
    stream.polled(looked_up(True, 7), NOW)
    assert stream.polled(looked_up(False), NOW + 60) == []
    assert stream.polled(Channel("name", 1, 2), NOW + 90) == [], "no news of the stream is no second opinion"
    assert stream.polled(looked_up(False), NOW + 120) == [ENDED] and not stream.is_doubted


def test_the_next_stream_is_found_by_the_second_lookup_that_names_it():
    stream = Livestream()
    stream.polled(looked_up(True, 7), NOW)
    assert stream.polled(looked_up(True, 8), NOW + 60) == []
    assert stream.polled(looked_up(True, 8), NOW + 120) == [ENDED, StreamStarted(8, "t")]


def test_a_frame_of_the_stream_settles_a_doubt():
    stream = Livestream()
    stream.polled(looked_up(True, 7), NOW)
    stream.polled(looked_up(False), NOW + 60)
    stream.started(start(7), NOW + 70)
    assert not stream.is_doubted and stream.polled(looked_up(False), NOW + 120 + POLL_LAG) == []


def test_the_card_of_a_stream_stays_live_through_a_lagging_cache():
    # The poll says live, live, ended, live, live: each a minute after the one before.
    stream, live = Livestream(), []
    for minute, now_live in enumerate((True, True, False, True, True)):
        live += [type(event).__name__ for event in stream.polled(looked_up(now_live, 31), NOW + 60 * minute)]
    assert live == ["LiveKnown"]


@pytest.mark.parametrize("data", [{}, {"livestream": None}, {"livestream": []}, {"livestream": {"id": "x"}}])
def test_a_start_and_a_stop_without_a_readable_id_still_count_once(data):
    stream = Livestream()
    found = stream.started(data, NOW) + stream.started(data, NOW)
    found += stream.stopped(data, NOW) + stream.stopped(data, NOW)
    assert found == [StreamStarted(None), StreamEnded(None)]


def test_memory_is_bounded():
    stream = Livestream()
    for number in range(2_000):
        stream.started(start(number), NOW)
        stream.stopped(stop(number), NOW)
    assert len(stream._ended._at) <= 100
