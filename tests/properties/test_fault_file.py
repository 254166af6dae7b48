"""Whatever a file of faults says: it is understood or refused by name, never anything else."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daemon.errors import ConfigError
from daemon.sim.exchange.faults.fault import FORMS, FaultKind
from daemon.sim.exchange.faults.fault_file import parse_faults

KEYS = [
    "kind", "points", "rate", "nth", "from_s", "until_s", "is_done", "seed",
    *sorted({form.figure for form in FORMS.values()}),
]  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["submit", "match", "delay", "drop", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=6,
)
ROWS: st.SearchStrategy[Any] = st.tuples(
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), st.sampled_from(FaultKind)
).map(lambda row: row[0] | {"kind": row[1]})
FILES = st.fixed_dictionaries(
    {},
    optional={"fault": st.lists(ROWS, max_size=3), "quiet": VALUES, "seed": VALUES, "draw": VALUES},
)


def problems(text: str, source: str) -> tuple[str, ...]:
    try:
        faults = parse_faults(text, source)
    except ConfigError as refused:
        return refused.problems
    assert all(rule.rate or rule.nth for rule in faults.rules)
    return ()


@given(file=FILES | VALUES)
def test_any_json_is_read_or_refused(file: Any) -> None:
    assert all(told.startswith("x.json") for told in problems(json.dumps(file), "x.json"))


@given(text=st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(told.startswith("x.toml") for told in problems(text, "x.toml"))
