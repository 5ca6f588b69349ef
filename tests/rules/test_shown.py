"""Texts of chat messages can be taken back, as long as they are shown."""

from __future__ import annotations

import pytest
from rules.worlds import FOLLOW, chat

from vmsc_core.events import ChatCleared, MessageDeleted, UserBanned
from vmsc_core.rules.actions import AddLine, Planned, SetText, ShowSource, Withdraw
from vmsc_core.rules.shown import MOST_SHOWN, Shown, TakenBack, taken_back


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
