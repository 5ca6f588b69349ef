"""What both protocols share: phases, timers, subscriptions, and what a server's words become."""

from __future__ import annotations

import pytest

from vmsc_core.kick.centrifugo import CentrifugoSession
from vmsc_core.kick.channel import Topic, subscriptions
from vmsc_core.kick.pusher import PusherSession
from vmsc_core.kick.session import (
    NEVER,
    PHASES,
    Phase,
    Session,
    Subscriptions,
    Timer,
    answer,
    ended,
)
from vmsc_core.reasons import Remedy, because
from vmsc_core.words import say

TOPICS = subscriptions(1, 2)


def session_of(kind: str) -> Session:
    return PusherSession(TOPICS) if kind == "pusher" else CentrifugoSession(TOPICS, "token")


BOTH = pytest.mark.parametrize("kind", ["pusher", "centrifugo"])


@BOTH
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("following", Phase)
def test_a_phase_is_only_entered_from_the_one_before_it(kind: str, phase: Phase, following: Phase) -> None:
    session = session_of(kind)
    session._phase = phase
    entered = session._enter(following)
    assert entered == (PHASES.get(phase) is following)
    assert session._phase is (following if entered else phase)


@BOTH
def test_a_new_session_waits_for_nothing_and_says_nothing(kind: str) -> None:
    session = session_of(kind)
    assert session.deadline == NEVER and session.outgoing() == [] and session.poll(1e9) == []


@BOTH
def test_every_timer_of_a_protocol_is_in_its_table(kind: str) -> None:
    session = session_of(kind)
    for timer in session.TIMERS:
        session._set(timer, 5.0)
    assert session.deadline == 5.0
    session._clear(*Timer)
    assert session.deadline == NEVER and session.poll(6.0) == []


@BOTH
def test_a_probe_before_ready_asks_nothing(kind: str) -> None:
    session = session_of(kind)
    session.opened(0.0)
    session.outgoing()
    session.probe(1.0)
    assert session.outgoing() == []


def test_subscriptions_are_complete_when_every_required_one_was_acknowledged() -> None:
    topics = Subscriptions([Topic("a", True), Topic("b", False), Topic("c", True)])
    assert list(topics.names) == ["a", "b", "c"] and "b" in topics and "d" not in topics
    assert [topics.is_required(name) for name in "abcd"] == [True, False, True, False]
    assert [topics.acknowledged(name) for name in "bac"] == [False, False, True]
    assert [topics.next_probe() for _ in range(3)] == ["a", "c", "a"]


@pytest.mark.parametrize(
    ("code", "said", "text"),
    [
        (4100, "Over capacity", "4100: Over capacity"),
        (4100, " \n ", "4100"),
        (None, "Over\n capacity", "Over capacity"),
        (None, "", "no reason given"),
        (None, "a\x00\ud800b", "ab"),
    ],
)
def test_what_a_server_said_is_its_code_its_words_both_or_neither(code: int | None, said: str, text: str) -> None:
    assert say(answer(code, said)) == text


@pytest.mark.parametrize("code", [None, 1005, 1006])
def test_an_end_without_a_code_of_the_servers_is_a_lost_connection(code: int | None) -> None:
    assert ended(Remedy.BACKOFF, code, "").reason == because("lost")
