"""What Tools > Scripts shows, as a value: the state, the settings and the last press in, a Page out. Knows no OBS.

Rules a maintainer must keep:
1. Every Page has the same rows in the same order: what is not to be seen is there and not visible. So a page that OBS
   has drawn can be brought up to date row by row.
2. Texts are plain text. Whoever draws them escapes them.
3. OBS's window is small. A label has LABEL_WIDTH px, a button BUTTON_WIDTH px (tests/words measures them), and no row may be
   wider: OBS cuts it, and after a press the page grows wider than its view, with no bar to move it.
4. No button comes to stand where another one was when it was pressed, but those that all mean "connect".
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

import vmsc_core
from vmsc_core.card.card import uptime
from vmsc_core.events import Status
from vmsc_core.reasons import Failure, Reason, because
from vmsc_core.row import ANSWER
from vmsc_core.row import Kind as Kind
from vmsc_core.row import Row as Row
from vmsc_core.row import Tone as Tone
from vmsc_core.rules import editor
from vmsc_core.rules.editor_rows import Facts as RuleFacts
from vmsc_core.settings import ADVANCED, BLOCKED, CARD, FIELDS, HISTORY, RULES, Choices, Field, section_key
from vmsc_core.state import Entry, State
from vmsc_core.words import count, say

COMMAND = "install_command"
"""The setting behind the field that shows a command: text in a field can be copied, text in an information row can't."""

OPEN_LOOKUP = "open_lookup"
"""The row that opens the lookup page."""

HISTORY_LINES = 8

LABEL_WIDTH, BUTTON_WIDTH = 95, 152
"""px; what fits in OBS's own Scripts window of 775×492, a label with its "?" and a button with its frame."""

NO_BREAK_SPACE, WIDEST_WORD = "\u00a0", 50
"""A space that keeps the width of a line, about 3.4 px of OBS's own font; and how many are as wide as the widest word."""


@dataclass(frozen=True)
class Page:
    """All rows, from the top to the bottom."""

    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        """Each row."""
        return iter(self.rows)

    def __getitem__(self, key: str) -> Row:
        return next(row for row in self if row.key == key)


@dataclass(frozen=True)
class Facts:
    """All that decides what the page says.

    `state` is what is to be shown for the wish of the moment (App.shown_state), `now` the card's monotonic seconds and `at` the
    same moment as HH:MM:SS; `open_sections` are those that are ticked; `other_name` is what was typed since, when it isn't the
    channel that is wanted; `pressed` is the action of the last press;
    `text_sources` and `color_sources` are the names of sources there are; `lookup_page` is an address; `message` answers the
    last press; `python` is what is wrong with this Python and `how_to_run` where a command is typed that fixes it;
    `install` stands beside the button that does it too, where there is one; `canvas` is said of a card made for another canvas;
    `custom_hosts` are the servers that aren't Kick's; `rules` is what the section of the rules shows, without its message.
    """

    state: State
    choices: Choices
    now: float = 0.0
    at: str = ""
    open_sections: Container[str] = ()
    other_name: str = ""
    pressed: str = ""
    is_wanted: bool = False
    connected_once: bool = False
    text_sources: Sequence[str] = ()
    color_sources: Sequence[str] = ()
    lookup_page: str = ""
    message: Reason | None = None
    python: Failure | None = None
    how_to_run: Reason | None = None
    install: Reason | None = None
    canvas: Reason | None = None
    history: Sequence[Entry] = ()
    custom_hosts: Sequence[str] = ()
    rules: RuleFacts = field(default_factory=RuleFacts)


def page(facts: Facts) -> Page:
    """The page for these facts, in the order of use."""
    has_failed, is_wanted, language = facts.state.status is Status.ERROR, facts.is_wanted, facts.choices.language
    open_lookup = replace(_button(facts, OPEN_LOOKUP), kind=Kind.LINK, address=facts.lookup_page)
    sections = (
        *_section(facts, CARD, *_fields(facts, CARD), _button(facts, "show_preview"), _button(facts, "reset_card")),
        *_rules(facts),
        *_section(facts, BLOCKED, open_lookup, *_fields(facts, BLOCKED), _button(facts, "use_paste")),
        *_section(facts, ADVANCED, *_fields(facts, ADVANCED), _info("version", [_version(facts)])),
        *_section(facts, HISTORY, _info(HISTORY, _history(facts)), _button(facts, "save_report")),
    )
    add_answer = _answer(facts, "add", "add_card")
    is_answered_there = any(row.key.startswith(ANSWER) and row.visible for row in (add_answer, *sections))
    return Page(
        (
            _info("welcome", [say("page_welcome", language)], visible=not (facts.connected_once or is_wanted)),
            *_fields(facts, "", ("username",)),
            # One place, and what stands there means "connect" in any state. The page stays as it was drawn while the state
            # changes behind it, so each is a button of its own: a press does what its label says, whatever the state has become.
            _button(facts, "connect", visible=not is_wanted or (has_failed and not facts.other_name)),
            _button(facts, "reconnect", visible=is_wanted and not has_failed and not facts.other_name),
            _connect_other(facts),
            replace(_button(facts, "disconnect"), enabled=is_wanted),
            _info("status", _status(facts, is_answered_there), Tone.WARNING if has_failed or facts.python else Tone.NORMAL),
            editor.notice_row(replace(facts.rules, language=facts.choices.language)),
            _button(facts, "install_library", visible=_lacks_websocket(facts) and facts.install is not None),
            # Of several lines: one line would show only the end of a command that must be read and copied whole.
            Row(COMMAND, Kind.LONG_TEXT, say("label_" + COMMAND, language), visible=_lacks_websocket(facts)),
            _button(facts, "refresh"),
            _button(facts, "add_card"),
            add_answer,
            _info("canvas", [say(facts.canvas, language)] if facts.canvas else [], visible=facts.canvas is not None),
            _servers(facts),
            *sections,
        )
    )


def needed_section(state: State) -> str:
    """The section that opens on its own in this state; empty for none."""
    is_blocked = state.status is Status.ERROR and state.reason is not None and state.reason.key == "lookup_blocked"
    return BLOCKED if is_blocked else ""


def texts_only() -> tuple[str, ...]:
    """The keys of rows that no setting belongs to: OBS draws what the settings hold there, as rich text, in place of ours."""
    rows = page(Facts(State(), Choices()))
    return tuple(row.key for row in rows if row.kind in (Kind.INFO, Kind.BUTTON, Kind.LINK))


def already(state: State) -> Reason | None:
    """The answer to a press of Connect that changes nothing; None in an Error, of which the page says enough."""
    if state.status is Status.ERROR:
        return None
    is_connected = state.status in (Status.CONNECTED, Status.LIVE)
    return because("page_already_connected" if is_connected else "page_already_connecting", name=state.name)


def _info(key: str, lines: Sequence[str], tone: Tone = Tone.NORMAL, visible: bool = True) -> Row:
    return Row(key, Kind.INFO, "\n".join(lines), tone=tone, visible=visible)


def _button(facts: Facts, key: str, visible: bool = True, action: str = "") -> Row:
    return Row(key, Kind.BUTTON, say("button_" + key, facts.choices.language), visible=visible, action=action or key)


def _connect_other(facts: Facts) -> Row:
    """Connects to the name that was typed in place of the one that is wanted."""
    label = say("button_connect_other", facts.choices.language, name=facts.other_name)
    return replace(
        _button(facts, "connect_other", visible=facts.is_wanted and bool(facts.other_name)), label=label, action="connect"
    )


def _section(facts: Facts, key: str, *rows: Row) -> tuple[Row, ...]:
    """The tick of a section, its rows, and at their end what the last press on one of them did."""
    (tick,) = _fields(facts, "", (section_key(key),))
    rows = rows or tuple(_fields(facts, key))
    rows = (*rows, _answer(facts, key, *(row.action for row in rows if row.action)))
    return (tick, *(replace(row, visible=row.visible and key in facts.open_sections) for row in rows))


def _rules(facts: Facts) -> tuple[Row, ...]:
    """The section of the rules, which says itself what a press has done."""
    (tick,) = _fields(facts, "", (section_key(RULES),))
    rules = replace(facts.rules, message=facts.message, pressed=facts.pressed, language=facts.choices.language)
    is_open = RULES in facts.open_sections
    return (tick, *(replace(row, visible=row.visible and is_open) for row in editor.rows(rules)))


def _answer(facts: Facts, key: str, *actions: str) -> Row:
    """What the last press did, when it was one of these; below its button, which stays where it is."""
    said = say(facts.message, facts.choices.language) if facts.message and facts.pressed in actions else ""
    return _info(ANSWER + key, [said], visible=bool(said))


def _fields(facts: Facts, group: str, keys: Sequence[str] = ()) -> list[Row]:
    """The fields of a group, in the order of FIELDS; of those without one, the ones with these keys."""
    return [_field(facts, field) for field in FIELDS if field.group == group and (group or field.key in keys)]


KINDS = {"text": Kind.TEXT, "long_text": Kind.LONG_TEXT, "bool": Kind.TICK, "section": Kind.TICK}
"""settings.Field.kind → the row it becomes; all others are lists."""


def _field(facts: Facts, field: Field) -> Row:
    language = facts.choices.language
    return Row(
        field.key,
        KINDS.get(field.kind, Kind.LIST),
        say("label_" + field.key, language),
        say("help_" + field.key, language),
        choices=_choices(facts, field),
        action="typing" if field.key == "username" else "open_section" if field.kind == "section" else "",
    )


def _choices(facts: Facts, field: Field) -> tuple[tuple[str, str], ...]:
    language = facts.choices.language
    if field.kind == "choice":
        return tuple((value, say(f"choice_{field.key}_{value}", language)) for value in field.choices)
    if field.kind not in ("text_source", "color_source"):
        return ()
    is_text = field.kind == "text_source"
    names = facts.text_sources if is_text else facts.color_sources
    chosen = facts.choices.text_source if is_text else facts.choices.color_source
    # OBS takes the first entry when the setting is not on the list: what is chosen is on it, whether it is there or not.
    gone = [(chosen, say("choice_gone", language, name=chosen))] if chosen and chosen not in names else []
    return (("", say("choice_none", language)), *((name, name) for name in names), *gone)


def _status(facts: Facts, is_answered_elsewhere: bool) -> list[str]:
    """What is so, why, what the last press did, since when that is so, and what to do to see more."""
    state, language = facts.state, facts.choices.language
    status = say("status_" + state.status.name.lower(), language)
    is_named = bool(state.name) and state.status is not Status.DISCONNECTED
    lines = [say("page_state_of" if is_named else "page_state", language, status=status, name=state.name)]
    if _lacks_websocket(facts):
        lines.append(say("page_no_websocket", language))
        is_running = facts.install is not None and facts.install.key == "install_running"
        lines += [say(part, language) for part in (facts.install, None if is_running else facts.how_to_run) if part]
    elif state.status in (Status.ERROR, Status.RECONNECTING) and state.reason:
        lines.append(say(state.reason, language))
    elif state.status in (Status.CONNECTED, Status.LIVE):
        events = count("card_events", state.count, language)
        lines.append(say("page_events", language, events=events, uptime=uptime(state, facts.now)))
    if facts.message and not is_answered_elsewhere:
        lines.append(say(facts.message, language))
    is_passing = state.status in (Status.CONNECTING, Status.RECONNECTING)
    as_of = say("page_press_refresh" if is_passing else "page_as_of", language, at=facts.at)
    lines.append(_widened(as_of if is_passing else as_of.replace(" ", NO_BREAK_SPACE)))
    return lines


def _widened(line: str) -> str:
    """The line with no-break spaces behind its last word, which make it a little wider than any button.

    OBS measures the page without its scroll bar when it's opened, and then takes the bar's width away from all rows: this
    one has it to give.
    """
    return line + NO_BREAK_SPACE * max(0, WIDEST_WORD - 2 * len(line.rpartition(" ")[2]))


def _servers(facts: Facts) -> Row:
    """Whose servers they are, as long as something is wanted of them: a scene collection of somebody else's can set them."""
    text = say("page_custom_servers", facts.choices.language, hosts=", ".join(facts.custom_hosts))
    return _info("servers", [text], visible=bool(facts.custom_hosts) and facts.state.status is not Status.DISCONNECTED)


def _version(facts: Facts) -> str:
    return say("page_version", facts.choices.language, version=vmsc_core.__version__)


def _lacks_websocket(facts: Facts) -> bool:
    return facts.python is not None and facts.python.reason.key == "websocket_missing"


def _history(facts: Facts) -> list[str]:
    """The newest lines, the newest last."""
    lines = [_line(entry, facts.choices.language) for entry in list(facts.history)[-HISTORY_LINES:]]
    return lines or [say("page_no_history", facts.choices.language)]


def _line(entry: Entry, language: str) -> str:
    reason = say(entry.reason, language) if entry.reason else ""
    if entry.status is None:
        return say("history_notice", language, at=entry.at, reason=reason)
    status = say("status_" + entry.status.name.lower(), language)
    return say("history_status_because" if reason else "history_status", language, at=entry.at, status=status, reason=reason)
