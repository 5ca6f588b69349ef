"""Every sentence a card can show fits on it, the server's own words and the host's name at their longest: two lines beside
the countdown of a passing trouble, three for an Error.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_obspython import FakeObs

from vmsc_core.card.card import LINE_CHARACTERS, MOST_LINES, render, wrap
from vmsc_core.card.state import State
from vmsc_core.events import Status
from vmsc_core.kick import centrifugo, pusher
from vmsc_core.kick.channel import BadName, LookupTrouble, read_lookup, slug_of, subscriptions
from vmsc_core.kick.session import AGAIN, Broken, Output, Session, Verdict
from vmsc_core.link import http, link, stream, transport
from vmsc_core.settings import LOOKUP_ADDRESS

ROOT = Path(__file__).resolve().parents[2]
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
ADDRESSES = ("https://evil.tld/x", "https://[", "kick.com/", "kick.com/video/x", "dashboard.kick.com/stream")
TYPED = [slug_of(typed) for typed in ("", "two words", "x" * 70, *ADDRESSES)]

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


def test_what_both_protocols_say_is_written_once() -> None:
    pieces = []
    for module in ("pusher", "centrifugo"):
        nodes = list(ast.walk(ast.parse((ROOT / "vmsc_core" / "kick" / f"{module}.py").read_text("utf-8"))))
        docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
        texts = [node for node in nodes if isinstance(node, ast.Constant) and node not in docstrings]
        pieces.append({node.value for node in texts if isinstance(node.value, str) and " " in node.value})
    assert pieces[0] & pieces[1] == set()


# -- link/: why there is no connection ----------------------------------------------------------------------------------

LOOKED_UP_AT = LOOKUP_ADDRESS.split("/")[2]
HOSTS = [
    LOOKED_UP_AT,
    "web.kick.com",
    "ws-us2.pusher.com",
    "realtime.us-east.platform.kick.com",
    "ws-" + "x" * 32 + ".pusher.com",
]
HOSTS += ["h" * length for length in range(1, 254)]

ABOUT_A_HOST: list[Callable[[str], str]] = [
    stream.not_found,
    stream.unreachable,
    stream.silent,
    stream.unsafe,
    stream.not_encrypted,
    http.improper,
    transport.incomplete,
    *(lambda host, status=status: transport.answered(host, status) for status in (100, 503, 10**60)),  # type: ignore[misc]
]
FIXED = {
    name: value
    for module in (stream, http, transport, link)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str) and " " in value
}
ON_ITS_OWN = {"TURNED_AWAY", "NO_SERVER_TOLD", "NO_PERMISSION"}
"""Those of FIXED that are shown beside a countdown: nobody has to do anything. The others stand in an Error."""


def shown(status: Status, reason: str) -> str:
    """What a card in this state says, the countdown at its longest."""
    return render(State(status, "Name", reason=reason, attempt=99_999, retry_at=3600.0), 0.0).detail


@pytest.mark.parametrize("make", ABOUT_A_HOST, ids=lambda make: make.__name__)
def test_why_a_host_gives_no_connection_is_told_whole_in_both_states(make: Callable[[str], str]) -> None:
    for host in HOSTS:
        sentence = make(host)
        for status in (Status.RECONNECTING, Status.ERROR):
            assert " ".join(shown(status, sentence).split()).endswith(sentence), (status, shown(status, sentence))


@pytest.mark.parametrize("make", ABOUT_A_HOST, ids=lambda make: make.__name__)
def test_the_host_of_the_look_up_is_named_and_a_long_one_called_by_what_it_is(make: Callable[[str], str]) -> None:
    assert LOOKED_UP_AT in make(LOOKED_UP_AT) and "127.0.0.1" in make("127.0.0.1")
    assert "Kick's server" in make("realtime.us-east.platform.kick.com")


def test_each_of_them_says_what_to_do_or_that_nothing_is_to_be_done() -> None:
    for sentence in (make("kick.com") for make in ABOUT_A_HOST):
        assert "Check" in sentence or sentence.endswith(AGAIN), sentence
        assert sentence.endswith("."), sentence


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_sentence_of_the_link_is_told_whole(name: str) -> None:
    sentence = FIXED[name].format(999)
    assert fits(sentence, 2 if name in ON_ITS_OWN else MOST_LINES), shown(Status.RECONNECTING, sentence)
    assert sentence.endswith(".") and set(FIXED) >= ON_ITS_OWN


def test_no_sentence_of_the_link_is_made_where_these_tests_do_not_see_it() -> None:
    for path in sorted((ROOT / "vmsc_core" / "link").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CannotConnect":
                said = node.args[0]
                assert not isinstance(said, (ast.JoinedStr, ast.BinOp)), f"{path.name}:{node.lineno}"
                assert not isinstance(said, ast.Constant) or fits(said.value, 2), f"{path.name}:{node.lineno}"


# -- vmsc_obs.py: why there is no link at all -----------------------------------------------------------------------------


def on_the_card(script: Path) -> str:
    """What a card says when this vmsc_obs.py is loaded, in one line."""
    with FakeObs() as fake:
        fake.load_script(script)
        fake.load_collection()
        fake.create_source("text_ft2_source_v2", "Kick status card: detail", {"text": "Connected"})
        fake.tick(0.3)
        assert fake.script is not None and fake.script.trouble and fake.script.trouble in fake.page().text()
        detail: str = fake.source("Kick status card: detail").settings["text"]  # type: ignore[union-attr]
        fake.unload_script()
        assert fake.violations == [] and fake.warnings == []
    assert len(detail.split("\n")) <= MOST_LINES and max(map(len, detail.split("\n"))) <= LINE_CHARACTERS
    return " ".join(detail.split())


@pytest.mark.parametrize("wrong", ["", "raise OSError('x' * 500)", "raise ValueError('two words ' * 50)", "this is no Python"])
def test_an_incomplete_installation_is_told_on_the_card_with_what_to_do(wrong: str, tmp_path: Path) -> None:
    script = tmp_path / "vmsc_copy.py"
    script.write_text((ROOT / "vmsc_obs.py").read_text("utf-8"), "utf-8")
    core = tmp_path / "vmsc_core"
    core.mkdir()
    (core / "__init__.py").write_text(wrong, "utf-8")
    said = on_the_card(script)
    assert said.startswith(
        "The script's files are incomplete. Install it again, with the folder vmsc_core beside vmsc_obs.py. ("
    ), said
    assert any(name in said for name in ("ModuleNotFoundError", "OSError", "ValueError", "SyntaxError"))


def test_a_python_that_is_too_old_is_told_whole_on_the_card(tmp_path: Path) -> None:
    source = (ROOT / "vmsc_obs.py").read_text("utf-8")
    script = tmp_path / "vmsc_copy.py"
    script.write_text(source.replace("OLDEST_PYTHON = (3, 9)", "OLDEST_PYTHON = (9, 9)"), "utf-8")
    assert on_the_card(script).endswith("then choose it in Tools > Scripts > Python Settings.")
