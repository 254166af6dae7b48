"""Seeds that once broke an invariant: always run, each with what it found."""

from typing import Final, NamedTuple


class KeptSeed(NamedTuple):
    """A run, and why it is kept."""

    seed: int
    minutes: int
    why: str


KEPT: Final = (
    KeptSeed(8, 2, "a copy of a submit is refused as a duplicate: the order rests all the same"),
    KeptSeed(11, 2, "comparisons that page through slow lists left an order in doubt to the end"),
    KeptSeed(
        28, 2, "less than a hundredth of a share stays open at the venue: it counts as filled"
    ),
    KeptSeed(33, 2, "dust of a filled order still rests while its slot is taken anew"),
    KeptSeed(
        280, 2, "a doubt lasted longer than thought: the grace, and three looks at a slow venue"
    ),
    KeptSeed(
        242,
        5,
        "a goodbye's cancel overtook its submit, and its time was over before the order was found",
    ),
    KeptSeed(556, 5, "the last hundredth of a share of a filled order traded after the goodbye"),
    KeptSeed(608, 5, "an order with less than a hundredth left at the venue is filled, not open"),
    KeptSeed(292, 5, "an order with a millionth of a share left at the venue is filled, not open"),
)
