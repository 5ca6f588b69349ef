"""Which server next, as tables: what an attempt does step by step, and what the next one remembers. No thread, no clock."""

from __future__ import annotations

from typing import Union

import pytest

from vmsc_core.kick.negotiation import Named, Origin, Server, built_in, given
from vmsc_core.kick.servers import OTHERS_FROM, Offer, Servers
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import CENTRIFUGO, PUSHER, Wish

ID = 11624
P, C = Server(PUSHER, "wss://named/p", Origin.KICK), Server(CENTRIFUGO, "wss://named/c", Origin.KICK)
OTHER = Server(PUSHER, "wss://named/other", Origin.KICK)
(BUILT_IN,) = built_in(Wish())
OWN_KEY = Wish(pusher_key="my-own-key")
(OWN,) = given(OWN_KEY)
OWN_SERVER = Wish(websocket_address="wss://example.com")
(ALONE,) = given(OWN_SERVER)

BOTH, TURNED = Offer((PUSHER, CENTRIFUGO)), Offer((CENTRIFUGO, PUSHER))
ONLY_P, ONLY_C = Offer((PUSHER,)), Offer((CENTRIFUGO,))

NO = Failure(Remedy.REFUSED, because("refused"))
LOST = Failure(Remedy.BACKOFF, because("lost"))
AGAIN = Failure(Remedy.AT_ONCE, because("closed"))
NO_TOKEN = Failure(Remedy.ELSEWHERE, because("token_denied"), 300.0)
NO_SSL = Failure(Remedy.USER, because("ssl_missing"))
UNHEARD = Failure(Remedy.BACKOFF, because("negotiation_status"))
USELESS = Failure(Remedy.ELSEWHERE, because("negotiation_unexpected"))
OTHER_KIND = Failure(Remedy.REFUSED, because("no_server_of_kind"))
NONE = Failure(Remedy.BACKOFF, because("no_server_named"))
DROPPED = Failure(Remedy.BACKOFF, because("server_dropped_us"))

Step = Union[Server, Offer]
What = Union[Failure, Named, tuple[str, Failure]]
"""How a step goes: a server's failure before it was good, ("good", its failure afterwards), or the answer to an offer."""


def attempt(servers: Servers, number: int, *story: tuple[Step, What], channel_id: int | None = ID) -> Failure:
    """Plays one attempt; each step must be the one the story tells. Gives how the attempt ends."""
    servers.begin(number, channel_id)
    for expected, what in story:
        assert servers.next() == expected
        if isinstance(expected, Offer):
            assert not isinstance(what, tuple)
            servers.heard(what, what.wait if isinstance(what, Failure) else 0.0)
            continue
        assert not isinstance(what, Named)
        was_good = isinstance(what, tuple)
        if was_good:
            servers.ready(expected)
        end = servers.ended(expected, what[1] if isinstance(what, tuple) else what, was_good)
        if end is not None:
            assert (expected, what) == story[-1], "the attempt ended too early"
            return end
    end = servers.next()
    assert isinstance(end, Failure), f"not expected: {end}"
    return end


def good(then: Failure) -> tuple[str, Failure]:
    return "good", then


# -- one attempt ---------------------------------------------


@pytest.mark.parametrize(
    ("wish", "channel_id", "plan"),
    [
        (Wish(), ID, [BOTH, ONLY_C, ONLY_P, BUILT_IN]),
        (Wish(provider=PUSHER), ID, [ONLY_P, BUILT_IN]),
        (Wish(provider=CENTRIFUGO), ID, [ONLY_C]),
        (Wish(), None, [BUILT_IN]),
        (OWN_KEY, ID, [OWN, BOTH, ONLY_C, ONLY_P, BUILT_IN]),
        (OWN_SERVER, ID, [ALONE]),
        (Wish(provider=CENTRIFUGO), None, []),
    ],
)
def test_the_plan_of_an_attempt_can_be_printed(wish: Wish, channel_id: int | None, plan: list[Step]) -> None:
    servers = Servers(wish)
    servers.begin(1, channel_id)
    assert servers.plan == plan


@pytest.mark.parametrize(
    ("wish", "story", "end"),
    [
        # What Kick names, then the other kinds, then the built-in key.
        (Wish(), [(BOTH, Named((P,))), (P, good(LOST))], LOST),
        (Wish(), [(BOTH, Named((P, C))), (P, NO), (C, good(LOST))], LOST),
        (Wish(), [(BOTH, Named((P,))), (P, NO), (ONLY_C, Named((C,))), (C, NO), (ONLY_P, Named((OTHER,))), (OTHER, NO),
                  (BUILT_IN, NO)], NO),
        (Wish(), [(BOTH, Named((P,))), (P, NO), (ONLY_C, Named((P,))), (ONLY_P, USELESS), (BUILT_IN, good(LOST))], LOST),
        # Kick that does not answer is not asked in another way.
        (Wish(), [(BOTH, UNHEARD), (BUILT_IN, good(LOST))], LOST),
        (Wish(), [(BOTH, UNHEARD), (BUILT_IN, NO)], NONE),
        (Wish(), [(BOTH, USELESS), (ONLY_C, UNHEARD), (BUILT_IN, NO)], NONE),
        (Wish(provider=CENTRIFUGO), [(ONLY_C, UNHEARD)], NONE),
        (Wish(provider=CENTRIFUGO), [(ONLY_C, USELESS)], NONE),
        (Wish(provider=CENTRIFUGO), [(ONLY_C, OTHER_KIND)], OTHER_KIND),
        # A server out of reach ends the attempt; one that lacks a token does not.
        (Wish(), [(BOTH, Named((P, C))), (P, LOST)], LOST),
        (Wish(), [(BOTH, Named((P,))), (P, AGAIN)], AGAIN),
        (Wish(), [(BOTH, Named((C, P))), (C, NO_TOKEN), (P, good(LOST))], LOST),
        (Wish(), [(BOTH, Named((C,))), (C, NO_TOKEN), (ONLY_C, Named((C,))), (ONLY_P, UNHEARD), (BUILT_IN, NO)], NO_TOKEN),
        (Wish(), [(BOTH, Named((P,))), (P, NO_SSL)], NO_SSL),
        # The user's own come first, and alone when only they are given.
        (OWN_KEY, [(OWN, NO), (BOTH, Named((P,))), (P, good(LOST))], LOST),
        (OWN_SERVER, [(ALONE, NO)], NO),
    ],
)  # fmt: skip
def test_one_attempt_goes(wish: Wish, story: list[tuple[Step, What]], end: Failure) -> None:
    assert attempt(Servers(wish), 1, *story) == end


def test_the_wait_that_kick_asks_for_is_the_attempts() -> None:
    servers = Servers(Wish(provider=CENTRIFUGO))
    servers.begin(1, ID)
    assert servers.next() == ONLY_C
    servers.heard(UNHEARD, 60.0)
    assert servers.next() == Failure(Remedy.BACKOFF, because("no_server_named"), 60.0)


def test_without_a_channel_id_a_refused_key_asks_for_it() -> None:
    assert attempt(Servers(Wish()), 1, (BUILT_IN, NO), channel_id=None) == Failure(Remedy.REFUSED, because("channel_id_needed"))


def test_the_shortest_wait_counts_when_several_servers_are_out_of_reach() -> None:
    story = [(TURNED, Named((C,))), (C, NO_TOKEN), (ONLY_P, Named((P,))), (P, LOST), (ONLY_C, USELESS), (BUILT_IN, NO)]
    assert attempt(Servers(Wish()), OTHERS_FROM, *story) == Failure(Remedy.ELSEWHERE, LOST.reason)


# -- from one attempt to the next ---------------------------------------------


def test_a_server_that_kick_named_and_that_was_good_is_the_first_to_go_back_to() -> None:
    servers = Servers(Wish())
    attempt(servers, 1, (BOTH, Named((P,))), (P, good(LOST)))
    assert attempt(servers, 1, (P, good(LOST))) == LOST


def test_when_that_server_is_out_of_reach_kick_is_asked_again() -> None:
    servers = Servers(Wish())
    attempt(servers, 1, (BOTH, Named((P,))), (P, good(LOST)))
    attempt(servers, 1, (P, LOST))
    assert attempt(servers, 2, (BOTH, Named((OTHER,))), (OTHER, good(LOST))) == LOST


def test_a_good_server_that_kick_did_not_name_is_not_kept() -> None:
    servers = Servers(Wish())
    attempt(servers, 1, (BOTH, UNHEARD), (BUILT_IN, good(LOST)))
    attempt(servers, 1, (BOTH, Named((P,))), (P, good(LOST)))


def test_every_other_server_is_tried_too_from_the_third_attempt_on() -> None:
    servers = Servers(Wish())
    attempt(servers, 1, (BOTH, Named((P,))), (P, LOST))
    attempt(servers, 2, (BOTH, Named((P,))), (P, LOST))
    attempt(servers, 3, (TURNED, Named((C,))), (C, LOST), (ONLY_P, Named((P,))), (P, LOST), (ONLY_C, USELESS), (BUILT_IN, LOST))
    attempt(servers, 4, (BOTH, Named((P,))), (P, LOST), (ONLY_C, UNHEARD), (BUILT_IN, good(LOST)))


def test_a_server_that_accepts_and_then_refuses_us_means_that_kick_may_have_moved() -> None:
    servers = Servers(Wish())
    assert attempt(servers, 1, (BOTH, Named((P,))), (P, good(NO))) == DROPPED
    servers.begin(1, ID)
    assert servers.next() == BOTH
    servers.heard(Named((P, C)))
    assert servers.next() == C, "the one that dropped us comes last"
    assert servers.ready(C), "Kick has moved"
    assert not servers.ready(C), "that is reported once"


def test_the_second_time_it_is_an_error_until_a_connection_has_lasted() -> None:
    servers = Servers(Wish(provider=PUSHER))
    assert attempt(servers, 1, (ONLY_P, Named((P,))), (P, good(NO))) == DROPPED
    assert attempt(servers, 1, (ONLY_P, Named((P,))), (BUILT_IN, NO), (P, good(NO))) == NO
    servers.steady()
    assert attempt(servers, 1, (ONLY_P, Named((P,))), (P, good(NO))) == DROPPED


def test_a_server_of_the_users_own_that_drops_us_is_an_error_at_once() -> None:
    assert attempt(Servers(OWN_SERVER), 1, (ALONE, good(NO))) == NO


def test_a_first_server_or_a_dead_key_of_the_users_own_is_no_move_of_kicks() -> None:
    servers = Servers(OWN_KEY)
    servers.begin(1, ID)
    assert servers.next() == OWN and servers.ended(OWN, NO, False) is None
    assert servers.next() == BOTH
    servers.heard(Named((P,)))
    assert servers.next() == P and not servers.ready(P)


def test_coming_back_to_the_same_server_is_no_move() -> None:
    servers = Servers(Wish(provider=PUSHER))
    attempt(servers, 1, (ONLY_P, Named((P,))), (P, good(NO)))
    servers.begin(1, ID)
    servers.next()
    servers.heard(Named(()))
    assert servers.next() == BUILT_IN and servers.ended(BUILT_IN, NO, False) is None
    assert isinstance(servers.next(), Failure)
    assert not servers.ready(P)


def test_what_is_remembered_is_bounded() -> None:
    servers = Servers(Wish())
    for number in range(1000):
        named = Server(PUSHER, f"wss://named/{number}", Origin.KICK)
        attempt(servers, 1, (BOTH, Named((named,))), (named, good(NO)))
    kept = [value for value in vars(servers).values() if hasattr(value, "__len__")]
    assert kept and all(len(value) <= 20 for value in kept)
