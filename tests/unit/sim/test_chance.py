"""Chance from a seed: the same for ever, and each stream alone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from daemon.sim.chance import Chance, Stream


def test_a_seed_means_the_same_draws_for_ever() -> None:
    """Written down once: a seed that failed must fail again under every supported Python."""
    latency = Chance(7).stream("latency")
    assert [latency.below(1_000) for _ in range(8)] == [487, 969, 0, 570, 405, 99, 742, 23]
    assert "".join(latency.shuffled("abcdefgh")) == "acdfehgb"


@given(st.integers(0, 2**64), st.text(max_size=20))
def test_the_same_seed_and_name_draw_the_same(seed: int, name: str) -> None:
    one, other = Chance(seed).stream(name), Chance(seed).stream(name)
    assert [one.below(97) for _ in range(9)] == [other.below(97) for _ in range(9)]


@given(st.lists(st.sampled_from(["latency", "faults", "book"]), max_size=30))
def test_draws_from_one_stream_do_not_shift_another(draws: list[str]) -> None:
    alone, crowded = Chance(1), Chance(1)
    for name in draws:
        crowded.stream(name).below(1_000)
    wanted = [alone.stream("venue").below(1_000) for _ in range(9)]
    assert [crowded.stream("venue").below(1_000) for _ in range(9)] == wanted


def test_streams_seeds_and_branches_differ() -> None:
    streams = [
        Chance(1).stream("a"),
        Chance(2).stream("a"),
        Chance(1).stream("b"),
        Chance(1).branch("life 1").stream("a"),
        Chance(1).branch("life 2").stream("a"),
    ]
    assert len({tuple(stream.below(1_000) for _ in range(9)) for stream in streams}) == 5


def test_a_stream_goes_on_where_it_stands() -> None:
    chance = Chance(1)
    assert chance.stream("a") is chance.stream("a")


@given(st.integers(0, 10**9), st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_number_lies_between_its_bounds(seed: int, least: int, more: int) -> None:
    assert least <= Stream(str(seed)).between(least, least + more) <= least + more


def test_the_only_possible_draw_is_drawn() -> None:
    stream = Stream("x")
    assert (stream.below(1), stream.between(5, 5), stream.pick("z")) == (0, 5, "z")


def test_every_choice_comes_about_as_often_as_the_others() -> None:
    stream = Stream("x")
    counts = Counter(stream.pick("abc") for _ in range(3_000))
    assert set(counts) == set("abc")
    assert all(900 < count < 1_100 for count in counts.values())


def test_what_happens_so_often_in_a_million_happens_about_so_often() -> None:
    stream = Stream("x")
    assert sum(stream.happens(250_000) for _ in range(4_000)) in range(900, 1_100)
    assert not any(stream.happens(0) for _ in range(100))
    assert all(stream.happens(1_000_000) for _ in range(100))


@given(st.integers(0, 1_000), st.lists(st.integers(0, 9), max_size=12))
def test_shuffling_loses_and_adds_nothing(seed: int, things: list[int]) -> None:
    assert sorted(Stream(str(seed)).shuffled(things)) == sorted(things)
