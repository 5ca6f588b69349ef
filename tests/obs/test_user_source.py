"""A source of the user's own is found under another name, and no copy of it is taken for it."""

from __future__ import annotations

from typing import Any

import pytest
from fake_obspython import FakeObs
from obs.user_sources import EACH_ORDER, FOUR, HELD, USER_TEXT, chosen, painter, search_now, write, write_dot, write_text

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]


def copy(fake: FakeObs, name: str, new_name: str, **changed: Any) -> None:
    """The user duplicates a source: all its settings go along (obs_source_duplicate)."""
    kind = fake.source(name).kind
    fake.create_source(kind, new_name, {**fake.source(name).settings, **changed})


def test_a_renamed_source_is_written_on_and_restored(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(fake, role)
    write(fake, port, role)
    fake.rename_source("Mine", "Other")
    fake.updates.clear()
    assert write(fake, port, role) and port.renamed
    assert [one.source for one in fake.updates] == ["Other"]
    assert fake.call_on_graphics(port.read, role) is not None
    fake.rename_source("Other", "Another")
    fake.call_on_graphics(port.leave)
    assert fake.source("Another").settings == before


def test_a_source_renamed_while_the_script_was_away_is_found(fake: FakeObs, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    write(fake, chosen(fake, role), role)
    fake.rename_source("Mine", "Other")
    port = chosen(fake, role)
    assert write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert fake.source("Other").settings == before


def test_of_a_source_and_its_copy_the_one_under_the_chosen_name_is_written(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    copy(fake, "Mine", "Copy")
    fake.updates.clear()
    for _ in range(3):
        search_now(port)
        assert write(fake, port, role)
        write_dot(fake, port)
    assert {one.source for one in fake.updates} == {"Mine"} and not port.renamed


def test_of_two_copies_under_other_names_the_one_written_last_is_the_one(fake: FakeObs) -> None:
    fake.create_source("text_ft2_source_v2", "Mine", {"text": "Welcome!"})
    port = chosen(fake, USER_TEXT)
    write_text(fake, port, USER_TEXT, "Connecting")
    copy(fake, "Mine", "First copy")
    write_text(fake, port, USER_TEXT, "Connected")
    fake.rename_source("Mine", "Other")
    copy(fake, "Other", "Second copy", text="Connecting", vmsc_written="Connecting")
    fake.updates.clear()
    for text in ("Live", "Connected"):
        search_now(port)
        assert write_text(fake, port, USER_TEXT, text)
    assert {one.source for one in fake.updates} == {"Other"}


def test_a_copy_that_the_user_has_changed_or_that_comes_from_another_choice_is_left_alone(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    copy(fake, "Mine", "Copy")
    fake.change_source("Copy", {HELD[role][1]: "Hello!" if role == USER_TEXT else 7})
    fake.delete_source("Mine")
    search_now(port)
    assert not write(fake, port, role)

    fake.change_source("Copy", {HELD[role][1]: "Live" if role == USER_TEXT else FOUR})
    other = chosen(fake, role, "Third")
    assert not write(fake, other, role)
    fake.create_source(HELD[role][0], "Third")
    fake.updates.clear()
    search_now(other)
    write_dot(fake, other)
    assert write(fake, other, role)
    assert {one.source for one in fake.updates} == {"Third"}


def test_a_source_of_another_kind_under_the_chosen_name_does_not_hide_the_renamed_one(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    fake.rename_source("Mine", "Other")
    fake.create_source("image_source", "Mine")
    fake.updates.clear()
    assert write(fake, port, role)
    assert [one.source for one in fake.updates] == ["Other"]


def test_a_source_that_was_left_a_moment_ago_is_not_written(fake: FakeObs, role: str) -> None:
    module = fake.import_module("vmsc_core.obs.user_source")
    references = fake.import_module("vmsc_core.obs.references")
    content = painter(fake).Text("Live") if role == USER_TEXT else painter(fake).Fill(0, 4)
    user = module.UserSource(role, "Mine")

    def leave_in_mid_write() -> bool:
        with references.source_named("Mine") as source:
            user.leave()  # on the UI thread
            return bool(user.write(source, content))

    assert fake.call_on_graphics(leave_in_mid_write) is False
    assert fake.updates == []
