"""Trying again, but not for ever."""

from daemon.adapters.postgres.patience import Patience


async def test_the_first_try_is_at_once_and_the_last_at_the_deadline() -> None:
    patience = Patience(within_s=0.01, every_s=0.004)
    tries = 0
    while await patience.lasts():
        tries += 1
    assert 2 <= tries <= 5
    assert not await patience.lasts()


async def test_no_time_still_means_one_try_and_one_last() -> None:
    patience = Patience(within_s=0, every_s=1)
    assert [await patience.lasts() for _ in range(3)] == [True, True, False]
