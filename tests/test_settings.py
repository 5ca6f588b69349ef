"""What the user can choose: what is accepted, and what is refused with a reason."""

from __future__ import annotations

import pytest

from vmsc_core.known import KnownChannel
from vmsc_core.settings import (
    ADVANCED,
    AUTOMATIC,
    CENTRIFUGO,
    FIELDS,
    HIDDEN_DEFAULTS,
    PUSHER,
    SECTIONS,
    Choices,
    Refusal,
    Wish,
    address_trouble,
    is_loopback,
    read_wish,
    section_key,
)
from vmsc_core.words import say


def wish(**values: object) -> Wish:
    found = read_wish(values)
    assert isinstance(found, Wish)
    return found


def problem(**values: object) -> str:
    """What the user is told about these values; empty when they can be used."""
    found = read_wish(values)
    return say(found.failure.reason) if isinstance(found, Refusal) else ""


# -- the page ---------------------------------------------


def test_an_untouched_page_is_an_untouched_wish():
    page = {field.key: field.default for field in FIELDS} | dict(HIDDEN_DEFAULTS)
    assert read_wish(page) == read_wish({}) == Wish()


def test_every_field_has_a_key_of_its_own_and_a_short_label():
    keys = [field.key for field in FIELDS]
    assert len(set(keys) | set(HIDDEN_DEFAULTS)) == len(keys) + len(HIDDEN_DEFAULTS)
    assert all(0 < len(say(f"label_{field.key}")) <= 30 for field in FIELDS)  # the page is about 250 px wide


def test_special_cases_are_in_a_group_of_their_own():
    assert {field.group for field in FIELDS} <= {"", *SECTIONS}
    assert [field.key for field in FIELDS if field.kind == "section"] == [section_key(section) for section in SECTIONS]
    advanced = {field.key for field in FIELDS if field.group == ADVANCED}
    assert advanced >= {
        "channel_id",
        "chatroom_id",
        "pusher_key",
        "pusher_cluster",
        "lookup_address",
        "websocket_address",
        "provider",
    }


def test_a_choice_has_its_default_among_its_choices():
    for field in FIELDS:
        assert field.kind in ("text", "long_text", "bool", "choice", "text_source", "color_source", "section")
        assert (field.kind == "choice") == bool(field.choices)
        assert not field.choices or field.default in field.choices


def test_the_cards_looks_are_choices_and_what_is_none_of_them_is_the_default():
    looks = [field for field in FIELDS if field.key.startswith("card_")]
    assert looks and Choices.read({}) == Choices() == Choices.read({field.key: field.default for field in looks})
    for field in looks:
        assert getattr(Choices.read({field.key: field.choices[-1]}), field.key) == field.choices[-1]
        for odd in ("nonsense", "", None, 7, [], True):
            assert Choices.read({field.key: odd}) == Choices()


# -- the wish ---------------------------------------------


def test_memory_is_no_part_of_the_wish():
    row = KnownChannel(1)
    assert Wish(username="a", known={"a": row}, pasted=("a", row)) == Wish(username="a")


def test_another_press_is_another_wish():
    assert Wish(attempt_no=1) != Wish(attempt_no=2)


def test_what_is_chosen_for_the_card_is_no_part_of_the_wish():
    assert read_wish({"text_source": "x", "color_source": "y"}) == Wish()
    assert Choices.read({"text_source": "x", "color_source": "y"}) == Choices(text_source="x", color_source="y")


@pytest.mark.parametrize("odd", [None, 5, [], {}])
def test_choices_can_be_read_from_anything(odd):
    assert Choices.read({"text_source": odd, "color_source": odd}) == Choices()


@pytest.mark.parametrize(
    ("values", "names"), [({}, False), ({"username": "a"}, True), ({"chatroom_id": "5"}, True), ({"poll": False}, False)]
)
def test_an_untouched_page_names_no_channel(values, names):
    assert wish(**values).names_a_channel is names


def test_spaces_around_what_was_typed_do_not_count():
    assert read_wish({"username": "  Name \n", "pusher_key": " abc "}) == read_wish({"username": "Name", "pusher_key": "abc"})


@pytest.mark.parametrize(
    ("typed", "provider"),
    [("automatic", AUTOMATIC), ("pusher", PUSHER), ("centrifugo", CENTRIFUGO), ("", AUTOMATIC), ("x", AUTOMATIC), (5, AUTOMATIC)],
)
def test_the_provider_is_one_of_three(typed, provider):
    assert read_wish({"provider": typed}).provider == provider


# -- ids: texts, because OBS's number fields end at 2,147,483,647 ---------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"), [("5", 5), (" 4336756 ", 4336756), ("4 336 756", 4336756), ("999999999999999", 999999999999999)]
)
def test_ids_are_typed_as_text(typed, number):
    found = read_wish({"channel_id": typed, "chatroom_id": typed})
    assert isinstance(found, Wish) and (found.channel_id, found.chatroom_id) == (number, number)


@pytest.mark.parametrize("typed", ["", "  ", None, 5, []])
def test_no_id_is_no_id(typed):
    found = read_wish({"channel_id": typed, "chatroom_id": typed})
    assert isinstance(found, Wish) and (found.channel_id, found.chatroom_id) == (None, None)


@pytest.mark.parametrize("typed", ["0", "-5", "x", "1.5", "1,000", "٣", "²", "0x10", "9" * 16, "1e5", "+5"])
def test_what_is_no_id_is_refused_with_a_sentence(typed):
    assert "chatroom ID" in problem(chatroom_id=typed)
    assert "channel ID" in problem(channel_id=typed, chatroom_id="5")


def test_a_channel_id_alone_is_not_enough_and_a_chatroom_id_alone_is():
    assert "chatroom ID" in problem(channel_id="5")
    assert problem(chatroom_id="5") == ""


# -- key and cluster ---------------------------------------------


@pytest.mark.parametrize("key", ["32cbd69e4b950bf97679", "abc", "simulator-key_1"])
def test_a_pusher_key(key):
    assert problem(pusher_key=key) == ""


@pytest.mark.parametrize("key", ["a/b", "a b", "a?b", "ä", "../x", "x" * 65, "a\nb"])
def test_a_pusher_key_with_impossible_characters_is_refused(key):
    assert "key" in problem(pusher_key=key)


def test_a_cluster_may_be_typed_in_any_letter_case():
    assert read_wish({"pusher_cluster": "EU"}).pusher_cluster == "eu"


@pytest.mark.parametrize("cluster", ["evil.tld/", "a.b", "a b", "é", "x" * 33, "@"])
def test_a_cluster_that_could_name_another_host_is_refused(cluster):
    assert "cluster" in problem(pusher_cluster=cluster)


# -- addresses ---------------------------------------------

ADDRESS_FIELDS = [
    ("websocket_address", "wss", "ws"),
    ("lookup_address", "https", "http"),
    ("negotiation_address", "https", "http"),
    ("token_address", "https", "http"),
]


@pytest.mark.parametrize(("key", "encrypted", "plain"), ADDRESS_FIELDS)
class TestAddresses:
    @pytest.mark.parametrize(
        "rest",
        [
            "relay.example",
            "relay.example:8443/x/{channel_id}?y=z",
            "[2001:db8::1]/x",
            "127.0.0.1",
            "RELAY.example",
            "a_b.c-d.example.",
            "b\u00fccher.example",
        ],
    )
    def test_an_encrypted_one_may_lead_anywhere(self, key, encrypted, plain, rest):
        address = f"{encrypted}://{rest}"
        found = read_wish({key: address})
        assert isinstance(found, Wish) and getattr(found, key) == address

    @pytest.mark.parametrize(
        "rest", ["localhost", "LOCALHOST:9000", "127.0.0.1", "127.0.0.1:9000/x", "127.9.9.9", "[::1]", "[::1]:9000/x"]
    )
    def test_a_plain_one_may_lead_to_this_computer(self, key, encrypted, plain, rest):
        assert problem(**{key: f"{plain}://{rest}"}) == ""

    @pytest.mark.parametrize(
        "rest",
        [
            "relay.example",
            "localhost.evil.tld",
            "127.0.0.1.evil.tld",
            "evil.tld/127.0.0.1",
            "evil.tld#localhost",
            "10.0.0.1",
            "0.0.0.0",
            "192.168.0.1",
            "[2001:db8::1]",
            "[::]",
            "169.254.1.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "localhost.",
        ],
    )
    def test_a_plain_one_may_lead_nowhere_else(self, key, encrypted, plain, rest):
        assert f"{encrypted}://" in problem(**{key: f"{plain}://{rest}"})

    @pytest.mark.parametrize(
        "rest", ["user@relay.example", "user:word@relay.example", "@relay.example", ":@relay.example", "localhost@evil.tld"]
    )
    def test_none_may_hold_a_user_name_or_password(self, key, encrypted, plain, rest):
        for scheme in (encrypted, plain):
            assert "username or password" in problem(**{key: f"{scheme}://{rest}"})

    @pytest.mark.parametrize(
        "address",
        [
            "relay.example",
            "//relay.example",
            "://",
            "{0}:",
            "{0}://",
            "{0}:///x",
            "{0}://:80",
            "{0}://a:0",
            "{0}://a:99999",
            "{0}://a:x",
            "{0}://[x",
            "{0}://a b",
            "{0}://a\\b",
            "{0}://a\x00",
            "{0}://a/\nb",
            "{0}://a..b/",
            "{0}://.a/",
            "{0}://-a.b/",
            "{0}://a-.b/",
            "{0}://" + "a" * 64 + ".b/",
            "{0}://" + "a." * 127 + "b/",
            "{0}://a!b/",
            "{0}://a%2eb/",
            "{0}://a\u202eb.c/",
            "{0}://a.b/" + "x" * 500,
        ],
    )
    def test_nonsense_is_refused(self, key, encrypted, plain, address):
        assert problem(**{key: address.replace("{0}", encrypted)})

    @pytest.mark.parametrize("scheme", ["ftp", "file", "javascript", "gopher", "data"])
    def test_other_schemes_are_refused(self, key, encrypted, plain, scheme):
        assert problem(**{key: f"{scheme}://relay.example"})

    def test_the_other_kinds_scheme_is_refused(self, key, encrypted, plain):
        other = "https" if encrypted == "wss" else "wss"
        assert problem(**{key: f"{other}://relay.example"})

    def test_empty_means_the_usual_one(self, key, encrypted, plain):
        assert problem(**{key: "  "}) == ""


def test_a_problem_is_a_sentence_that_says_what_to_do():
    for values in (
        {"chatroom_id": "x"},
        {"pusher_key": "ä"},
        {"pusher_cluster": "ä"},
        {"websocket_address": "x"},
        {"channel_id": "5"},
    ):
        sentence = problem(**values)
        assert sentence.endswith(".") and "clear" in sentence


@pytest.mark.parametrize("host", ["localhost", "LocalHost", "127.0.0.1", "127.255.255.254", "::1"])
def test_this_computer(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "localhost.example", "example", "0.0.0.0", "::", "10.0.0.1", "1", "127.1", "::2", "[::1]"])
def test_another_computer(host):
    assert not is_loopback(host)


def test_the_answer_about_a_good_address_is_nothing():
    assert address_trouble("wss://relay.example/x", ("wss", "ws")) is None


def test_extra_hosts_are_separated_by_commas():
    assert read_wish({"allowed_hosts": " Relay.example, ,127.0.0.1 ,"}).allowed_hosts == ("relay.example", "127.0.0.1")
    assert read_wish({"allowed_hosts": ""}).allowed_hosts == ()


# -- servers that aren't Kick's ---------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "hosts"),
    [
        ("lookup_address", "", ()),
        ("lookup_address", "https://kick.com/api/", ()),
        ("lookup_address", "https://KICK.com:443/api/", ()),
        ("token_address", "https://web.kick.com/x", ()),
        ("websocket_address", "wss://ws-us2.pusher.com/app/x", ()),
        ("allowed_hosts", "kick.com, ws.PUSHER.com", ()),
        ("lookup_address", "https://kick.com.example.com/", ("kick.com.example.com",)),
        ("negotiation_address", "https://notkick.com/", ("notkick.com",)),
        ("token_address", "https://example.com/?kick.com", ("example.com",)),
        ("websocket_address", "wss://example.com:1/", ("example.com",)),
        ("websocket_address", "ws://127.0.0.1:9/", ("127.0.0.1",)),
        ("lookup_address", "https://[::1]/", ("::1",)),
        ("lookup_address", "https://kick.com./", ("kick.com.",)),
        ("allowed_hosts", "example.com, kick.com, example.com,[", ("[", "example.com")),
        ("allowed_hosts", "://[", ("://[",)),
    ],
)
def test_servers_that_are_not_kicks_are_known(key, value, hosts):
    wish = read_wish({key: value})
    assert isinstance(wish, Wish)
    assert wish.custom_hosts == hosts
    assert {row[0] for row in wish.custom_servers} == ({key} if hosts else set())


def test_other_servers_are_other_rows_and_another_name_is_not():
    one = {"username": "a", "lookup_address": "https://example.com/x", "allowed_hosts": "b, a"}
    assert read_wish(one).custom_servers == read_wish({**one, "username": "b", "allowed_hosts": "a,b"}).custom_servers
    assert read_wish(one).custom_servers != read_wish({**one, "lookup_address": "https://example.com/y"}).custom_servers
