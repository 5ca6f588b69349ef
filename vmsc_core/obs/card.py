"""The card in OBS, and the sources of the user's own that show the same: made, painted on, kept in shape. Knows no connection.

Threads: `follow`, `arrange` and `repair` are the timer's; all else is UI.
"""

from __future__ import annotations

from collections.abc import Mapping

from vmsc_core.app import App
from vmsc_core.obs import scene
from vmsc_core.obs.arrange import Arranger
from vmsc_core.obs.masks import MaskPaths
from vmsc_core.obs.sources import ObsSources
from vmsc_core.reasons import Reason
from vmsc_core.settings import Choices


class ObsCard:
    """Of one script. `identities` tell the user's own sources from others of their names, see Memory."""

    def __init__(self, choices: Choices, identities: Mapping[str, str]) -> None:
        self.sources = ObsSources(choices.text_source, choices.color_source, identities)
        self._followed = choices
        self._masks, self._arranger = MaskPaths(), Arranger()
        self._repaint, self._may_convert = False, True

    def follow(self, choices: Choices, app: App) -> None:
        """The user may have chosen other sources, or a piece may have been made again."""
        is_followed = self._followed is choices or self._followed == choices
        if is_followed and not self._repaint:
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

    def convert_old(self, choices: Choices, app: App) -> None:
        """Gives a card of an earlier version what it lacks, once."""
        if self._arranger.is_old and self._may_convert:
            self._may_convert = False
            scene.convert(choices, app.card)
            self._start_over(app)

    def _start_over(self, app: App) -> None:
        self._repaint = app.unsaved = True
        self._arranger.again()
