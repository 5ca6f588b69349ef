"""What the card says when the installation itself is the trouble: vmsc_obs.py's own sentences, whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_obspython import FakeObs

from vmsc_core.card.card import LINE_CHARACTERS, MOST_LINES

ROOT = Path(__file__).resolve().parents[2]


def on_the_card(script: Path, card: str = "Kick card") -> str:
    """What a card with this name says when this vmsc_obs.py is loaded, in one line."""
    with FakeObs() as fake:
        fake.load_script(script)
        fake.load_collection()
        fake.create_source("text_ft2_source_v2", f"{card}: detail", {"text": "Connected"})
        fake.tick(0.3)
        assert fake.script is not None and fake.script.trouble and fake.script.trouble in fake.page().text()
        detail: str = fake.source(f"{card}: detail").settings["text"]  # type: ignore[union-attr]
        fake.unload_script()
        assert fake.violations == [] and fake.warnings == []
    assert len(detail.split("\n")) <= MOST_LINES and max(map(len, detail.split("\n"))) <= LINE_CHARACTERS
    return " ".join(detail.split())


@pytest.mark.parametrize("wrong", ["", "raise OSError('x' * 500)", "raise ValueError('two words ' * 50)", "this is no Python"])
def test_an_incomplete_installation_is_told_on_the_card_with_what_to_do(wrong: str, tmp_path: Path) -> None:
    script = tmp_path / "vmsc_copy.py"
    script.write_text((ROOT / "vmsc_obs.py").read_text("utf-8"), "utf-8")
    core = tmp_path / "vmsc_core"
    core.mkdir()
    (core / "__init__.py").write_text(wrong, "utf-8")
    said = on_the_card(script)
    assert said == on_the_card(script, "Kick status card"), "as version 0.1.0 called it"
    assert said.startswith(
        "The script's files are incomplete. Install it again, with the folder vmsc_core beside vmsc_obs.py. ("
    ), said
    assert any(name in said for name in ("ModuleNotFoundError", "OSError", "ValueError", "SyntaxError"))


def test_a_python_that_is_too_old_is_told_whole_on_the_card(tmp_path: Path) -> None:
    source = (ROOT / "vmsc_obs.py").read_text("utf-8")
    script = tmp_path / "vmsc_copy.py"
    script.write_text(source.replace("OLDEST_PYTHON = (3, 9)", "OLDEST_PYTHON = (9, 9)"), "utf-8")
    assert on_the_card(script).endswith("then choose it in Tools > Scripts > Python Settings.")
