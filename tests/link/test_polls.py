"""When to look the channel up: over the scripted world, with its clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Optional

import pytest
from fakes import BLOCKED, CHANNEL, CHATROOM, World, found, known

from vmsc_core.events import Notice
from vmsc_core.kick.channel import Channel, Match
from vmsc_core.link.complaints import Complaints
from vmsc_core.link.cooldowns import POLLS
from vmsc_core.link.errors import CannotConnect, Stopped, for_the_user, passing
from vmsc_core.link.http import Answer
from vmsc_core.link.polls import POLL_EVERY, POLL_REST, Found, Polls
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import LOOKUP_ADDRESS, Wish

SPEEDY = Channel("speedy", CHATROOM, CHANNEL, "Speedy")
OUT_OF_REACH = passing("host_unreachable", "kick.com")
UNKNOWN = Answer(404, "")


class Held:
    """A call in the background that ends when the test says so."""

    def __init__(self, work: Callable[[], Any], name: str) -> None:
        self.done = False
        self.joined: list[float] = []
        self.take = work

    def join(self, seconds: float) -> None:
        self.joined.append(seconds)


class Poller:
    """The Polls of one link and its world. Times are seconds since the beginning of that world."""

    def __init__(
        self, *answers: Any, wish: Optional[Wish] = None, world: Optional[World] = None, slug: str = "speedy", holds: bool = False
    ) -> None:
        self.world = world or World()
        self.world.lookup(*answers)
        self.notices: list[Notice] = []
        self.held: list[Held] = []
        self.known = SPEEDY
        ports = self.world.ports()
        if holds:
            ports = replace(ports, background=self._hold)
        wish = wish or replace(known(slug), poll=True)
        http = ports.http(self.world._stop)
        self.polls = Polls(slug, wish, http, self.world.cooldowns, Complaints(self.notices.append), ports)

    def _hold(self, work: Callable[[], Any], name: str) -> Held:
        self.held.append(Held(work, name))
        return self.held[-1]

    def connected(self) -> None:
        self.polls.connected(self.world.now)

    def take(self) -> Optional[Found]:
        return self.polls.take(self.known, self.world.now)

    def listen(self, seconds: float) -> list[Found]:
        """All that is taken in so many seconds, looked for once a second."""
        given = []
        for _ in range(int(seconds)):
            found = self.take()
            given += [found] if found is not None else []
            self.world.now += 1.0
        return given

    @property
    def asked_at(self) -> list[float]:
        return [at - 1000.0 for method, _, _, at in self.world.requests if method == "GET"]

    @property
    def complaints(self) -> list[str]:
        return [notice.reason.key for notice in self.notices]


# -- at the start ----------------------------------------------------------------------------------------------------------


def test_the_first_lookup_gives_the_channel() -> None:
    poller = Poller(found(followers=5, live=7))
    channel = poller.polls.at_start()
    assert channel == Channel("speedy", CHATROOM, CHANNEL, "Speedy", True, 7, "x", 5)
    assert [address for _, address, _, _ in poller.world.requests] == [LOOKUP_ADDRESS + "speedy"]


def test_an_address_of_the_users_own_is_asked_instead() -> None:
    poller = Poller(found(), wish=Wish(username="speedy", lookup_address="http://127.0.0.1:9/"))
    poller.polls.at_start()
    assert poller.world.requests[0][1] == "http://127.0.0.1:9/speedy"


@pytest.mark.parametrize(("answer", "seconds"), [(BLOCKED, 300.0), (Answer(429, "", 600.0), 600.0)])
def test_a_kick_that_blocks_or_asks_for_a_pause_is_left_alone_by_every_link(answer: Answer, seconds: float) -> None:
    first = Poller(answer, found())
    refused = first.polls.at_start()
    second = Poller(world=first.world)
    assert isinstance(refused, Failure)
    first.world.now += seconds - 1.0
    assert first.polls.at_start() == second.polls.at_start() == replace(refused, wait=1.0)
    first.world.now += 1.0
    assert isinstance(second.polls.at_start(), Channel)
    assert first.asked_at == [0.0, seconds]


@pytest.mark.parametrize("answer", [Answer(503, ""), Answer(302, ""), Answer(200, "<html>"), UNKNOWN])
def test_any_other_answer_may_be_asked_for_again_at_once(answer: Answer) -> None:
    poller = Poller(answer)
    assert isinstance(poller.polls.at_start(), Failure)
    poller.polls.at_start()
    assert len(poller.asked_at) == 2


@pytest.mark.parametrize("trouble", [OUT_OF_REACH, Stopped()])
def test_the_first_lookup_raises_what_the_network_says(trouble: Exception) -> None:
    with pytest.raises(type(trouble)):
        Poller(trouble).polls.at_start()


# -- how often -------------------------------------------------------------------------------------------------------------


def test_a_channel_whose_ids_were_remembered_is_looked_up_at_once_and_then_every_minute() -> None:
    poller = Poller(found())
    poller.connected()
    poller.listen(190)
    assert poller.asked_at == [0.0, 60.0, 120.0, 180.0]


def test_before_the_connection_is_good_nobody_is_asked() -> None:
    poller = Poller(found())
    poller.listen(200)
    assert poller.asked_at == []


def test_a_fresh_lookup_delays_the_first_poll() -> None:
    poller = Poller(found())
    poller.polls.at_start()
    poller.world.now += 1.0
    poller.connected()
    poller.listen(130)
    assert poller.asked_at == [0.0, 61.0, 121.0]


@pytest.mark.parametrize(("age", "asked_at"), [(29.0, [0.0, 29.0 + POLL_EVERY]), (30.0, [0.0, 30.0])])
def test_a_lookup_is_fresh_for_half_a_minute(age: float, asked_at: list[float]) -> None:
    poller = Poller(found())
    poller.polls.at_start()
    poller.world.now += age
    poller.connected()
    poller.listen(60 if age < 30 else 5)
    poller.listen(1)
    assert poller.asked_at == asked_at


def test_a_connection_that_breaks_all_the_time_does_not_ask_more_often() -> None:
    poller = Poller(Answer(503, ""))
    for _ in range(60):
        poller.connected()
        poller.listen(3)
    assert all(later - earlier >= POLL_EVERY / 2 for earlier, later in zip(poller.asked_at, poller.asked_at[1:]))


def test_polling_that_is_off_asks_once_for_the_live_state() -> None:
    poller = Poller(found(live=5), wish=known())
    poller.connected()
    (given,) = poller.listen(2000)
    assert given.channel.live is True and poller.asked_at == [0.0]


def test_polling_that_is_off_asks_nothing_after_a_fresh_lookup() -> None:
    poller = Poller(found(), wish=known())
    poller.polls.at_start()
    poller.connected()
    poller.listen(2000)
    assert poller.asked_at == [0.0]


@pytest.mark.parametrize("answer", [BLOCKED, UNKNOWN])
def test_polling_that_is_off_stays_off_after_an_answer_that_asks_for_a_rest(answer: Answer) -> None:
    poller = Poller(answer, wish=known())
    poller.connected()
    poller.listen(2000)
    assert poller.asked_at == [0.0]


def test_a_channel_without_a_name_is_never_looked_up() -> None:
    poller = Poller(found(), wish=Wish(chatroom_id=CHATROOM), slug="")
    poller.connected()
    assert poller.listen(200) == [] and poller.asked_at == []


def test_while_a_lookup_runs_no_other_one_begins() -> None:
    poller = Poller(found(), holds=True)
    poller.connected()
    assert poller.listen(200) == [] and len(poller.held) == 1
    poller.held[0].done = True
    assert poller.take() == Found(poller.held[0].take().channel, Match.SAME)
    poller.listen(1)
    assert len(poller.held) == 2


def test_the_end_waits_for_a_lookup_that_runs_and_only_for_so_long() -> None:
    poller = Poller(found(), holds=True)
    poller.polls.join(1.0)
    poller.connected()
    poller.take()
    poller.polls.join(1.0)
    assert poller.held[0].joined == [1.0]


# -- answers that can be used --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        (found(followers=103), Match.SAME),
        (found(name="SPEEDY"), Match.NEWS),
        (found(channel=5), Match.NEWS),
        (found(channel=5, chatroom=6), Match.MOVED),
    ],
)
def test_an_answer_is_given_with_what_it_says_of_the_known_channel(answer: Answer, match: Match) -> None:
    poller = Poller(answer)
    poller.connected()
    (given,) = poller.listen(10)
    assert given.match is match and poller.notices == []


def test_each_answer_is_given_once() -> None:
    poller = Poller(found(followers=100), found(followers=103), found(followers=102))
    poller.connected()
    assert [given.channel.followers for given in poller.listen(170)] == [100, 103, 102]


# -- answers that can't ------------------------------------------------------------------------------------------------------


def test_a_block_is_complained_of_once_and_rests_for_fifteen_minutes() -> None:
    poller = Poller(BLOCKED)
    poller.connected()
    assert poller.listen(1900) == []
    assert poller.asked_at == [0.0, pytest.approx(POLL_REST, abs=2.0), pytest.approx(2 * POLL_REST, abs=3.0)]
    assert poller.complaints == ["lookups_blocked"]


def test_another_connection_does_not_end_the_rest() -> None:
    poller = Poller(BLOCKED)
    poller.connected()
    poller.listen(600)
    poller.connected()
    poller.listen(290)
    assert poller.asked_at == [0.0]


def test_another_link_keeps_the_rest_that_a_block_asked_for() -> None:
    first = Poller(BLOCKED)
    first.connected()
    first.listen(600)
    second = Poller(world=first.world, slug="other")
    second.connected()
    second.listen(290)
    assert first.asked_at == [0.0] and 0.0 < first.world.cooldowns.left(POLLS) < 20.0
    second.listen(20)
    assert len(first.asked_at) == 2


def test_an_unknown_name_rests_for_fifteen_minutes_across_connections() -> None:
    poller = Poller(UNKNOWN)
    poller.connected()
    poller.listen(600)
    poller.connected()
    poller.listen(290)
    assert poller.asked_at == [0.0]
    poller.listen(20)
    assert len(poller.asked_at) == 2
    assert poller.notices == [Notice(because("name_not_listed", slug="speedy"))]


def test_an_unknown_name_rests_only_for_this_link() -> None:
    first = Poller(UNKNOWN, found("other", 5, 6))
    first.connected()
    first.listen(10)
    second = Poller(world=first.world, slug="other")
    second.known = Channel("other", 6, 5, "Other")
    second.connected()
    assert [given.match for given in second.listen(10)] == [Match.SAME]


def test_a_stranger_in_another_spelling_is_an_unknown_name() -> None:
    poller = Poller(UNKNOWN, found(slug="a-b", channel=5, chatroom=6, name="Stranger"), slug="a_b")
    poller.known = Channel("a_b", CHATROOM, CHANNEL, "a_b")
    poller.connected()
    assert poller.listen(300) == []
    assert poller.notices == [Notice(because("name_not_listed", slug="a_b"))]
    assert poller.asked_at == [0.0, 0.0], "both spellings once, then a rest"


def test_typed_ids_that_differ_are_complained_of_once_and_count_all_the_same() -> None:
    wish = Wish(username="speedy", channel_id=CHANNEL, chatroom_id=CHATROOM)
    poller = Poller(found(channel=5, chatroom=6), wish=wish)
    poller.connected()
    assert poller.listen(300) == []
    assert poller.notices == [Notice(because("ids_differ", slug="speedy", chatroom_id=6))]
    assert len(poller.asked_at) == 5, "it may be right one day"


def test_typed_ids_that_agree_are_as_good_as_any() -> None:
    wish = Wish(username="speedy", channel_id=CHANNEL, chatroom_id=CHATROOM)
    poller = Poller(found(followers=5), wish=wish)
    poller.connected()
    (given,) = poller.listen(10)
    assert given.match is Match.SAME and poller.notices == []


@pytest.mark.parametrize("answer", [Answer(503, ""), Answer(302, ""), Answer(200, "<html>"), OUT_OF_REACH, Stopped()])
def test_a_passing_trouble_is_not_worth_a_word_and_the_next_poll_comes_in_its_time(answer: Any) -> None:
    poller = Poller(answer, found())
    poller.connected()
    assert [given.match for given in poller.listen(70)] == [Match.SAME]
    assert poller.asked_at == [0.0, 60.0] and poller.notices == []


def test_a_pause_that_kick_asks_for_is_kept_without_a_word() -> None:
    poller = Poller(Answer(429, "", 600.0), found())
    poller.connected()
    poller.listen(700)
    assert poller.asked_at[:2] == [0.0, pytest.approx(600.0, abs=POLL_EVERY)]
    assert poller.asked_at[1] >= 600.0 and poller.notices == []


def test_a_block_that_is_still_running_from_the_start_is_complained_of_without_asking() -> None:
    first = Poller(BLOCKED)
    first.polls.at_start()
    second = Poller(world=first.world)
    second.connected()
    second.listen(100)
    assert first.asked_at == [0.0] and second.complaints == ["lookups_blocked"]


def test_what_was_fine_in_between_is_complained_of_again() -> None:
    poller = Poller(UNKNOWN, found(), UNKNOWN)
    poller.connected()
    poller.listen(1000)
    assert poller.complaints == ["name_not_listed"] * 2


def test_a_bug_is_logged_once_and_the_polls_go_on(caplog: pytest.LogCaptureFixture) -> None:
    bug = ZeroDivisionError()
    poller = Poller(bug, bug, found())
    poller.connected()
    assert [given.match for given in poller.listen(130)] == [Match.SAME]
    assert len(caplog.records) == 1 and poller.notices == []


def test_a_python_without_certificates_and_curl_cannot_look_up_and_says_nothing_beside_the_feed() -> None:
    poller = Poller(for_the_user("certificates_missing"))
    with pytest.raises(CannotConnect) as raised:
        poller.polls.at_start()
    assert raised.value.failure.remedy is Remedy.USER
    poller.connected()
    assert poller.listen(100) == [] and poller.notices == []
