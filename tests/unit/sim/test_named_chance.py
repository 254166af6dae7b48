"""Repeatable chance: the name decides, not the order of asking."""

import pytest

from daemon.domain.units import MICRO
from daemon.sim.named_chance import NamedChance


def test_the_same_question_has_the_same_answer_whatever_was_asked_between() -> None:
    chance = NamedChance("7")
    first = chance.below(MICRO, "delay", 3)
    for number in range(10):
        chance.below(MICRO, "other", number)
    assert chance.below(MICRO, "delay", 3) == first == NamedChance("7").below(MICRO, "delay", 3)


def test_seeds_names_and_kinds_of_name_are_told_apart() -> None:
    draws = {
        NamedChance(seed).below(2**64, *name)
        for seed in ("1", "2")
        for name in (("a", 1), ("a", "1"), ("a1",), ("a", 1, 1), ("a", 11))
    }
    assert len(draws) == 10


def test_draws_spread_evenly() -> None:
    chance = NamedChance("even")
    counts = [0] * 10
    for number in range(5_000):
        counts[chance.below(10, "n", number)] += 1
    assert min(counts) > 400
    assert max(counts) < 600


def test_both_ends_of_a_range_are_drawn() -> None:
    chance = NamedChance("ends")
    assert {chance.between(-1, 1, number) for number in range(100)} == {-1, 0, 1}


def test_what_is_certain_happens_and_what_is_impossible_does_not() -> None:
    chance = NamedChance("sure")
    assert all(chance.happens(MICRO, number) for number in range(50))
    assert not any(chance.happens(0, number) for number in range(50))


def test_drawing_from_nothing_is_a_broken_promise() -> None:
    with pytest.raises(AssertionError):
        NamedChance("x").below(0)
