"""One budget for all regular expressions of a turn: never exceeded, and no rule is kept from it for ever."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.rules.budget import LONGEST_SEARCH, PER_TURN, Budget


def turn(budget: Budget, *searches: tuple[str, float]) -> list[str]:
    """Rules that ask for a search in this order, each of which takes as long as it can; who was let."""
    done = []
    for rule_id, worst in searches:
        if budget.may(rule_id, worst):
            budget.spend(rule_id, worst)
            done.append(rule_id)
    budget.end_turn()
    return done


def test_one_rule_has_it_all():
    assert turn(Budget(["a"]), *[("a", PER_TURN / 10)] * 20) in (["a"] * 9, ["a"] * 10)


def test_a_quick_rule_does_not_wait_for_slow_ones():
    budget = Budget(["slow", "slower", "quick"])
    for _ in range(20):
        asked = [("slow", LONGEST_SEARCH / 4)] * 20 + [("slower", LONGEST_SEARCH / 2)] * 20 + [("quick", 1e-6)] * 20
        assert turn(budget, *asked).count("quick") == 20
    assert list(budget.named) == ["slow", "slower"]


def test_a_search_that_takes_more_than_the_shares_leave_has_its_turn():
    budget = Budget([f"r{number}" for number in range(50)])
    greedy = [(f"r{number}", PER_TURN / 100) for number in range(49)] * 5
    done = Counter(name for _ in range(40) for name in turn(budget, *greedy, ("r49", LONGEST_SEARCH)))
    assert done["r49"] >= 1
    assert min(done.values()) >= 1


def test_a_place_that_is_kept_is_given_up():
    budget = Budget(["slow", "other"])
    assert turn(budget, ("other", PER_TURN / 2), ("other", PER_TURN / 4), ("slow", LONGEST_SEARCH)) == ["other", "other"]
    asked = [("other", PER_TURN / 4)] * 4
    kept = [len(turn(budget, *asked)) for _ in range(5)]
    assert kept[0] == 2 < kept[-1], "half of it is kept for a search of the slow one"


def test_chat_leaves_room_for_what_comes_once():
    budget = Budget(["chat"], others=True)
    assert turn(budget, *[("chat", PER_TURN / 10)] * 20, ("gift", LONGEST_SEARCH)).count("gift") == 1
    assert turn(budget, ("gift", LONGEST_SEARCH), ("gift", LONGEST_SEARCH), ("chat", PER_TURN / 10)) == ["gift", "gift"]


def test_a_rule_is_named_once():
    budget = Budget(["a"])
    for _ in range(3):
        turn(budget, *[("a", PER_TURN / 2)] * 5)
    assert list(budget.named) == ["a"]


RULES = [f"r{number}" for number in range(6)]
SEARCHES = st.lists(st.tuples(st.sampled_from([*RULES, "gift"]), st.floats(1e-7, LONGEST_SEARCH)), max_size=30)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.lists(SEARCHES, max_size=12), st.booleans())
def test_no_turn_takes_longer_than_its_budget(turns, others):
    budget = Budget(RULES, others)
    for searches in turns:
        spent = 0.0
        for rule_id, worst in searches:
            if budget.may(rule_id, worst):
                budget.spend(rule_id, worst)
                spent += worst
        budget.end_turn()
        assert spent <= PER_TURN * 1.000001


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(st.lists(st.floats(1e-7, LONGEST_SEARCH), min_size=6, max_size=6), st.permutations(RULES))
def test_no_rule_waits_for_ever(worsts, order):
    """All six ask in each turn, in the same order, as often as they can."""
    budget = Budget(RULES)
    worst = dict(zip(RULES, worsts))
    done = Counter(name for _ in range(30) for name in turn(budget, *[(name, worst[name]) for name in order for _ in range(40)]))
    assert set(done) == set(RULES)


@pytest.mark.parametrize("others", [True, False])
def test_without_rules_nothing_is_in_the_way(others):
    assert turn(Budget((), others), ("gift", LONGEST_SEARCH)) == ["gift"]
