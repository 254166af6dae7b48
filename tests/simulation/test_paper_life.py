"""The daemon lives on paper in virtual time: the same seed is the same life, and a crash loses nothing."""

import logging
from collections import Counter
from pathlib import Path

import pytest
import structlog

from daemon.domain.facts import Fact
from daemon.domain.order_events import OrderCreated, OrderFilled
from daemon.sim.chance import Chance
from tests.rig import memory_of
from tests.simulation.paper_world import Life, PaperWorld

SECONDS = 15
"""Of the market, in the tests that end lives early."""
MORE_SEEDS = [pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 150)]


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Let lives pass without a line for every fact."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def kinds(life: Life) -> Counter[type[Fact]]:
    return Counter(type(fact) for fact in life.facts)


def check_end(world: PaperWorld, life: Life) -> None:
    """Compare what a life knew at its end with what it said and with what was kept of that."""
    *earlier, durable = world.durable()
    assert durable == life.facts[: len(durable)], "what is kept is a beginning of what was said"
    assert memory_of(life.app.state) == world.rebuilt(*earlier, life.facts)


def test_two_minutes_of_trading_are_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    logs: list[bytes] = []
    for name in ("one", "other"):
        world = PaperWorld(1, tmp_path / name, seconds=120)
        life = world.live()
        logs.append(life.app.decision_log_path.read_bytes())
        assert 119 <= world.now_ns / 1e9 <= 121
        assert world.durable() == [life.facts], "the goodbye leaves nothing unwritten"
        assert kinds(life)[OrderCreated] > 100
        assert kinds(life)[OrderFilled] > 50
        check_end(world, life)
    assert logs[0] == logs[1]
    assert len(logs[0].splitlines()) == life.app.decision_log.steps


def test_another_seed_is_another_life(tmp_path: Path) -> None:
    digests = {
        PaperWorld(seed, tmp_path / f"{seed}", seconds=SECONDS).live().app.decision_log.digest
        for seed in (1, 2)
    }
    assert len(digests) == 2


@pytest.mark.requirement("S3-089", "S3-091")
@pytest.mark.parametrize("seed", [*range(4), *MORE_SEEDS])
def test_a_life_that_is_cut_off_is_rebuilt_from_what_was_committed(
    tmp_path: Path, seed: int
) -> None:
    ends = Chance(seed).stream("ends")
    world = PaperWorld(seed, tmp_path, seconds=SECONDS)
    cut_off = [world.live(crash_before=ends.between(100, 900)) for _ in range(2)]
    last = world.live()
    for number, life in enumerate(world.lives):
        assert life.memory == world.rebuilt(*world.durable()[:number])
    for life, kept in zip(cut_off, world.durable(), strict=False):
        assert kept == life.facts[: len(kept)]
    check_end(world, last)
    assert world.durable()[-1] == last.facts
    assert [run.status for run in world.archive.runs.values()] == ["failed", "failed", "completed"]
    assert not last.app.state.desk.open, "nothing rests when it says goodbye"
    assert sum(kinds(life)[OrderFilled] for life in world.lives) > 5


def test_a_life_that_is_cut_off_says_nothing_that_is_not_in_the_whole_one(tmp_path: Path) -> None:
    whole = PaperWorld(5, tmp_path / "whole", seconds=SECONDS).live()
    for crash_before in (1, 50, 333, 1_000):
        world = PaperWorld(5, tmp_path / f"{crash_before}", seconds=SECONDS)
        world.live(crash_before=crash_before)
        for life in world.lives:
            assert life.facts == whole.facts[: len(life.facts)]
            check_end(world, life)
