"""Every sentence: there, filled, used, whole on the card, and in words/ only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.card.card import LINE_CHARACTERS, MOST_LINES, render, wrap
from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.kick.negotiation import Origin
from vmsc_core.page import COMMAND, Facts, Kind, page
from vmsc_core.reasons import Reason, Value, because
from vmsc_core.rules.actions import ACTIONS
from vmsc_core.rules.editor_rows import HELPED
from vmsc_core.rules.fields import DEFAULTS, WHEN_SPECS, name_of
from vmsc_core.rules.filters import BADGES, FILTERS
from vmsc_core.rules.rule import KINDS
from vmsc_core.settings import FIELDS, Choices
from vmsc_core.state import State
from vmsc_core.words import LANGUAGES, LONGEST_HOST, count, cut, en, say

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([ROOT / "vmsc_obs.py", *(ROOT / "vmsc_core").rglob("*.py")])
PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::\d+)?\}")


def placeholders(key: str) -> set[str]:
    return {name for name in PLACEHOLDER.findall(en.SENTENCES[key]) if name != "channel_id"}


# -- every key that is used exists, every sentence is used, every placeholder is filled ---------------------------------------

MAKERS = {
    "because": set(),
    "say": set(),
    "count": {"count"},
    "passing": {"host"},
    "for_the_user": set(),
    "_bad": set(),
    "_curl_failed": set(),
    "_cannot": {"server"},
}
"""Functions whose first argument is a key, and the values they add themselves."""

EDITOR_SPECS = {
    **{f"rule_when_{spec.key}": spec for spec in WHEN_SPECS},
    **{f"rule_if_{spec.key}": spec for spec in FILTERS},
    **{f"rule_do_{name_of(spec)}": spec for kind in ACTIONS.values() for spec in kind.specs},
}
EDITOR_NAMES = [*EDITOR_SPECS, "rule_do", *(key for key in DEFAULTS if not key.startswith(("rule_when_", "rule_if_", "rule_do")))]
EDITOR_CHOICES = [
    f"{name}_{choice}" for name, spec in EDITOR_SPECS.items() if name != "rule_when_status" for choice in spec.choices
]
EDITOR_CHOICES += [
    f"rule_do_do_{choice}" for kind in ACTIONS.values() for spec in kind.specs if spec.key == "do" for choice in spec.choices
]

FAMILIES = {
    "status_": [status.name.lower() for status in Status],
    "provider_": ["pusher", "centrifugo"],
    "origin_": [origin.value for origin in Origin],
    "label_": [COMMAND, *(field.key for field in FIELDS), *EDITOR_NAMES],
    "help_": [*(field.key for field in FIELDS), *HELPED],
    "field_name_": ["channel_id", "chatroom_id", "lookup_address", "websocket_address", "negotiation_address", "token_address"],
    "choice_": [*(f"{field.key}_{choice}" for field in FIELDS for choice in field.choices), *EDITOR_CHOICES],
    "ready_": [key[len("ready_") :] for key in en.RULES_PAGE if key.startswith("ready_")],
    "followers_while_away_": ["one", "many"],
    "rules_notice_": ["strange", "used", "gone"],
    "rules_elsewhere_": ["strange", "used", "gone"],
    "rule_kind_": KINDS,
    "rule_action_": ACTIONS,
    "rule_who_": BADGES,
    "rule_text_": ["contains", "is", "starts", "regex"],
    "rule_only_": ["live", "streaming", "recording"],
    "rule_when_": [key[len("rule_when_") :] for key in en.RULES if key.startswith("rule_when_")],
    "rule_do_": [key[len("rule_do_") :] for key in en.RULES if key.startswith("rule_do_")],
    "rule_not_": [key[len("rule_not_") :] for key in en.RULES if key.startswith("rule_not_")],
    "button_": [row.key for row in page(Facts(State(), Choices())) if row.kind in (Kind.BUTTON, Kind.LINK)],
}
"""Keys that are put together where they are used: their beginnings, and what can follow."""

MADE = {beginning + end for beginning, ends in FAMILIES.items() for end in ends}


def calls() -> Iterator[tuple[str, ast.Call, str, set[str]]]:
    """Each call that names a sentence: where, the call, the function, the keys it may name."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                owner, _, name = ast.unparse(node.func).rpartition(".")
                if name == "count" and owner not in ("", "words"):
                    continue  # str.count
                keys = {
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
                if name in MAKERS and keys:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node, name, keys


def known_keys(keys: set[str], name: str) -> set[str]:
    """Those of `keys` that are whole; `count` takes the beginning of two."""
    return {
        key
        for whole in keys
        for key in ([f"{whole}_one", f"{whole}_many"] if name == "count" else [whole])
        if key in en.SENTENCES
    }


def test_every_key_that_the_code_names_has_its_sentence() -> None:
    for where, _, name, keys in calls():
        pieces = {key for key in keys if any(key == beginning for beginning in FAMILIES) or key in ("", "one", "many")}
        assert known_keys(keys, name) or pieces or MADE & keys, f"{where}: {keys}"


@pytest.mark.parametrize("key", sorted(MADE))
def test_every_key_that_is_put_together_has_its_sentence(key: str) -> None:
    assert key in en.SENTENCES


def test_every_sentence_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in FILES if "words" not in path.parts)
    used = {
        node.value
        for path in FILES
        if "words" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    counted = {f"{key}_{end}" for key in used for end in ("one", "many")}
    own = {"long_host"}  # words/ says it itself
    assert text and sorted(set(en.SENTENCES) - used - counted - MADE - own) == []


def test_every_placeholder_is_filled_where_the_sentence_is_made() -> None:
    for where, node, name, keys in calls():
        if any(keyword.arg is None for keyword in node.keywords):
            continue  # **values
        given_values = {keyword.arg for keyword in node.keywords} | MAKERS[name]
        for key in known_keys(keys, name):
            assert placeholders(key) <= given_values, f"{where}: {key} needs {placeholders(key)}"


def test_no_sentence_is_there_twice() -> None:
    groups = [
        en.STATES,
        en.PASSING,
        en.REFUSED,
        en.HOSTS,
        en.ERRANDS,
        en.PIECES,
        en.NOTICES,
        en.CARD,
        en.PAGE,
        en.RULES,
        en.DOING,
        en.RULES_PAGE,
        en.REHEARSAL,
    ]
    assert sum(map(len, groups)) == len(en.SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_the_same_placeholders(language: str) -> None:
    for key, sentence in LANGUAGES[language].items():
        assert {name for name in PLACEHOLDER.findall(sentence)} == set(PLACEHOLDER.findall(en.SENTENCES[key])), key


# -- every sentence for the card is whole on it -------------------------------------------------------------------------------

NAME = "w" * 25  # Kick's own limit
WORDS = ["", "no", "x" * 500, "Application " * 50, "a " * 500, "Pong reply not received in time", "\n"]
HOSTS = [
    "kick.com",
    "web.kick.com",
    "ws-us2.pusher.com",
    "realtime.us-east.platform.kick.com",
    *("h" * n for n in range(1, 254, 9)),
]
ANSWERS = [because("said_nothing"), because("said_only_code", code=2**53)]
ANSWERS += [because("said_code", code=code, said=words) for code in (1000, 2**32 - 1, 2**53) for words in WORDS]
ANSWERS += [because("said_words", said=words) for words in WORDS]
VALUES: dict[str, list[Value]] = {
    "answer": [*ANSWERS],
    "status": [100, 503, 10**60],
    "topic": ["chatrooms.918.v2", "chatrooms.123456789012.v2", "x" * 200],
    "slug": ["a", NAME, "y" * 64],
    "found": ["a", NAME, "z" * 64],
    "name": ["a", NAME, "y" * 64],
    "host": [*HOSTS],
    "error": ["KeyError", "E" * 200],
    "proxy": ["127.0.0.1", "proxy.school.example", "p" * 200],
    "variable": ["SSL_CERT_FILE", "SSL_CERT_DIR"],
    "at": ["20:14"],
    "field": [because(f"field_name_{key}") for key in FAMILIES["field_name_"]],
    "trouble": [
        because("not_an_address"),
        because("address_with_login"),
        because("address_not_encrypted", scheme="https"),
        because("address_plain_elsewhere", scheme="https", plain="http"),
    ],
}


def filled(key: str) -> Iterator[Reason]:
    """The sentence with each of its values at its longest, one after the other."""
    names = sorted(placeholders(key))
    for place in range(max([len(VALUES[name]) for name in names], default=1)):
        yield because(key, **{name: VALUES[name][place % len(VALUES[name])] for name in names})


def shown(status: Status, reason: Reason) -> str:
    """What a card in this state says, the countdown at its longest."""
    return render(State(status, "Name", reason=reason, attempt=99_999, retry_at=3600.0), Choices(), Host(), 0.0).detail


@pytest.mark.parametrize("key", [*en.PASSING, *en.HOSTS])
def test_a_passing_trouble_is_whole_beside_the_countdown(key: str) -> None:
    for reason in filled(key):
        assert " ".join(shown(Status.RECONNECTING, reason).split()).endswith(say(reason)), shown(Status.RECONNECTING, reason)


@pytest.mark.parametrize("key", [*en.PASSING, *en.REFUSED, *en.HOSTS])
def test_an_error_is_whole_on_the_card(key: str) -> None:
    for reason in filled(key):
        assert " ".join(shown(Status.ERROR, reason).split()) == say(reason)


def test_the_notice_on_the_card_is_whole() -> None:
    for reason in filled("server_moved"):
        assert " ".join(wrap(say(reason), LINE_CHARACTERS, MOST_LINES - 1).split()) == say(reason)


@pytest.mark.parametrize("key", [*en.PASSING, *en.REFUSED, *en.HOSTS, *en.NOTICES])
def test_a_sentence_begins_and_ends_like_one(key: str) -> None:
    sentence = en.SENTENCES[key]
    assert sentence.endswith(".") or sentence.endswith("{reason}"), sentence
    assert sentence[0].isupper() or sentence[0] in "{3" or sentence.startswith("websocket-client"), sentence


@pytest.mark.parametrize("key", en.REFUSED)
def test_a_refusal_says_what_to_do(key: str) -> None:
    verbs = ("Enter", "Fix", "Check", "check", "Open", "Install", "Reinstall", "do steps", "Choose", "ress", "Try", "run")
    assert any(verb in en.REFUSED[key] for verb in verbs), en.REFUSED[key]


@pytest.mark.parametrize("key", en.HOSTS)
def test_the_host_of_the_lookup_is_named_and_a_long_one_called_what_it_is(key: str) -> None:
    assert "kick.com" in say(key, host="kick.com", status=503) and "127.0.0.1" in say(key, host="127.0.0.1", status=503)
    assert "Kick's server" in say(key, host="realtime.us-east.platform.kick.com", status=503)
    assert "h" * LONGEST_HOST in say(key, host="h" * LONGEST_HOST, status=503)


# -- words for people are in words/ -------------------------------------------------------------------------------------------

FOR_DEVELOPERS = {"info", "debug", "exception", "bug", "RuntimeError", "ValueError", "OSError", "ConnectionLost"}
FOR_DEVELOPERS |= {"WebSocketPayloadException", "BadWheel"}
"""Calls whose texts nobody but a developer reads: the log of bugs, and what an exception is called."""


def texts_for_people(path: Path) -> Iterator[tuple[int, str]]:
    """Texts of three words and more that are no docstring and go to no developer's log."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))  # a docstring, or what is written below a constant
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in FOR_DEVELOPERS:
            skipped |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else ""
        if isinstance(text, str) and len(re.findall(r"[A-Za-z]{2,}(?= )", text)) >= 2:
            yield node.lineno, text


NAMES = {"Kick card", "Kick status card", "Kick card shape", " -m pip install --target ", "a log line could not be written"}
"""What no language changes: the names of the card's sources in OBS, saved with every scene; a command; the log's own line."""


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if "words" not in path.parts and path.name != "vmsc_obs.py"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_sentence_for_people_stands_outside_words(path: Path) -> None:
    assert [(line, text) for line, text in texts_for_people(path) if text not in NAMES] == []


NOT_PLAIN = re.compile(r"\b(mend|anew|look-up|by itself|for ever|colour|grey|of one's own|robots?)\b", re.IGNORECASE)


@pytest.mark.parametrize("key", en.SENTENCES)
def test_the_english_is_plain_and_american(key: str) -> None:
    assert not NOT_PLAIN.search(en.SENTENCES[key]), en.SENTENCES[key]


# -- say, count, cut ----------------------------------------------------------------------------------------------------------


def test_a_value_is_never_looked_at_again() -> None:
    assert say("paste_other_channel", found="{slug}{0.__class__}%s", slug="me").startswith(
        "That page is about {slug}{0.__class__}%s,"
    )


def test_no_value_can_turn_a_sentence_around() -> None:
    assert say("channel_unknown", slug="a\u202eb\u2066c\x00\ud800").startswith('There\'s no Kick channel "abc".')


def test_a_key_without_a_sentence_and_a_placeholder_without_a_value_show_their_names() -> None:
    assert say("no_such_key") == "no_such_key" and "{slug}" in say("ids_differ", chatroom_id=5).replace(":64", "")


def test_an_unknown_language_is_english() -> None:
    assert say("status_live", "tlh") == "Live"


@pytest.mark.parametrize(("number", "text"), [(0, "0 events"), (1, "1 event"), (2, "2 events"), (1234, "1,234 events")])
def test_one_and_many(number: int, text: str) -> None:
    assert count("card_events", number) == text


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("over capacity", 13, "over capacity"),
        ("over capacity", 12, "over\u2026"),
        ("over capacity", 5, "over\u2026"),
        ("over, capacity", 8, "over\u2026"),
        ("overcapacity", 5, "over\u2026"),
        ("  over \n capacity ", 13, "over capacity"),
        ("", 5, ""),
    ],
)
def test_text_is_cut_between_words_where_it_can_be(text: str, most: int, short: str) -> None:
    assert cut(text, most) == short


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=200), st.integers(2, 60))
def test_a_text_is_never_longer_than_its_room(text: str, most: int) -> None:
    assert len(cut(text, most)) <= most and "\n" not in cut(text, most)


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.sampled_from(sorted(en.SENTENCES)),
    st.dictionaries(st.sampled_from(["slug", "host", "answer", "status"]), st.text() | st.integers()),
)
def test_saying_never_raises(key: str, values: dict[str, Value]) -> None:
    assert say(key, **values)
