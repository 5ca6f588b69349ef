"""Texts of chat messages can be taken back, as long as they are shown."""

from __future__ import annotations

import pytest
from rules.worlds import FOLLOW, chat

from vmsc_core.events import ChatCleared, MessageDeleted, UserBanned
from vmsc_core.rules.actions import AddLine, Planned, SetText, ShowSource, Withdraw, WithdrawLabel, WriteLabel
from vmsc_core.rules.shown import MOST_LABELS, MOST_OF_A_LABEL, MOST_SHOWN, Shown, TakenBack, taken_back


def note(shown, action, message_id="m1", viewer="ann"):
    shown.note(Planned("r1", action, False, message_id), viewer)


@pytest.mark.parametrize(
    ("event", "gone"),
    [
        (MessageDeleted("m1"), TakenBack(message_id="m1")),
        (UserBanned("ANN", "Mod", True), TakenBack(viewer="ann")),
        (ChatCleared(), TakenBack()),
        (chat(), None),
        (FOLLOW, None),
    ],
)
def test_what_an_event_takes_back(event, gone):
    assert taken_back(event) == gone


@pytest.mark.parametrize(
    ("gone", "covered"),
    [(TakenBack("m1"), [True, False]), (TakenBack(viewer="bob"), [False, True]), (TakenBack(), [True, True])],
)
def test_whose_messages_are_covered(gone, covered):
    assert [gone.covers("m1", "ann"), gone.covers("m2", "bob")] == covered and not gone.covers(None, "bob")


def test_a_text_is_withdrawn_once():
    shown = Shown()
    note(shown, SetText("T", "bad"))
    note(shown, AddLine("Feed", "Ann: bad", 5))
    note(shown, ShowSource("Confetti"))
    rows = shown.withdraw(TakenBack("m1"))
    assert [row.action for row in rows] == [Withdraw("T", "bad"), Withdraw("Feed", "Ann: bad", added=True)]
    assert rows[0].message_id == "m1" and shown.withdraw(TakenBack()) == []


def test_a_text_that_another_one_replaced_is_not_withdrawn():
    shown = Shown()
    note(shown, SetText("T", "bad"))
    note(shown, SetText("T", "a follow"), message_id=None)
    assert shown.withdraw(TakenBack()) == []


def test_the_lines_of_others_stay():
    shown = Shown()
    note(shown, AddLine("Feed", "one", 5), "m1", "ann")
    note(shown, AddLine("Feed", "two", 5), "m2", "bob")
    assert [row.action.text for row in shown.withdraw(TakenBack(viewer="ann"))] == ["one"] and len(shown) == 1


def test_only_so_many_texts_are_remembered():
    shown = Shown()
    for number in range(1000):
        note(shown, AddLine("Feed", str(number), 5), str(number))
    assert len(shown) == MOST_SHOWN


# -- label files ---------------------------------------------------------------------------------------------------------

A, B, FOLLOWED = ("one", "m1", "ann"), ("two", "m2", "bob"), ("a follow", None, "")
"""What a label gets: text, message, viewer."""


def labeled(*texts, label="latest"):
    shown = Shown()
    for text, message_id, viewer in texts:
        note(shown, WriteLabel(label, text), message_id, viewer)
    return shown


@pytest.mark.parametrize(
    ("texts", "gone", "withdrawn"),
    [
        ([A], "m1", [WithdrawLabel("latest", "one", None)]),
        ([A, B], "m2", [WithdrawLabel("latest", "two", "one")]),
        ([A, B], "m1", []),
        ([FOLLOWED, A], "m1", [WithdrawLabel("latest", "one", "a follow")]),
        ([A, FOLLOWED], "m1", []),
        ([FOLLOWED], None, []),
        ([A, B], None, [WithdrawLabel("latest", "two", None)]),
        ([A, ("one", "m3", "bob")], "m3", []),
    ],
)
def test_a_label_goes_back_to_what_it_held_before(texts, gone, withdrawn):
    assert [row.action for row in labeled(*texts).withdraw(TakenBack(gone))] == withdrawn


def test_a_label_whose_last_text_went_first_skips_what_went_before_it():
    shown = labeled(A, B, ("three", "m3", "zoe"))
    assert shown.withdraw(TakenBack("m2")) == []
    assert [row.action for row in shown.withdraw(TakenBack("m3"))] == [WithdrawLabel("latest", "three", "one")]
    assert [row.action for row in shown.withdraw(TakenBack("m1"))] == [WithdrawLabel("latest", "one", None)]
    assert shown.withdraw(TakenBack()) == []


def test_each_label_is_on_its_own_in_any_case_of_letters():
    shown = labeled(A)
    note(shown, WriteLabel("Other", "two"), "m2", "ann")
    note(shown, WriteLabel("other", "three"), "m3", "bob")
    assert [row.action for row in shown.withdraw(TakenBack(viewer="ann"))] == [WithdrawLabel("latest", "one", None)]
    assert [row.action for row in shown.withdraw(TakenBack("m3"))] == [WithdrawLabel("other", "three", None)]


def test_only_so_many_texts_and_labels_are_remembered():
    many = [(f"text {number}", f"m{number}", "ann") for number in range(MOST_OF_A_LABEL + 2)]
    shown = labeled(*many)
    assert [row.action.before for row in shown.withdraw(TakenBack(viewer="ann"))] == ["text 1"]
    for number in range(MOST_LABELS + 5):
        note(shown, WriteLabel(f"label{number}", "x"), "m", "bob")
    assert len(shown.withdraw(TakenBack(viewer="bob"))) == MOST_LABELS - 1  # and the one from before
