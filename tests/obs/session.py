"""What the tests of the whole script in a fake OBS share: settings, loading it, and what is to be seen of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fake_obspython import FakeObs
from kick_simulator import KickSimulator

from vmsc_core.obs.rules_key import read_or_make
from vmsc_core.obs.trusted import trust
from vmsc_core.rules.mark import mark_of
from vmsc_core.settings import SECTIONS, Wish, read_wish, section_key

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "vmsc_obs.py"
CARD = "Kick card"
PIECES = ("name", "title", "detail", "dot", "hole", "badge", "edge", "panel")
ADDRESSES = ("lookup_address", "negotiation_address", "token_address")
SHAPE = "Kick card shape"
REFRESH = "Press Refresh to see the result."


def at_kick(kick: KickSimulator, **more: Any) -> dict[str, Any]:
    """Settings of a user whose Kick is the simulator."""
    return {
        "username": "speedy",
        "lookup_address": kick.lookup_url,
        "negotiation_address": kick.negotiation_url,
        "token_address": kick.token_url,
        "websocket_address": kick.websocket_url,
        **more,
    }


def at(port: int, **more: Any) -> dict[str, Any]:
    """Settings of a user whose Kick is at ``port`` of this computer."""
    addresses: dict[str, Any] = {key: f"http://127.0.0.1:{port}/" for key in ADDRESSES}
    return {"username": "somebody", "websocket_address": f"ws://127.0.0.1:{port}/app/key", **addresses, **more}


def remembered(port: int, **more: Any) -> dict[str, Any]:
    """The same after a connection that worked on this computer and was not ended by the user."""
    return trusted(at(port, connected_once=True, connect_wanted=True, **more))


def trusted(settings: dict[str, Any]) -> dict[str, Any]:
    """These settings, with whose servers Connect was pressed on this computer."""
    wish = read_wish(settings)
    assert isinstance(wish, Wish)
    trust(wish.custom_servers, str(ROOT))
    return settings


OPEN = {section_key(section): True for section in SECTIONS}
"""All sections of the page are open."""

AS_OF = re.compile(r"As of \d\d:\d\d:\d\d\. ?")


def signed(settings: dict[str, Any]) -> dict[str, Any]:
    """These settings, with rules that are this computer's own unless they say otherwise."""
    text = settings.get("rules", "")
    return {"rules_mark": mark_of(text, read_or_make().key), **settings} if text else settings


def start(fake: FakeObs, settings: dict[str, Any] | None = None) -> None:
    fake.load_script(SCRIPT, {**OPEN, **signed(settings or {})})
    fake.load_collection()


def app(fake: FakeObs) -> Any:
    assert fake.script is not None
    return fake.script.script.app


def status(fake: FakeObs) -> str:
    return str(app(fake).state.status.value)


def shown(fake: FakeObs) -> list[str]:
    """Of the buttons that connect and disconnect, those on the page as it was drawn last."""
    page = fake._page or fake.page()
    buttons = (page.drawn[key] for key in ("connect", "reconnect", "connect_other", "disconnect"))
    return [button.text for button in buttons if button.visible and button.enabled]


def lines(fake: FakeObs, row: str = "status") -> list[str]:
    """The lines of an information row of the page as it was drawn last, as OBS gets them: rich text. Without the time."""
    page = fake._page or fake.page()
    rich = page[row].text.replace("\u00a0", " ")
    assert rich.startswith("<qt>") and rich.endswith("</qt>"), rich
    found = [AS_OF.sub("", re.sub("</?b>", "", line)).strip() for line in rich[len("<qt>") : -len("</qt>")].split("<br>")]
    return [line for line in found if line]


def text(fake: FakeObs, piece: str) -> str:
    source = fake.source(f"{CARD}: {piece}")
    assert source is not None
    return str(source.settings["text"])


def shapes(fake: FakeObs) -> dict[str, str]:
    """Piece → the picture that gives it its shape, of those that have one."""
    found = {piece: fake.source(f"{CARD}: {piece}") for piece in ("dot", "edge", "panel", "badge", "hole")}
    return {piece: source.filters[0].settings["image_path"] for piece, source in found.items() if source and source.filters}


def connected(fake: FakeObs, kick: KickSimulator, **more: Any) -> None:
    start(fake, at_kick(kick, **more))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")


def failed(fake: FakeObs, kick: KickSimulator) -> None:
    """Connect was pressed with a name that Kick does not know; the page was drawn before the answer came."""
    start(fake, at_kick(kick, username="speedyy"))
    fake.page()
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Error", what="Error")


def quit_and_come_back(fake: FakeObs, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """OBS ends and starts again with what it saved, as far as the script's own start: there are no sources yet."""
    fake.quit()
    saved = dict(fake.saved)
    fake.updates.clear()
    fake.load_script(SCRIPT, saved if settings is None else settings)
    return saved


def search_now(fake: FakeObs) -> None:
    """The time of the next search through all sources has come."""
    assert fake.script is not None
    fake.script.script.card.sources._search_at = 0.0
