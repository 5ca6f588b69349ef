"""The table of actions: every field has its row, and every default is accepted by it."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from vmsc_core.rules.actions import ACTIONS, SAVED_AS, Action, HideAlert, Withdraw, WithdrawLabel, WriteEvent


@pytest.mark.parametrize("saved", ACTIONS)
def test_a_row_has_every_field_of_its_action_and_accepts_the_defaults(saved):
    row = ACTIONS[saved]
    fields = [] if row.type is WriteEvent else dataclasses.fields(row.type)
    assert [spec.key for spec in row.specs] == [field.name for field in fields]
    for spec in row.specs:
        default = getattr(row.type(), spec.key)
        assert spec.read(default) == default


def test_every_action_but_the_books_own_can_be_chosen():
    assert set(get_args(Action)) - set(SAVED_AS) == {HideAlert, Withdraw, WithdrawLabel}


@pytest.mark.parametrize("saved", ACTIONS)
def test_an_action_can_not_be_changed(saved):
    assert ACTIONS[saved].type.__dataclass_params__.frozen
