"""What rules write: whole lines, whole labels, and never a file that was not meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vmsc_core.link import writer as module
from vmsc_core.link.writer import MOST_WAITING, Writer


def written(folder: Path, *writes: tuple[str, str, bool]) -> Writer:
    """A writer that has done these writes: file, text, whether it is a line."""
    made = Writer(str(folder))
    for file, text, is_line in writes:
        assert (made.add_line if is_line else made.write)(file, text) is None
    made.start()
    assert made.close()
    return made


def test_lines_are_added_and_labels_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "a new folder é"
    lines = [("events.jsonl", '{"a": 1}', True), ("events.jsonl", "two\nlines", True)]
    labels = [("latest.txt", "Anna", False), ("latest.txt", "Zoë \ud800", False)]
    assert written(folder, *lines, *labels).problem is None
    assert (folder / "events.jsonl").read_bytes() == b'{"a": 1}\ntwo lines\n'
    assert (folder / "latest.txt").read_text("utf-8") == "Zoë ?"
    assert sorted(os.listdir(folder)) == ["events.jsonl", "latest.txt"]


@pytest.mark.parametrize(
    ("held", "writes", "taken_back", "holds"),
    [
        ("from before", ["bad"], ("bad", None), "from before"),
        (None, ["bad"], ("bad", None), ""),
        ("from before", ["good", "bad"], ("bad", "good"), "good"),
        ("from before", ["good", "bad"], ("good", None), "bad"),
        ("from before", ["x" * 3000], ("x" * 3000, None), "from before"),
        ("from before", [], ("bad", None), "from before"),
        ("from before", ["bé \ud800"], ("bé \ud800", "é"), "é"),
    ],
)
def test_a_label_that_still_says_what_was_taken_back_says_again_what_it_said_before(
    tmp_path: Path, held: str | None, writes: list[str], taken_back: tuple[str, str | None], holds: str
) -> None:
    label = tmp_path / "latest.txt"
    if held is not None:
        label.write_text(held)
    made = Writer(str(tmp_path))
    for text in writes:
        made.write(label.name, text)
    assert made.take_back(label.name, *taken_back) is None
    made.start()
    assert made.close() and made.problem is None
    assert label.read_text("utf-8") == holds


def test_a_label_that_somebody_else_has_written_since_is_left(tmp_path: Path) -> None:
    label = tmp_path / "latest.txt"
    made = Writer(str(tmp_path))
    made.write(label.name, "bad")
    made._write_all()
    label.write_text("mine")
    made.take_back(label.name, "bad", None)
    made._write_all()
    assert label.read_text() == "mine"


def test_what_so_many_labels_held_before_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BEFORE", 1)
    made = Writer(str(tmp_path))
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("before")
        made.write(name, "bad")
        made.take_back(name, "bad", None)
    made._write_all()
    assert [(tmp_path / name).read_text() for name in ("a.txt", "b.txt")] == ["before", ""]


def test_a_file_that_is_long_begins_again_and_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROTATED_AT", 10)
    written(tmp_path, ("events.jsonl", "123456", True), ("events.jsonl", "7890", True), ("events.jsonl", "ab", True))
    assert (tmp_path / "events.jsonl.1").read_text() == "123456\n"
    assert (tmp_path / "events.jsonl").read_text() == "7890\nab\n"


@pytest.mark.parametrize(
    "file",
    [
        "",
        ".txt",
        "../a.txt",
        "a/b.txt",
        "a\\b.txt",
        "C:a.txt",
        "nul.txt",
        "COM1.txt",
        "a.py",
        "a.txt\n",
        "é.txt",
        "x" * 50 + ".txt",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, file: str) -> None:
    made = Writer(str(tmp_path))
    for refused in (made.write(file, "x"), made.add_line(file, "x"), made.take_back(file, "x", None)):
        assert refused is not None and refused.key == "file_name_wrong"


def test_what_can_not_be_written_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    made = written(tmp_path, ("a.txt", "x", False))
    assert made.problem is not None and made.problem.key == "file_failed"
    assert written(tmp_path, ("a.txt", "x", False), ("b.txt", "y", False)).problem is None
    assert (tmp_path / "b.txt").read_text() == "y"


def test_no_more_waits_than_fits(tmp_path: Path) -> None:
    made = Writer(str(tmp_path))
    results = [made.add_line("events.jsonl", "x") for _ in range(MOST_WAITING + 1)]
    assert results[:-1] == [None] * MOST_WAITING
    assert results[-1] is not None and results[-1].key == "files_too_many"


def test_without_a_thread_it_says_so_and_ends(tmp_path: Path) -> None:
    from vmsc_core.link.errors import CannotConnect
    from vmsc_core.reasons import Failure, Remedy, because

    def none_left(work: object, name: str) -> None:
        raise CannotConnect(Failure(Remedy.BACKOFF, because("thread_missing")))

    made = Writer(str(tmp_path), none_left)  # type: ignore[arg-type]
    made.start()
    assert made.problem is not None and made.problem.key == "thread_missing" and made.close()
