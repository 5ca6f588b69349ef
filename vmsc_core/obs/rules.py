"""The rules of one script: kept in its settings, followed by the Rulebook, done by Actions. Knows no page.

Threads: `perform` and `turn` are the timer's; all else is UI. What the UI wants of the Rulebook waits in a queue for the next
turn, which owns it.
"""

from __future__ import annotations

import json
import math
import os
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vmsc_core import json_text
from vmsc_core.link.writer import Writer
from vmsc_core.obs.actions import Actions
from vmsc_core.obs.rehearsal import Rehearsal
from vmsc_core.obs.rules_key import read_or_make
from vmsc_core.obs.targets import scene_on_air
from vmsc_core.obs.turns import each
from vmsc_core.obs.ui_lane import UiLane
from vmsc_core.obs.values import write_values
from vmsc_core.reasons import Reason, because
from vmsc_core.rules.actions import Action, Planned, ShowAlert, WriteEvent, WriteLabel, changed_by, in_the_end
from vmsc_core.rules.book import Rulebook
from vmsc_core.rules.mark import mark_of, may_run
from vmsc_core.rules.rule import MOST_ACTIONS, Rule
from vmsc_core.rules.samples import sample
from vmsc_core.rules.saved import dumps, loads, too_long
from vmsc_core.rules.sentence import when

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script

MOST_PROBLEMS = 20
SAVE_AFTER = 1.0
"""Seconds after a change until OBS is asked to save: a rule changes with every letter that is typed."""

FOLDER = "VMSC files"
"""Beside the script: what rules write."""

MOST_WISHES = 50
LEFT_FOR = 30.0
"""Seconds for which the scene or source is waited for in which something was left as it was in between."""

MOST_LEFT = 50


@dataclass(frozen=True)
class Tried:
    """A rule was tried: what would keep it from firing at the moment, and what stood in the way of what it did at once."""

    against: tuple[Reason, ...]
    troubles: tuple[Reason, ...]


class ObsRules:
    """`attach` the app once; then `turn` in each turn, after the app's."""

    def __init__(self, script: Script) -> None:
        self._script = script
        text = script.values["rules"]
        loaded = loads(text)
        self.rules: tuple[Rule, ...] = loaded.rules
        self.refused: Reason | None = loaded.refused
        """Why what was saved can't be used: it is kept, and nothing of it fires."""
        self.kept = loaded.kept
        self.key = read_or_make()
        self.own = may_run(loaded, text, script.values["rules_mark"], self.key.key)
        """Whether they are this computer's: those of somebody else's scene collection don't run until `use` is called."""
        self._book = Rulebook(self.rules if self.own else (), random.random)
        self._book.stopwatch = time.perf_counter
        self.lane = UiLane()
        self.files = Writer(os.path.join(script.folder, FOLDER))
        self._actions = Actions(self.lane, self.files)
        self.rehearsal = Rehearsal(script, self.lane, self.files)
        self._problems: dict[Reason, None] = {}
        self._wishes: deque[Callable[[], object]] = deque(maxlen=MOST_WISHES)
        self._save_at = math.inf
        self._left = _read_left(script.values["rules_shown"])
        self._give_up_at = math.inf
        self._undone = _read_undone(script.values["rules_undone"])
        self.tried: Tried | None = None
        """What came of the rule that was tried last; None until the next turn has tried it."""
        self._start_files(self.rules if self.own else ())

    def attach(self) -> None:
        """The app asks these rules from now on."""
        app = self._script.app
        app.rulebook, app.perform = self._book, self.perform
        self._book.clock_offset = time.time() - app.now

    def replace(self, rules: tuple[Rule, ...]) -> Reason | None:
        """Other rules: saved, and followed from the next turn on; why not.

        They are this computer's own if those before them were: an edit of somebody else's doesn't make the rest ours.
        """
        text = dumps(rules, self.kept)
        trouble = too_long(text, len(rules) + len(self.kept))
        if trouble is not None:
            return trouble
        self.own = self.own or not (rules or self.kept)
        values = {"rules": text, "rules_mark": mark_of(text, self.key.key) if self.own else ""}
        if self.refused is not None:  # a newer version may still want it
            values["rules_before"] = self._script.values["rules"]
            self.refused = None
        self.rules = rules
        self._write(values)
        self._save_at = self._script.app.now + SAVE_AFTER
        self._problems.clear()
        self._follow()
        return None

    def use(self) -> None:
        """The rules that came with somebody else's scene collection are this computer's own from now on, as they are."""
        self.own = True
        self._write({"rules_mark": mark_of(self._script.values["rules"], self.key.key)})
        self._follow()

    def _write(self, values: dict[str, str]) -> None:
        write_values(self._script.settings, values)
        self._script.values = {**self._script.values, **values}

    def _follow(self) -> None:
        rules = self.rules if self.own else ()
        self._start_files(rules)
        self._wishes.append(lambda: self._book.replace(rules))

    def try_it(self, rule: Rule) -> None:
        """Runs a rule with a made-up event in the next turn, whatever its filters say; then `tried` says what that showed."""
        self._problems.clear()
        self._start_files((rule,))
        self.tried = None
        self._wishes.append(lambda: self._try(rule))

    def toggle_pause(self) -> None:
        """Nothing fires until the next call. Any thread."""
        self._wishes.append(lambda: setattr(self._book, "paused", not self._book.paused))

    def skip_alert(self) -> None:
        """The alert that is shown ends. Any thread."""
        self._wishes.append(self._book.skip_alert)

    def test_alert(self) -> None:
        """Shows an alert with made-up words. Any thread."""
        own = self.rules if self.own else ()
        rule = next((rule for rule in own if any(isinstance(one, ShowAlert) for one in rule.actions)), None)
        self._wishes.append(lambda: self._run(rule or TEST))

    @property
    def paused(self) -> bool:
        """Whether nothing fires at the moment."""
        return self._book.paused

    @property
    def problems(self) -> list[Reason]:
        """What stood in the way of an action since the rules were changed last, each once."""
        left_out = self._book.thinned + self._book.dropped_alerts
        thinned = [because("rules_thinned", count=f"{left_out:,}")] if left_out else []
        files = self.files.problem
        return [*([self.refused] if self.refused else []), *self._problems, *thinned, *([files] if files else [])]

    def perform(self, planned: Planned, now: float) -> None:
        """Does one action."""
        self._do(planned, now)

    def _do(self, planned: Planned, now: float) -> Reason | None:
        trouble = self._actions.perform(planned.action, now)
        if trouble is not None:
            self._note(trouble)
        return trouble

    def _note(self, trouble: Reason) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems[trouble] = None

    def turn(self, now: float) -> None:
        """Ends what is over, and does what the page asked for."""
        while self._wishes:
            self._wishes.popleft()()
        self._actions.turn(now)
        self.rehearsal.turn(now)
        self.lane.turn()
        if self._left:
            self._end_left(now)
        if self._undone and scene_on_air():  # only then are the collection's sources there
            self._finish(self._undone)
            self._undone, self._script.app.unsaved = [], True
        if now >= self._save_at:
            self._save_at, self._script.app.unsaved = math.inf, True
        while rule_id := self._book.slow():
            rule = next((rule for rule in self.rules if rule.id == rule_id), None)
            if rule is not None:
                self._note(because("rule_pattern_busy", rule=rule.name or when(rule, self._script.app.choices.language)))
        while self.lane.dropped_switches:
            self._note(because("rule_switch_dropped", name=self.lane.dropped_switches.popleft()))
        while self.lane.unknown_hotkeys:
            self._note(because("rule_no_hotkey", name=self.lane.unknown_hotkeys.popleft()))

    def save(self, settings: Any) -> None:
        """Writes what is changed for a while only, which OBS is about to save as it is. UI thread."""
        begun, undone = [*self._actions.begun, *self._left], [*self._undone, *self._book.undone][:MOST_LEFT]
        values = {
            "rules_shown": json.dumps(begun) if begun else "",
            "rules_undone": dumps(_in_rules(undone)) if undone else "",
        }
        write_values(settings, {**values, **self.rehearsal.to_save()})

    def close(self) -> None:
        """Ends it all; what was shown, muted, or changed for a while is as it was to be in the end."""
        undone = self._book.undone
        each(self.rehearsal.close, self.lane.close, lambda: self._finish(undone), self._actions.restore, self.files.close)

    def _finish(self, undone: list[Action]) -> None:
        """Does at once what chains would still have done with what they had changed."""
        for action in undone:
            self._actions.perform(action, self._script.app.now)

    def _end_left(self, now: float) -> None:
        """Ends what was saved before its time came, as soon as its scene or source is there."""
        self._give_up_at = min(self._give_up_at, now + LEFT_FOR)
        left = [pair for pair in self._left if not self._actions.end(*pair)]
        self._left = left if now < self._give_up_at else []

    def _run(self, rule: Rule) -> list[Reason]:
        """Runs it with a made-up event; what stood in the way of what was done at once."""
        app = self._script.app
        planned = self._book.try_now(rule, sample(rule), app.state, app.now)
        return [trouble for one in planned if (trouble := self._do(one, app.now)) is not None]

    def _try(self, rule: Rule) -> None:
        app = self._script.app
        against = self._book.why_not(rule, sample(rule), app.state, app.host, app.now)  # first: running it may change that
        strange = [] if self.own else [because("rule_not_ours")]
        self.tried = Tried((*strange, *against), tuple(self._run(rule)))

    def _start_files(self, rules: tuple[Rule, ...]) -> None:
        if any(isinstance(action, (WriteEvent, WriteLabel)) for rule in rules for action in rule.actions):
            self.files.start()


def _read_left(text: str) -> list[tuple[str, str | float]]:
    """What `save` has written: pairs of scene and source, or of source and volume."""
    read = json_text.parse(text) if text else None
    rows = read if isinstance(read, list) else []
    pairs = [(row[0], row[1]) for row in rows[:MOST_LEFT] if isinstance(row, list) and len(row) == 2 and type(row[0]) is str]
    return [(where, what) for where, what in pairs if type(what) is str or (type(what) is float and 0 <= what <= 100)]


def _in_rules(undone: list[Action]) -> list[Rule]:
    """Actions as rules can be saved: no rule has more than MOST_ACTIONS."""
    starts = range(0, len(undone), MOST_ACTIONS)
    return [Rule(f"undone{start}", actions=tuple(undone[start : start + MOST_ACTIONS])) for start in starts]


def _read_undone(text: str) -> list[Action]:
    """What `save` has written. A stranger's collection may hold anything here: only what changes something back is taken."""
    rules = loads(text).rules if text else ()
    actions = [action for rule in rules for action in rule.actions if changed_by(action) is not None]
    return [in_the_end(action) for action in actions[:MOST_LEFT]]


TEST: Any = Rule("test", actions=(ShowAlert("{user}", ""),))
"""What "Kick: test alert" shows while no rule shows an alert."""
