"""A row as a value: what it is when nothing more is said of it."""

from __future__ import annotations

from vmsc_core.row import Kind, Row, Tone


def test_a_row_is_seen_and_can_be_used_unless_something_else_is_said() -> None:
    row = Row("key", Kind.TEXT)
    assert row.visible and row.enabled and row.tone is Tone.NORMAL and not (row.choices or row.action or row.help)


def test_rows_compare_by_what_they_say() -> None:
    assert Row("key", Kind.INFO, "one") == Row("key", Kind.INFO, "one") != Row("key", Kind.INFO, "two")
