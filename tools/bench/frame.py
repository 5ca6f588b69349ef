"""What the script takes from a frame of a real OBS at 60 fps: OBS's own profiler, with and without the script, in turns.

Without, OBS has the same card in its scene, which nobody writes on, and the same chat is sent, to a reader that forgets it. Every
phase asserts that the card counted exactly what the simulator sent. `tick_sources` is the step that scripts' timers run in; the
stop-watch around the timer's turn says which part of it is ours.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from obs_sandbox import SCENE, ObsSandbox

from bench import obs_profile
from bench.inside import Inside
from bench.kick_process import SLUG, KickProcess, reader
from bench.obs_profile import FRAME, TICK, Durations
from bench.table import Goal, Result, Table, percentile
from vmsc_core.rules import actions as act
from vmsc_core.rules.filters import REGEX, Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.rules.saved import dumps

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 8.0
"""Of a phase."""

NOISE = 1.0
"""Of 100 frames: what two runs of the same differ by."""

TEXT_LOOKS = {"text": "Anna: hello\n" * 8, "font": {"face": "DejaVu Sans", "size": 24}}
"""Of the texts that rules write to; as large without the script, since drawing a large text by software takes most of a frame."""

WITHOUT, WITH, WITH_RULES, EMPTY = "without", "with", "with 20 rules", "without a card"
DISCONNECTED, QUIET, LIVE = "disconnected", "connected, quiet", "live (the dot pulses)"
BOMB = "5,000/s and a gift bomb"
FLOODS = {"50/s": 50, "1,000/s": 1000, "5,000/s": 5000, BOMB: 5000}
PHASES = (DISCONNECTED, QUIET, LIVE, *FLOODS)
GIFTS, RECIPIENTS = 5, 100
VIEWERS = 3000
"""Who write in turns. Each has written, and was greeted, before the first flood."""


def twenty_rules() -> list[Rule]:
    """What a busy streamer may have: every chat message is looked at by several, some write to a text, most never fire."""
    add = (act.AddLine("Feed", "{user}: {message}", keep=8),)
    say = (act.SetText("Mine", "{user}"),)
    alert = (act.ShowAlert("{user}", "{count}", seconds=2.0),)
    commands = [Rule(f"c{n}", trigger=Trigger("command", f"!word{n}"), actions=say) for n in range(8)]
    chat = [Rule(f"t{n}", trigger=Trigger("chat"), filters=Filters(f"never said {n}"), actions=say) for n in range(4)]
    return [
        Rule("box", trigger=Trigger("chat"), filters=Filters(cooldown=0.5), actions=add),
        Rule("pattern", trigger=Trigger("chat"), filters=Filters("(?i)[gq]uest.*$", REGEX), actions=say),
        Rule("first", trigger=Trigger("first_message"), actions=say),
        Rule("gifts", trigger=Trigger("gifted_subs"), actions=alert),
        Rule("subs", trigger=Trigger("subscription"), actions=alert),
        Rule("raid", trigger=Trigger("host"), actions=alert),
        Rule("follow", trigger=Trigger("follow"), actions=alert),
        Rule("away", trigger=Trigger("connection"), actions=say),
        *commands,
        *chat,
    ]


@dataclass
class Phase:
    """What was measured in one phase of one run; of each turn the seconds it took, and those of the CPU."""

    tick: Durations
    frame: Durations
    skipped: float
    turns: list[tuple[float, float]]


class Run:
    """One OBS with one variant, through all its phases."""

    def __init__(self, variant: str, seconds: float) -> None:
        self.variant, self.seconds = variant, seconds
        self.phases: dict[str, Phase] = {}
        self._spans: dict[str, tuple[float, float]] = {}
        self._sent = 0
        self.steps: dict[str, float] = {}

    def go(self) -> Run:
        """Runs it."""
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            kick = stack.enter_context(KickProcess())
            is_there = self.variant in (WITH, WITH_RULES)
            inside = Inside(folder, None if self.variant == EMPTY else ROOT / "vmsc_obs.py")
            rules = {"rules": dumps(twenty_rules())} if self.variant == WITH_RULES else {}
            with ObsSandbox(script=inside.script, settings=kick.settings(add_alert_at_start=True, **rules)) as obs:
                for name in ("Mine", "Feed"):
                    obs.ws.create_input(SCENE, name, "text_ft2_source_v2", TEXT_LOOKS, True)
                time.sleep(1)
                if not is_there:
                    if self.variant == WITHOUT:
                        obs.wait(lambda: "Kick alert: detail" in obs.inputs(), 10, "the card and the alert")
                        inside.turn_off()
                        obs.restart()
                    stack.enter_context(reader(kick))
                    time.sleep(1)
                if is_there:
                    self._phase(DISCONNECTED, obs, inside, kick)
                    obs.hotkey("vmsc_hotkey_connect")  # servers that aren't Kick's wait for a press
                    obs.wait(lambda: words(obs).startswith("0 events"), 20, "the card to say Connected")
                    time.sleep(1)
                self._phase(QUIET, obs, inside, kick)
                if is_there:
                    kick.do("go_live", SLUG)
                    time.sleep(1)
                    self._phase(LIVE, obs, inside, kick)
                    self._greet(obs, kick)
                for name in FLOODS if self.variant != EMPTY else ():
                    self._phase(name, obs, inside, kick)
                ended = obs.quit()
                assert ended.code == 0, f"OBS ended with {ended.code}"
            times = inside.times()
            self.steps = times["steps"]
            for name, (began, end) in self._spans.items():
                self.phases[name].turns = [(took, cpu) for at, took, cpu in times["turns"] if began <= at < end]
        return self

    def _greet(self, obs: ObsSandbox, kick: KickProcess) -> None:
        """Everybody writes once."""
        self._sent += kick.do("flood", SLUG, VIEWERS, VIEWERS, viewers=VIEWERS)
        obs.wait(lambda: counted(words(obs)) == self._sent, 15, "everybody's first message on the card")

    def _phase(self, name: str, obs: ObsSandbox, inside: Inside, kick: KickProcess) -> None:
        profile, stats, began = inside.profile(obs), obs.ask("GetStats"), time.monotonic()
        rate = FLOODS.get(name)
        if rate is None:
            time.sleep(self.seconds)
        else:
            flood = kick.begin("flood", SLUG, int(rate * self.seconds), rate, viewers=VIEWERS)
            if name == BOMB:
                for number in range(GIFTS):
                    time.sleep(self.seconds / (GIFTS + 2))
                    kick.do("gift", SLUG, RECIPIENTS, gifter=f"Bomber{number}")
                self._sent += GIFTS
            arrived = flood.result(120)[1]
            assert arrived == int(rate * self.seconds), f"{arrived} of {int(rate * self.seconds)} sent"
            self._sent += arrived
        after, later = inside.profile(obs), obs.ask("GetStats")
        self._spans[name] = (began, time.monotonic())
        tick, frame = (obs_profile.read(after, step).since(obs_profile.read(profile, step)) for step in (TICK, FRAME))
        frames = later["renderTotalFrames"] - stats["renderTotalFrames"]
        skipped = (later["renderSkippedFrames"] - stats["renderSkippedFrames"]) / max(1, frames)
        self.phases[name] = Phase(tick, frame, skipped, [])
        if rate and self.variant in (WITH, WITH_RULES):
            obs.wait(lambda: counted(words(obs)) == self._sent, 15, f"{self._sent} events on the card, not {words(obs)}")


def words(obs: ObsSandbox) -> str:
    """The card's second line; empty without a card."""
    names = obs.inputs()
    return str(obs.input_settings("Kick card: detail").get("text", "")) if "Kick card: detail" in names else ""


def counted(words: str) -> int:
    """The number of events in a line of the card; -1 without one."""
    found = re.search(r"([\d,]+) events?\b", words)
    return int(found[1].replace(",", "")) if found else -1


def baseline(phase: str) -> str:
    """The phase without the script that this one is compared to."""
    return phase if phase in FLOODS else QUIET


def summary(runs: Iterable[Run], variant: str, phase: str) -> Optional[Phase]:
    """All rounds of one variant in one phase as one."""
    found = [run.phases[phase] for run in runs if run.variant == variant and phase in run.phases]
    if not found:
        return None
    return Phase(
        obs_profile.together(one.tick for one in found),
        obs_profile.together(one.frame for one in found),
        sum(one.skipped for one in found) / len(found),
        [turn for one in found for turn in one.turns],
    )


def measure(rounds: int = 2, seconds: float = SECONDS) -> Result:
    """Without, with, with rules; and again."""
    runs = []
    for number in range(rounds):
        for variant in (WITHOUT, WITH, WITH_RULES):
            print(f"The script in OBS: {variant}, round {number + 1} of {rounds} …", flush=True)
            runs.append(Run(variant, seconds).go())
    return result(runs, rounds, seconds)


def result(runs: list[Run], rounds: int, seconds: float) -> Result:
    """The tables."""
    ticks, frames, turns = [], [], []
    goals: list[Goal] = []
    curves: dict[str, list[tuple[float, float]]] = {}
    for variant in (WITH, WITH_RULES):
        for phase in PHASES:
            ours, base = summary(runs, variant, phase), summary(runs, WITHOUT, baseline(phase))
            if ours is None or base is None:
                continue
            singles = [run.phases[baseline(phase)].tick.part(0.99) for run in runs if run.variant == WITHOUT]
            added = [ours.tick.part(0.5) - base.tick.part(0.5), ours.tick.mean - base.tick.mean]
            slower = ours.tick.part(0.99) - base.tick.part(0.99)
            ticks.append(
                (f"{variant}: {phase}", *(f"{base.tick.part(part):.3f} → {ours.tick.part(part):.3f}" for part in (0.5, 0.99)),
                 f"{added[1]:+.3f}", f"{slower:+.2f}", f"{max(singles) - min(singles):.2f}")
            )  # fmt: skip
            frames.append(
                (f"{variant}: {phase}", *(f"{base.frame.part(part):.2f} → {ours.frame.part(part):.2f}" for part in (0.5, 0.99)),
                 f"{ours.frame.mean - base.frame.mean:+.2f}", f"{base.skipped:.1%} → {ours.skipped:.1%}")
            )  # fmt: skip
            wall, cpu = ([turn[which] * 1000 for turn in ours.turns] for which in (0, 1))
            median, p99 = percentile(cpu, 0.5), percentile(cpu, 0.99)
            waited = (f"{percentile(wall, part):.2f}" for part in (0.5, 0.99))
            turns.append((f"{variant}: {phase}", f"{median:.2f}", f"{p99:.2f}", *waited, f"{sum(cpu) / seconds / rounds:.1f}"))
            if phase in FLOODS and phase != BOMB:
                name = "turn, median" if variant == WITH else "turn with 20 rules, median"
                curves.setdefault(name, []).append((FLOODS[phase], median))
                curves.setdefault(name.replace("median", "p99"), []).append((FLOODS[phase], p99))
            suffix = "" if variant == WITH else ", 20 rules"
            if phase == QUIET and variant == WITH:
                goals.append(Goal("quiet: added to the median tick", 0.05, added[0], "ms"))
            elif phase in ("1,000/s", "5,000/s"):
                limit = 0.5 if phase == "1,000/s" else 1.0
                goals.append(Goal(f"{phase}{suffix}: added to the tick's p99", limit, slower, "ms"))
            more = (ours.skipped - base.skipped) * 100
            goals.append(Goal(f"{phase}{suffix}: frames skipped, more than without", NOISE, more, "%"))
    note = (
        f"{rounds} rounds in turns, {seconds:g} s a phase. Without → with the script. Every count on the card was exact. "
        f"{VIEWERS:,} viewers write in turns; one of the rules greets each once, and has done so before."
    )
    heads = (
        ("phase", "median", "p99", "mean +", "p99 +", "p99 of the rounds without, apart"),
        ("phase", "median", "p99", "mean +", "frames skipped"),
        ("phase", "CPU: median ms", "p99 ms", "with waiting: median ms", "p99 ms", "CPU ms of each second"),
    )
    tables = [
        Table("OBS's tick_sources, ms a frame", heads[0], ticks, note),
        Table("OBS's whole frame (obs_graphics_thread), ms", heads[1], frames),
        Table("The timer's turn, ten a second", heads[2], turns),
    ]
    return Result(tables, goals, curves)
