"""One row of the editor: its words, its help, and what a list says of a thing that isn't there anymore."""

from __future__ import annotations

import pytest

from vmsc_core.row import LONGEST_TITLE, Kind
from vmsc_core.rules.actions import ShowSource
from vmsc_core.rules.editor_rows import HELPED, Facts, Lists, answer_row, button_row, field_row, hidden_row, plain_row
from vmsc_core.rules.spec import Spec
from vmsc_core.words import say

SOURCE, SECONDS = Spec("source", "source"), Spec("seconds", "seconds", low=0, high=9)


def test_a_field_is_typed_or_chosen_by_its_spec() -> None:
    assert field_row(Facts(), "k", "rule_do_seconds", SECONDS, "5").kind is Kind.TEXT
    row = field_row(Facts(), "k", "rule_do_source", SOURCE, "", ShowSource())
    assert (row.key, row.kind, row.label, row.action) == ("k", Kind.LIST, "Source", "rule_changed")


def test_a_field_that_does_not_apply_is_there_and_empty() -> None:
    row = hidden_row(Facts(lists=Lists(sources=("Cam",))), "k", "rule_do_source", SOURCE)
    assert (row.kind, row.visible, row.choices) == (Kind.LIST, False, ())


def test_what_is_chosen_and_gone_stays_on_the_list() -> None:
    row = field_row(Facts(lists=Lists(sources=("Cam",))), "k", "rule_do_source", SOURCE, "Cat")
    assert row.choices == (("", "None"), ("Cam", "Cam"), ("Cat", "Cat (not there)"))


def test_a_long_name_is_cut_for_the_reader_only() -> None:
    name = "n" * 200
    row = field_row(Facts(lists=Lists(sources=(name,))), "k", "rule_do_source", SOURCE, name)
    assert row.choices[1][0] == name and len(row.choices[1][1]) <= LONGEST_TITLE
    gone = field_row(Facts(), "k", "rule_do_source", SOURCE, name)
    assert len(gone.choices[1][1]) <= LONGEST_TITLE


@pytest.mark.parametrize("name", HELPED)
def test_every_help_has_words(name: str) -> None:
    row = plain_row(Facts(), name, Kind.TEXT)
    assert row.help == say(f"help_{name}") != f"help_{name}"


def test_a_button_does_what_its_key_says() -> None:
    row = button_row(Facts(), "try_rule")
    assert (row.label, row.action) == ("Try it", "try_rule")


def test_no_answer_without_a_press() -> None:
    assert not answer_row(Facts(), "rule", "try_rule").visible
