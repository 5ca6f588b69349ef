"""What Tools > Scripts shows, for each state and each press: which rows, what they say, and always the same rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vmsc_core
from vmsc_core.events import Status
from vmsc_core.page import (
    COMMAND,
    HISTORY_LINES,
    NO_BREAK_SPACE,
    Facts,
    Kind,
    Page,
    Row,
    Tone,
    already,
    needed_section,
    page,
    texts_only,
)
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.rules import editor
from vmsc_core.rules.editor_rows import Facts as RuleFacts
from vmsc_core.settings import FIELDS, SECTIONS, Choices, section_key
from vmsc_core.state import Entry, State
from vmsc_core.words import say

D, C, O, L, R, E = Status  # Disconnected, Connecting, connected (on), Live, Reconnecting, Error  # noqa: E741

NOTHING_YET = Facts(State(), Choices())
NO_WEBSOCKET = Failure(Remedy.USER, because("websocket_missing"))


def facts(status: Status = D, **more: object) -> Facts:
    """What is known while somebody is wanted in that state."""
    state = State(status, "Night Owl", because("lost") if status in (R, E) else None, since=40.0 if status in (O, L) else None)
    return replace(NOTHING_YET, state=state, now=100.0, at="20:14:03", is_wanted=status is not D, **more)  # type: ignore[arg-type]


def lines(drawn: Page, key: str = "status") -> list[str]:
    """Without the time."""
    label = drawn[key].label.replace(NO_BREAK_SPACE, " ")
    found = [line.replace("As of 20:14:03.", "").strip() for line in label.split("\n")]
    return [line for line in found if line]


def visible(drawn: Page, *kinds: Kind) -> list[str]:
    """The keys of the rows of these kinds that are to be seen."""
    return [row.key for row in drawn.rows if row.visible and row.kind in kinds]


# -- the rows


def test_the_rows_are_in_the_order_of_use():
    assert [row.key for row in page(NOTHING_YET)] == [
        "welcome", "username", "connect", "reconnect", "connect_other", "disconnect", "status", "rules_notice",
        "install_library", COMMAND, "refresh", "add_card", "answer_add", "canvas", "servers",
        "show_card", "text_source", "text_template", "color_source", "card_layout", "card_size", "card_line", "card_problems",
        "card_opacity", "card_accent", "preview", "show_preview", "reset_card", "answer_card",
        "show_rules", *(row.key for row in editor.rows(RuleFacts())),
        "show_blocked", "open_lookup", "paste", "use_paste", "answer_blocked",
        "show_advanced", "connect_at_start", "channel_id", "chatroom_id", "provider", "poll", "proxy", "pusher_key",
        "pusher_cluster", "lookup_address", "websocket_address", "negotiation_address", "token_address", "allowed_hosts",
        "version", "answer_advanced",
        "show_history", "history", "save_report", "answer_history",
    ]  # fmt: skip


def test_every_setting_has_a_row_of_its_kind_with_words():
    drawn = page(NOTHING_YET)
    kinds = {"text": Kind.TEXT, "long_text": Kind.LONG_TEXT, "bool": Kind.TICK, "section": Kind.TICK}
    for field in FIELDS:
        row = drawn[field.key]
        assert row.kind is kinds.get(field.kind, Kind.LIST)
        assert row.label == say("label_" + field.key) != "label_" + field.key
        assert row.help == say("help_" + field.key) != "help_" + field.key


def test_every_button_has_words_and_something_to_do():
    buttons = [row for row in page(NOTHING_YET) if row.kind in (Kind.BUTTON, Kind.LINK)]
    actions = {
        "connect",
        "reconnect",
        "save_report",
        "disconnect",
        "add_card",
        "reset_card",
        "show_preview",
        "refresh",
        "open_lookup",
        "use_paste",
        "install_library",
        *editor.AT_READY,
        *editor.AT_RULE,
        *editor.AT_FILE,
        *editor.AT_REHEARSAL,
        editor.DELETE,
        editor.USE,
    }
    assert {row.action for row in buttons} == actions
    assert all(row.label == say("button_" + row.key, name="") for row in buttons)


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
    st.sets(st.sampled_from(SECTIONS)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, NO_WEBSOCKET, Failure(Remedy.USER, because("ssl_missing"))]),
    st.lists(st.builds(Entry, st.just("20:01:02"), st.none() | st.sampled_from(Status), st.none() | st.just(because("lost")))),
)
def test_whatever_is_so_every_page_has_the_same_rows(state, sections, is_wanted, connected_once, python, history):
    known = Facts(
        state,
        Choices(text_source="Mine", color_source="Spot"),
        50.0,
        open_sections=sections,
        is_wanted=is_wanted,
        connected_once=connected_once,
        text_sources=("Other",),
        python=python,
        history=history,
    )
    drawn = page(known)
    assert [(row.key, row.kind, row.action) for row in drawn] == [(row.key, row.kind, row.action) for row in page(NOTHING_YET)]
    assert len({row.key for row in drawn}) == len(list(drawn))


def test_a_row_is_found_by_its_key():
    assert page(NOTHING_YET)["pusher_key"].key == "pusher_key"
    with pytest.raises(StopIteration):
        page(NOTHING_YET)["nothing of that name"]


# -- sections


def test_a_closed_section_shows_its_tick_alone():
    assert visible(page(facts()), *Kind)[-5:] == ["show_card", "show_rules", "show_blocked", "show_advanced", "show_history"]


@pytest.mark.parametrize("section", SECTIONS)
def test_an_open_section_shows_its_rows_below_its_tick(section):
    closed, opened = visible(page(facts()), *Kind), visible(page(facts(open_sections={section})), *Kind)
    tick = closed.index(section_key(section)) + 1
    assert opened[:tick] == closed[:tick] and opened[len(opened) - len(closed) + tick :] == closed[tick:]
    assert len(opened) > len(closed)


def test_the_answer_to_a_press_stands_in_the_section_of_its_button():
    drawn = page(facts(open_sections={"blocked"}, message=because("page_pasted"), pressed="use_paste"))
    assert drawn["answer_blocked"].visible and lines(drawn, "answer_blocked") == [say("page_pasted")]
    assert say("page_pasted") not in lines(drawn)
    elsewhere = page(facts(open_sections={"blocked"}, message=because("page_already_connected"), pressed="connect"))
    assert not elsewhere["answer_blocked"].visible and say("page_already_connected") in lines(elsewhere)
    closed = page(facts(message=because("page_pasted"), pressed="use_paste"))
    assert say("page_pasted") in lines(closed), "said where it can be seen"


def test_the_answer_to_add_stands_below_its_button_which_stays_where_it_is():
    drawn = page(facts(message=because("scene_added"), pressed="add_card"))
    assert drawn["answer_add"].visible and lines(drawn, "answer_add") == [say("scene_added")]
    assert drawn["status"] == page(facts())["status"]


def test_a_card_for_another_canvas_is_said_below_its_button():
    assert not page(facts())["canvas"].visible
    drawn = page(facts(canvas=because("page_other_canvas", made="1x1", now="2x2")))
    assert drawn["canvas"].visible and "1x1" in drawn["canvas"].label


@pytest.mark.parametrize(
    ("status", "key", "section"), [(E, "lookup_blocked", "blocked"), (E, "lost", ""), (R, "lookup_blocked", "")]
)
def test_only_a_blocked_lookup_opens_a_section_on_its_own(status, key, section):
    assert needed_section(State(status, reason=because(key))) == section
    assert needed_section(State(status)) == ""


# -- connecting


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (D, ["connect"]),
        (C, ["reconnect", "disconnect"]),
        (O, ["reconnect", "disconnect"]),
        (L, ["reconnect", "disconnect"]),
        (R, ["reconnect", "disconnect"]),
        (E, ["connect", "disconnect"]),
    ],
)
def test_the_buttons_offer_what_a_press_would_do(status, buttons):
    drawn = page(facts(status))
    assert [key for key in visible(drawn, Kind.BUTTON) if "connect" in key and drawn[key].enabled] == buttons
    assert drawn["disconnect"].visible, "no button takes the place of one that was pressed"


@pytest.mark.parametrize("status", Status)
def test_another_name_that_was_typed_is_on_the_button(status):
    drawn = page(facts(status, other_name="dayfox"))
    shown = [key for key in visible(drawn, Kind.BUTTON) if "connect" in key and drawn[key].enabled]
    assert shown == (["connect"] if status is D else ["connect_other", "disconnect"])
    assert (drawn["connect_other"].label, drawn["connect_other"].action) == ("Connect to dayfox", "connect")


def test_the_welcome_goes_once_a_connection_has_worked():
    assert page(facts())["welcome"].visible
    assert not page(facts(connected_once=True))["welcome"].visible
    assert not page(facts(E))["welcome"].visible, "what is wrong stands higher without it"


# -- what is so, and why


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (D, ["State: Disconnected"]),
        (C, ["State: Connecting (Night Owl)", "Press Refresh to see the result."]),
        (O, ["State: Connected (Night Owl)", "0 events in 1:00"]),
        (L, ["State: Live (Night Owl)", "0 events in 1:00"]),
        (R, ["State: Reconnecting (Night Owl)", "Lost the connection to Kick.", "Press Refresh to see the result."]),
        (E, ["State: Error (Night Owl)", "Lost the connection to Kick."]),
    ],
)
def test_the_status_says_what_is_so_and_why(status, expected):
    assert lines(page(facts(status))) == expected
    assert "As of 20:14:03." in page(facts(status))["status"].label.replace(NO_BREAK_SPACE, " ").split("\n")[-1]


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
        "open_lookup",
        Kind.LINK,
        "1. Lookup page",
        visible=False,
        action="open_lookup",
        address="https://kick.com/api/v2/channels/x",
    )


# -- history


def test_nothing_has_happened_yet():
    assert lines(page(facts()), "history") == ["Nothing has happened yet."]


def test_the_history_has_whole_sentences_the_newest_last():
    happened = [
        Entry("20:01:02", C, None),
        Entry("20:01:03", R, because("lost")),
        Entry("20:01:09", None, because("server_moved", at="20:01")),
    ]
    drawn = page(facts(history=happened))
    assert lines(drawn, "history") == [
        "20:01:02 Connecting.",
        "20:01:03 Reconnecting. Lost the connection to Kick.",
        "20:01:09 Kick changed its server at 20:01; reconnected.",
    ]


def test_only_the_newest_lines_are_shown():
    happened = [Entry(f"20:01:{second:02}", C, None) for second in range(30)]
    shown = lines(page(facts(history=happened)), "history")
    assert len(shown) == HISTORY_LINES and shown[-1] == "20:01:29 Connecting."


def test_text_from_outside_is_left_as_it_is():
    """Whoever draws it escapes it, once."""
    state = State(E, "<b>x</b>", because("closed", answer="<a href='x'>"))
    assert lines(page(replace(facts(E), state=state))) == [
        "State: Error (<b>x</b>)",
        "Kick's server closed the connection (<a href='x'>).",
    ]


# -- the version


def test_the_version_stands_last_in_the_advanced_section():
    shown = visible(page(facts(open_sections={"advanced"})), *Kind)
    assert shown[-2:] == ["version", "show_history"]
    row = page(NOTHING_YET)["version"]
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
    assert set(texts_only()) == {key for key, kind in rows.items() if kind in (Kind.INFO, Kind.BUTTON, Kind.LINK)}
    assert {"welcome", "status", "servers", "history"} <= set(texts_only())
