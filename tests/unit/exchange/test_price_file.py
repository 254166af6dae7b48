"""Recorded reference prices in files."""

import gzip
from pathlib import Path

import pytest

from daemon.errors import ConfigError
from daemon.exchange.price_file import open_prices

LINES = b'{"asset":"btc","at":1,"price":"5"}\n{"asset":"btc","at":2,"price":"6"}\n'


@pytest.mark.parametrize("name", ["prices.jsonl", "prices.jsonl.gz"])
def test_a_file_is_read_compressed_or_not(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(LINES) if name.endswith(".gz") else LINES)
    assert [price.price for price in open_prices(path)["btc"]] == [5_000_000, 6_000_000]


@pytest.mark.parametrize(
    "content",
    [None, b"no gzip", gzip.compress(LINES, mtime=0)[:-12]],
    ids=["absent", "not compressed", "cut off"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "prices.jsonl.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"prices\.jsonl\.gz"):
        open_prices(path)
