"""The card's typeface: the best one that this computer has, and nothing is left behind by looking."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def typefaces(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "platform", "linux")
    return fake.import_module("vmsc_core.obs.typefaces")


@pytest.mark.parametrize(
    ("there", "face", "regular"),
    [
        ({}, "DejaVu Sans", "Book"),
        ({"DejaVu Sans": 11}, "DejaVu Sans", "Book"),
        ({"Open Sans": 10, "DejaVu Sans": 11}, "Open Sans", "Regular"),
        ({"Inter": 12, "Open Sans": 10}, "Inter", "Regular"),
    ],
)
def test_the_first_face_that_is_there_is_used(
    fake: FakeObs, typefaces: ModuleType, there: dict[str, int], face: str, regular: str
) -> None:
    fake.faces = there
    before = fake.sources()
    assert fake.call(typefaces.font_face) == face
    assert fake.call(typefaces.font_regular) == regular
    assert fake.sources() == before


def test_it_is_looked_for_once(fake: FakeObs, typefaces: ModuleType) -> None:
    assert fake.call(typefaces.font_face) == "DejaVu Sans"
    fake.faces = {"Inter": 12}
    assert fake.call(typefaces.font_face) == "DejaVu Sans"


@pytest.mark.parametrize("platform", ["win32", "darwin", "freebsd14"])
def test_every_system_has_one(fake: FakeObs, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    typefaces = fake.import_module("vmsc_core.obs.typefaces")
    assert fake.call(typefaces.font_face) in typefaces.FACES.get(platform, typefaces.FACES["linux"])


def test_the_card_is_written_in_it(fake: FakeObs) -> None:
    fake.faces = {"Noto Sans": 10}
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    assert fake.source("Kick card: name").settings["font"]["face"] == "Noto Sans"
