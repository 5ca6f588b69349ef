"""A Page in OBS: every kind of row drawn, and afterwards only what differs."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from fake_obspython import CONSTANTS, FakeObs
from fake_obspython.views import Page as Drawn

SCRIPT = """
import obspython as obs
page = callbacks = None
calls = []

def script_load(settings):
    pass

def script_properties():
    return properties.build(page, {"do": do, "typing": typing})

def do(drawn, row):
    calls.append("do")
    properties.refresh(drawn, page, {"do": do, "typing": typing})
    return True

def typing(drawn, row, settings):
    calls.append("typing")
    return False
"""


class Stage:
    """A script whose page is whatever `show` puts there."""

    def __init__(self, fake: FakeObs, path: Any) -> None:
        script = path / "drawn.py"
        script.write_text(SCRIPT)
        fake.load_script(script)
        fake.load_collection()
        self.fake, self.script = fake, fake.script
        self.script.properties = fake.import_module("vmsc_core.obs.properties")
        self.page = fake.import_module("vmsc_core.page")

    def row(self, key: str, kind: str, label: str = "", **more: Any) -> Any:
        return self.page.Row(key, self.page.Kind[kind], label, **more)

    def show(self, *rows: Any) -> Drawn:
        """The page with these rows, as it is drawn when it is opened."""
        self.script.page = self.page.Page((*rows, self.row("press", "BUTTON", "Press", action="do")))
        return self.fake.page()

    def change(self, *rows: Any) -> Drawn:
        """The page that is open, once a press has brought it up to these rows."""
        self.script.page = self.page.Page((*rows, self.row("press", "BUTTON", "Press", action="do")))
        self.fake.press("press")
        assert self.fake._page is not None
        return self.fake._page


@pytest.fixture
def stage(fake: FakeObs, tmp_path: Any) -> Stage:
    return Stage(fake, tmp_path)


CHANGING = ("set_", "_set", "_add", "_remove", "_clear")


@pytest.fixture
def written(fake: FakeObs, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all functions that change a page, as they are called."""
    calls: list[str] = []

    def watched(name: str, real: Any) -> Any:
        return lambda *arguments: (calls.append(name), real(*arguments))[1]

    for name in dir(fake.module):
        if name.startswith("obs_propert") and any(part in name for part in CHANGING):
            monkeypatch.setattr(fake.module, name, watched(name, getattr(fake.module, name)))
    return calls


# -- drawing


def test_every_kind_of_row_is_drawn(stage: Stage) -> None:
    drawn = stage.show(
        stage.row("info", "INFO", "Read me", tone=stage.page.Tone.WARNING),
        stage.row("text", "TEXT", "A name", help="What for"),
        stage.row("paste", "LONG_TEXT", "Much"),
        stage.row("tick", "TICK", "Yes or no"),
        stage.row("list", "LIST", "One of", choices=(("", "None"), ("a", "The first"))),
        stage.row("link", "LINK", "Open", action="do", address="https://kick.com/"),
        stage.row("button", "BUTTON", "Do", action="do", enabled=False),
        stage.row("hidden", "TEXT", "Not yet", visible=False),
    )
    assert [(row.name, row.kind, row.text) for row in drawn.drawn.values()] == [
        ("info", "text", "<qt><b>Read me</b></qt>"),
        ("text", "text", "A name"),
        ("paste", "text", "Much"),
        ("tick", "bool", "Yes or no"),
        ("list", "list", "One of"),
        ("link", "button", "Open"),
        ("button", "button", "Do"),
        ("hidden", "text", "Not yet"),
        ("press", "button", "Press"),
    ]
    assert drawn["info"].text_type == CONSTANTS["OBS_TEXT_INFO"]
    assert drawn["info"].info_type == CONSTANTS["OBS_TEXT_INFO_NORMAL"], "OBS's orange and red are hard to read"
    assert drawn["text"].long_text == "What for" and drawn["tick"].long_text is None
    assert drawn["paste"].text_type == CONSTANTS["OBS_TEXT_MULTILINE"], "one line would be cut after 32,767 characters"
    assert drawn["list"].options == (("None", ""), ("The first", "a"))
    assert drawn["link"].url == "https://kick.com/"
    assert drawn["info"].enabled and not drawn["button"].enabled
    assert not drawn["hidden"].visible


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("<b>x</b>", "<qt>&lt;b&gt;x&lt;/b&gt;</qt>"),
        ("R&D", "<qt>R&amp;D</qt>"),
        ('There\'s\n"one"', '<qt>There\'s<br>"one"</qt>'),
        ("", "<qt></qt>"),
    ],
)
def test_text_to_read_is_escaped_and_says_that_it_is_rich(stage: Stage, text: str, rich: str) -> None:
    assert stage.show(stage.row("info", "INFO", text))["info"].text == rich


def test_a_label_that_is_not_rich_text_is_drawn_as_it_is(stage: Stage) -> None:
    drawn = stage.show(stage.row("list", "LIST", "Q&A", choices=(("<x>", "<x> & y"),)))
    assert (drawn["list"].text, drawn["list"].options) == ("Q&A", (("<x> & y", "<x>"),))


def test_a_change_of_a_row_calls_its_action(stage: Stage) -> None:
    stage.show(stage.row("name", "TEXT", "Name", action="typing"), stage.row("other", "TEXT", "Other"))
    stage.fake.type("other", "xyz")
    assert stage.script.calls == []
    stage.fake.type("name", "ab")
    assert stage.script.calls == ["typing"] * 2


# -- only what differs


def rows(stage: Stage) -> list[Any]:
    return [
        stage.row("info", "INFO", "Read me\nand me"),
        stage.row("text", "TEXT", "A name", help="What for"),
        stage.row("list", "LIST", "One of", choices=(("", "None"), ("a", "The first"))),
        stage.row("link", "LINK", "Open", action="do", address="https://kick.com/"),
        stage.row("more", "INFO", "Deep"),
    ]


def test_what_is_the_same_is_not_written_again(stage: Stage, written: list[str]) -> None:
    stage.show(*rows(stage))
    written.clear()
    stage.change(*rows(stage))
    assert written == []


@pytest.mark.parametrize(
    ("place", "change", "calls"),
    [
        (0, {"label": "New"}, ["obs_property_set_description"]),
        (1, {"label": "New"}, ["obs_property_set_description"]),
        (1, {"help": "Why"}, ["obs_property_set_long_description"]),
        (1, {"help": ""}, ["obs_property_set_long_description"]),
        (1, {"visible": False}, ["obs_property_set_visible"]),
        (2, {"choices": (("", "None"),)}, ["obs_property_list_clear", "obs_property_list_add_string"]),
        (1, {"enabled": False}, ["obs_property_set_enabled"]),
    ],
)
def test_what_differs_is_written_and_nothing_else(
    stage: Stage, written: list[str], place: int, change: dict[str, Any], calls: list[str]
) -> None:
    before = rows(stage)
    stage.show(*before)
    written.clear()
    before[place] = replace(before[place], **change)
    drawn = stage.change(*before)
    assert written == calls
    key = before[place].key
    assert drawn.drawn == {**drawn.drawn, **{key: stage.show(*before)[key]}}, "as if it had been opened so"


def test_a_tone_is_written_too(stage: Stage, written: list[str]) -> None:
    before = rows(stage)
    stage.show(*before)
    written.clear()
    before[4] = replace(before[4], tone=stage.page.Tone.WARNING)
    assert stage.change(*before)["more"].text == "<qt><b>Deep</b></qt>"
    assert written == ["obs_property_set_description"]


def test_retelling_makes_no_row(stage: Stage, written: list[str]) -> None:
    """OBS may have taken the running script away, and then whatever makes a button or sets a callback crashes it."""
    before = rows(stage)
    drawn = stage.show(*before)
    written.clear()
    before[0], before[3] = replace(before[0], label="New"), replace(before[3], address="https://kick.com/other", label="No")
    page = stage.page.Page((*before, stage.row("press", "BUTTON", "Press", action="do")))
    stage.script.do = None

    def press(handle: Any, row: Any) -> bool:
        stage.script.properties.retell(handle, page)
        return True

    button = drawn.properties.find("press")
    assert button is not None
    button.callback = press
    stage.fake.press("press")
    assert written == ["obs_property_set_description"]
    assert stage.fake._page is not None
    assert (stage.fake._page["info"].text, stage.fake._page["link"].url) == ("<qt>New</qt>", "https://kick.com/")


# -- a row that opens an address


def test_a_new_address_gets_a_new_button_and_the_rows_keep_their_order(stage: Stage) -> None:
    """OBS leaks the address a button had; the fake counts a second one on a button as broken."""
    before = rows(stage)
    names = list(stage.show(*before).drawn)
    before[3] = replace(before[3], address="https://kick.com/other")
    drawn = stage.change(*before)
    assert list(drawn.drawn) == names
    assert drawn["link"].url == "https://kick.com/other"
    stage.fake.press("link")
    assert stage.fake.opened_urls == ["https://kick.com/other"]


def test_while_another_address_is_typed_the_button_asks_instead_of_opening(stage: Stage) -> None:
    properties: ModuleType = stage.script.properties
    stage.show(*rows(stage))

    def follow(address: str) -> None:
        def typing(drawn: Any, row: Any, settings: Any) -> bool:
            properties.follow_address(drawn, "link", address)
            return False

        assert stage.fake._page is not None
        one = stage.fake._page.properties.find("text")
        assert one is not None
        one.modified = typing
        stage.fake.type("text", "x")

    follow("https://kick.com/other")
    stage.fake.press("link")
    assert stage.fake.opened_urls == [] and stage.script.calls == ["do"]
    follow("https://kick.com/")
    stage.fake.press("link")
    assert stage.fake.opened_urls == ["https://kick.com/"]


def test_an_obs_that_opens_no_addresses_calls_the_action(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(stage.fake.module, "obs_property_button_set_url")
    before = rows(stage)
    stage.show(*before)
    before[3] = replace(before[3], address="https://kick.com/other")
    stage.change(*before)
    stage.fake.press("link")
    assert stage.fake.opened_urls == [] and stage.script.calls == ["do"] * 2
