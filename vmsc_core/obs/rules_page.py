"""The section "Alerts and rules" at work: what its buttons do, and how its fields change the rule they show. UI thread.

The fields of one rule stand in the script's settings while the page is open, and are read back from there with every letter.
`_shown` says whose they are: between a choice in the list of rules and the page that follows it, they are still another's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from vmsc_core.obs import ready_made, rule_lists, rules_file
from vmsc_core.obs.alert import add_alert
from vmsc_core.obs.values import write_values
from vmsc_core.reasons import Reason, because
from vmsc_core.rules import edits, fields
from vmsc_core.rules.actions import PressHotkey, SetFilter
from vmsc_core.rules.editor import DELETE, STOP, TRY, USE
from vmsc_core.rules.editor_rows import GONE, STRANGE, USED, Facts, Lists
from vmsc_core.rules.edits import Edit, chosen_of
from vmsc_core.rules.missing import missing
from vmsc_core.rules.rule import Rule, renumbered

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script


class RulesPage:
    """The section of one script. `presses` are its buttons; `edited` comes with every letter and every choice."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._shown = ""  # whose fields stand in the settings
        self._delete_asked, self._is_tried = "", False
        self._ready_said: Reason | None = None
        self._missing: tuple[Reason, ...] = ()  # what the rule that was tried last names and OBS doesn't have
        self._was_strange = False  # since the page was opened
        self.presses: Mapping[str, Callable[[], None]] = {
            USE: self._use,
            "add_ready": self._add_ready,
            "add_alert": self._add_alert,
            "new_rule": self._new,
            TRY: self._try,
            "duplicate_rule": lambda: self._change(edits.duplicated),
            "up_rule": lambda: self._change(lambda rules, chosen: edits.moved(rules, chosen, -1)),
            "down_rule": lambda: self._change(lambda rules, chosen: edits.moved(rules, chosen, 1)),
            DELETE: self._delete,
            "rehearse": self._rehearse,
            STOP: self._stop_rehearsal,
            "export_rules": self._working,
            "import_rules": self._working,
        }
        self.file_presses: Mapping[str, Callable[[], Reason]] = {"export_rules": self._export, "import_rules": self._import}
        """What these two do once the page has been drawn; what to say then."""

    # -- the fields -------------------------------------------------------------------------------------------------------

    def edited(self) -> None:
        """The settings have changed: the rule that the fields show becomes what they say."""
        values, rules = self._script.values, self._script.rules.rules
        place = edits.place_of(rules, self._shown)
        if place is None or values[fields.CHOSEN] != self._shown:
            return
        new = fields.edited(rules[place], values)
        if new != rules[place]:
            self._script.rules.replace((*rules[:place], new, *rules[place + 1 :]))
        if fields.shape(new) != fields.shape(rules[place]):
            self._show(new)  # at once: OBS calls this twice for one choice, and the fields are still those of what was there

    def opened(self) -> None:
        """The page is made again: what was said before is over."""
        self._delete_asked, self._ready_said, self._was_strange, self._is_tried = "", None, False, False

    def facts(self, is_open: bool) -> Facts:
        """What the section shows now; puts the fields of the chosen rule into the settings. A closed one needs no lists."""
        script, rules = self._script, self._script.rules.rules
        rule = chosen_of(rules, script.values[fields.CHOSEN])
        self._show(rule)
        tried = self._tried() if self._is_tried else None
        problems = [*([because("rule_not_paused")] if script.rules.paused else []), *script.rules.problems]
        return Facts(
            rules=rules,
            chosen=self._shown,
            filters_open=script.values[fields.FILTERS_OPEN],
            file_open=script.values[fields.FILE_OPEN],
            lists=self._lists(rule) if is_open else Lists(),
            problems=[problem for problem in problems if problem not in (tried or ())],
            tried=tried,
            rehearsal=script.rules.rehearsal.lines,
            is_rehearsing=script.rules.rehearsal.is_running,
            ready_said=self._ready_said,
            delete_asked=bool(self._delete_asked) and self._delete_asked == self._shown,
            strange=self._strange(),
            newer=len(script.rules.kept),
            is_key_kept=script.rules.key.is_kept,
        )

    def _strange(self) -> str:
        """What is to be said of rules that came from elsewhere, as long as this page is open: nothing on it may jump."""
        mine = self._script.rules
        self._was_strange = self._was_strange or not mine.own
        if not mine.own:
            return STRANGE
        return "" if not self._was_strange else USED if mine.rules or mine.kept else GONE

    def _lists(self, rule: Rule | None) -> Lists:
        """What this rule's lists offer. OBS has hundreds of hotkeys, so they are asked for only where one is chosen."""
        actions = rule.actions if rule is not None else ()
        sources = [action.source for action in actions if isinstance(action, SetFilter)]
        wants_hotkeys = any(isinstance(action, PressHotkey) for action in actions)
        return rule_lists.lists(sources, self._script.rules.lane.hotkeys() if wants_hotkeys else ())

    def _show(self, rule: Rule | None) -> None:
        script = self._script
        self._shown = rule.id if rule is not None else ""
        values = {fields.CHOSEN: self._shown, **fields.values_of(rule)}
        values[fields.FILE] = script.values[fields.FILE] or rules_file.default_path()
        if any(script.values[key] != value for key, value in values.items()):
            write_values(script.settings, values)
            script.update(script.settings)  # OBS calls no script_update for this

    # -- the buttons ------------------------------------------------------------------------------------------------------

    def pressed(self, action: str) -> None:
        """Any button of the page was pressed: what Delete has asked is off the table, unless it is pressed again."""
        if action != DELETE:
            self._delete_asked = ""
        self._is_tried = action == TRY

    def _change(self, change: Callable[[tuple[Rule, ...], str], Edit]) -> None:
        edit = change(self._script.rules.rules, self._shown)
        self._script.message = self._apply(edit.rules, edit.chosen) or edit.said

    def _apply(self, rules: tuple[Rule, ...], chosen: str) -> Reason | None:
        """Why the rules stay as they were; None when they are these now."""
        trouble = self._script.rules.replace(rules) if rules != self._script.rules.rules else None
        if trouble is not None:
            return trouble
        write_values(self._script.settings, {fields.CHOSEN: chosen})
        self._script.update(self._script.settings)
        self._script.app.unsaved = True  # a press is saved at once, unlike what is being typed
        return None

    def _new(self) -> None:
        self._change(edits.added)
        self._ready_said = self._script.message

    def _delete(self) -> None:
        if self._shown and self._delete_asked != self._shown:
            self._delete_asked = self._shown
            self._script.message = because("rule_delete_asked")
            return
        self._delete_asked = ""
        self._change(edits.removed)
        if not self._script.rules.rules:
            self._ready_said = self._script.message

    def _use(self) -> None:
        self._script.rules.use()
        self._script.app.unsaved = True

    def _try(self) -> None:
        rule = chosen_of(self._script.rules.rules, self._shown)
        if rule is None:
            self._script.message, self._is_tried = because("rule_none_chosen"), False
            return
        self._script.message = because("rule_tried")
        self._missing = tuple(missing(rule, self._lists(rule)))
        self._script.rules.try_it(rule)

    @property
    def is_pending(self) -> bool:
        """Whether the timer hasn't come yet to what was pressed: a rule to try, or a rehearsal to end."""
        rules = self._script.rules
        return (self._is_tried and rules.tried is None) or rules.rehearsal.is_ending

    def _tried(self) -> tuple[Reason, ...] | None:
        """What would hold back the rule that was tried, each once, as far as it's known; None for not at all."""
        known = self._script.rules.tried
        if known is None:
            return self._missing or None
        # What no source is chosen for is among the missing already, in better words.
        troubles = [reason for reason in known.troubles if reason.key != "rule_source_unset"]
        return tuple(dict.fromkeys([*known.against, *self._missing, *troubles]))

    def _add_ready(self) -> None:
        """The rules that were added are at the end: the first of them is chosen."""
        before = {rule.id for rule in self._script.rules.rules}
        said = ready_made.make_ready(self._script, self._script.values[fields.READY])
        if said.key.startswith("ready_added") and not self._script.rules.own:
            said = because("ready_added_strange")
        self._script.message = self._ready_said = said
        new = next((rule.id for rule in self._script.rules.rules if rule.id not in before), self._shown)
        self._apply(self._script.rules.rules, new)

    def _rehearse(self) -> None:
        self._script.message = self._script.rules.rehearsal.start(self._script.rules.rules)

    def _stop_rehearsal(self) -> None:
        self._script.message = self._script.rules.rehearsal.stop()

    def _add_alert(self) -> None:
        self._script.message = self._ready_said = add_alert(self._script.choices)

    # -- files ------------------------------------------------------------------------------------------------------------

    def _working(self) -> None:
        self._script.message = because("rules_working")

    def _export(self) -> Reason:
        mine = self._script.rules
        return rules_file.export(mine.rules, self._script.values[fields.FILE], mine.kept)

    def _import(self) -> Reason:
        typed = self._script.values[fields.FILE]
        loaded = rules_file.read(typed)
        if isinstance(loaded, Reason):
            return loaded
        here = self._script.rules.rules
        added = renumbered(loaded.rules, here)
        rules = (*here, *added)
        trouble = self._apply(rules, added[0].id if added else self._shown)
        if trouble is not None:
            return trouble
        key = "rules_imported_one" if len(added) == 1 else "rules_imported_many"
        said = because(key, count=f"{len(added):,}", path=rules_file.full_path(typed))
        return because("rules_imported_some", added=said, count=f"{len(loaded.kept):,}") if loaded.kept else said
