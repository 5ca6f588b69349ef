"""Rehearse: a second App with a scripted world and rules of its own, whose state the card shows for about a minute.

The real App goes on behind it: it counts, and its rules fire; its painter paints what the rehearsal has come to, by way of
`App.preview`. So whatever goes wrong here, a second later the card shows the truth.

Threads: `turn` is the timer's; all else is UI. One assignment hands a Run over, in either direction.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from vmsc_core.app import App
from vmsc_core.card.painter import Content
from vmsc_core.kick.channel import slug_or_nothing
from vmsc_core.known import KnownChannel
from vmsc_core.link.scripted import found
from vmsc_core.link.stage import Stage
from vmsc_core.obs.actions import Actions, Files, Lane
from vmsc_core.obs.before import Before
from vmsc_core.obs.targets import scene_on_air
from vmsc_core.obs.turns import each
from vmsc_core.preview import CONFIRM_SECONDS, NAME, Preview
from vmsc_core.reasons import Reason, because
from vmsc_core.rehearsal.frames import CHANNEL_ID, CHATROOM_ID
from vmsc_core.rehearsal.story import FOLLOWERS, Cue, story
from vmsc_core.rehearsal.summary import summary
from vmsc_core.rules import actions as act
from vmsc_core.rules.actions import Planned
from vmsc_core.rules.book import Rulebook
from vmsc_core.rules.rule import Rule
from vmsc_core.settings import PUSHER, Choices, Wish

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script

log = logging.getLogger("vmsc.obs")

AFTERGLOW, MOST_AFTERGLOW = 4.0, 30.0
"""Seconds that the end is shown, and that waiting alerts may take until they were shown."""

MOST_SECONDS = 240.0
"""Then it ends, whatever has become of its link."""

SHOWN_SECONDS = 1.0
"""Without another turn, the card shows the truth again after so many."""

LEFT_OUT = (
    act.Record,
    act.SaveReplay,
    act.ChapterMarker,
    act.PressHotkey,
    act.WriteEvent,
    act.WriteLabel,
    act.WithdrawLabel,
)
"""What can't be taken back."""

MakeStage = Callable[["tuple[Cue, ...]", Callable[[], float]], Stage]


class Rehearsal:
    """The rehearsals of one script: `start` and `stop` them; `lines` says what the last one showed."""

    def __init__(self, script: Script, lane: Lane, files: Files, make_stage: MakeStage = Stage) -> None:
        self._script, self._lane, self._files = script, lane, files
        self.make_stage = make_stage
        self._run: _Run | None = None
        self._result: list[Reason] = []
        self._asked_at = -math.inf
        self._left_over = Before(lane.switch_scene, script.values["rehearsal_before"])  # of one that OBS's end has ended

    @property
    def is_running(self) -> bool:
        """Whether the card shows a rehearsal."""
        return self._run is not None

    @property
    def is_ending(self) -> bool:
        """Whether the one that runs was stopped, and its end hasn't come yet."""
        run = self._run
        return run is not None and run.is_stopped

    @property
    def lines(self) -> list[Reason]:
        """For the page: how far it is, or what the last one showed; nothing before the first one."""
        run = self._run
        if run is None:
            return self._result
        return [because("rehearsal_running", seconds=max(0, round(self._script.app.now - run.begun)))]

    def start(self, rules: tuple[Rule, ...]) -> Reason:
        """Begins one with these rules; what to say of that. On air a second press is needed: viewers will see it."""
        app = self._script.app
        if self._run is not None:
            return because("rehearsal_runs")
        asked_at, self._asked_at = self._asked_at, app.now
        if app.host.on_air and app.now - asked_at > CONFIRM_SECONDS:
            return because("rehearsal_on_air")
        self._asked_at = -math.inf
        self._run = _Run(self._script, rules, self._lane, self._files, self.make_stage)
        log.info("the rehearsal begins")
        return because("rehearsal_begun")

    def stop(self) -> Reason:
        """Ends the one that runs, in the next turn; what to say of that."""
        run = self._run
        if run is None:
            return because("rehearsal_none")
        run.is_stopped = True
        return because("rehearsal_stopping")

    def turn(self, now: float) -> None:
        """One turn of the timer."""
        if self._left_over and scene_on_air():  # only then are the collection's sources there
            self._left_over.restore()
            self._script.app.unsaved = True
        run = self._run
        if run is None:
            return
        if self._script.app.host.on_air and not run.for_viewers:
            run.is_stopped, run.went_on_air = True, True
        if not run.is_stopped:  # what a turn begins OBS does with its next frame: too late to be seen and put back now
            run.turn(now)
        if run.is_over(now):
            self._result = run.end(now)
            self._run = None  # last: from now on the page shows the result
            self._script.app.unsaved = True
            log.info("the rehearsal is over")

    def to_save(self) -> dict[str, str]:
        """The hidden setting by which the next script puts back what this one no longer can."""
        run = self._run
        return {"rehearsal_before": (self._left_over if run is None else run.before).to_save()}

    def close(self) -> None:
        """Ends the one that runs with the script, and its thread with it."""
        run, self._run = self._run, None
        if run is not None:
            run.close()


class _Run:
    """One rehearsal. Made on the UI thread, then the timer's; `is_stopped` may be set by any."""

    def __init__(self, script: Script, rules: tuple[Rule, ...], lane: Lane, files: Files, make_stage: MakeStage) -> None:
        real = script.app
        self._script, self._rules, self._lane = script, rules, lane
        self.begun = real.now
        self.is_stopped = False
        self.for_viewers, self.went_on_air = real.host.on_air, False  # it began on air only if that was asked for twice
        self._ends_at: float | None = None
        self._troubles: dict[str, Reason] = {}
        self._actions, self.before = Actions(lane, files), Before(lane.switch_scene, next_scene=lambda: lane.next_scene)
        self._shown: tuple[Choices, Choices] | None = None
        self._stage = make_stage(story(rules, time.time(), real.choices.language), lambda: real.now)
        slug = slug_or_nothing(script.values["username"]) or NAME
        known = {slug: KnownChannel(CHATROOM_ID, CHANNEL_ID, real.state.name or slug)}
        self._stage.lookup(found(slug, CHANNEL_ID, CHATROOM_ID, FOLLOWERS, name=real.state.name or slug))
        self._app = App(_Nowhere(), lambda: real.now, self._stage.ports(), slug, known, real.choices)
        self._app.rulebook, self._app.perform = Rulebook(rules, random.random, real.choices.language), self._perform
        self._app.rulebook.stopwatch, self._app.rulebook.explains = time.perf_counter, True
        # An address of this computer, so that nobody is asked for one; a scripted world opens none.
        self._app.connect(Wish(username=slug, provider=PUSHER, poll=False, websocket_address="ws://127.0.0.1:9/"))

    def turn(self, now: float) -> None:
        real, app = self._script.app, self._app
        was_over = self._stage.over  # asked first: what came before the end is in the inbox by then
        app.host = real.host
        app.turn()
        self._actions.turn(now)
        real.preview = Preview(app.state, self._marked(real.choices), now + SHOWN_SECONDS, self.for_viewers)
        if self._ends_at is None and was_over:
            app.disconnect()
            self._ends_at = now + AFTERGLOW

    def is_over(self, now: float) -> bool:
        if self.is_stopped or now >= self.begun + MOST_SECONDS:
            return True
        if self._ends_at is None or now < self._ends_at:
            return False
        return self._app.rulebook.deadline is None or now >= self._ends_at + MOST_AFTERGLOW

    def end(self, now: float) -> list[Reason]:
        """Ends it without waiting for its thread; what it showed."""
        app, language = self._app, self._script.app.choices.language
        showed = summary(app.rulebook.outcomes(now), self._rules, self._troubles, self._ends_at is None, language)
        app.perform = _nothing
        app.disconnect()
        app.turn()  # its link is asked to end
        self._put_back()
        return [because("rehearsal_went_on_air"), *showed] if self.went_on_air else showed

    def close(self) -> None:
        """Ends it, and waits for its thread."""
        self._app.perform = _nothing
        each(self._app.close, self._put_back)

    def _put_back(self) -> None:
        self._script.app.preview = None
        each(self._actions.restore, self.before.restore)

    def _perform(self, planned: Planned, now: float) -> None:
        action = planned.action
        if isinstance(action, LEFT_OUT):
            self._troubles.setdefault(planned.rule_id, because("rehearsal_left_out"))
            return
        trouble = self.before.around(action, lambda: self._actions.perform(action, now))
        if trouble is not None:
            self._troubles[planned.rule_id] = trouble

    def _marked(self, choices: Choices) -> Choices:
        """The user's choices, with the mark; the same object as long as they are, so that nothing is rendered twice."""
        if self._shown is None or self._shown[0] is not choices:
            self._shown = (choices, replace(choices, mark="card_rehearsal"))
        return self._shown[1]


class _Nowhere:
    """Sources of a painter that paints nothing."""

    user_roles: tuple[str, ...] = ()

    def write(self, role: str, content: Content) -> bool:
        """It is written, as far as the painter knows."""
        return True

    def read(self, role: str) -> Content | None:
        """Nothing."""
        return None


def _nothing(planned: Planned, now: float) -> None:
    """Does nothing."""
