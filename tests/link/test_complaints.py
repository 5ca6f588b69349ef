"""What is wrong, reported once."""

from __future__ import annotations

import logging

import pytest

from vmsc_core.events import Notice
from vmsc_core.link.complaints import Complaints
from vmsc_core.reasons import because

BLOCKED, GONE = because("lookups_blocked"), because("name_not_listed", slug="x")


def test_the_same_trouble_is_reported_once() -> None:
    put: list[Notice] = []
    complaints = Complaints(put.append)
    for _ in range(5):
        complaints.make("lookup", BLOCKED)
    assert put == [Notice(BLOCKED)]


def test_once_it_was_fine_it_is_reported_again() -> None:
    put: list[Notice] = []
    complaints = Complaints(put.append)
    complaints.make("lookup", BLOCKED)
    complaints.fine("lookup")
    complaints.make("lookup", BLOCKED)
    assert put == [Notice(BLOCKED)] * 2


def test_another_trouble_with_the_same_thing_is_reported_and_so_is_the_first_one_when_it_comes_back() -> None:
    put: list[Notice] = []
    complaints = Complaints(put.append)
    for reason in (BLOCKED, GONE, BLOCKED):
        complaints.make("lookup", reason)
    assert put == [Notice(BLOCKED), Notice(GONE), Notice(BLOCKED)]


def test_other_values_are_another_trouble() -> None:
    put: list[Notice] = []
    complaints = Complaints(put.append)
    complaints.make("lookup", GONE)
    complaints.make("lookup", because("name_not_listed", slug="y"))
    assert len(put) == 2


def test_troubles_of_different_things_do_not_hide_each_other() -> None:
    put: list[Notice] = []
    complaints = Complaints(put.append)
    complaints.make("lookup", BLOCKED)
    complaints.make("negotiation", BLOCKED)
    complaints.fine("negotiation")
    complaints.make("lookup", BLOCKED)
    assert len(put) == 2


def test_what_was_never_wrong_can_be_fine() -> None:
    put: list[Notice] = []
    Complaints(put.append).fine("lookup")
    assert put == []


def test_a_bug_is_logged_once_with_its_traceback_and_the_streamer_is_not_bothered(caplog: pytest.LogCaptureFixture) -> None:
    put: list[Notice] = []
    complaints = Complaints(put.append)
    with caplog.at_level(logging.INFO, "vmsc.link"):
        for _ in range(3):
            try:
                raise ZeroDivisionError
            except ZeroDivisionError:
                complaints.bug("a message could not be read")
    assert [record.message for record in caplog.records] == ["a message could not be read"]
    assert "ZeroDivisionError" in caplog.text and put == []
