"""The script that OBS loads for the bench: writes OBS's own profile down when asked, and can run vmsc_obs.py with a stop-watch.

It is text, since it runs in OBS's Python, in a namespace of its own. Without `source` it only writes profiles, so that an OBS
without vmsc_obs.py differs in nothing else; `turn_off` has it do so after OBS's next start. Each press of the hotkey
vmsc_bench_profile writes one file, 0.csv, 1.csv, …
"""

from __future__ import annotations

import json
from pathlib import Path

HOTKEY = "vmsc_bench_profile"
TIMES = "times.json"

_TEXT = """
import ctypes, json, os, time
import obspython as obs

bench_folder, bench_source = {folder!r}, {source!r}
if os.path.exists(os.path.join(bench_folder, "off")):
    bench_source = ""
bench_lib = ctypes.CDLL(None)  # OBS itself is linked to libobs
bench_lib.profile_snapshot_create.restype = ctypes.c_void_p
bench_lib.profile_snapshot_free.argtypes = [ctypes.c_void_p]
bench_lib.profiler_snapshot_dump_csv.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
bench_written, bench_turns, bench_steps = [], [], {{}}

def bench_write_profile(pressed):
    if not pressed:
        return
    path = os.path.join(bench_folder, "%d.csv" % len(bench_written))
    snapshot = bench_lib.profile_snapshot_create()
    bench_lib.profiler_snapshot_dump_csv(snapshot, (path + ".new").encode())
    bench_lib.profile_snapshot_free(snapshot)
    os.replace(path + ".new", path)
    bench_written.append(path)

bench_load = bench_unload = lambda *nothing: None
if bench_source:
    __file__ = bench_source
    bench_began = time.perf_counter()
    exec(compile(open(bench_source, encoding="utf-8").read(), bench_source, "exec"), globals())
    bench_steps["import"] = time.perf_counter() - bench_began
    bench_load, bench_unload, bench_turn = script_load, script_unload, on_timer
    def on_timer():
        began, cpu = time.perf_counter(), time.thread_time()
        for _ in range({turns}):
            bench_turn()
        bench_turns.append((time.monotonic(), time.perf_counter() - began, time.thread_time() - cpu))

def script_load(settings):
    began = time.perf_counter()
    bench_load(settings)
    bench_steps["script_load"] = time.perf_counter() - began
    obs.obs_hotkey_register_frontend("vmsc_bench_profile", "Bench: profile", bench_write_profile)

def script_unload():
    began = time.perf_counter()
    bench_unload()
    bench_steps["script_unload"] = time.perf_counter() - began
    with open(os.path.join(bench_folder, "times.json"), "w") as file:
        json.dump({{"steps": bench_steps, "turns": bench_turns}}, file)
"""


class Inside:
    """One script for one OBS; what it writes lies in `folder`. `turns` are made each time OBS calls the timer."""

    def __init__(self, folder: Path, source: Path | None, turns: int = 1) -> None:
        self.folder = folder
        self.script = folder / "vmsc_bench.py"
        self.script.write_text(_TEXT.format(folder=str(folder), source=str(source or ""), turns=turns), encoding="utf-8")
        self._profiles = 0

    def turn_off(self) -> None:
        """At OBS's next start vmsc_obs.py isn't there. What it has put into the scene is."""
        (self.folder / "off").touch()

    def profile(self, obs) -> str:  # type: ignore[no-untyped-def]
        """OBS's profile since its start, as CSV."""
        obs.hotkey(HOTKEY)
        path = self.folder / f"{self._profiles}.csv"
        self._profiles += 1
        obs.wait(path.exists, 10, "OBS's profile")
        return path.read_text(encoding="utf-8")

    def times(self) -> dict:  # type: ignore[type-arg]
        """After OBS has ended: {"steps": {name: seconds}, "turns": [[monotonic seconds, seconds, CPU seconds], …]}."""
        return json.loads((self.folder / TIMES).read_text(encoding="utf-8"))  # type: ignore[no-any-return]
