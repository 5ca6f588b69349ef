"""The table of triggers is consistent, and IDs stay unique."""

from __future__ import annotations

import dataclasses

import pytest

from vmsc_core.rules.filters import FILTERS, Filters
from vmsc_core.rules.rule import CHAT_RANK, KINDS, Rule, Trigger, new_id, renumbered


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_names_fields_that_exist_and_accepts_their_defaults(kind):
    row = KINDS[kind]
    assert {spec.key for spec in row.specs} <= {field.name for field in dataclasses.fields(Trigger)}
    assert all(spec.read(getattr(Trigger(), spec.key)) == getattr(Trigger(), spec.key) for spec in row.specs)
    assert set(row.filters) <= {spec.key for spec in FILTERS}
    assert ("at_least" in row.filters) == bool(row.amount) and row.amount in ("", *row.placeholders)
    assert bool(row.who) == ("who" in row.filters) and row.is_chat == (row.rank == CHAT_RANK) == ("hold" in row.filters)


def test_every_filter_has_its_row_and_accepts_its_default():
    assert [spec.key for spec in FILTERS] == [field.name for field in dataclasses.fields(Filters)]
    assert all(spec.read(getattr(Filters(), spec.key)) == getattr(Filters(), spec.key) for spec in FILTERS)


def test_gifts_come_before_subs_before_follows_before_chat():
    ranks = [KINDS[kind].rank for kind in ("gifted_subs", "subscription", "follow", "chat")]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize(
    ("taken", "free"), [([], "r1"), (["r1", "r7"], "r8"), (["x", "r", "r-1", "r²"], "r1"), (["r" + "9" * 99], "r1")]
)
def test_a_new_id_is_free(taken, free):
    assert new_id(map(Rule, taken)) == free


def test_what_is_imported_gets_ids_that_are_free():
    rules = renumbered([Rule("r1", "a"), Rule("r3", "b"), Rule("r3", "c")], [Rule("r1"), Rule("r2")])
    assert [(rule.id, rule.name) for rule in rules] == [("r3", "a"), ("r4", "b"), ("r5", "c")]
