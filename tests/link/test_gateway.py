"""What web.kick.com is asked: over the scripted world, with its clock."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any, Callable, Optional

import pytest
from fakes import CHANNEL, KEY, World, known, names_centrifugo, names_pusher

from vmsc_core.events import Notice
from vmsc_core.kick.negotiation import Named
from vmsc_core.kick.servers import Offer
from vmsc_core.link.background import BackgroundCall
from vmsc_core.link.complaints import Complaints
from vmsc_core.link.errors import Stopped, for_the_user, passing
from vmsc_core.link.gateway import NEGOTIATION_TIMEOUT, Gateway
from vmsc_core.link.http import REQUEST_TIMEOUT, Answer
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import CENTRIFUGO, NEGOTIATION_ADDRESS, PUSHER, TOKEN_ADDRESS, Wish

BOTH = Offer((PUSHER, CENTRIFUGO))
OUT_OF_REACH = passing("host_unreachable", "web.kick.com")
FOREIGN = names_centrifugo("wss://example.com/x")
TOKEN = Answer(200, '{"data":{"token":"t1"}}')


class Held:
    """A call in the background that ends when the test says so."""

    def __init__(self, work: Callable[[], Any], name: str) -> None:
        self.done = False
        self.joined: list[float] = []
        self.take = work

    def join(self, seconds: float) -> None:
        self.joined.append(seconds)


class Asker:
    """A Gateway, its world and its complaints; a second one has the same cooldowns."""

    def __init__(self, wish: Optional[Wish] = None, world: Optional[World] = None, holds: bool = False) -> None:
        self.world = world or World()
        self.notices: list[Notice] = []
        self.held: list[Held] = []
        ports = self.world.ports()
        if holds:
            ports = replace(ports, background=self._hold)
        http = ports.http(self.world._stop)
        self.gateway = Gateway(wish or known(), http, self.world.cooldowns, Complaints(self.notices.append), ports)

    def _hold(self, work: Callable[[], Any], name: str) -> Held:
        self.held.append(Held(work, name))
        return self.held[-1]

    @property
    def complaints(self) -> list[str]:
        return [notice.reason.key for notice in self.notices]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, _, body, _ in self.world.requests]

    @property
    def addresses(self) -> list[str]:
        return [address for _, address, _, _ in self.world.requests]

    def negotiate(self) -> Named | Failure:
        return self.gateway.negotiate(BOTH, CHANNEL)


# -- negotiation -----------------------------------------------------------------------------------------------------------


def test_kick_is_asked_for_the_channel_with_the_providers_in_their_order() -> None:
    asker = Asker()
    asker.world.negotiation(names_pusher(KEY))
    named = asker.gateway.negotiate(Offer((CENTRIFUGO, PUSHER)), CHANNEL)
    assert isinstance(named, Named) and KEY in named.servers[0].url
    assert asker.addresses == [NEGOTIATION_ADDRESS.replace("{channel_id}", str(CHANNEL))]
    accepted = asker.bodies[0]["capabilities"]["accepted_providers"]
    assert [one["provider"] for one in accepted] == [CENTRIFUGO, PUSHER]
    assert asker.gateway.wait == 0.0 and asker.notices == []


def test_an_address_of_the_users_own_is_asked_instead() -> None:
    asker = Asker(replace(known(), negotiation_address="http://127.0.0.1:9/{channel_id}/x", token_address="http://127.0.0.1:9/t"))
    asker.negotiate()
    asker.gateway.token()
    assert asker.addresses == [f"http://127.0.0.1:9/{CHANNEL}/x", "http://127.0.0.1:9/t"]


@pytest.mark.parametrize("trouble", [OUT_OF_REACH, for_the_user("certificates_missing")])
def test_a_kick_that_cannot_be_asked_is_never_more_than_a_passing_trouble(trouble: Any) -> None:
    asker = Asker()
    asker.world.negotiation(trouble)
    assert asker.negotiate() == replace(trouble.failure, remedy=Remedy.BACKOFF)
    assert asker.notices == [Notice(because("negotiation_failed", reason=trouble.failure.reason))]
    assert asker.gateway.wait == 0.0


def test_a_courtesy_takes_no_longer_than_five_seconds_and_a_token_its_time() -> None:
    asker, asked = Asker(), []

    class Timed:
        def request(self, method: str, url: str, body: str = "", timeout: float = REQUEST_TIMEOUT) -> Answer:
            asked.append((method, timeout))
            return TOKEN

    gateway = Gateway(known(), Timed(), asker.world.cooldowns, Complaints(asker.notices.append), asker.world.ports())  # type: ignore[arg-type]
    gateway.negotiate(BOTH, CHANNEL)
    gateway.token()
    assert asked == [("POST", NEGOTIATION_TIMEOUT), ("POST", REQUEST_TIMEOUT)]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [(Answer(403, ""), 300.0), (Answer(429, ""), 60.0), (Answer(429, "", 200.0), 200.0)],
)
def test_a_kick_that_blocks_or_asks_for_a_pause_is_left_alone_by_every_link(answer: Answer, seconds: float) -> None:
    first = Asker()
    first.world.negotiation(answer, names_pusher())
    refused = first.negotiate()
    second = Asker(world=first.world)
    assert isinstance(refused, Failure) and first.gateway.wait == second.gateway.wait == seconds
    first.world.now += seconds - 1.0
    assert first.negotiate() == second.negotiate() == replace(refused, wait=1.0)
    assert len(first.world.requests) == 1
    assert second.notices == [], "what was not asked can't be complained of"
    first.world.now += 1.0
    assert isinstance(second.negotiate(), Named) and len(first.world.requests) == 2


@pytest.mark.parametrize("status", [302, 404, 500, 503])
def test_any_other_status_may_be_asked_about_again_at_once(status: int) -> None:
    asker = Asker()
    asker.world.negotiation(Answer(status, ""))
    for _ in range(2):
        found = asker.negotiate()
        assert isinstance(found, Failure) and found.reason == because("negotiation_status", status=status)
    assert len(asker.world.requests) == 2 and asker.gateway.wait == 0.0


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [(OUT_OF_REACH, "negotiation_failed"), (Answer(500, ""), "negotiation_status"), (FOREIGN, "negotiation_foreign")],
)
def test_the_same_trouble_is_complained_of_once_until_an_answer_was_good(answer: Any, complaint: str) -> None:
    asker = Asker()
    asker.world.negotiation(answer, answer, answer, names_pusher(), answer, answer)
    for _ in range(3):
        asker.negotiate()
    assert asker.complaints == [complaint]
    for _ in range(3):
        asker.negotiate()
    assert asker.complaints == [complaint] * 2


def test_a_server_that_was_refused_beside_a_good_one_is_complained_of() -> None:
    asker = Asker()
    bad, good = (json.loads(answer.body)["data"]["connections"] for answer in (FOREIGN, names_pusher()))
    body = json.dumps({"data": {"connections": [*bad, {"provider": "x"}, *good]}})
    asker.world.negotiation(Answer(200, body))
    named = asker.negotiate()
    assert isinstance(named, Named) and len(named.servers) == 1
    assert asker.complaints == ["negotiation_foreign"]


def test_stop_ends_a_negotiation() -> None:
    asker = Asker()
    asker.world.negotiation(Stopped())
    with pytest.raises(Stopped):
        asker.negotiate()
    assert asker.notices == []


# -- a token now -----------------------------------------------------------------------------------------------------------


def test_a_token_is_given() -> None:
    asker = Asker()
    asker.world.token(TOKEN)
    assert asker.gateway.token() == "t1"
    assert asker.addresses == [TOKEN_ADDRESS]


def test_one_link_has_the_same_client_id_everywhere_and_another_link_has_another() -> None:
    asker = Asker()
    asker.negotiate()
    asker.gateway.token()
    asker.gateway.token()
    negotiated, *tokens = asker.bodies
    assert {body["client_id"] for body in tokens} == {negotiated["client"]["id"]}
    other = Asker(world=asker.world)
    other.gateway.token()
    assert other.bodies[-1]["client_id"] != negotiated["client"]["id"]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(403, "<html>"), 300.0),
        (Answer(429, "", 42.0), 42.0),
        (Answer(500, ""), 0.0),
        (Answer(200, "{}"), 0.0),
        (OUT_OF_REACH, 0.0),
        (for_the_user("ssl_missing"), 0.0),
    ],
)
def test_without_a_token_another_server_may_do_and_a_block_is_respected_by_every_link(answer: Any, seconds: float) -> None:
    asker = Asker()
    asker.world.token(answer, TOKEN)
    failure = asker.gateway.token()
    assert isinstance(failure, Failure) and failure.remedy is Remedy.ELSEWHERE
    assert asker.world.cooldowns.left(TOKEN_ADDRESS) == seconds
    other = Asker(world=asker.world)
    if seconds:
        assert other.gateway.token() == failure
        asker.world.now += seconds
    assert len(asker.world.requests) == 1
    assert other.gateway.token() == "t1"


def test_a_cooldown_of_the_token_leaves_the_negotiation_alone() -> None:
    asker = Asker()
    asker.world.token(Answer(403, ""))
    asker.world.negotiation(names_pusher())
    asker.gateway.token()
    assert isinstance(asker.negotiate(), Named) and asker.gateway.wait == 0.0


# -- a token while a connection goes on ----------------------------------------------------------------------------------------


def test_a_token_from_the_background_is_given_once() -> None:
    asker = Asker()
    asker.world.token(TOKEN)
    assert asker.gateway.fetched() is None
    asker.gateway.fetch_token()
    assert [asker.gateway.fetched(), asker.gateway.fetched()] == ["t1", None]


def test_nothing_is_given_while_the_request_runs_and_it_is_not_sent_twice() -> None:
    asker = Asker(holds=True)
    asker.world.token(TOKEN)
    asker.gateway.fetch_token()
    asker.gateway.fetch_token()
    assert asker.gateway.fetched() is None and len(asker.held) == 1
    asker.held[0].done = True
    assert asker.gateway.fetched() == "t1"
    asker.gateway.fetch_token()
    assert len(asker.held) == 2


@pytest.mark.parametrize("answer", [Answer(500, ""), Answer(200, "<html>"), OUT_OF_REACH, Stopped()])
def test_a_token_that_could_not_be_had_is_empty_and_a_good_connection_goes_on(answer: Any) -> None:
    asker = Asker()
    asker.world.token(answer)
    asker.gateway.fetch_token()
    assert [asker.gateway.fetched(), asker.gateway.fetched()] == ["", None]
    assert asker.notices == []


def test_a_token_whose_thread_can_not_start_costs_only_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    asker = Asker()
    asker.gateway._ports = replace(asker.gateway._ports, background=BackgroundCall)
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", start)
        asker.gateway.fetch_token()
        assert [asker.gateway.fetched(), asker.gateway.fetched()] == ["", None]
    assert asker.notices == [] and caplog.text == ""


def test_a_block_in_the_background_is_a_cooldown_that_begins_when_the_result_is_taken() -> None:
    asker = Asker()
    asker.world.token(Answer(403, ""))
    asker.gateway.fetch_token()
    assert asker.world.cooldowns.left(TOKEN_ADDRESS) == 0.0
    assert asker.gateway.fetched() == ""
    assert asker.world.cooldowns.left(TOKEN_ADDRESS) == 300.0
    assert isinstance(asker.gateway.token(), Failure) and len(asker.world.requests) == 1


def test_a_connection_that_asks_every_half_minute_respects_a_block_as_well() -> None:
    asker = Asker()
    asker.world.token(Answer(403, ""), TOKEN)
    given = []
    for _ in range(11):
        asker.gateway.fetch_token()
        given.append(asker.gateway.fetched())
        asker.world.now += 30.0
    assert [at - 1000.0 for _, _, _, at in asker.world.requests] == [0.0, 300.0]
    assert given[0] == "" and given[-1] == "t1"


def test_a_bug_in_the_background_costs_the_token_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    asker = Asker()
    asker.world.token(ZeroDivisionError())
    for _ in range(2):
        asker.gateway.fetch_token()
        assert asker.gateway.fetched() == ""
    assert len(caplog.records) == 1


def test_the_end_waits_for_a_request_that_runs_and_only_for_so_long() -> None:
    asker = Asker(holds=True)
    asker.gateway.join(1.0)
    asker.gateway.fetch_token()
    asker.gateway.join(1.0)
    assert asker.held[0].joined == [1.0]
