"""What is got from OBS is released, also when something raises in between."""

from __future__ import annotations

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


def test_what_is_got_is_released_when_the_body_raises(fake: FakeObs) -> None:
    references = fake.import_module("vmsc_core.obs.references")
    fake.create_source("color_source_v3", "Dot")

    def fail() -> None:
        with references.source_named("Dot") as dot, references.settings_of(dot), references.new_data(), references.all_sources():
            raise KeyError("bug")

    with pytest.raises(KeyError):
        fake.call(fail)
    assert fake.unreleased() == []


@pytest.mark.parametrize("name", ["", "Nobody"])
def test_a_name_that_nothing_has_is_none(fake: FakeObs, name: str) -> None:
    references = fake.import_module("vmsc_core.obs.references")

    def look() -> object:
        with references.source_named(name) as source:
            return source

    assert fake.call(look) is None
