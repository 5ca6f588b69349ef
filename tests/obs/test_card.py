"""The card of one script: choices followed, pieces made again, and a card of an earlier version converted once."""

from __future__ import annotations

from fake_obspython import FakeObs
from obs.session import CARD, OPEN, SCRIPT, app, start

ROLES = ("name", "title", "detail", "dot", "badge", "hole", "panel", "edge")


def with_old_card(fake: FakeObs, grouped: bool) -> None:
    """OBS starts with the pieces of version 0.1.0: without a badge, and without the mark of their looks."""
    start(fake)
    fake.press("add_card")
    fake.tick(0.5)
    fake.unload_script()
    for role in ("badge", "hole"):
        fake.delete_source(f"{CARD}: {role}")
    if not grouped:
        fake.delete_source(CARD)
    for role in ROLES:
        piece = fake._named(f"{CARD}: {role}")
        if piece is not None:
            piece.settings.values.pop("vmsc_look")
    fake.load_script(SCRIPT, OPEN)


def looks(fake: FakeObs) -> dict[str, int]:
    """Role → the version of the looks of that piece."""
    found = {role: fake.source(f"{CARD}: {role}") for role in ROLES}
    return {role: piece.settings.get("vmsc_look", 0) for role, piece in found.items() if piece is not None}


def test_an_old_card_is_converted_once_and_without_a_press(fake: FakeObs) -> None:
    with_old_card(fake, grouped=True)
    fake.tick(3.0)
    assert looks(fake) == dict.fromkeys(ROLES, 2)
    saves = fake.saves
    fake.tick(5.0)
    assert fake.saves == saves


def test_an_old_card_that_was_ungrouped_asks_for_no_save_every_turn(fake: FakeObs) -> None:
    with_old_card(fake, grouped=False)
    before = fake.saves
    fake.tick(10.0)
    assert fake.saves - before < 5


def test_add_and_reset_have_the_pieces_painted_again(fake: FakeObs) -> None:
    start(fake)
    for button in ("add_card", "reset_card"):
        fake.press(button)
        fake.updates.clear()
        fake.tick(0.3)
        assert {one.source for one in fake.updates} >= {f"{CARD}: {role}" for role in ("name", "title", "dot")}, button


def later(fake: FakeObs, seconds: float) -> None:
    """So much later, by the clock the card counts with; one turn of the timer included."""
    clock = app(fake)._clock
    app(fake)._clock = lambda: clock() + seconds
    fake.tick(0.2)


def detail(fake: FakeObs) -> str:
    return str(fake.source(f"{CARD}: detail").settings["text"])


def test_a_preview_shows_for_five_seconds_and_counts_nothing(fake: FakeObs) -> None:
    start(fake, {"username": "speedy", "preview": "gift"})
    fake.press("show_preview")
    assert "There's no card yet" in fake.page().text()
    fake.press("add_card")
    fake.tick(0.3)
    before = detail(fake)
    fake.press("show_preview")
    assert "for 5 seconds" in fake.page().text()
    fake.tick(0.2)
    assert detail(fake) == "Kindotter gifted 5 subs\nPREVIEW"
    later(fake, 4.0)
    assert "PREVIEW" in detail(fake)
    later(fake, 1.0)
    assert detail(fake) == before
    assert app(fake).state.tally.gifts == app(fake).state.count == 0


def test_a_preview_ends_when_obs_goes_on_air(fake: FakeObs) -> None:
    start(fake, {"username": "speedy"})
    fake.press("add_card")
    fake.tick(0.3)
    fake.press("show_preview")
    fake.tick(0.3)
    assert "PREVIEW" in detail(fake)
    fake.answers["obs_frontend_recording_active"] = True
    fake.run_timers()
    assert "PREVIEW" not in detail(fake)


def test_on_air_a_preview_needs_a_second_press(fake: FakeObs) -> None:
    start(fake, {"username": "speedy"})
    fake.press("add_card")
    fake.answers["obs_frontend_streaming_active"] = True
    later(fake, 1.0)
    fake.press("show_preview")
    later(fake, 11.0)
    fake.press("show_preview")
    assert "You're on air" in fake.page().text()
    fake.tick(0.3)
    assert "PREVIEW" not in detail(fake)
    fake.press("show_preview")
    fake.tick(0.3)
    assert "PREVIEW" in detail(fake)
    later(fake, 6.0)
    fake.press("show_preview")
    assert "You're on air" in fake.page().text(), "asked again each time"


def test_the_page_says_that_the_card_was_made_for_another_canvas_and_add_mends_it(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    assert "canvas" not in fake.page().text()
    fake.canvas = (1080, 1920)
    assert (
        "The card was made for 1920\u00d71080, and your canvas is 1080\u00d71920. Press Add card to scene." in fake.page().text()
    )
    fake.press("add_card")
    assert "canvas" not in fake.page().text()
    fake.tick(0.3)
    assert "canvas" not in fake.page().text()


def test_a_text_of_the_users_follows_their_template_as_it_is_typed(fake: FakeObs) -> None:
    start(fake, {"username": "speedy", "text_source": "Mine"})
    fake.create_source("text_ft2_source_v2", "Mine", {"text": "before"})
    fake.tick(0.3)
    assert fake.source("Mine").settings["text"].startswith("speedy\nDisconnected")
    fake.page()
    fake.type("text_template", "{name} is {state}")
    fake.tick(0.3)
    assert fake.source("Mine").settings["text"] == "speedy is Disconnected"
