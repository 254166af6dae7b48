"""One finding about this machine or this installation, with what it means and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How serious."""

    OK = "ok"
    WARN = "warn"
    """It works, and somebody should look."""
    FAIL = "fail"
    """It does not work like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was looked at and what was found."""

    name: str
    verdict: Verdict
    finding: str
    meaning: str = ""
    """What follows from it; empty when all is well."""
    advice: str = ""
    """What to do; empty when all is well."""


def fine(name: str, finding: str) -> Check:
    """Return a check without anything to do."""
    return Check(name=name, verdict=Verdict.OK, finding=finding)


def warn(name: str, finding: str, *, meaning: str, advice: str) -> Check:
    """Return a check that somebody should look at."""
    return Check(name=name, verdict=Verdict.WARN, finding=finding, meaning=meaning, advice=advice)


def fail(name: str, finding: str, *, meaning: str, advice: str) -> Check:
    """Return a check that stands in the way."""
    return Check(name=name, verdict=Verdict.FAIL, finding=finding, meaning=meaning, advice=advice)
