"""Where the pieces lie: inside the panel, apart from each other, legible, and the same on every canvas."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.card.card import Card, render
from vmsc_core.card.layout import MEASURES, ROLES, SMALLEST, Box, ems, extent, plan, scale_of, width_of
from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.reasons import because
from vmsc_core.settings import FIELDS, Choices
from vmsc_core.state import State
from vmsc_core.words import say

HD, CANVASES = (1280, 720), [(1280, 720), (1920, 1080), (1080, 1920), (2560, 1440), (3840, 2160), (640, 360), (800, 600)]
LAYOUTS, SIZES = (next(field.choices for field in FIELDS if field.key == key) for key in ("card_layout", "card_size"))
LOOKS = [Choices(card_layout=layout, card_size=size) for layout, size in product(LAYOUTS, SIZES)]
VISIBLE = [look for look in LOOKS if look.card_layout != "dot"]
LIVE = State(Status.LIVE, "NightOwl", since=0.0, count=1234, followers=5678)


def card_of(state: State, look: Choices, now: float = 42.0) -> Card:
    return render(state, look, Host(), now)


states = st.builds(
    State,
    status=st.sampled_from(Status),
    name=st.text("abcWi_1", min_size=1, max_size=25) | st.text(max_size=30),
    reason=st.sampled_from([None, because("lookup_country"), because("lost")]),
    followers=st.none() | st.integers(0, 10**7),
    count=st.integers(0, 10**7),
    since=st.just(0.0),
)


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.left + inner.width <= outer.left + outer.width + 1
        and inner.top + inner.height <= outer.top + outer.height + 1
    )


def apart(one: Box, other: Box) -> bool:
    beside = one.left + one.width <= other.left + 1 or other.left + other.width <= one.left + 1
    return beside or one.top + one.height <= other.top + 1 or other.top + other.height <= one.top + 1


@settings(max_examples=300, deadline=None, database=None)
@given(states, st.sampled_from(LOOKS), st.sampled_from(CANVASES))
def test_every_piece_lies_inside_the_panel_and_the_panel_on_the_canvas(state, look, canvas):
    boxes = plan(card_of(state, look), look, canvas)
    assert set(boxes) == set(ROLES)
    panel = boxes["panel"]
    assert (panel.left, panel.top) == (0, 0), "else OBS moves the group"
    assert all(inside(box, panel) and box.width > 0 and box.height > 0 for box in boxes.values())
    assert panel.width <= 800 * scale_of(canvas) <= canvas[0] + 1


@settings(max_examples=300, deadline=None, database=None)
@given(states, st.sampled_from(VISIBLE), st.sampled_from(CANVASES))
def test_no_piece_covers_another(state, look, canvas):
    boxes = plan(card_of(state, look), look, canvas)
    seen = [boxes[role] for role in ("name", "badge", "detail", "dot", "edge") if boxes[role].visible]
    assert all(apart(one, other) for at, one in enumerate(seen) for other in seen[at + 1 :])
    assert inside(boxes["hole"], boxes["badge"])


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("canvas", [(1280, 720), (1920, 1080), (1080, 1920), (3840, 2160)])
def test_no_letter_is_too_small_for_a_phone(look, canvas):
    assert min(ems(look, canvas).values()) >= 18 * min(canvas) / 720 * (0.9 if canvas[0] < canvas[1] else 1)


@pytest.mark.parametrize("look", VISIBLE)
@pytest.mark.parametrize("status", Status)
def test_nor_is_a_name_as_long_as_kick_allows(look, status):
    state = State(status, "W" * 25, since=0.0)
    name, em = plan(card_of(state, look), look, HD)["name"], ems(look, HD)["name"]
    shrunk = min(1.0, name.width / width_of(state.name, em, bold=True))
    assert em * shrunk >= SMALLEST - 0.2


def test_the_baselines_stay_where_they_are_in_every_state():
    for look in VISIBLE:
        plans = [plan(card_of(State(status, "Name", since=0.0), look), look, HD) for status in Status]
        tops = {tuple(boxes[role].top for role in ("name", "title", "dot")) for boxes in plans}
        assert len(tops) == 1, look


def test_the_panel_is_as_large_as_what_is_on_it():
    look = Choices()
    lines = [card_of(LIVE, look), card_of(State(Status.LIVE, "NightOwl", since=0.0), look), Card("NightOwl", "Live", "", 0, 255)]
    heights = [plan(card, look, HD)["panel"].height for card in lines]
    assert heights == sorted(heights, reverse=True) and len(set(heights)) == 3
    assert not plan(lines[-1], look, HD)["detail"].visible


def test_the_compact_card_is_one_strip():
    look = Choices(card_layout="compact")
    panel = plan(card_of(LIVE, look), look, HD)["panel"]
    assert panel.width == pytest.approx(262, abs=12) and panel.height == pytest.approx(44, abs=2)


@pytest.mark.parametrize("size", SIZES)
def test_the_dot_is_the_dot_alone_on_a_dark_disc(size):
    look = Choices(card_layout="dot", card_size=size)
    boxes = plan(card_of(LIVE, look), look, HD)
    dot, panel = boxes["dot"], boxes["panel"]
    assert {role for role, box in boxes.items() if box.visible} == {"dot", "panel"}
    assert panel.is_round and panel.width == panel.height >= 1.4 * dot.width
    assert dot.left == dot.top == pytest.approx((panel.width - dot.width) / 2, abs=1)


@pytest.mark.parametrize("mark", ["card_preview", "card_rehearsal"])
@pytest.mark.parametrize("size", SIZES)
def test_a_dot_that_is_none_of_the_truth_says_so(size, mark):
    look = Choices(card_layout="dot", card_size=size)
    marked = card_of(LIVE, replace(look, mark=mark))
    boxes = plan(marked, look, HD)
    assert marked.line == say(mark) and boxes["detail"].visible and boxes["panel"].visible and boxes["title"].visible
    panel = boxes["panel"]
    assert not panel.is_round
    assert all(box.left + box.width <= panel.width and box.top + box.height <= panel.height for box in boxes.values())
    assert extent(marked, look) != extent(replace(marked, is_marked=False), look), "the arranger would not notice"


@pytest.mark.parametrize("look", LOOKS)
def test_twice_the_canvas_is_twice_the_card(look):
    small, large = (plan(card_of(LIVE, look), look, canvas) for canvas in (HD, (2560, 1440)))
    for role in ROLES:
        assert large[role].width == pytest.approx(2 * small[role].width, abs=2)
        assert large[role].left == pytest.approx(2 * small[role].left, abs=2)


def test_a_vertical_canvas_gets_a_card_that_fits_its_width():
    assert scale_of((1080, 1920)) == pytest.approx(1.35)


def test_the_uptime_does_not_make_the_panel_twitch():
    look = Choices()
    widths = {plan(card_of(LIVE, look, float(second)), look, HD)["panel"].width for second in range(600, 660)}
    assert len(widths) == 1


def test_the_sizes_differ_and_all_are_there():
    assert set(MEASURES) == set(product(LAYOUTS, SIZES))
    for layout in LAYOUTS:
        looks = [Choices(card_layout=layout, card_size=size) for size in SIZES]
        widths = [plan(card_of(LIVE, look), look, HD)["panel"].width for look in looks]
        assert widths == sorted(widths) and len(set(widths)) == 3


@given(
    st.text(max_size=70),
    st.text(max_size=70),
    st.sampled_from(["nightowl", "Night Owl", "W" * 28]),
    st.sampled_from(list(MEASURES)),
    st.sampled_from(Status),
)
def test_two_cards_of_one_extent_are_laid_out_alike(line, other, name, measures, status):
    choices = Choices(card_layout=measures[0], card_size=measures[1])
    one, two = (Card(name, status.value, text, 0, 255, status, text) for text in (line, other))
    if extent(one, choices) == extent(two, choices):
        assert plan(one, choices, (1920, 1080)) == plan(two, choices, (1920, 1080))


def test_a_count_that_goes_on_changes_the_extent_now_and_then_only():
    lines = [f"{number:,} events  \u00b7  connected 1:02:03" for number in range(1000, 1400)]
    extents = {extent(Card("N", "Live", line, 0, 255, Status.LIVE, line), Choices()) for line in lines}
    assert len(extents) == 1
