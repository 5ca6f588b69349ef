"""Save a report, pressed on the page: where the file is, what is said, and that nothing else stops when it can't be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import at_kick, connected, lines, start, status


def saved_reports(folder: Path) -> list[Path]:
    return sorted(folder.rglob("vmsc-report-*.txt"))


def test_a_press_writes_it_and_says_where(fake: FakeObs, kick: KickSimulator, config_folder: Path) -> None:
    connected(fake, kick)
    kick.chat("speedy", 3)
    fake.tick_until(lambda: fake.script.script.app.state.count == 3, what="three messages")
    assert fake.press("save_report") is True
    (path,) = saved_reports(config_folder)
    assert str(path) in lines(fake, "answer_history")[0]
    found = json.loads(path.read_text("utf-8"))
    assert found["state"]["status"] == "Connected" and found["state"]["events"] == 3
    assert [row["event"] for row in found["messages"]] == ["App\\Events\\ChatMessageEvent"] * 3
    assert found["versions"]["obs"] == "32.1.0" and found["channel"]["chatroom_id"] not in (None, 918)
    assert "speedy" not in path.read_text("utf-8").lower()


def test_two_reports_have_no_mark_in_common(fake: FakeObs, kick: KickSimulator, config_folder: Path) -> None:
    connected(fake, kick)
    marks = []
    for _ in range(2):
        fake.press("save_report")
        (path,) = saved_reports(config_folder)
        marks.append(json.loads(path.read_text("utf-8"))["channel"])
        path.unlink()
    assert all(marks[0][key] != marks[1][key] for key in ("name", "chatroom_id", "channel_id"))


def test_documents_is_where_a_user_looks_first(fake: FakeObs, config_folder: Path) -> None:
    (config_folder / "Documents").mkdir()
    start(fake)
    fake.press("save_report")
    assert [path.parent.name for path in saved_reports(config_folder)] == ["Documents"]


def test_where_nothing_can_be_written_that_is_said(
    fake: FakeObs, kick: KickSimulator, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(fake, at_kick(kick))
    module = fake.script.script.page.press.__globals__["report"]
    monkeypatch.setattr(module, "_folders", lambda folder: [str(config_folder / "file" / "below"), "/dev/null/no"])
    (config_folder / "file").write_text("in the way")
    fake.press("save_report")
    assert lines(fake, "answer_history")[0].startswith("The report couldn't be saved (")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
