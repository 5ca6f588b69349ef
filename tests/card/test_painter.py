"""Card → only the writes that changed; and back again, whatever was done to the sources by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vmsc_core.card.card import DARK, Card
from vmsc_core.card.painter import LATEST_VERIFY, USER_COLOR, USER_TEXT, VERIFY_EVERY, Content, Fill, Painter, Text
from vmsc_core.events import Status

LINE = "0 events  ·  0:00"
CARD = Card("Name", "Connected", LINE, 0x53FC18, 255, Status.CONNECTED, LINE)
PIECES = ("name", "title", "detail", "dot", "badge", "hole")
TURNS_A_SECOND = 10


class FakeSources:
    """Sources that remember what was written, and can lose it. A text source always has a color, as in OBS."""

    def __init__(self, *user_roles: str) -> None:
        self.user_roles = user_roles
        self.asked: list[str] = []
        self.there = {*PIECES, *user_roles}
        self.shown: dict[str, Content] = {}
        self.writes: list[str] = []
        self.reads = 0

    def write(self, role: str, content: Content) -> bool:
        self.asked.append(role)
        if role not in self.there:
            return False
        self.writes.append(role)
        self.shown[role] = content
        return True

    def read(self, role: str) -> Content | None:
        self.reads += 1
        shown = self.shown.get(role) if role in self.there else None
        return replace(shown, color=0xABCDEF) if isinstance(shown, Text) and shown.color is None else shown

    def take_writes(self) -> list[str]:
        writes, self.writes = self.writes, []
        return writes


def second(painter: Painter, card: Card, seconds: float = 2.0) -> int:
    """The writes of so many seconds of the same card."""
    return sum(painter.paint(card) for _ in range(int(seconds * TURNS_A_SECOND)))


def test_the_first_turn_writes_everything_once():
    sources = FakeSources()
    assert Painter(sources).paint(CARD) == 6
    assert sources.shown == {
        "name": Text("Name"),
        "title": Text("CONNECTED", 0x53FC18),
        "detail": Text("0 events  ·  0:00"),
        "dot": Fill(0x53FC18, 255),
        "badge": Fill(0x53FC18, 255),
        "hole": Fill(DARK, 255),
    }


def test_a_card_that_stays_the_same_is_not_written_again():
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(CARD)
    sources.take_writes()
    assert second(painter, CARD, 60) == 0
    assert sources.take_writes() == []


@pytest.mark.parametrize(
    ("change", "role"),
    [
        ({"name": "N"}, "name"),
        ({"title": "Live"}, "title"),
        ({"line": "x"}, "detail"),
        ({"alpha": 9}, "dot"),
    ],
)
def test_only_what_changed_is_written(change, role):
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(CARD)
    sources.take_writes()
    assert painter.paint(replace(CARD, **change)) == 1
    assert sources.take_writes() == [role]


def test_the_users_own_sources_take_everything_and_the_card_goes_on():
    sources = FakeSources(USER_TEXT, USER_COLOR)
    painter = Painter(sources)
    painter.paint(CARD)
    assert (sources.shown[USER_TEXT], sources.shown[USER_COLOR]) == (Text(CARD.summary), Fill(0x53FC18, 255))
    assert sources.shown["title"] == Text("CONNECTED", 0x53FC18)
    sources.take_writes()
    painter.paint(replace(CARD, alpha=100))
    assert sources.take_writes() == ["dot", USER_COLOR]


@pytest.mark.parametrize("role", PIECES)
def test_a_source_edited_by_hand_is_fixed_within_two_seconds(role):
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(CARD)
    good, sources.shown[role] = sources.shown[role], Text("something else")
    sources.take_writes()
    second(painter, CARD)
    assert sources.shown[role] == good
    assert sources.take_writes() == [role]


@pytest.mark.parametrize("role", PIECES)
def test_a_source_deleted_and_made_again_is_written_at_once(role):
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(CARD)
    sources.there.remove(role)
    del sources.shown[role]
    assert second(painter, CARD) == 0
    sources.there.add(role)
    assert painter.paint(CARD) == 1
    assert role in sources.shown


def test_a_source_deleted_and_made_again_between_two_looks_is_written_too():
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(CARD)
    sources.shown["title"] = Text("")
    second(painter, CARD)
    assert sources.shown["title"] == Text("CONNECTED", 0x53FC18)


def test_sources_that_are_not_there_yet_are_written_when_they_come():
    sources = FakeSources()
    sources.there = set()
    painter = Painter(sources)
    assert second(painter, CARD) == 0
    sources.there = set(PIECES)
    assert painter.paint(CARD) == 6


def test_a_missing_source_does_not_hinder_the_others():
    sources = FakeSources()
    sources.there = {"title"}
    painter = Painter(sources)
    assert painter.paint(CARD) == 1
    assert painter.paint(replace(CARD, title="Live")) == 1
    assert sources.shown == {"title": Text("LIVE", 0x53FC18)}


def test_looking_is_cheap():
    sources = FakeSources()
    painter = Painter(sources)
    for _ in range(300):
        painter.paint(CARD)
    assert sources.reads <= 300 / VERIFY_EVERY


def test_no_source_is_looked_at_in_a_turn_in_which_a_text_is_written():
    sources = FakeSources()
    painter, read_in = Painter(sources), []
    for turn in range(60):
        before = sources.reads
        painter.paint(replace(CARD, line=f"{turn // 2} events", alpha=turn))
        read_in.append(sources.reads - before)
        assert read_in[-1] == 0 or "detail" not in sources.writes
        sources.take_writes()
    assert sum(read_in) == 60 // (VERIFY_EVERY + 1)


def test_a_text_that_is_written_in_every_turn_keeps_nobody_from_looking():
    sources = FakeSources()
    painter = Painter(sources)
    for turn in range(60):
        painter.paint(replace(CARD, line=f"{turn} events"))
    assert sources.reads == 60 // LATEST_VERIFY


def test_the_title_takes_the_color_of_the_state_with_the_dot():
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(CARD)
    sources.take_writes()
    painter.paint(replace(CARD, color=0xFF3B3B))
    assert sorted(sources.take_writes()) == ["badge", "dot", "title"]
    assert sources.shown["title"] == Text("CONNECTED", 0xFF3B3B)


def test_only_the_badge_of_connected_is_a_line_around_letters_of_its_color():
    sources = FakeSources()
    painter = Painter(sources)
    painter.paint(replace(CARD, title="Live", status=Status.LIVE))
    assert sources.shown["title"] == Text("LIVE", DARK)
    assert (sources.shown["badge"], sources.shown["hole"]) == (Fill(0x53FC18, 255), Fill(DARK, 0))


def test_without_a_card_its_badge_is_not_even_looked_for():
    sources = FakeSources()
    sources.there = set()
    Painter(sources).paint(CARD)
    assert sorted(sources.asked) == ["detail", "dot", "name", "title"]
