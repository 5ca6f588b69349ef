"""Rules in a file: there and back, and what is said of each file that can't be used. Nothing is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from vmsc_core.obs import rules_file as file
from vmsc_core.rules.actions import ShowSource
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import LONGEST_SAVED, Loaded, dumps
from vmsc_core.words import say

RULES = (Rule("r1", "Ann\u00e9", actions=(ShowSource("Cat"),)), Rule("r2", trigger=Trigger("chat")))


def key(said: Any) -> str:
    return str(said.key)


def test_what_is_exported_can_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    said = file.export(RULES, str(path))
    assert say(said) == f"Saved 2 rules in {path}."
    assert file.read(str(path)).rules == RULES
    assert os.listdir(tmp_path) == ["rules.json"]


def test_an_older_export_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    file.export(RULES, str(path))
    assert key(file.export(RULES[:1], str(path))) == "rules_exported_one"
    assert file.read(str(path)).rules == RULES[:1]


@pytest.mark.parametrize("there", [b"my diary", b"{}", b"\xff\xfe\x00", b'{"format": 99, "rules": []}'])
def test_another_file_is_left_alone(tmp_path: Path, there: bytes) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(there)
    assert key(file.export(RULES, str(path))) == "rules_other_file"
    assert path.read_bytes() == there


def test_a_folder_and_a_place_that_is_not_there_are_said(tmp_path: Path) -> None:
    assert key(file.export(RULES, str(tmp_path))) in ("rules_other_file", "rules_not_written")
    assert key(file.export(RULES, str(tmp_path / "none" / "rules.json"))) == "rules_not_written"
    assert key(file.export(RULES, f"{tmp_path}/a\0b")) == "rules_not_written"
    assert key(file.export(RULES, "  ")) == "rules_no_file"
    assert key(file.export((), str(tmp_path / "rules.json"))) == "rules_nothing_to_export"
    assert os.listdir(tmp_path) == []


def test_a_disk_that_is_full_costs_no_file_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rules.json"
    file.export(RULES, str(path))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file.os, "replace", full)
    assert say(file.export(RULES[:1], str(path))).endswith("(No space left on device).")
    monkeypatch.undo()
    assert file.read(str(path)).rules == RULES and os.listdir(tmp_path) == ["rules.json"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "rules_broken"),
        (b"not json", "rules_broken"),
        (b"[" * 100_000, "rules_broken"),
        (b"\xff\xfe", "rules_broken"),
        (b'{"format": 2, "rules": []}', "rules_newer"),
        (b" " * (4 * LONGEST_SAVED) + b"x", "rules_long"),
        (dumps(()).encode(), "rules_import_empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "rules.json"
    path.write_bytes(content)
    found = file.read(str(path))
    assert not isinstance(found, Loaded) and found.key == said and say(found) != said


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    assert key(file.read("")) == "rules_no_file"
    assert key(file.read(str(tmp_path / "none.json"))) == "rules_not_read"
    assert key(file.read(str(tmp_path))) in ("rules_not_read", "rules_broken")
    assert key(file.read("a\0b")) == "rules_not_read"


@pytest.mark.linux_only("Windows has no pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert key(file.read(str(tmp_path / "pipe"))) == "rules_broken"
    assert key(file.export(RULES, str(tmp_path / "pipe"))) == "rules_other_file"


def test_an_editor_may_have_put_a_mark_at_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_bytes(b"\xef\xbb\xbf" + dumps(RULES).encode())
    assert file.read(str(path)).rules == RULES


def test_rows_of_a_newer_version_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    saved = json.loads(dumps(RULES))
    saved["rules"][1]["when"]["kind"] = "not invented yet"
    path.write_text(json.dumps(saved), "utf-8")
    found = file.read(str(path))
    assert found.rules == RULES[:1] and len(found.kept) == 1


def test_where_a_file_goes(config_folder: Path) -> None:
    home = Path(os.path.expanduser("~"))
    assert file.default_path() == str(home / "kick-rules.json")
    assert file.full_path(' "my rules.json" ') == str(home / "my rules.json")
    assert file.full_path("~/x.json") == str(home / "x.json")
    assert file.full_path(str(home / "a" / "b.json")) == str(home / "a" / "b.json")


def test_what_a_newer_version_wrote_goes_into_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    newer = '{"id": "r9", "when": {"kind": "of tomorrow"}}'
    assert key(file.export(RULES, str(path), [newer])) == "rules_exported_many"
    loaded = file.read(str(path))
    assert isinstance(loaded, Loaded)
    assert len(loaded.rules) == len(RULES) and [json.loads(row) for row in loaded.kept] == [json.loads(newer)]
