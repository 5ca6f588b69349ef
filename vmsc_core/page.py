"""What Tools > Scripts shows, as a value: the state, the settings and the last press in, a Page out. Knows no OBS.

Rules a maintainer must keep:
1. Every Page has the same rows in the same order: what is not to be seen is there and not visible. So a page that OBS
   has drawn can be brought up to date row by row.
2. Texts are plain text. Whoever draws them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import vmsc_core
from vmsc_core.card.card import render
from vmsc_core.events import Status
from vmsc_core.reasons import Failure, Reason, because
from vmsc_core.settings import ADVANCED, BLOCKED, FIELDS, Choices, Field
from vmsc_core.state import Entry, State
from vmsc_core.words import say

COMMAND = "install_command"
"""The setting behind the field that shows a command: text in a field can be copied, text in an information row can't."""

OPEN_LOOKUP = "open_lookup"
"""The row that opens the lookup page."""

HISTORY_LINES = 8


class Kind(Enum):
    """What a row is."""

    INFO = "info"  # text to read
    BUTTON = "button"
    LINK = "link"  # a button that opens an address in the browser
    TEXT = "text"  # one line to type
    LONG_TEXT = "long text"  # several lines to type, or to copy
    TICK = "tick"
    LIST = "list"
    GROUP = "group"


class Tone(Enum):
    """How an information row is meant."""

    NORMAL = "normal"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Row:
    """One row. `key` is also the setting behind a TEXT, LONG_TEXT, TICK or LIST.

    `label` is the text of an INFO, which may have several lines. `choices` are the value and the title of each entry of a
    LIST. `action` is what a press on a BUTTON or LINK does, or a change of another row; a LINK does it only where OBS can't
    open `address` itself. `rows` are those of a GROUP.
    """

    key: str
    kind: Kind
    label: str = ""
    help: str = ""
    visible: bool = True
    tone: Tone = Tone.NORMAL
    choices: tuple[tuple[str, str], ...] = ()
    action: str = ""
    address: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Page:
    """All rows, from the top to the bottom."""

    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        """Each row, and after a group those inside it."""
        yield from _all_of(self.rows)

    def __getitem__(self, key: str) -> Row:
        return next(row for row in self if row.key == key)


@dataclass(frozen=True)
class Facts:
    """All that decides what the page says.

    `state` is what is to be shown for the wish of the moment (App.shown_state) and `now` the card's monotonic seconds;
    `text_sources` and `color_sources` are the names of sources there are; `lookup_page` is an address; `message` answers the
    last press; `python` is what is wrong with this Python and `how_to_run` where a command is typed that fixes it;
    `install` stands beside the button that does it too, where there is one; `custom_hosts` are the servers that aren't Kick's.
    """

    state: State
    choices: Choices
    now: float = 0.0
    is_wanted: bool = False
    connected_once: bool = False
    text_sources: Sequence[str] = ()
    color_sources: Sequence[str] = ()
    lookup_page: str = ""
    message: Reason | None = None
    python: Failure | None = None
    how_to_run: Reason | None = None
    install: Reason | None = None
    history: Sequence[Entry] = ()
    custom_hosts: Sequence[str] = ()


def page(facts: Facts) -> Page:
    """The page for these facts, in the order of use."""
    has_failed, is_wanted = facts.state.status is Status.ERROR, facts.is_wanted
    history = _history(facts)
    return Page(
        (
            _info("welcome", [say("page_welcome", facts.choices.language)], visible=not facts.connected_once),
            *_fields(facts, "", ("username",)),
            # The page stays as it was drawn while the state changes behind it. So Connect and Disconnect are two buttons, of
            # which one or both are shown: a press does what its label says, whatever the state has become.
            _button(facts, "connect", visible=has_failed or not is_wanted),
            _button(facts, "disconnect", visible=is_wanted),
            _button(facts, "connect_again", visible=is_wanted and not has_failed, action="connect"),
            _button(facts, "add_card"),
            _info("status", _status(facts), Tone.WARNING if has_failed or facts.python else Tone.NORMAL),
            _button(facts, "install_library", visible=_lacks_websocket(facts) and facts.install is not None),
            # Of several lines: one line would show only the end of a command that must be read and copied whole.
            Row(COMMAND, Kind.LONG_TEXT, say("label_" + COMMAND, facts.choices.language), visible=_lacks_websocket(facts)),
            _button(facts, "refresh"),
            *_fields(facts, "", ("connect_at_start", "text_source", "color_source")),
            _servers(facts),  # below the fields: OBS's window is small, and the row is there only for who needs it
            _info("history", history, visible=bool(history)),
            _group(
                facts,
                BLOCKED,
                replace(_button(facts, OPEN_LOOKUP), kind=Kind.LINK, address=facts.lookup_page),
                *_fields(facts, BLOCKED),
                _button(facts, "use_paste"),
            ),
            _group(facts, ADVANCED, *_fields(facts, ADVANCED), _info("version", [_version(facts)])),
        )
    )


def texts_only() -> tuple[str, ...]:
    """The keys of rows that no setting belongs to: OBS draws what the settings hold there, as rich text, in place of ours."""
    rows = page(Facts(State(), Choices()))
    return tuple(row.key for row in rows if row.kind in (Kind.INFO, Kind.BUTTON, Kind.LINK, Kind.GROUP))


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


def _group(facts: Facts, key: str, *rows: Row) -> Row:
    return Row(key, Kind.GROUP, say("group_" + key, facts.choices.language), rows=rows)


def _fields(facts: Facts, group: str, keys: Sequence[str] = ()) -> list[Row]:
    """The fields of a group, in the order of FIELDS; of those without one, the ones with these keys."""
    return [_field(facts, field) for field in FIELDS if field.group == group and (group or field.key in keys)]


KINDS = {"text": Kind.TEXT, "long_text": Kind.LONG_TEXT, "bool": Kind.TICK}
"""settings.Field.kind → the row it becomes; all others are lists."""


def _field(facts: Facts, field: Field) -> Row:
    language = facts.choices.language
    return Row(
        field.key,
        KINDS.get(field.kind, Kind.LIST),
        say("label_" + field.key, language),
        say("help_" + field.key, language),
        choices=_choices(facts, field),
        action="typing" if field.key == "username" else "",
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


def _status(facts: Facts) -> list[str]:
    """What is so, why, what the last press did, and what to do to see more."""
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
        lines.append(render(state, facts.choices, facts.now).detail.split("\n")[0])
    if facts.message:
        lines.append(say(facts.message, language))
    if state.status in (Status.CONNECTING, Status.RECONNECTING):
        lines.append(say("page_press_refresh", language))
    return lines


def _servers(facts: Facts) -> Row:
    """Whose servers they are, as long as something is wanted of them: a scene collection of somebody else's can set them."""
    text = say("page_custom_servers", facts.choices.language, hosts=", ".join(facts.custom_hosts))
    return _info("servers", [text], visible=bool(facts.custom_hosts) and facts.state.status is not Status.DISCONNECTED)


def _version(facts: Facts) -> str:
    return say("page_version", facts.choices.language, version=vmsc_core.__version__)


def _lacks_websocket(facts: Facts) -> bool:
    return facts.python is not None and facts.python.reason.key == "websocket_missing"


def _history(facts: Facts) -> list[str]:
    """A heading and the newest lines, the newest last; nothing when nothing has happened."""
    lines = [_line(entry, facts.choices.language) for entry in list(facts.history)[-HISTORY_LINES:]]
    return [say("page_history", facts.choices.language), *lines] if lines else []


def _line(entry: Entry, language: str) -> str:
    reason = say(entry.reason, language) if entry.reason else ""
    if entry.status is None:
        return say("history_notice", language, at=entry.at, reason=reason)
    status = say("status_" + entry.status.name.lower(), language)
    return say("history_status_because" if reason else "history_status", language, at=entry.at, status=status, reason=reason)


def _all_of(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from _all_of(row.rows)
