"""Finding, reading and writing sources: by name, by role when renamed, and never on the wrong kind."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def sources(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.sources")


def test_colours_turn_round_for_obs(sources: ModuleType) -> None:
    assert sources.to_obs_color(0x53FC18, 255) == 0xFF18FC53  # 0xAABBGGRR
    assert sources.from_obs_color(0x4618FC53) == (0x53FC18, 0x46)


@pytest.mark.parametrize(
    ("platform", "version", "kind"),
    [
        ("linux", (29, 0, 2), "text_ft2_source_v2"),
        ("mac", (32, 1, 0), "text_ft2_source_v2"),
        ("windows", (29, 0, 2), "text_gdiplus_v2"),
        ("windows", (32, 1, 0), "text_gdiplus_v3"),
    ],
)
def test_text_kind_is_the_platforms_newest(platform: str, version: tuple[int, int, int], kind: str) -> None:
    with FakeObs(platform, version) as fake:
        assert fake.call(fake.import_module("vmsc_core.obs.sources").text_kind) == kind
        assert fake.violations == []


def test_writes_merge_into_what_the_source_has(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Mine", {"text": "old", "color1": 5})
    port = sources.ObsSources(text_source="Mine")
    assert fake.call_on_graphics(port.write_text, "own text", "new") is True
    assert [one.values["text"] for one in fake.source("Mine").updates] == ["new"]
    assert fake.source("Mine").settings["color1"] == 5
    assert fake.call_on_graphics(port.read, "own text") == "new"


@pytest.mark.parametrize(("platform", "kind"), [("linux", "text_ft2_source_v2"), ("windows", "text_gdiplus_v2")])
def test_the_title_takes_the_colour_of_the_state_on_every_kind_of_text_source(platform: str, kind: str) -> None:
    with FakeObs(platform, (29, 0, 2)) as fake:
        sources = fake.import_module("vmsc_core.obs.sources")
        fake.add_scene("Scene")
        fake.create_source(kind, sources.piece_name("title"), {"text": "old"})
        port = sources.ObsSources()
        assert fake.call_on_graphics(port.write_text, "title", "Live", 0x53FC18) is True
        used = ["color"] if platform == "windows" else ["color1", "color2"]
        assert [fake.source(sources.piece_name("title")).settings[key] for key in used] == [0xFF18FC53] * len(used)
        assert fake.call_on_graphics(port.read, "title") == ("Live", 0x53FC18)
        assert fake.violations == []


def test_a_source_that_is_not_there_is_no_error(fake: FakeObs, sources: ModuleType) -> None:
    port = sources.ObsSources(text_source="Nobody", color_source="Nobody")
    assert fake.call_on_graphics(port.write_text, "own text", "x") is False
    assert fake.call_on_graphics(port.write_color, "own color", 0x53FC18, 255) is False
    assert fake.call_on_graphics(port.read, "own text") is None
    assert fake.call_on_graphics(port.read, "own color") is None


def test_a_source_of_another_kind_is_left_alone(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("image_source", "Mine", {"file": "a.png"})
    port = sources.ObsSources(text_source="Mine", color_source="Mine")
    assert fake.call_on_graphics(port.write_text, "own text", "x") is False
    assert fake.call_on_graphics(port.write_color, "own color", 0x53FC18, 255) is False
    assert fake.updates == []


def test_a_renamed_piece_is_found_by_its_role(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Renamed", {sources.ROLE_KEY: "dot"})
    port = sources.ObsSources()
    assert fake.call_on_graphics(port.write_color, "dot", 0x53FC18, 70) is True
    assert fake.source("Renamed").settings["color"] == 0x4618FC53
    assert fake.call_on_graphics(port.read, "dot") == (0x53FC18, 70)


def test_searching_all_sources_is_rare(fake: FakeObs, sources: ModuleType) -> None:
    port = sources.ObsSources()
    assert fake.call_on_graphics(port.write_color, "dot", 0, 255) is False
    fake.create_source("color_source_v3", "Renamed", {sources.ROLE_KEY: "dot"})
    assert fake.call_on_graphics(port.write_color, "dot", 0, 255) is False, "the next search is 5 s away"


def test_lists_name_only_sources_that_fit(fake: FakeObs, sources: ModuleType) -> None:
    for kind, name in (("text_ft2_source_v2", "b text"), ("text_ft2_source", "A text"), ("image_source", "pic")):
        fake.create_source(kind, name)
    fake.create_source("color_source_v2", "Colour")
    assert fake.call(sources.names_of_kind, sources.TEXT_FAMILIES) == ["A text", "b text"]
    assert fake.call(sources.names_of_kind, (sources.COLOR_FAMILY,)) == ["Colour"]


def test_what_is_got_is_released_when_the_body_raises(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Dot")

    def fail() -> None:
        with sources.source_named("Dot") as dot, sources.settings_of(dot), sources.new_data(), sources.all_sources():
            raise KeyError("bug")

    with pytest.raises(KeyError):
        fake.call(fail)


# Lone surrogates do not come this far: kick/json_values.py takes them out where they come in.
@pytest.mark.parametrize("text", ["zero\0byte", "ünï ✨ 日本", "a" * 5000])
def test_any_text_can_be_written(fake: FakeObs, sources: ModuleType, text: str) -> None:
    fake.create_source("text_ft2_source_v2", "Mine")
    port = sources.ObsSources(text_source="Mine")
    assert fake.call_on_graphics(port.write_text, "own text", text) is True


# -- what a source of the user's own held before

OWN = {"own text": ("text_ft2_source_v2", "text", "Welcome!"), "own color": ("color_source_v3", "color", 0x80112233)}
FOUR = 0x04000000
"""An alpha of 4 over black: what the script writes on a colour here."""


def chosen(sources: ModuleType, role: str, name: str = "Mine") -> Any:
    """The painter's port with one source of the user's own."""
    return sources.ObsSources(**{"text_source" if role == "own text" else "color_source": name})


def write(fake: FakeObs, port: Any, role: str) -> bool:
    if role == "own text":
        return bool(fake.call_on_graphics(port.write_text, role, "Live"))
    return bool(fake.call_on_graphics(port.write_color, role, 0, 4))


def shown(fake: FakeObs, role: str, name: str = "Mine") -> Any:
    return fake.source(name).settings[OWN[role][1]]


@pytest.fixture(params=OWN)
def role(request: pytest.FixtureRequest, fake: FakeObs) -> str:
    """A role for which there is a source "Mine" that holds something of the user's."""
    kind, key, value = OWN[request.param]
    fake.create_source(kind, "Mine", {key: value, "width": 9})
    return str(request.param)


def test_a_source_that_is_left_holds_what_it_held_before(fake: FakeObs, sources: ModuleType, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(sources, role)
    for _ in range(3):
        assert write(fake, port, role)
    assert shown(fake, role) in ("Live", FOUR)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before, "no mark of ours is left either"
    assert not write(fake, port, role), "and it is written no more"
    assert fake.call_on_graphics(port.read, role) is None


def test_a_source_that_held_nothing_is_left_with_nothing(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("color_source_v3", "Mine")
    before = dict(fake.source("Mine").settings)
    port = chosen(sources, "own color")
    write(fake, port, "own color")
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before


def test_what_was_held_before_survives_a_restart(fake: FakeObs, sources: ModuleType, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    write(fake, chosen(sources, role), role)
    port = chosen(sources, role)
    assert write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before


def test_a_restart_before_leaving_is_enough(fake: FakeObs, sources: ModuleType, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    write(fake, chosen(sources, role), role)
    fake.call_on_graphics(chosen(sources, role).leave)
    assert fake.source("Mine").settings == before


def test_what_the_user_has_changed_since_stays(fake: FakeObs, sources: ModuleType, role: str) -> None:
    port = chosen(sources, role)
    write(fake, port, role)
    _, key, value = OWN[role]
    theirs = value * 2 if isinstance(value, str) else 7
    fake.change_source("Mine", {key: theirs})
    fake.call_on_graphics(port.leave)
    assert shown(fake, role) == theirs
    assert not [name for name in fake.source("Mine").settings if name.startswith("vmsc")]


def test_scribbles_while_it_is_chosen_do_not_take_the_place_of_what_was_before(
    fake: FakeObs, sources: ModuleType, role: str
) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(sources, role)
    write(fake, port, role)
    fake.change_source("Mine", {OWN[role][1]: "Livex" if role == "own text" else 7})
    write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert fake.source("Mine").settings == before


def test_what_was_written_while_the_script_was_away_is_the_users(fake: FakeObs, sources: ModuleType, role: str) -> None:
    write(fake, chosen(sources, role), role)
    theirs = "Bye!" if role == "own text" else 0xFF445566
    fake.change_source("Mine", {OWN[role][1]: theirs})
    port = chosen(sources, role)
    write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert shown(fake, role) == theirs


def test_a_source_that_stays_chosen_is_not_given_back(fake: FakeObs, sources: ModuleType, role: str) -> None:
    port = chosen(sources, role)
    write(fake, port, role)
    fake.call_on_graphics(port.leave, ("Mine",))
    assert shown(fake, role) in ("Live", FOUR)


def test_leaving_what_was_never_written_or_is_gone_or_foreign_changes_nothing(
    fake: FakeObs, sources: ModuleType, role: str
) -> None:
    before = dict(fake.source("Mine").settings)
    fake.call_on_graphics(chosen(sources, role).leave)
    fake.call_on_graphics(chosen(sources, role, "Nobody").leave)
    fake.create_source("image_source", "Picture", {"text": "x", "color": 3})
    fake.call_on_graphics(chosen(sources, role, "Picture").leave)
    assert fake.updates == [] and fake.source("Mine").settings == before


def test_the_cards_own_pieces_keep_nothing(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", sources.piece_name("detail"), {"text": "old"})
    port = sources.ObsSources()
    fake.call_on_graphics(port.write_text, "detail", "new")
    assert [dict(one.values) for one in fake.updates] == [{"text": "new"}]


# -- a source of the user's own under another name


def copy(fake: FakeObs, name: str, new_name: str, **changed: Any) -> None:
    """The user duplicates a source: all its settings go along (obs_source_duplicate)."""
    kind = fake.source(name).kind
    fake.create_source(kind, new_name, {**fake.source(name).settings, **changed})


def search_now(port: Any) -> None:
    port._search_at = 0.0  # and not within 5 s


def test_a_renamed_source_is_written_on_and_given_back(fake: FakeObs, sources: ModuleType, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    port = chosen(sources, role)
    write(fake, port, role)
    fake.rename_source("Mine", "Other")
    fake.updates.clear()
    assert write(fake, port, role) and port.renamed
    assert [one.source for one in fake.updates] == ["Other"]
    assert fake.call_on_graphics(port.read, role) is not None
    fake.rename_source("Other", "Another")
    fake.call_on_graphics(port.leave)
    assert fake.source("Another").settings == before


def test_a_source_renamed_while_the_script_was_away_is_found(fake: FakeObs, sources: ModuleType, role: str) -> None:
    before = dict(fake.source("Mine").settings)
    write(fake, chosen(sources, role), role)
    fake.rename_source("Mine", "Other")
    port = chosen(sources, role)
    assert write(fake, port, role)
    fake.call_on_graphics(port.leave)
    assert fake.source("Other").settings == before


def test_of_a_source_and_its_copy_the_one_under_the_chosen_name_is_written(fake: FakeObs, sources: ModuleType, role: str) -> None:
    port = chosen(sources, role)
    write(fake, port, role)
    copy(fake, "Mine", "Copy")
    fake.updates.clear()
    for _ in range(3):
        search_now(port)
        assert write(fake, port, role)
        fake.call_on_graphics(port.write_color, "dot", 0, 0)  # the card is not there: all sources are searched
    assert {one.source for one in fake.updates} == {"Mine"} and not port.renamed


def test_of_two_copies_under_other_names_the_one_written_last_is_the_one(fake: FakeObs, sources: ModuleType) -> None:
    fake.create_source("text_ft2_source_v2", "Mine", {"text": "Welcome!"})
    port = chosen(sources, "own text")
    fake.call_on_graphics(port.write_text, "own text", "Connecting")
    copy(fake, "Mine", "First copy")
    fake.call_on_graphics(port.write_text, "own text", "Connected")
    fake.rename_source("Mine", "Other")
    copy(fake, "Other", "Second copy", text="Connecting", vmsc_written="Connecting")
    fake.updates.clear()
    for text in ("Live", "Connected"):
        search_now(port)
        assert fake.call_on_graphics(port.write_text, "own text", text)
    assert {one.source for one in fake.updates} == {"Other"}


def test_a_copy_that_the_user_has_changed_or_that_comes_from_another_choice_is_left_alone(
    fake: FakeObs, sources: ModuleType, role: str
) -> None:
    port = chosen(sources, role)
    write(fake, port, role)
    copy(fake, "Mine", "Copy")
    fake.change_source("Copy", {OWN[role][1]: "Hello!" if role == "own text" else 7})
    fake.delete_source("Mine")
    search_now(port)
    assert not write(fake, port, role)

    fake.change_source("Copy", {OWN[role][1]: "Live" if role == "own text" else FOUR})
    other = chosen(sources, role, "Third")
    assert not write(fake, other, role)
    fake.create_source(OWN[role][0], "Third")
    fake.updates.clear()
    search_now(other)
    fake.call_on_graphics(other.write_color, "dot", 0, 0)
    assert write(fake, other, role)
    assert {one.source for one in fake.updates} == {"Third"}


def test_a_source_of_another_kind_under_the_chosen_name_does_not_hide_the_renamed_one(
    fake: FakeObs, sources: ModuleType, role: str
) -> None:
    port = chosen(sources, role)
    write(fake, port, role)
    fake.rename_source("Mine", "Other")
    fake.create_source("image_source", "Mine")
    fake.updates.clear()
    assert write(fake, port, role)
    assert [one.source for one in fake.updates] == ["Other"]
