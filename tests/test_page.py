"""What Tools > Scripts shows, for each state and each press: which rows, what they say, and always the same rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vmsc_core
from vmsc_core.events import Status
from vmsc_core.page import COMMAND, HISTORY_LINES, Facts, Kind, Page, Row, Tone, already, page, texts_only
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import FIELDS, Choices
from vmsc_core.state import Entry, State
from vmsc_core.words import say

D, C, O, L, R, E = Status  # Disconnected, Connecting, connected (on), Live, Reconnecting, Error  # noqa: E741

NOTHING_YET = Facts(State(), Choices())
NO_WEBSOCKET = Failure(Remedy.USER, because("websocket_missing"))


def facts(status: Status = D, **more: object) -> Facts:
    """What is known while somebody is wanted in that state."""
    state = State(status, "Night Owl", because("lost") if status in (R, E) else None, since=40.0 if status in (O, L) else None)
    return replace(NOTHING_YET, state=state, now=100.0, is_wanted=status is not D, **more)  # type: ignore[arg-type]


def lines(drawn: Page, key: str = "status") -> list[str]:
    return drawn[key].label.split("\n")


def visible(drawn: Page, *kinds: Kind) -> list[str]:
    """The keys of the rows of these kinds that are to be seen, those in groups left out."""
    return [row.key for row in drawn.rows if row.visible and row.kind in kinds]


# -- the rows


def test_the_rows_are_in_the_order_of_use():
    assert [row.key for row in page(NOTHING_YET)] == [
        "welcome", "username", "connect", "disconnect", "connect_again", "add_card", "status", "install_library", COMMAND,
        "refresh",
        "connect_at_start", "text_source", "color_source", "servers", "history",
        "blocked", "open_lookup", "paste", "use_paste",
        "advanced", "channel_id", "chatroom_id", "provider", "poll", "proxy", "pusher_key", "pusher_cluster", "lookup_address",
        "websocket_address", "negotiation_address", "token_address", "allowed_hosts", "version",
    ]  # fmt: skip


def test_every_setting_has_a_row_of_its_kind_with_words():
    drawn = page(NOTHING_YET)
    kinds = {"text": Kind.TEXT, "long_text": Kind.LONG_TEXT, "bool": Kind.TICK}
    for field in FIELDS:
        row = drawn[field.key]
        assert row.kind is kinds.get(field.kind, Kind.LIST)
        assert row.label == say("label_" + field.key) != "label_" + field.key
        assert row.help == say("help_" + field.key) != "help_" + field.key


def test_every_button_has_words_and_something_to_do():
    buttons = [row for row in page(NOTHING_YET) if row.kind in (Kind.BUTTON, Kind.LINK)]
    actions = {"connect", "disconnect", "add_card", "refresh", "open_lookup", "use_paste", "install_library"}
    assert {row.action for row in buttons} == actions
    assert all(row.label == say("button_" + row.key) for row in buttons)


STATES = st.builds(
    State,
    status=st.sampled_from(Status),
    name=st.sampled_from(["", "Night Owl", "<b>x</b>\n&"]),
    reason=st.sampled_from([None, because("lost"), because("no such key")]),
    count=st.integers(0, 10**9),
    since=st.none() | st.floats(0, 1e6),
    attempt=st.integers(0, 99),
)


@settings(max_examples=200, deadline=None, database=None)
@given(
    STATES,
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, NO_WEBSOCKET, Failure(Remedy.USER, because("ssl_missing"))]),
    st.lists(st.builds(Entry, st.just("20:01:02"), st.none() | st.sampled_from(Status), st.none() | st.just(because("lost")))),
)
def test_whatever_is_so_every_page_has_the_same_rows(state, is_wanted, connected_once, python, history):
    known = Facts(state, Choices("Mine", "Spot"), 50.0, is_wanted, connected_once, ("Other",), python=python, history=history)
    drawn = page(known)
    assert [(row.key, row.kind, row.action) for row in drawn] == [(row.key, row.kind, row.action) for row in page(NOTHING_YET)]
    assert len({row.key for row in drawn}) == len(list(drawn))


def test_a_row_is_found_by_its_key_inside_a_group_too():
    drawn = page(NOTHING_YET)
    assert drawn["pusher_key"] in drawn["advanced"].rows
    with pytest.raises(StopIteration):
        drawn["nothing of that name"]


# -- connecting


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (D, ["connect"]),
        (C, ["disconnect", "connect_again"]),
        (O, ["disconnect", "connect_again"]),
        (L, ["disconnect", "connect_again"]),
        (R, ["disconnect", "connect_again"]),
        (E, ["connect", "disconnect"]),
    ],
)
def test_the_buttons_offer_what_a_press_would_do(status, buttons):
    shown = [key for key in visible(page(facts(status)), Kind.BUTTON) if "connect" in key]
    assert shown == buttons
    assert page(facts(status))["connect_again"].action == "connect"


def test_the_welcome_goes_once_a_connection_has_worked():
    assert page(facts())["welcome"].visible
    assert not page(facts(connected_once=True))["welcome"].visible


# -- what is so, and why


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (D, ["State: Disconnected"]),
        (C, ["State: Connecting (Night Owl)", "Press Refresh to see the result."]),
        (O, ["State: Connected (Night Owl)", "0 events  ·  connected 1:00"]),
        (L, ["State: Live (Night Owl)", "0 events  ·  connected 1:00"]),
        (R, ["State: Reconnecting (Night Owl)", "Lost the connection to Kick.", "Press Refresh to see the result."]),
        (E, ["State: Error (Night Owl)", "Lost the connection to Kick."]),
    ],
)
def test_the_status_says_what_is_so_and_why(status, expected):
    assert lines(page(facts(status))) == expected


def test_without_a_name_the_state_stands_alone():
    assert lines(page(replace(facts(E), state=State(E)))) == ["State: Error"]


@pytest.mark.parametrize("status", Status)
def test_only_what_needs_the_user_has_the_tone_of_a_warning(status):
    assert page(facts(status))["status"].tone is (Tone.WARNING if status is E else Tone.NORMAL)
    assert page(facts(status, python=NO_WEBSOCKET))["status"].tone is Tone.WARNING


def test_the_answer_to_the_last_press_comes_after_the_reason():
    assert lines(page(facts(R, message=because("scene_added"))))[1:3] == [say("lost"), say("scene_added")]


def test_a_missing_library_comes_with_its_command_in_place_of_the_reason():
    drawn = page(facts(E, python=NO_WEBSOCKET, how_to_run=because("page_run_command")))
    assert lines(drawn) == ["State: Error (Night Owl)", "websocket-client is missing.", say("page_run_command")]
    assert drawn[COMMAND].visible and drawn[COMMAND].kind is Kind.LONG_TEXT


def test_a_missing_library_can_be_installed_by_a_press_where_it_is_known_what_to_install():
    drawn = page(facts(E, python=NO_WEBSOCKET, how_to_run=because("page_run_command"), install=because("page_press_install")))
    assert lines(drawn)[1:] == ["websocket-client is missing.", say("page_press_install"), say("page_run_command")]
    assert (drawn["install_library"].visible, drawn["install_library"].label) == (True, "Install library")
    assert drawn[COMMAND].visible, "the second way"
    assert not page(facts(E, python=NO_WEBSOCKET))["install_library"].visible
    assert not page(facts(O, install=because("page_press_install")))["install_library"].visible


def test_while_it_is_being_installed_there_is_nothing_else_to_do():
    drawn = page(facts(E, python=NO_WEBSOCKET, how_to_run=because("page_run_command"), install=because("install_running")))
    assert lines(drawn)[1:] == ["websocket-client is missing.", say("install_running")]


def test_another_trouble_of_python_is_no_command():
    drawn = page(facts(E, python=Failure(Remedy.USER, because("ssl_missing")), how_to_run=because("page_run_command")))
    assert not drawn[COMMAND].visible and say("page_run_command") not in lines(drawn)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (C, "Already connecting to Night Owl."),
        (R, "Already connecting to Night Owl."),
        (O, "Already connected to Night Owl."),
        (L, "Already connected to Night Owl."),
    ],
)
def test_connect_without_a_change_says_what_is_so_already(status, expected):
    assert say(already(facts(status).state)) == expected


def test_in_an_error_there_is_nothing_to_add():
    assert already(facts(E).state) is None


# -- lists


def test_a_list_offers_none_and_every_source():
    drawn = page(facts(text_sources=("A", "b"), color_sources=("Spot",)))
    assert drawn["text_source"].choices == (("", "None"), ("A", "A"), ("b", "b"))
    assert drawn["color_source"].choices == (("", "None"), ("Spot", "Spot"))


def test_what_is_chosen_stays_on_the_list_when_it_is_not_there():
    drawn = page(facts(choices=Choices("Gone", "Spot"), text_sources=("A",), color_sources=("Spot",)))
    assert drawn["text_source"].choices[-1] == ("Gone", "Gone (not there)")
    assert drawn["color_source"].choices == (("", "None"), ("Spot", "Spot"))


def test_the_servers_are_named_in_words():
    assert page(NOTHING_YET)["provider"].choices == (
        ("automatic", "Automatic"),
        ("pusher", "Pusher only"),
        ("centrifugo", "Centrifugo only"),
    )


def test_the_lookup_page_is_a_link():
    row = page(facts(lookup_page="https://kick.com/api/v2/channels/x"))["open_lookup"]
    assert row == Row(
        "open_lookup", Kind.LINK, "1. Open lookup page", action="open_lookup", address="https://kick.com/api/v2/channels/x"
    )


# -- history


def test_nothing_has_happened_yet():
    assert not page(facts())["history"].visible


def test_the_history_has_a_heading_and_whole_sentences_the_newest_last():
    happened = [
        Entry("20:01:02", C, None),
        Entry("20:01:03", R, because("lost")),
        Entry("20:01:09", None, because("server_moved", at="20:01")),
    ]
    drawn = page(facts(history=happened))
    assert drawn["history"].visible
    assert lines(drawn, "history") == [
        "History",
        "20:01:02 Connecting.",
        "20:01:03 Reconnecting. Lost the connection to Kick.",
        "20:01:09 Kick changed its server at 20:01; reconnected.",
    ]


def test_only_the_newest_lines_are_shown():
    happened = [Entry(f"20:01:{second:02}", C, None) for second in range(30)]
    shown = lines(page(facts(history=happened)), "history")
    assert len(shown) == HISTORY_LINES + 1 and shown[-1] == "20:01:29 Connecting."


def test_text_from_outside_is_left_as_it_is():
    """Whoever draws it escapes it, once."""
    state = State(E, "<b>x</b>", because("closed", answer="<a href='x'>"))
    assert lines(page(replace(facts(E), state=state))) == [
        "State: Error (<b>x</b>)",
        "Kick's server closed the connection (<a href='x'>).",
    ]


# -- the version


def test_the_version_stands_last_in_the_advanced_section():
    row = page(NOTHING_YET)["advanced"].rows[-1]
    assert (row.key, row.kind, row.visible) == ("version", Kind.INFO, True)
    assert row.label == f"VMSC for OBS {vmsc_core.__version__}"


# -- servers that aren't Kick's ---------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_custom_servers_are_named_while_something_is_wanted_of_them(status):
    known = replace(NOTHING_YET, state=State(status), custom_hosts=("example.com", "<b>"))
    row = page(known)["servers"]
    assert row.visible is (status is not Status.DISCONNECTED)
    assert row.label.endswith(": example.com, <b>")
    assert not page(replace(known, custom_hosts=()))["servers"].visible


def test_the_rows_without_a_setting_are_known():
    rows = {row.key: row.kind for row in page(NOTHING_YET)}
    assert set(texts_only()) == {key for key, kind in rows.items() if kind in (Kind.INFO, Kind.BUTTON, Kind.LINK, Kind.GROUP)}
    assert {"welcome", "status", "servers", "history"} <= set(texts_only())
