"""What actions have begun and time ends: sources shown for a while, a scene to go back from, a volume that fades.

From the timer, with monotonic seconds; `restore` is for the UI thread, at the end of the script.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import obspython as obs

from vmsc_core.obs.references import source_named
from vmsc_core.obs.targets import each_copy, scene_on_air, set_visible

MOST = 500
"""Things that run at the same time; one more ends the oldest at once."""


@dataclass(frozen=True)
class Return:
    """At `at` OBS goes back from the scene `there` to `back`, unless somebody has switched meanwhile."""

    there: str
    back: str
    at: float


@dataclass(frozen=True)
class Fade:
    """A volume on its way between two moments; `start` and `end` are OBS's multipliers."""

    start: float
    end: float
    begun: float
    until: float

    def at(self, now: float) -> float:
        """The multiplier at `now`. Even steps of loudness: the third root of the multiplier moves at a constant pace."""
        part = 1.0 if self.until <= self.begun else min(1.0, max(0.0, (now - self.begun) / (self.until - self.begun)))
        return float((self.start ** (1 / 3) * (1 - part) + self.end ** (1 / 3) * part) ** 3)


class Timed:
    """`switch` switches OBS to the scene of a name, without waiting; False when it can't now. `next_scene` says to which it is
    still to be switched, "" for none.
    """

    def __init__(self, switch: Callable[[str], bool], next_scene: Callable[[], str] = str) -> None:
        self._switch, self._next_scene = switch, next_scene
        self._hides: dict[tuple[str, str], float] = {}
        self._return: Return | None = None
        self._fades: dict[str, Fade] = {}

    def hide_later(self, scene: str, source: str, at: float) -> None:
        """Of two moments for one source, the later one counts."""
        before = self._hides.pop((scene, source), at)
        if len(self._hides) >= MOST:
            self._hide(next(iter(self._hides)))
        self._hides[scene, source] = max(at, before)

    def keep(self, scene: str, source: str) -> None:
        """The source was shown for good, or hidden: nothing is to be done later."""
        self._hides.pop((scene, source), None)

    def go_back_later(self, there: str, now_on_air: str, at: float) -> None:
        """OBS is being switched to `there`. From a scene that itself was to be left, the way leads back to the first one."""
        before = self._return
        back = before.back if before is not None and before.there == now_on_air else now_on_air
        self._return = Return(there, back, at) if there != back else None

    def stay(self) -> None:
        """OBS is being switched for good."""
        self._return = None

    def fade(self, source: str, fade: Fade) -> None:
        """A volume begins to move; what moved it before ends."""
        self._fades.pop(source, None)
        if len(self._fades) < MOST:
            self._fades[source] = fade

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What is shown for a while: scene and source. Any thread."""
        return list(self._hides)

    @property
    def fading(self) -> list[tuple[str, float]]:
        """Which volumes are on their way, and to where: source and multiplier. Any thread."""
        return [(source, fade.end) for source, fade in list(self._fades.items())]

    def turn(self, now: float) -> None:
        """Ends what is over."""
        if not (self._hides or self._return or self._fades):
            return
        for shown in [shown for shown, at in self._hides.items() if at <= now]:
            self._hide(shown)
        going = self._return
        # A switch that still waits isn't one by hand: the way back begins once it was done.
        if going is not None and going.at <= now and self._next_scene() != going.there and self._goes_back(going):
            self._return = None
        for source, fade in list(self._fades.items()):
            self._step(source, fade, now)

    def _goes_back(self, going: Return) -> bool:
        return scene_on_air() != going.there or self._switch(going.back)

    def restore(self) -> None:
        """Hides what was only shown for a while, and gives each volume its end."""
        for shown in list(self._hides):
            self._hide(shown)
        for source, fade in list(self._fades.items()):
            self._step(source, fade, fade.until)

    def _hide(self, shown: tuple[str, str]) -> None:
        self._hides.pop(shown, None)
        each_copy(*shown, lambda item: set_visible(item, False))

    def _step(self, name: str, fade: Fade, now: float) -> None:
        with source_named(name) as source:
            if source is not None:
                obs.obs_source_set_volume(source, fade.at(now))
        if source is None or now >= fade.until:
            self._fades.pop(name, None)
