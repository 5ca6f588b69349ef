"""The card in OBS, and the sources of the user's own that show the same: made, painted on, kept in shape. Knows no connection.

Threads: `follow`, `arrange` and `repair` are the timer's; all else is UI.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from vmsc_core.app import App
from vmsc_core.obs import scene
from vmsc_core.obs.arrange import Arranger
from vmsc_core.obs.looks import canvas_size
from vmsc_core.obs.masks import MaskPaths
from vmsc_core.obs.sources import ObsSources
from vmsc_core.preview import CONFIRM_SECONDS, preview
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import Choices


class ObsCard:
    """Of one script. `identities` tell the user's own sources from others of their names, see Memory."""

    def __init__(self, choices: Choices, identities: Mapping[str, str]) -> None:
        self.sources = ObsSources(choices.text_source, choices.color_source, identities)
        self._followed = choices
        self._masks, self._arranger = MaskPaths(), Arranger()
        self._repaint, self._may_convert = False, True
        self._asked_at = -math.inf

    def follow(self, choices: Choices, app: App) -> None:
        """The user may have chosen other sources, or a piece may have been made again."""
        is_followed = self._followed is choices or self._followed == choices
        if is_followed and not self._repaint:
            self._followed = choices
            return
        self._repaint = False
        self._followed = app.choices = choices
        targets, known = (choices.text_source, choices.color_source), self.sources.identities
        self.sources.leave(targets)
        self.sources = ObsSources(*targets, known)
        app.repaint(self.sources)

    def arrange(self, app: App) -> None:
        """Puts the pieces where what is painted wants them. A card of an earlier version is converted at the next save."""
        self._arranger.follow(app.card, self._followed, self.sources, app.now)
        if self._arranger.is_old and self._may_convert:
            app.unsaved = True  # what is to be made is made on the UI thread, and OBS calls script_save there

    @property
    def canvas(self) -> Reason | None:
        """What is to be said when the card was made for another canvas than there is. UI thread."""
        made_for, there = self._arranger.canvas, canvas_size()
        if made_for is None or made_for == there:
            return None
        made, now = (f"{width}\u00d7{height}" for width, height in (made_for, there))
        return because("page_other_canvas", made=made, now=now)

    def repair(self) -> None:
        """Points the pieces' shapes to this script's folder."""
        self._masks.repair(self.sources)

    def add(self, choices: Choices, app: App) -> Reason:
        """Builds the card in the current scene, or repairs it there; what was done."""
        done = scene.add_card(choices, app.card)
        self._start_over(app)
        return done

    def reset(self, choices: Choices, app: App) -> Reason:
        """Gives the card the looks of these choices, whatever was done to it by hand; what was done."""
        done = scene.reset_looks(choices, app.card)
        self._start_over(app)
        return done

    def preview(self, kind: str, app: App) -> Reason:
        """Has the card show something made up for a few seconds; what is to be said of that."""
        if not self.sources.has_pieces:
            return because("scene_no_card")
        asked_at, self._asked_at = self._asked_at, app.now
        if app.host.on_air and app.now - asked_at > CONFIRM_SECONDS:
            return because("preview_on_air")
        self._asked_at = -math.inf
        app.preview = preview(kind, app.state, app.choices, app.now, for_viewers=app.host.on_air)
        return because("preview_shown")

    def convert_old(self, choices: Choices, app: App) -> None:
        """Gives a card of an earlier version what it lacks, once."""
        if self._arranger.is_old and self._may_convert:
            self._may_convert = False
            scene.convert(choices, app.card)
            self._start_over(app)

    def _start_over(self, app: App) -> None:
        self._repaint = app.unsaved = True
        self._arranger.again()
