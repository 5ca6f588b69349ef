"""From what a streamer types or pastes, and from what Kick's lookup answers, to a Channel or a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vmsc_core.kick.channel import (
    BLOCKED_COOLDOWN,
    Channel,
    Match,
    Topic,
    about,
    compare,
    is_bot_check,
    lookup_cooldown,
    lookup_page,
    read_lookup,
    read_paste,
    read_pasted,
    resolve,
    slug_candidates,
    slug_of,
    subscriptions,
)
from vmsc_core.known import KnownChannel
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.settings import Wish
from vmsc_core.words import say

# -- what a streamer types ---------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "viewer_one",
        "Viewer_One",
        "  viewer_one  ",
        "@viewer_one",
        "@Viewer_One",
        "kick.com/viewer_one",
        "KICK.COM/Viewer_One",
        "www.kick.com/viewer_one",
        "kick.com/@viewer_one",
        "kick.com/viewer_one/",
        "kick.com//viewer_one",
        "kick.com/viewer_one?x=http://a.b/c",
        "kick.com/viewer_one#a//b",
        "//kick.com/viewer_one",
        "https://kick.com/viewer_one",
        "http://kick.com/viewer_one",
        "HTTPS://Kick.com/Viewer_One",
        "https://kick.com/viewer_one?x=1",
        "https://kick.com/viewer_one/videos#top",
        "https://www.kick.com/viewer_one/chatroom",
        "https://kick.com:443/viewer_one",
        "https://kick.com/popout/viewer_one/chat",
        "https://m.kick.com/viewer_one",
        "M.Kick.Com/viewer_one",
        "kick.com:443/viewer_one",
        "https://kick.com./viewer_one",
        "kick.com./viewer_one",
        "https://kick.com/viewer_one/videos/0b1c4a7e-1111-4222-8333-444455556666",
        "https://kick.com/viewer_one/clips/clip_01HXYZ",
        "https://kick.com/viewer_one?clip=clip_01HXYZ",
        "kick.com/viewer_one/clips",
        "kick.com/viewer_one/about",
        "kick.com/viewer_one/video",
        "kick.com/Popout/viewer_one/chat",
    ],
)
def test_every_spelling_of_a_username_is_the_slug(typed):
    assert slug_of(typed) == "viewer_one"


@pytest.mark.parametrize(
    "typed",
    [
        "\u200bviewer_one",
        "viewer\u200b_one\u200d",
        "\ufeffviewer_one",
        "\u202aviewer_one\u202c",
        "\u2066@viewer_one\u2069",
        "\u200e\u00a0viewer_one\u3000",
        "https://kick.com/viewer_one\u200b",
        "https://kick.com/viewer_one%E2%80%8B?x=1",
        '"viewer_one"',
        "'viewer_one'",
        "\u201cviewer_one\u201d",
        "\u201e@viewer_one\u201c",
        "\u00abkick.com/viewer_one\u00bb",
        '@"viewer_one"',
        "<https://kick.com/viewer_one>",
        "(viewer_one)",
        "viewer_one,",
        ", viewer_one;",
        "viewer_one/",
        "/viewer_one",
        "/@viewer_one/",
        "viewer_one.",
        '"https://kick.com/viewer_one",',
        "https://player.kick.com/viewer_one",
        "player.kick.com/viewer_one?autoplay=true",
    ],
    ids=ascii,
)
def test_what_stands_around_a_pasted_name_is_left_out(typed):
    assert slug_of(typed) == "viewer_one"


@pytest.mark.parametrize("typed", ["\u200b", '""', "/", "@", ",", "\ufeff \u202e", "@\u200b", "\u200b" * 100_000])
def test_nothing_but_marks_is_no_name(typed):
    found = slug_of(typed)
    assert isinstance(found, Failure) and found.reason.key in ("name_missing", "name_characters")


@pytest.mark.parametrize("typed", ["a", "1", "a-b", "a_b", "-", "x" * 64])
def test_letters_digits_and_dashes_are_a_slug(typed):
    assert slug_of(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "@",
        "two words",
        "name!",
        "näme",
        "имя",
        "名前",
        "a.b",
        "a/b",
        "../etc/passwd",
        "name\nname",
        "name\x00",
        "-o/tmp/x y",
        "x" * 65,
        "https://",
        "https://kick.com",
        "https://kick.com/",
        "kick.com/",
        "kick.com/?x=1",
        "https://kick.com/na%20me",
        "https://kick.com/%2e%2e",
        "https://evil.tld/name",
        "https://kick.com.evil.tld/name",
        "https://evilkick.com/name",
        "https://kick.com@evil.tld/name",
        "https://[/name",
        "https://kick.com:x/na me",
        "http:/kick.com/name",
        "ftp://kick.com/name",
        "javascript:alert(1)",
    ],
    ids=repr,
)
def test_what_can_be_no_name_is_answered_with_a_sentence_that_says_what_to_do(typed):
    found = slug_of(typed)
    assert isinstance(found, Failure) and found.remedy is Remedy.USER
    assert say(found.reason).endswith(".") and ("Enter" in say(found.reason) or "Fix" in say(found.reason))


OWN_PAGES = ["video/abc", "videos", "category/slots", "categories", "browse", "search?query=x", "dashboard/stream", "clips"]
OWN_PAGES += ["following", "clip/abc", "api/v2/channels/viewer_one", "settings/profile", "popout", "Video/ABC", "%76ideo/abc"]
OWN_PAGES += ["/video/", "terms-of-service", "privacy-policy", "community-guidelines", "login", "signup", "subscriptions"]


@pytest.mark.parametrize("page", OWN_PAGES)
@pytest.mark.parametrize("before", ["https://kick.com/", "www.kick.com/", "//m.kick.com/", "KICK.com:443/"])
def test_an_address_of_one_of_kicks_own_pages_names_no_channel(before, page):
    found = slug_of(before + page)
    assert isinstance(found, Failure) and found.reason.key in ("address_without_name", "address_elsewhere")


@pytest.mark.parametrize("name", ["video", "videos", "browse", "search", "dashboard", "stream", "api", "popout", "@clips"])
def test_typed_plainly_the_word_of_a_page_is_a_name_like_any_other(name):
    assert slug_of(name) == name.lstrip("@")
    assert slug_of(f"kick.com/popout/{name}/chat") == name.lstrip("@")


@pytest.mark.parametrize(
    "address",
    [
        "https://dashboard.kick.com/stream",
        "dashboard.kick.com/stream",
        "DASHBOARD.KICK.COM/channel/stream-key",
        "https://help.kick.com/en/articles/1",
        "https://web.kick.com/viewer_one",
        "api.kick.com/viewer_one",
        "www.m.kick.com/viewer_one",
        "https://dashboard.kick.com:443/stream",
        "https://dashboard.kick.com./stream",
        "https://x@dashboard.kick.com/stream",
    ],
)
def test_only_kicks_website_names_channels(address):
    found = slug_of(address)
    assert isinstance(found, Failure) and found.reason.key in ("address_without_name", "address_elsewhere")


@pytest.mark.parametrize(
    ("slug", "candidates"),
    [
        ("name", ("name",)),
        ("my_name", ("my_name", "my-name")),
        ("my-name", ("my-name", "my_name")),
        ("my_na-me", ("my_na-me", "my-na-me", "my_na_me")),
    ],
)
def test_underscores_become_dashes_first_and_dashes_underscores_last(slug, candidates):
    assert slug_candidates(slug) == candidates


# -- what Kick's look-up answers ---------------------------------------------

LIVE = {"id": 36066505, "session_title": "hello", "is_live": True, "viewer_count": 14, "created_at": "2026-09-27 17:06:41"}


def page(**changes: Any) -> dict[str, Any]:
    """The fields of `GET /api/v2/channels/{slug}` that are used; three ids, three numbers."""
    answer: dict[str, Any] = {
        "id": 3281085,
        "user_id": 8241760,
        "slug": "viewer-one",
        "is_banned": False,
        "followers_count": 31642,
        "user": {"id": 8241760, "username": "Viewer_One"},
        "chatroom": {"id": 4336756, "channel_id": 3281085},
        "livestream": None,
    }
    answer.update(changes)
    return answer


def looked_up(**changes: Any) -> Channel:
    found = read_lookup("viewer-one", 200, json.dumps(page(**changes)))
    assert isinstance(found, Channel)
    return found


def trouble(status: int, body: str = "", retry_after: float | None = None) -> Failure:
    found = read_lookup("name", status, body, retry_after)
    assert isinstance(found, Failure)
    assert say(found.reason)[0].isupper() or say(found.reason)[0].isdigit()
    assert say(found.reason).endswith(".") and found.wait >= 0
    return found


def test_a_channel_that_is_offline():
    assert looked_up() == Channel("viewer-one", 4336756, 3281085, "Viewer_One", live=False, followers=31642)


def test_a_channel_that_is_live():
    found = looked_up(livestream=LIVE)
    assert (found.live, found.livestream_id, found.title) == (True, 36066505, "hello")


@pytest.mark.parametrize(
    ("livestream", "live"),
    [(None, False), ({}, False), ({**LIVE, "is_live": False}, False), ({"id": 5}, True), ([], None), ("x", None), (5, None)],
    ids=repr,
)
def test_live_is_known_only_when_it_was_told(livestream, live):
    found = looked_up(livestream=livestream)
    assert found.live is live
    assert live or found.livestream_id is None


def test_live_is_unknown_when_the_field_is_missing():
    answer = page()
    del answer["livestream"]
    found = read_lookup("name", 200, json.dumps(answer))
    assert isinstance(found, Channel) and found.live is None


@pytest.mark.parametrize(
    ("changes", "followers"),
    [
        ({"followers_count": 5}, 5),
        ({"followers_count": None, "followersCount": 6}, 6),  # v1's spelling
        ({"followers_count": "7"}, 7),
        ({"followers_count": 0}, 0),
        ({"followers_count": -1}, None),
        ({"followers_count": None}, None),
        ({"followers_count": []}, None),
    ],
)
def test_both_spellings_of_the_followers_are_read(changes, followers):
    assert looked_up(**changes).followers == followers


@pytest.mark.parametrize("user", [None, {}, [], {"username": None}, {"username": ""}, {"username": " \n "}])
def test_a_channel_without_a_name_is_called_by_its_slug(user):
    assert looked_up(user=user).name == "viewer-one"


@pytest.mark.parametrize("slug", [None, "", 5.5, "a b", "../x", [], "é"])
def test_an_unusable_slug_in_the_answer_is_the_one_asked_for(slug):
    assert looked_up(slug=slug).slug == "viewer-one"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": 0},
        {"id": -3},
        {"id": "x"},
        {"id": 1.5},
        {"id": True},
        {"id": 2**60},
        {"chatroom": None},
        {"chatroom": []},
        {"chatroom": {}},
        {"chatroom": {"id": None}},
        {"chatroom": {"id": 0}},
    ],
    ids=repr,
)
def test_an_answer_without_both_ids_is_nonsense(changes):
    assert trouble(200, json.dumps(page(**changes))).reason.key == "lookup_unexpected"


JUST_A_MOMENT = "<!DOCTYPE html><html><head><title>Just a moment...</title>"
BLOCKED_JSON = '{"error":"Request blocked by security policy."}'


@pytest.mark.parametrize(
    ("status", "body", "key", "remedy"),
    [
        (403, JUST_A_MOMENT, "lookup_blocked", Remedy.REFUSED),
        (403, BLOCKED_JSON, "lookup_blocked", Remedy.REFUSED),
        (403, "", "lookup_blocked", Remedy.REFUSED),
        (200, JUST_A_MOMENT, "lookup_blocked", Remedy.REFUSED),  # a 200 can hold HTML
        (503, JUST_A_MOMENT, "lookup_blocked", Remedy.REFUSED),
        (404, "{}", "channel_unknown", Remedy.USER),
        (404, "<html>Not found</html>", "channel_unknown", Remedy.USER),
        (423, "", "lookup_country", Remedy.REFUSED),
        (451, "", "lookup_country", Remedy.REFUSED),
        (429, "", "lookup_busy", Remedy.BACKOFF),
        (500, "", "lookup_down", Remedy.BACKOFF),
        (502, "<html>Bad gateway</html>", "lookup_down", Remedy.BACKOFF),
        (503, "", "lookup_down", Remedy.BACKOFF),
        (599, "", "lookup_down", Remedy.BACKOFF),
        (511, "<html>Sign in</html>", "lookup_portal", Remedy.BACKOFF),
        (511, "", "lookup_portal", Remedy.BACKOFF),
        (200, "<html>Welcome to our hotel</html>", "lookup_portal", Remedy.BACKOFF),
        (200, "\ufeff\r\n <HTML>", "lookup_portal", Remedy.BACKOFF),
        (302, "", "lookup_portal", Remedy.BACKOFF),
        (307, "", "lookup_portal", Remedy.BACKOFF),
        (200, "", "lookup_unexpected", Remedy.BACKOFF),
        (200, "null", "lookup_unexpected", Remedy.BACKOFF),
        (200, "[]", "lookup_unexpected", Remedy.BACKOFF),
        (200, "{}", "lookup_unexpected", Remedy.BACKOFF),
        (200, "[" * 100_000, "lookup_unexpected", Remedy.BACKOFF),
        (200, "{" * 100_000, "lookup_unexpected", Remedy.BACKOFF),
        (204, "", "lookup_unexpected", Remedy.BACKOFF),
        (400, "{}", "lookup_unexpected", Remedy.BACKOFF),
        (100, "", "lookup_unexpected", Remedy.BACKOFF),
        (0, "", "lookup_unexpected", Remedy.BACKOFF),
        (-1, "", "lookup_unexpected", Remedy.BACKOFF),
    ],
)
def test_each_bad_answer_has_its_own_sentence(status, body, key, remedy):
    found = trouble(status, body)
    assert (found.reason.key, found.remedy) == (key, remedy)


def test_the_sentences_differ():
    sentences = [say(trouble(status).reason) for status in (403, 404, 423, 429, 500, 302, 200)]
    assert len(set(sentences)) == len(sentences)


def test_after_a_403_nobody_asks_again_for_five_minutes():
    assert trouble(403).wait == BLOCKED_COOLDOWN == 300.0


@pytest.mark.parametrize("told", [None, 0.0, 1.0, 30.0, 120.0, 999_999.0])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept_within_reason(status, told):
    wait = trouble(status, "", told).wait
    assert 1.0 <= wait <= 3600.0
    if told == 120.0:
        assert wait == 120.0


def test_the_unknown_name_is_in_the_sentence():
    assert read_lookup("nobody-here", 404, "") == Failure(Remedy.USER, because("channel_unknown", slug="nobody-here"))


@pytest.mark.parametrize(
    ("status", "body", "seconds"),
    [
        (403, "", 300.0),
        (401, "", 300.0),
        (503, JUST_A_MOMENT, 300.0),
        (451, "", 300.0),
        (429, "", 60.0),
        (503, "", 0.0),
        (302, "", 0.0),
    ],
)
def test_another_press_of_connect_asks_again_unless_kick_wants_to_be_left_alone(status, body, seconds):
    assert lookup_cooldown(status, trouble(status, body)) == seconds


@pytest.mark.parametrize(
    ("status", "body", "is_one"), [(403, "", True), (200, JUST_A_MOMENT, True), (423, "", False), (404, "", False)]
)
def test_curl_may_pass_a_bot_check_and_nothing_else(status, body, is_one):
    assert is_bot_check(status, read_lookup("name", status, body)) is is_one


# -- a name that is a number ---------------------------------------------


def answered(asked: str, /, **changes: Any) -> Channel | Failure:
    return about(asked, read_lookup(asked, 200, json.dumps(page(**changes))))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"slug": None},  # nothing in the answer says that it is about this name
        {"slug": None, "user": None},
        {"slug": "3281085-fan"},
    ],
)
def test_an_answer_about_the_channel_with_that_id_is_refused(changes):
    found = answered("3281085", **changes)
    assert isinstance(found, Failure) and found.remedy is Remedy.USER
    assert found.reason.key == ("channel_unknown" if changes.get("user", "") is None else "lookup_other_channel")
    assert "3281085" in say(found.reason)


@pytest.mark.parametrize("changes", [{"slug": "3281085"}, {"slug": None, "user": {"username": "3281085"}}])
def test_a_channel_that_is_really_called_so_is_taken(changes):
    assert isinstance(answered("3281085", **changes), Channel)


@pytest.mark.parametrize("slug", ["viewer-one", "viewer_one"])
def test_an_answer_in_another_spelling_is_taken_and_one_about_another_name_is_not(slug):
    assert isinstance(answered(slug), Channel) and isinstance(answered(slug, slug=None), Channel)
    assert isinstance(answered("somebody"), Failure)


def test_a_failure_stays_what_it_is():
    assert about("77", trouble(404)) == trouble(404)


# -- what a wish names, and what a later lookup says ---------------------------------------------


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(username="My_Name"), "my_name"),
        (Wish(username="a b"), Failure(Remedy.USER, because("name_characters"))),
        (Wish(), Failure(Remedy.USER, because("name_missing"))),
        (Wish(chatroom_id=9), Channel("", 9, None, "chatroom 9")),
        (Wish(username="name", chatroom_id=9, channel_id=8), Channel("name", 9, 8, "name")),
        (Wish(username="a b", chatroom_id=9), Failure(Remedy.USER, because("name_characters"))),
        (Wish(username="name", known={"name": KnownChannel(9, 8, "Name")}), Channel("name", 9, 8, "Name")),
        (Wish(username="my_name", known={"my-name": KnownChannel(9, 8, "my_name")}), Channel("my_name", 9, 8, "my_name")),
        (Wish(username="my_name", known={"my-name": KnownChannel(9, 8, "my-name")}), "my_name"),
        (Wish(username="name", chatroom_id=9, known={"name": KnownChannel(7, 8, "Name")}), Channel("name", 9, None, "name")),
    ],
)
def test_a_wish_names_a_channel_a_slug_to_look_up_or_nothing(wish, found):
    assert resolve(wish) == found


KNOWN = Channel("name", 9, 8, "Name")


@pytest.mark.parametrize(
    ("found", "match"),
    [
        (Channel("name", 9, 8, "Name", live=True, followers=5), Match.SAME),
        (Channel("name", 9, 8, "NAME"), Match.NEWS),
        (Channel("name", 9, None, "Name"), Match.NEWS),
        (Channel("other", 9, 8, "Name"), Match.SAME),
        (Channel("name", 7, 6, "Somebody"), Match.MOVED),
        (Channel("na-me", 7, 6, "name"), Match.MOVED),
        (Channel("na-me", 7, 6, "Na-me"), Match.STRANGER),
    ],
)
def test_a_later_lookup_is_compared_with_what_is_known(found, match):
    assert compare(KNOWN, found) is match


# -- what the user pastes ---------------------------------------------


@pytest.mark.parametrize(
    "text", ["3281085, 4336756", "3281085,4336756", " 3281085 4336756 ", "3281085;4336756", "3281085\n4336756"]
)
def test_two_numbers_are_the_channel_id_and_the_chatroom_id(text):
    assert read_pasted(text, "name") == Channel("name", 4336756, 3281085, "name")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(page()),
        json.dumps(page(), indent=2),
        "JSON\nRaw Data\nHeaders\nSave Copy\n" + json.dumps(page(), indent=2) + "\n",
        "\ufeff" + json.dumps(page()),
    ],
)
def test_the_whole_page_is_read_also_with_words_of_the_browser_around(text):
    found = read_pasted(text, "viewer-one")
    assert isinstance(found, Channel)
    assert (found.slug, found.chatroom_id, found.channel_id, found.followers) == ("viewer-one", 4336756, 3281085, 31642)


@pytest.mark.parametrize("typed", ["", "viewer-one", "viewer_one"])
def test_a_page_of_another_spelling_of_the_name_is_taken(typed):
    assert isinstance(read_pasted(json.dumps(page()), typed), Channel)


def test_a_page_of_somebody_else_is_refused():
    found = read_pasted(json.dumps(page()), "another")
    assert found == because("paste_other_channel", found="viewer-one", slug="another")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "hello",
        "3281085",
        "0, 4336756",
        "3281085, 0",
        "1, 2, 3",
        "-1, 2",
        "1.5, 2",
        "{}",
        "[]",
        "{",
        "}",
        "}{",
        "9" * 20 + "," + "9" * 20,
        "١, ٢",
        JUST_A_MOMENT,
        BLOCKED_JSON,
        '{"id":1}',
        '{"id":1,"chatroom":{"id":"x"}}',
        "{" * 100_000,
        '{"a":' * 50_000 + "}" * 50_000,
    ],
    ids=lambda text: repr(text)[:30],
)
def test_what_cannot_be_used_is_answered_with_a_sentence(text):
    found = read_pasted(text, "name")
    assert isinstance(found, Reason) and say(found).endswith(".")


def test_a_page_that_a_viewer_changed_too_much_says_how_to_get_the_raw_text():
    found = read_pasted("slug viewer-one; followers 5; chatroom Object", "viewer-one")
    assert found == because("paste_viewer_copy") and "Raw Data" in say(found)
    found = read_pasted(json.dumps(page()).replace('"', "\u201c").replace("31642", "\u201c"), "viewer-one")
    assert found == because("paste_viewer_copy")


def test_the_check_for_robots_is_recognised():
    assert read_pasted(JUST_A_MOMENT, "name") == because("paste_robot_check")


@pytest.mark.timeout(5)
def test_a_long_paste_is_answered_at_once():
    assert isinstance(read_pasted("1" + " " * 200_000 + "x", "name"), Reason)
    assert isinstance(read_pasted("1 " * 100_000, "name"), Reason)


# Beside a username that is typed, is missing, or can't be one: the name to connect to.
@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("Name", "3281085, 4336756", Channel("name", 4336756, 3281085, "name")),
        ("", "3281085, 4336756", because("page_name_first_then_again")),
        ("b\u00f6b", "3281085, 4336756", because("page_name_first_then_again")),
        ("name", "", because("paste_nothing")),
    ],
)
def test_a_paste_beside_a_typed_name(typed, text, found):
    assert read_paste(text, typed) == found


@pytest.mark.parametrize("typed", ["", "b\u00f6b"])
def test_a_pasted_page_brings_its_name_where_none_can_be_used(typed):
    found = read_paste(json.dumps(page()), typed)
    assert isinstance(found, Channel) and found.slug == read_pasted(json.dumps(page())).slug != ""


def test_a_typed_spelling_of_the_pasted_name_stays():
    slug = read_pasted(json.dumps(page())).slug
    found = read_paste(json.dumps(page()), slug.replace("-", "_"))
    assert isinstance(found, Channel) and found.slug == slug.replace("-", "_")


@pytest.mark.parametrize(
    ("typed", "base", "address"),
    [
        ("kick.com/Some_Body?x=1", "", "https://kick.com/api/v2/channels/some_body"),
        ("Some_Body", "http://127.0.0.1:80/", "http://127.0.0.1:80/some_body"),
        ("", "", "https://kick.com/"),
        ("b\u00f6b", "http://127.0.0.1:80/", "https://kick.com/"),
    ],
)
def test_the_lookup_page_of_what_is_typed(typed, base, address):
    assert lookup_page(typed, base) == address


# -- what to subscribe to ---------------------------------------------


def test_the_five_channels_and_which_must_be_acknowledged():
    assert subscriptions(1, 2) == (
        Topic("chatrooms.1.v2", True),
        Topic("chatroom_1", True),
        Topic("channel.2", True),
        Topic("channel_2", True),
        Topic("chatrooms.1", False),
    )


def test_without_a_channel_id_only_the_chatrooms():
    assert [topic.name for topic in subscriptions(1, None)] == ["chatrooms.1.v2", "chatroom_1", "chatrooms.1"]
