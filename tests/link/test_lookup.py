"""From a slug to a Channel: which spellings, and when the system's curl is asked."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import BLOCKED, CHANNEL, CHATROOM, World, found

from vmsc_core.kick.channel import Channel
from vmsc_core.link.errors import CannotConnect, Stopped, for_the_user, passing
from vmsc_core.link.http import Answer
from vmsc_core.link.lookup import Answered, look_up
from vmsc_core.reasons import Failure, Remedy, because

ADDRESS = "https://kick.example/api/"
UNKNOWN = Answer(404, "")
BOT_CHECK = Answer(200, "<!DOCTYPE html><title>Just a moment...</title>")
NO_CERTIFICATES = for_the_user("certificates_missing")
OUT_OF_REACH = passing("host_unreachable", "kick.example")
BLOCKED_ANSWER = Answered(Failure(Remedy.REFUSED, because("lookup_blocked"), 300.0), 300.0)


class Asked:
    """One lookup in a world of its own."""

    def __init__(self, *answers: Any, curl: tuple[Any, ...] = ()) -> None:
        self.world = World()
        self.world.lookup(*answers)
        self.world.curl(*curl)

    def __call__(self, slug: str = "speedy") -> Answered:
        return look_up(slug, ADDRESS, self.world.ports().http(self.world._stop))

    @property
    def questions(self) -> list[tuple[str, str]]:
        return [(method, url) for method, url, _, _ in self.world.requests]


def gets(*slugs: str) -> list[tuple[str, str]]:
    return [("GET", ADDRESS + slug) for slug in slugs]


# -- spellings -------------------------------------------------------------------------------------------------------------


def test_the_first_spelling_that_kick_knows_is_the_channel() -> None:
    asked = Asked(found())
    assert asked() == Answered(Channel("speedy", CHATROOM, CHANNEL, "Speedy", False, followers=100))
    assert asked.questions == gets("speedy")


def test_the_other_spellings_are_tried_after_a_404() -> None:
    asked = Asked(UNKNOWN, UNKNOWN, found("my_own_name"))
    answered = asked("my-own_name")
    assert isinstance(answered.channel, Channel) and answered.channel.slug == "my_own_name"
    assert asked.questions == gets("my-own_name", "my-own-name", "my_own_name")


def test_a_name_unknown_in_every_spelling_is_unknown_as_the_user_wrote_it() -> None:
    asked = Asked(UNKNOWN)
    assert asked("a_b") == Answered(Failure(Remedy.USER, because("channel_unknown", slug="a_b")))
    assert asked.questions == gets("a_b", "a-b")


@pytest.mark.parametrize("answer", [Answer(500, ""), Answer(429, ""), Answer(451, ""), Answer(302, "")])
def test_any_other_answer_says_nothing_of_the_spelling(answer: Answer) -> None:
    asked = Asked(UNKNOWN, answer)
    answered = asked("a_b-c")
    assert isinstance(answered.channel, Failure) and answered.channel.remedy is not Remedy.USER
    assert asked.questions == gets("a_b-c", "a-b-c")


# -- the cooldown ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (found(), 0.0),
        (UNKNOWN, 0.0),
        (Answer(401, ""), 300.0),
        (Answer(403, ""), 300.0),
        (Answer(451, ""), 300.0),
        (Answer(429, ""), 60.0),
        (Answer(429, "", 600.0), 600.0),
        (Answer(503, "", 600.0), 0.0),
        (Answer(302, ""), 0.0),
        (Answer(200, "{}"), 0.0),
    ],
)
def test_the_cooldown_that_an_answer_asks_for_is_handed_back(answer: Answer, seconds: float) -> None:
    assert Asked(answer)().cooldown == seconds


# -- curl ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [BLOCKED, Answer(401, ""), Answer(403, ""), BOT_CHECK])
def test_curl_is_asked_after_a_bot_check(answer: Answer) -> None:
    asked = Asked(answer, curl=(found(),))
    answered = asked()
    assert isinstance(answered.channel, Channel) and answered.cooldown == 0.0
    assert asked.questions == [*gets("speedy"), ("CURL", ADDRESS + "speedy")]


@pytest.mark.parametrize("status", [302, 423, 429, 451, 500, 503])
def test_curl_is_not_asked_after_any_other_answer(status: int) -> None:
    asked = Asked(Answer(status, ""), curl=(found(),))
    assert isinstance(asked().channel, Failure)
    assert asked.questions == gets("speedy")


@pytest.mark.parametrize(
    "brought",
    [BLOCKED, BOT_CHECK, Answer(429, "", 5.0), Answer(500, ""), Answer(200, "{}"), Answer(302, ""), OUT_OF_REACH],
)
def test_what_else_curl_brings_after_a_bot_check_is_no_news(brought: Any) -> None:
    assert Asked(Answer(403, ""), curl=(brought,))() == BLOCKED_ANSWER


def test_without_curl_a_bot_check_is_what_it_is() -> None:
    assert Asked(BLOCKED)() == BLOCKED_ANSWER


def test_a_name_that_curl_does_not_find_either_is_tried_in_its_other_spelling() -> None:
    asked = Asked(BLOCKED, curl=(UNKNOWN, found("a-b")))
    answered = asked("a_b")
    assert isinstance(answered.channel, Channel) and answered.channel.slug == "a-b"
    assert [url for method, url in asked.questions if method == "CURL"] == [ADDRESS + "a_b", ADDRESS + "a-b"]


@pytest.mark.parametrize("key", ["ssl_missing", "certificates_missing", "certificates_unreadable"])
def test_a_python_that_cannot_speak_tls_lets_curl_ask(key: str) -> None:
    asked = Asked(for_the_user(key), curl=(found(),))
    assert isinstance(asked().channel, Channel)
    assert asked.questions == [*gets("speedy"), ("CURL", ADDRESS + "speedy")]


def test_then_what_curl_brings_counts_whatever_it_is() -> None:
    assert Asked(NO_CERTIFICATES, curl=(BLOCKED,))() == BLOCKED_ANSWER
    busy = Asked(NO_CERTIFICATES, curl=(Answer(429, "", 42.0),))()
    assert isinstance(busy.channel, Failure) and busy.cooldown == 42.0
    assert Asked(NO_CERTIFICATES, curl=(UNKNOWN,))("a_b").channel == Failure(Remedy.USER, because("channel_unknown", slug="a_b"))


@pytest.mark.parametrize("curl", [(), (OUT_OF_REACH,)], ids=["no curl", "curl fails"])
def test_without_curl_the_trouble_of_this_python_is_the_users(curl: tuple[Any, ...]) -> None:
    with pytest.raises(CannotConnect) as raised:
        Asked(NO_CERTIFICATES, curl=curl)()
    assert raised.value.failure == NO_CERTIFICATES.failure


def test_a_network_that_is_down_is_not_curls_business() -> None:
    asked = Asked(OUT_OF_REACH, curl=(found(),))
    with pytest.raises(CannotConnect) as raised:
        asked()
    assert raised.value.failure == OUT_OF_REACH.failure and asked.questions == gets("speedy")


@pytest.mark.parametrize(("answer", "curl"), [(Stopped(), ()), (BLOCKED, (Stopped(),)), (NO_CERTIFICATES, (Stopped(),))])
def test_stop_ends_a_lookup(answer: Any, curl: tuple[Any, ...]) -> None:
    with pytest.raises(Stopped):
        Asked(answer, curl=curl)()
