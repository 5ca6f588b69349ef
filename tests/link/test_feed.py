"""One open connection, iterated: with a clock of the test's own and a line that plays a list of steps."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Callable, Optional, Union

import pytest
from fakes import CHANNEL, CHATROOM, HELLO, acknowledged, chat, quiet, rooms

from vmsc_core.kick.channel import subscriptions
from vmsc_core.kick.pusher import PusherSession
from vmsc_core.kick.session import NEVER, SILENT, Message, Output, Ready, TokenNeeded
from vmsc_core.link.errors import ConnectionLost, Stopped
from vmsc_core.link.feed import (
    BATCH,
    BATCH_WEIGHT,
    JUMP,
    NAP,
    PROBE_EVERY,
    QUIET_AT_LEAST,
    QUIET_AT_MOST,
    QUIET_FACTOR,
    RECEIVE_SLICE,
    SLEPT,
    Feed,
)
from vmsc_core.link.ports import Ports
from vmsc_core.reasons import Failure, Remedy, because

BEGINNING = 1000.0
AHEAD = 1_795_000_000.0
LOST = ConnectionLost(1006, "gone")
GONE = Failure(Remedy.BACKOFF, because("lost"))
OTHER = Failure(Remedy.REFUSED, because("key_retired"))

Step = Union[str, float, Exception, Callable[["Line"], Any]]


class Line:
    """The Transport, the clocks and the waiting: a text comes, seconds pass, an exception, or a call (which may give a text).

    At the end of its steps it raises Stopped.
    """

    def __init__(self, steps: Sequence[Step], calls: Optional[list[Any]] = None) -> None:
        self.steps = deque(steps)
        self.now = BEGINNING
        self.ahead = AHEAD
        self.sent: list[str] = []
        self.sent_at: list[float] = []
        self.timeouts: list[float] = []
        self.waits: list[float] = []
        self.calls = calls if calls is not None else []
        self.stop = threading.Event()
        self.all_here = False
        """Whether the texts of the steps have all arrived, so that `more` gives them."""

    def ports(self) -> Ports:
        return Ports(monotonic=lambda: self.now, wall=lambda: self.now + self.ahead, wait=self.wait)

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return stop.is_set()

    def send(self, text: str) -> None:
        self.calls.append(f"send {text}")
        self.sent.append(text)
        self.sent_at.append(self.now)

    def more(self) -> Optional[str]:
        is_here = self.all_here and self.steps and isinstance(self.steps[0], str)
        return str(self.steps.popleft()) if is_here else None

    def receive(self, timeout: float) -> Optional[str]:
        self.timeouts.append(timeout)
        self.calls.append("receive")
        step = self.steps.popleft() if self.steps else Stopped()
        if isinstance(step, str):
            return step
        if isinstance(step, Exception):
            raise step
        if not isinstance(step, (int, float)):
            given = step(self)
            return given if isinstance(given, str) else None
        passed = min(timeout, step)
        self.now += passed
        if step - passed > 1e-9:
            self.steps.appendleft(step - passed)
        return None


class Says:
    """The session: gives what was written down for a text, and writes down what it was asked."""

    def __init__(self, answers: Optional[dict[str, list[Output]]] = None, timer: Optional[list[Output]] = None) -> None:
        self.calls: list[Any] = []
        self.deadline = NEVER
        self.out: list[str] = []
        self.probed_at: list[float] = []
        self._answers = {"ready": [Ready()], "chat": [Message("x", "room", None)], **(answers or {})}
        self._timer = timer or []

    def opened(self, now: float) -> None:
        self.calls.append("opened")

    def outgoing(self) -> list[str]:
        texts, self.out = self.out, []
        return texts

    def receive(self, text: str, now: float) -> list[Output]:
        self.calls.append(f"told {text}")
        return list(self._answers.get(text, []))

    def poll(self, now: float) -> list[Output]:
        self.calls.append("poll")
        self.deadline = NEVER
        return list(self._timer)

    def closed(self, code: Optional[int], said: str) -> Failure:
        self.calls.append(("closed", code, said))
        return GONE

    def probe(self, now: float) -> None:
        self.calls.append("probe")
        self.probed_at.append(now)


class Run:
    """A feed, iterated to its end: what it gave, and its line and session."""

    def __init__(self, session: Any, *steps: Step, wake_after: float = NEVER, all_here: bool = False) -> None:
        self.session = session
        self.line = Line(steps, getattr(session, "calls", None))
        self.line.all_here = all_here
        self.feed = Feed(session, self.line, self.line.ports(), self.line.stop)
        self.given: list[tuple[float, list[Output]]] = []
        self.stopped = False
        try:
            for now, outputs in self.feed:
                self.given.append((now, outputs))
                self.feed.wake_at = now + wake_after
        except Stopped:
            self.stopped = True

    @property
    def outputs(self) -> list[Output]:
        return [output for _, outputs in self.given for output in outputs]


def pusher() -> PusherSession:
    return PusherSession(subscriptions(CHATROOM, CHANNEL))


GREETING = [HELLO, *map(acknowledged, rooms())]


# -- the order of use ------------------------------------------------------------------------------------------------------


def test_the_session_is_opened_then_all_is_sent_then_one_text_is_received_and_so_on() -> None:
    session = Says()
    session.out = ["subscribe", "and more"]

    def asks(line: Line) -> str:
        session.out = ["pong"]
        return "ping"

    Run(session, asks, "chat")
    assert session.calls == [
        "opened", "send subscribe", "send and more", "receive", "told ping", "send pong", "receive", "told chat", "receive",
    ]  # fmt: skip


def test_a_real_session_gets_from_the_first_word_to_ready_and_its_messages_come_out() -> None:
    run = Run(pusher(), *GREETING, chat("hello"))
    assert [json.loads(text)["data"]["channel"] for text in run.line.sent] == rooms()
    ready, message = run.outputs
    assert ready == Ready() and isinstance(message, Message) and "hello" in str(message.data)
    assert run.feed.ready_at == BEGINNING


def test_outputs_are_given_with_the_time_of_their_arrival() -> None:
    run = Run(Says(), 0.1, "chat", 0.2, "ready")
    assert run.given == [
        (BEGINNING + 0.1, []),
        (BEGINNING + 0.1, [Message("x", "room", None)]),
        (BEGINNING + 0.1 + 0.2, []),
        (BEGINNING + 0.1 + 0.2, [Ready()]),
    ]
    assert run.feed.ready_at == BEGINNING + 0.1 + 0.2


def test_the_feed_comes_round_also_when_nothing_comes() -> None:
    run = Run(Says(), 1.0)
    assert run.given == [(BEGINNING + RECEIVE_SLICE * beat, []) for beat in (1, 2, 3, 4)]


def test_a_text_that_means_nothing_is_given_as_no_outputs() -> None:
    assert Run(Says(), "nonsense").given == [(BEGINNING, [])]


# -- how it ends -----------------------------------------------------------------------------------------------------------


def test_a_failure_is_given_kept_and_the_end() -> None:
    session = Says({"bad": [Message("x", "room", None), OTHER]})
    run = Run(session, "bad", "never read")
    assert run.outputs == [Message("x", "room", None), OTHER]
    assert run.feed.failure == OTHER and not run.stopped
    assert "told never read" not in session.calls


def test_the_first_of_several_failures_counts() -> None:
    assert Run(Says({"bad": [OTHER, GONE]}), "bad").feed.failure == OTHER


def test_a_lost_connection_is_what_the_session_makes_of_it() -> None:
    session = Says()
    run = Run(session, "chat", ConnectionLost(4001, "no such key"))
    assert session.calls[-1] == ("closed", 4001, "no such key")
    assert run.feed.failure == GONE and len(run.given) == 1


def test_a_real_session_reads_the_close_code() -> None:
    run = Run(pusher(), *GREETING, ConnectionLost(4001, ""))
    assert run.feed.failure == OTHER


def test_a_connection_that_is_lost_while_sending_is_lost_as_well() -> None:
    class Deaf(Line):
        def send(self, text: str) -> None:
            raise ConnectionLost(None, "sending failed")

    session = Says()
    session.out = ["subscribe"]
    line = Deaf([])
    feed = Feed(session, line, line.ports(), line.stop)  # type: ignore[arg-type]
    assert list(feed) == [] and feed.failure == GONE
    assert session.calls == ["opened", ("closed", None, "sending failed")] and line.timeouts == []


def test_stop_comes_through_and_is_no_failure() -> None:
    run = Run(Says(), "chat", Stopped())
    assert run.stopped and run.feed.failure is None


def test_after_a_failure_the_session_is_left_alone() -> None:
    # Rule 2 of kick/session.py: nothing more is called, though a timer has run out and the room was silent for long.
    session = Says({"bad": [OTHER]})

    def too_late(line: Line) -> str:
        line.now += 1.0
        session.deadline = line.now
        return "bad"

    Run(session, "ready", QUIET_AT_LEAST, too_late)
    assert session.calls[-1] == "told bad"


# -- timers ----------------------------------------------------------------------------------------------------------------


def test_the_session_is_asked_when_its_deadline_has_come_and_not_before() -> None:
    session = Says(timer=[TokenNeeded()])
    session.deadline = BEGINNING + 0.6
    run = Run(session, 1.0)
    polled = [now for now, outputs in run.given if outputs == [TokenNeeded()]]
    assert polled == [pytest.approx(BEGINNING + 0.6)] and session.calls.count("poll") == 1
    assert run.feed.failure is None and run.feed.lost_at is None


def test_a_deadline_is_looked_at_also_when_texts_keep_coming() -> None:
    session = Says(timer=[SILENT])
    session.deadline = BEGINNING
    run = Run(session, "chat")
    assert run.outputs == [Message("x", "room", None), SILENT]


@pytest.mark.parametrize(
    ("deadline", "wake_after", "timeouts"),
    [
        (NEVER, NEVER, [RECEIVE_SLICE, RECEIVE_SLICE]),
        (BEGINNING + 0.1, NEVER, [0.1, 0.1]),
        (NEVER, 0.05, [RECEIVE_SLICE, 0.05]),
        (NEVER, -5.0, [RECEIVE_SLICE, 0.0]),
        (BEGINNING - 5.0, NEVER, [0.0, RECEIVE_SLICE]),
    ],
    ids=["nothing to do", "deadline", "wake_at", "wake_at has passed", "deadline has passed"],
)
def test_the_wait_for_a_text_is_a_slice_or_until_there_is_something_to_do(
    deadline: float, wake_after: float, timeouts: list[float]
) -> None:
    session = Says()
    session.deadline = deadline
    run = Run(session, lambda line: None, wake_after=wake_after)
    assert run.line.timeouts == pytest.approx(timeouts)


# -- since when ------------------------------------------------------------------------------------------------------------


def test_a_server_that_fell_silent_is_lost_since_its_last_word() -> None:
    run = Run(pusher(), *GREETING, 20.0, chat("last word"), 200.0)
    assert run.feed.failure == SILENT
    assert run.line.now == pytest.approx(BEGINNING + 20.0 + 150.0)
    assert run.feed.lost_at is not None and run.feed.lost_at - AHEAD == pytest.approx(BEGINNING + 20.0)


def test_a_server_that_never_said_a_word_is_lost_since_the_beginning() -> None:
    run = Run(pusher(), 600.0)
    assert run.feed.failure == Failure(Remedy.BACKOFF, because("no_hello"))
    assert run.feed.lost_at == BEGINNING + AHEAD


@pytest.mark.parametrize("end", ["bad", LOST])
def test_an_end_that_is_found_out_at_once_says_nothing_of_since_when(end: Step) -> None:
    run = Run(Says({"bad": [OTHER]}), 5.0, "chat", 5.0, end)
    assert run.feed.failure is not None and run.feed.lost_at is None


# -- sleep -----------------------------------------------------------------------------------------------------------------


def sleeps(seconds: float, monotonic: float) -> Callable[[Line], str]:
    """The computer sleeps while a text is waited for; it is there afterwards."""

    def sleep(line: Line) -> str:
        line.now += monotonic
        line.ahead += seconds - monotonic
        return "old"

    return sleep


@pytest.mark.parametrize(
    ("seconds", "monotonic"),
    [(7200.0, 0.0), (7200.0, 7200.0), (16.0, 0.0), (16.0, 16.0), (3600.0, 0.0), (-3600.0, 0.0)],
    ids=["Linux", "Windows", "a nap on Linux", "a nap on Windows", "clock forward", "clock back"],
)
def test_after_a_sleep_or_a_changed_clock_the_connection_is_given_up_unread(seconds: float, monotonic: float) -> None:
    session = Says()
    run = Run(session, 5.0, sleeps(seconds, monotonic))
    assert run.feed.failure == SLEPT and "told old" not in session.calls
    assert run.given[-1] == (BEGINNING + 5.0, []), "nothing of it is given"
    assert run.feed.lost_at is not None and run.feed.lost_at - AHEAD == pytest.approx(BEGINNING + 5.0)


@pytest.mark.parametrize(
    ("seconds", "monotonic"), [(JUMP - 0.1, 0.0), (0.1 - JUMP, 0.0), (JUMP, JUMP)], ids=["forward", "back", "a slow computer"]
)
def test_a_short_hiccup_is_no_sleep(seconds: float, monotonic: float) -> None:
    session = Says()
    run = Run(session, sleeps(seconds, monotonic))
    assert run.stopped and "told old" in session.calls


def test_a_clock_that_is_being_corrected_is_no_sleep() -> None:
    def drift(line: Line) -> None:
        line.ahead += 0.05

    run = Run(Says(), *[step for _ in range(800) for step in (0.1, drift)])
    assert run.stopped and run.line.ahead - AHEAD > 2 * JUMP


# -- a silence, and a room that stopped ---------------------------------------------------------------------------------------


def test_a_silent_room_is_probed_after_three_minutes_and_every_three_minutes() -> None:
    session = Says()
    Run(session, "ready", QUIET_AT_LEAST * 3.1)
    waits = [later - earlier for earlier, later in zip([BEGINNING, *session.probed_at], session.probed_at)]
    assert len(waits) == 3 and all(QUIET_AT_LEAST < wait <= QUIET_AT_LEAST + 2 * RECEIVE_SLICE for wait in waits)


def test_before_the_last_acknowledgement_nothing_is_probed() -> None:
    session = Says()
    Run(session, "chat", PROBE_EVERY * 2)
    assert session.probed_at == []


def test_a_message_begins_the_silence_anew_and_a_ping_does_not() -> None:
    session = Says()
    Run(session, "ready", 170.0, "chat", 170.0, "a ping", 9.0)
    assert session.probed_at == []
    session = Says()
    Run(session, "ready", 170.0, "a ping", 11.0)
    assert len(session.probed_at) == 1


def test_a_room_with_a_slow_rhythm_is_left_alone_for_longer() -> None:
    rhythm = 20.0
    session = Says()
    run = Run(session, "ready", *[step for _ in range(80) for step in (rhythm, "chat")], QUIET_FACTOR * rhythm + 5.0)
    silence_began = BEGINNING + 80 * rhythm
    assert run.line.now == pytest.approx(silence_began + 405.0)
    probes = [at for at in session.probed_at if at > silence_began]
    every = [at for at in probes if at == pytest.approx(BEGINNING + 2 * PROBE_EVERY, abs=2.0)]
    (probed,) = [at for at in probes if at not in every]
    assert probed == pytest.approx(silence_began + QUIET_FACTOR * rhythm, abs=1.0)


def test_a_room_that_is_always_quiet_is_probed_after_half_an_hour() -> None:
    rhythm = 1400.0
    session = Says()
    Run(session, "ready", *[step for _ in range(12) for step in (rhythm, "chat")], QUIET_AT_MOST + 60.0)
    silence_began = BEGINNING + 12 * rhythm
    (before, probed) = session.probed_at[-2:]
    assert probed == pytest.approx(silence_began + QUIET_AT_MOST, abs=1.0)
    assert probed - before < PROBE_EVERY - 10.0, "that the others are probed every fifteen minutes was not the reason"


def test_a_busy_connection_is_probed_every_fifteen_minutes_because_one_room_alone_may_have_stopped() -> None:
    session = Says()
    Run(session, "ready", *[step for _ in range(int(PROBE_EVERY * 2.5 / 5)) for step in (5.0, "chat")])
    assert session.probed_at == [
        pytest.approx(BEGINNING + PROBE_EVERY, abs=1.0),
        pytest.approx(BEGINNING + 2 * PROBE_EVERY, abs=1.5),
    ]


def test_a_probe_without_an_answer_ends_a_real_connection() -> None:
    pong = '{"event":"pusher:pong"}'
    run = Run(pusher(), *GREETING, 100.0, pong, 85.0, pong, 10.0, pong)
    assert run.feed.failure == Failure(Remedy.BACKOFF, because("quiet"))
    assert run.line.now == pytest.approx(BEGINNING + QUIET_AT_LEAST + 10.0, abs=1.0)


def test_a_real_server_that_answers_every_probe_keeps_the_connection() -> None:
    run = Run(pusher(), *GREETING, *quiet(1800.0))  # type: ignore[arg-type]
    probes = [json.loads(text)["data"]["channel"] for text in run.line.sent if "pusher:subscribe" in text][len(rooms()) :]
    assert run.stopped and 5 <= len(probes) <= 10
    assert probes[:4] == rooms()[:4], "each room in its turn"


# -- what has arrived already ------------------------------------------------------------------------------------------------

MESSAGE = Message("x", "room", None)


def test_what_has_arrived_is_given_at_once_and_in_order() -> None:
    answers: dict[str, list[Output]] = {"two": [Message("two", "room", 1), Message("two", "room", 2)]}
    run = Run(Says(answers), "chat", "two", "chat", 0.1, "chat", all_here=True)
    assert run.given[0] == (BEGINNING, [MESSAGE, *answers["two"], MESSAGE])
    assert run.given[1:] == [(BEGINNING + 0.1, []), (BEGINNING + 0.1, [MESSAGE])]


def test_what_may_call_for_an_answer_is_answered_before_the_next_text_is_taken() -> None:
    session = Says({"ping": []})
    run = Run(session, "chat", "ping", "chat", "ready", "chat", all_here=True)
    assert [len(outputs) for _, outputs in run.given] == [1, 2, 1]
    assert session.calls == [
        "opened", "receive", "told chat", "told ping", "receive", "told chat", "told ready", "receive", "told chat", "receive",
    ]  # fmt: skip


def test_after_a_failure_nothing_that_has_arrived_is_taken() -> None:
    session = Says({"bad": [MESSAGE, OTHER]})
    run = Run(session, "chat", "bad", "chat", all_here=True)
    assert run.given == [(BEGINNING, [MESSAGE, MESSAGE, OTHER])] and run.feed.failure == OTHER
    assert session.calls[-1] == "told bad"


def test_a_real_server_is_answered_in_the_midst_of_a_flood() -> None:
    run = Run(pusher(), *GREETING, *[chat("hello")] * 3, '{"event":"pusher:ping"}', *[chat("hello")] * 3, all_here=True)
    assert len([output for output in run.outputs if isinstance(output, Message)]) == 6
    assert run.line.sent[-1] == '{"event":"pusher:pong","data":{}}'


def test_a_flood_that_has_arrived_is_given_in_batches_with_a_nap_after_each() -> None:
    run = Run(Says(), *["chat"] * (BATCH * 3 + 1), all_here=True)
    assert [len(outputs) for _, outputs in run.given] == [BATCH, BATCH, BATCH, 1]
    assert run.line.waits == [NAP] * 3


def test_heavy_texts_that_have_arrived_take_a_nap_after_fewer() -> None:
    heavy = "y" * (BATCH_WEIGHT // 4)
    run = Run(Says({heavy: [MESSAGE]}), *[heavy] * 10, all_here=True)
    assert [len(outputs) for _, outputs in run.given] == [4, 4, 2] and run.line.waits == [NAP] * 2


def test_a_deadline_is_looked_at_behind_what_has_arrived() -> None:
    session = Says(timer=[SILENT])
    session.deadline = BEGINNING
    run = Run(session, "chat", "chat", all_here=True)
    assert run.outputs == [MESSAGE, MESSAGE, SILENT]


# -- a flood ---------------------------------------------------------------------------------------------------------------


def test_a_flood_takes_a_nap_after_each_batch() -> None:
    run = Run(Says(), *["chat"] * (BATCH * 10 + BATCH // 2))
    assert run.line.waits == [NAP] * 10
    assert len(run.outputs) == BATCH * 10 + BATCH // 2


def test_a_pause_in_between_is_nap_enough() -> None:
    run = Run(Says(), *[*["chat"] * (BATCH - 1), 0.1] * 5)
    assert run.line.waits == []


def test_stop_ends_a_flood_at_its_next_nap() -> None:
    session = Says()
    line = Line(["chat"] * BATCH * 3)
    line.stop.set()
    feed = Feed(session, line, line.ports(), line.stop)  # type: ignore[arg-type]
    given = []
    with pytest.raises(Stopped):
        for now, outputs in feed:
            given.append((now, outputs))
    assert len(given) == BATCH
