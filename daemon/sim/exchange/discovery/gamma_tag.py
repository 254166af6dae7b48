"""The tags of a market, told from its fee category and its series."""

from typing import Any

from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.tape.tape import TapeMarket

Record = dict[str, Any]


def tag_names(record: TapeMarket) -> tuple[str, ...]:
    """Return the labels of a market's tags."""
    labels: list[str] = []
    if record.fee is not None and record.fee.fee_type:
        labels.append(record.fee.fee_type.split("_")[0].capitalize())
    if record.series_slug and "-up-or-down-" in record.series_slug:
        labels += ["Up or Down", record.series_slug.rsplit("-", 1)[1].upper()]
    return tuple(labels)


def build_tag(label: str) -> Record:
    """Return the tag object."""
    slug = tag_slug(label)
    return {"id": number_of("tag", slug), "label": label, "slug": slug}


def build_tags(record: TapeMarket) -> list[Record]:
    """Return the tag objects of a market."""
    return [build_tag(label) for label in tag_names(record)]


def tag_slug(label: str) -> str:
    """Return the slug of a label."""
    return label.lower().replace(" ", "-")
