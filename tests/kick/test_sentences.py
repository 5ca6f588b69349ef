"""Every sentence a card can show fits on it, the server's own words at their longest: two lines beside the countdown of a
passing trouble, three for an Error.
"""

from __future__ import annotations

import json
from typing import Any

from vmsc_core.card.card import LINE_CHARACTERS, MOST_LINES, wrap
from vmsc_core.kick import centrifugo, pusher
from vmsc_core.kick.channel import BadName, LookupTrouble, read_lookup, slug_of, subscriptions
from vmsc_core.kick.session import AGAIN, Broken, Output, Session, Verdict

T = 1000.0
WANTED = subscriptions(123_456_789_012, 123_456_789_012)
LAST = 2**32 - 1  # codes are 32 bits wide
WORDS = ["", "no", "x" * 500, "Application " * 50, "a " * 500, "Pong reply not received in time", "\n"]
CODES: list[Any] = [None, 1000, 1006, 3000, 3500, 4000, 4001, 4100, 4200, 4500, 65535]
ERRORS: list[Any] = [None, "x", 0, 100, 101, 103, 109, 4000, 4100, 4200, 9999, LAST, 2**53]
GREETED = json.dumps({"id": 1, "connect": {"client": "x", "ttl": 20, "expires": True, "ping": 25}})
ESTABLISHED = json.dumps({"event": "pusher:connection_established", "data": {"socket_id": "1.1"}})


def new(make: type[Session], greeted: bool) -> Session:
    session: Session = make(WANTED) if make is pusher.PusherSession else make(WANTED, "token")  # type: ignore[call-arg]
    session.opened(T)
    if greeted:
        session.receive(ESTABLISHED if make is pusher.PusherSession else GREETED, T)
    return session


def ready(make: type[Session]) -> Session:
    session = new(make, True)
    for number, wanted in enumerate(WANTED, start=2):
        event = {"event": "pusher_internal:subscription_succeeded", "channel": wanted.channel}
        session.receive(json.dumps(event if make is pusher.PusherSession else {"id": number, "subscribe": {}}), T)
    return session


def told(make: type[Session], said: str, code: Any) -> list[Output]:
    """What a session makes of every refusal and every end with these words."""
    found: list[Output] = [ready(make).closed(code, said)] if code is None or isinstance(code, int) else []
    error = {"code": code, "message": said}
    if make is pusher.PusherSession:
        texts = [{"event": "pusher:error", "data": error}]
        texts += [{"event": "pusher:subscription_error", "channel": wanted.channel, "data": error} for wanted in WANTED]
    else:
        texts = [{"id": number, "error": {**error, "temporary": passing}} for number in (1, 2, 4) for passing in (True, False)]
        texts += [{"push": {"disconnect": {"code": code, "reason": said}}}]
        texts += [{"push": {"channel": wanted.channel, "unsubscribe": {"code": code}}} for wanted in WANTED]
    for text in texts:
        for greeted in (False, True):
            found += new(make, greeted).receive(json.dumps(text), T)
    return found


def waited(make: type[Session]) -> list[Output]:
    """What a session says about each silence."""
    silent = [new(make, False), new(make, True), ready(make), ready(make)]
    silent[-1].probe(T)
    found: list[Output] = []
    for session in silent:
        for seconds in (10, 30, 50, 100, 150, 200):
            found += session.poll(T + seconds)
    return found


MAKERS = [pusher.PusherSession, centrifugo.CentrifugoSession]
ENDS = {
    (output.verdict, output.reason)
    for make in MAKERS
    for output in [
        *(output for said in WORDS for code in (*CODES, *ERRORS) for output in told(make, said, code)),
        *waited(make),
    ]
    if isinstance(output, Broken)
}
LOOKED_UP = [
    read_lookup("w" * 25, status, body, 5.0)
    for status in (200, 302, 403, 404, 410, 423, 429, 451, 500, 511, 599)
    for body in ("", "<html>", "{}")
]
TROUBLES = {(trouble.passing, trouble.sentence) for trouble in LOOKED_UP if isinstance(trouble, LookupTrouble)}
TYPED = [slug_of(typed) for typed in ("", "two words", "x" * 70, "https://evil.tld/x", "https://[", "kick.com/")]

PASSING = {reason for verdict, reason in ENDS if verdict is not Verdict.REFUSED}
PASSING |= {sentence for passing, sentence in TROUBLES if passing}
FOR_THE_USER = {reason for verdict, reason in ENDS if verdict is Verdict.REFUSED}
FOR_THE_USER |= {sentence for passing, sentence in TROUBLES if not passing}
FOR_THE_USER |= {bad.sentence for bad in TYPED if isinstance(bad, BadName)}


def fits(sentence: str, lines: int) -> bool:
    shown = wrap(sentence, LINE_CHARACTERS, lines)
    return " ".join(shown.split()) == sentence  # nothing cut, no ellipsis


def test_sentences_of_every_kind_were_found():
    assert {verdict for verdict, _ in ENDS} == {*Verdict}
    assert len(TROUBLES) >= 7 and all(isinstance(bad, BadName) for bad in TYPED)
    for word in ("greet", "confirm", "stopped", "silent", "permission", "refused", "refuses", "ended", "lost", "key"):
        assert any(word in reason for _, reason in ENDS), word


def test_a_passing_trouble_is_told_whole_beside_its_countdown():
    assert [sentence for sentence in PASSING if not fits(sentence, 2)] == []


def test_a_passing_trouble_asks_nothing_of_the_user_and_a_refusal_says_that_it_goes_on():
    assert [sentence for sentence in PASSING if "Press" in sentence or not sentence.endswith(".")] == []
    assert [sentence for sentence in PASSING if "refuse" in sentence and not sentence.endswith(AGAIN)] == []


def test_an_error_is_told_whole_and_does_not_promise_to_mend_itself():
    assert [sentence for sentence in FOR_THE_USER if not fits(sentence, MOST_LINES) or not sentence.endswith(".")] == []
    assert [sentence for sentence in FOR_THE_USER if AGAIN in sentence] == []
