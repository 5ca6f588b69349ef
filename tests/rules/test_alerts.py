"""Alerts come one after the other, the most important first, and never more of them wait than there is room."""

from __future__ import annotations

from vmsc_core.rules.actions import HideAlert, Planned, ShowAlert
from vmsc_core.rules.alerts import GAP, MOST_ALERTS, Alerts
from vmsc_core.rules.shown import TakenBack


def add(alerts, title, rank=0, priority="automatic", seconds=5.0, message_id=None, viewer=""):
    alert = ShowAlert(title, "", priority, seconds)
    alerts.add(Planned("r1", alert, message_id is None, message_id), alert, rank, viewer)


def titles(alerts, now):
    planned = alerts.due(now)
    return None if planned is None else getattr(planned.action, "title", "hide")


def test_one_alert_ends_before_the_next_one_comes():
    alerts = Alerts()
    add(alerts, "a")
    add(alerts, "b")
    assert [titles(alerts, now) for now in (0.0, 0.0, 4.9, 5.0, 5.0, 5.0 + GAP, 10.4, 10.5)] == [
        "a", None, None, "hide", None, "b", None, "hide",
    ]  # fmt: skip


def test_the_deadline_is_when_something_is_to_be_done():
    alerts = Alerts()
    assert alerts.deadline is None
    add(alerts, "a")
    assert alerts.deadline is not None and alerts.deadline <= 0.0
    alerts.due(1.0)
    assert alerts.deadline == 6.0
    add(alerts, "b")
    alerts.due(6.0)
    assert alerts.deadline == 6.0 + GAP
    alerts.due(7.0), alerts.due(12.0)
    assert alerts.deadline is None


def test_what_is_more_important_comes_first():
    alerts = Alerts()
    for title, rank, priority in [
        ("chat", 9, "automatic"),
        ("follow", 2, "automatic"),
        ("late", 0, "last"),
        ("gift", 0, "automatic"),
    ]:
        add(alerts, title, rank, priority, seconds=1.0)
    add(alerts, "now", 9, "first", seconds=1.0)
    add(alerts, "gift 2", 0, seconds=1.0)
    order = [titles(alerts, now) for now in range(20)]
    assert [title for title in order if title not in (None, "hide")] == ["now", "gift", "gift 2", "follow", "chat", "late"]


def test_a_full_queue_loses_the_least_important():
    alerts = Alerts()
    for number in range(MOST_ALERTS + 5):
        add(alerts, f"follow {number}", 2)
    add(alerts, "gift", 0)
    assert (len(alerts), alerts.dropped) == (MOST_ALERTS, 6)
    assert [titles(alerts, 0.0), titles(alerts, 5.0), titles(alerts, 6.0)] == ["gift", "hide", "follow 0"]


def test_skip_ends_the_one_that_is_shown_only():
    alerts = Alerts()
    alerts.skip()
    add(alerts, "a")
    add(alerts, "b")
    alerts.due(0.0)
    alerts.skip()
    assert isinstance(alerts.due(1.0).action, HideAlert) and titles(alerts, 1.0 + GAP) == "b"


def test_an_alert_of_a_message_that_is_taken_back_never_shows_or_ends():
    alerts = Alerts()
    add(alerts, "shown", message_id="m1", viewer="ann")
    add(alerts, "waits", message_id="m2", viewer="bob")
    add(alerts, "stays")
    alerts.due(0.0)
    alerts.withdraw(TakenBack(message_id="m1"))
    alerts.withdraw(TakenBack(viewer="bob"))
    assert [titles(alerts, 1.0), titles(alerts, 1.0 + GAP), titles(alerts, 2.0)] == ["hide", "stays", None]


def test_taking_back_while_nothing_is_shown_changes_nothing():
    alerts = Alerts()
    alerts.withdraw(TakenBack())
    assert alerts.deadline is None and alerts.due(0.0) is None
