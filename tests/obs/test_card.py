"""The card of one script: choices followed, pieces made again, and a card of an earlier version converted once."""

from __future__ import annotations

from fake_obspython import FakeObs
from obs.session import CARD, OPEN, SCRIPT, start

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
