"""A served order-book API for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.exchange.clob.clob_bench import ClobBench


@pytest.fixture
async def bench() -> AsyncIterator[ClobBench]:
    async with ClobBench().serve() as bench:
        yield bench
