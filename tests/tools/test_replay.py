"""tools/replay.py: a saved report is played through the link, and what is no report is said so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import replay

from vmsc_core.kick.session import Message
from vmsc_core.known import KnownChannel
from vmsc_core.report import Facts, report
from vmsc_core.state import State


def frame(text: str) -> Message:
    data = {"id": text, "content": text, "type": "message", "sender": {"username": "Bert"}}
    return Message("App\\Events\\ChatMessageEvent", "chatrooms.918.v2", json.dumps(data))


def test_a_report_is_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages = [(1.0, frame("one")), (3.5, frame("two")), (3.6, Message("App\\Events\\StreamerIsLive", "channel.11624", None))]
    facts = Facts({}, {}, State(), 4.0, messages=messages, channel=KnownChannel(918, 11624))
    path = tmp_path / "report.txt"
    path.write_text(report(facts, "salt"))
    assert replay.main([str(path)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert sum("ChatMessage(" in line for line in printed) == 2
    assert "Live" in printed[-1] and "2 events" in printed[-1]


@pytest.mark.parametrize("text", [None, "no report", "{}"])
def test_what_is_no_report_is_said(tmp_path: Path, text: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.txt"
    if text is not None:
        path.write_text(text)
    assert replay.main([str(path)]) == 2
    said = capsys.readouterr().out
    assert "report.txt" in said and "Traceback" not in said


def test_without_a_file_it_says_how_to_run_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay.main([]) == 2 and "replay.py" in capsys.readouterr().out
