"""A source of the user's own is found under another name, and no copy of it is taken for it."""

from __future__ import annotations

import pytest
from fake_obspython import FakeObs
from obs.user_sources import EACH_ORDER, FOUR, HELD, USER_TEXT, Clock, chosen, painter, search_now, write, write_dot, write_text

pytestmark = [pytest.mark.usefixtures("scene_collection"), EACH_ORDER]


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
    fake.duplicate_source("Mine", "Copy")
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
    fake.duplicate_source("Mine", "First copy")
    write_text(fake, port, USER_TEXT, "Connected")
    fake.rename_source("Mine", "Other")
    fake.duplicate_source("Other", "Second copy", text="Connecting", vmsc_written="Connecting")
    fake.updates.clear()
    for text in ("Live", "Connected"):
        search_now(port)
        assert write_text(fake, port, USER_TEXT, text)
    assert {one.source for one in fake.updates} == {"Other"}


def test_a_copy_that_the_user_has_changed_or_that_comes_from_another_choice_is_left_alone(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    fake.duplicate_source("Mine", "Copy")
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


COPIES = ("A", "Other 2", "zz", "Mine")
"""Names of a copy of a source that is called Other; the last is the name it was chosen under."""


@pytest.mark.parametrize("name", COPIES)
def test_a_renamed_source_is_followed_and_not_its_copy(fake: FakeObs, role: str, name: str) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(fake, role)
    write(fake, port, role)
    fake.rename_source("Mine", "Other")
    fake.duplicate_source("Other", name)
    copied = dict(fake.source(name).settings)
    fake.updates.clear()
    for _ in range(3):
        search_now(port)
        assert write(fake, port, role) and port.renamed
        assert port.name_of(role) == "Other" == fake.call(port.current_name, role, "Mine")
        write_dot(fake, port)
    assert {one.source for one in fake.updates} == {"Other"}
    fake.call_on_graphics(port.leave)
    assert fake.source("Other").settings == before and fake.source(name).settings == copied


@pytest.mark.parametrize("name", ["Other 2", "Other (copy)"])
def test_a_renamed_source_is_followed_after_a_restart_too(fake: FakeObs, role: str, name: str) -> None:
    """Before OBS 29.1 only the names can tell: OBS's own for a copy is the longer one."""
    port = chosen(fake, role)
    write(fake, port, role)
    sources, settings = fake.import_module("vmsc_core.obs.sources"), fake.import_module("vmsc_core.settings")
    key = "text_source" if role == USER_TEXT else "color_source"
    saved = port.to_save(settings.Choices(**{key: "Mine"}))
    assert [bool(uuid) for uuid in saved.values()] == [fake.version > (29, 1) and one == f"{key}_uuid" for one in saved]
    fake.rename_source("Mine", "Other")
    fake.duplicate_source("Other", name)
    port = sources.ObsSources(**{key: "Mine"}, identities={"Mine": saved[f"{key}_uuid"]}, clock=Clock())
    fake.updates.clear()
    assert write(fake, port, role)
    assert {one.source for one in fake.updates} == {"Other"}


def test_one_that_is_made_again_under_its_name_takes_the_place_of_the_one_that_is_gone(fake: FakeObs, role: str) -> None:
    port = chosen(fake, role)
    write(fake, port, role)
    fake.delete_source("Mine")
    assert not write(fake, port, role)
    fake.create_source(HELD[role][0], "Mine")
    assert write(fake, port, role)


@pytest.mark.parametrize("identity", ["not a UUID", "@0", "", "00000000-0000-0000-0000-000000000000"])
def test_a_saved_identity_that_means_nothing_costs_nothing(fake: FakeObs, role: str, identity: str) -> None:
    sources = fake.import_module("vmsc_core.obs.sources")
    key = "text_source" if role == USER_TEXT else "color_source"
    port = sources.ObsSources(**{key: "Mine"}, identities={"Mine": identity}, clock=Clock())
    assert write(fake, port, role)
