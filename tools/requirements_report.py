"""Lists the customer's requirements that tests prove.

Responsible for comparing the `requirement` markers of all tests, the long ones included, with the
list of known ids: the customer's own table when it lies beside this checkout, else the copy in
docs/requirements.tsv. It runs no test and so does not know whether they pass: `make test` does.
"""

import argparse
import contextlib
import io
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT.parent / "shared" / "requirements.md"
COPY = ROOT / "docs" / "requirements.tsv"
ROW = re.compile(r"^\| (S\d-\d{3}) \|.*\| ([A-Z,]+) \|\s*$", re.MULTILINE)


class Collector:
    """A pytest plugin that notes which ids each collected test claims to prove."""

    def __init__(self) -> None:
        self.proofs: defaultdict[str, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read the markers of every test, module and class marks included."""
        for item in items:
            for marker in item.iter_markers("requirement"):
                for requirement in marker.args:
                    self.proofs[str(requirement)].append(item.nodeid)


def read_table(path: Path) -> dict[str, str]:
    """Return id → tags of the rows of the customer's table."""
    return dict(ROW.findall(path.read_text(encoding="utf-8")))


def read_copy(path: Path) -> dict[str, str]:
    """Return id → tags of our copy, which holds one `id<TAB>tags` a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def known_requirements() -> dict[str, str]:
    """Return id → tags from the table beside this checkout, else from our copy."""
    return read_table(TABLE) if TABLE.is_file() else read_copy(COPY)


def collect(arguments: list[str]) -> dict[str, list[str]]:
    """Return id → tests that claim to prove it; exit with pytest's words when it cannot collect."""
    collector = Collector()
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        code = pytest.main(
            ["--collect-only", "-q", "-m", "", "-p", "no:cacheprovider", *arguments],
            plugins=[collector],
        )
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        print(words.getvalue())
        sys.exit(int(code))
    return collector.proofs


def show(known: dict[str, str], proofs: dict[str, list[str]], *, missing: bool) -> None:
    """Print the proven ids with their tests, then the count of each document."""
    for requirement in sorted(set(proofs) & set(known)):
        tests = sorted({node.split("[")[0] for node in proofs[requirement]})
        more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
        print(f"{requirement}  {known[requirement]:<4} {tests[0]}{more}")
    if missing:
        unproven = [name for name in sorted(known) if name not in proofs]
        print("\nnot proven by a test:", *(f"{name}({known[name]})" for name in unproven))
    print("\ndocument  proven  of   of these M")
    proven = Counter(name[:2] for name in known if name in proofs)
    must = Counter(name[:2] for name, tags in known.items() if "M" in tags)
    for document, total in sorted(Counter(name[:2] for name in known).items()):
        print(f"{document:<9} {proven[document]:>6}  {total:<4} {must[document]}")
    print(f"{'all':<9} {proven.total():>6}  {len(known):<4} {must.total()}")


def main() -> int:
    """Report; exit 1 when a marker names an id that is not known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true", help="also list the ids without a test")
    parser.add_argument("--copy", action="store_true", help=f"rewrite {COPY.relative_to(ROOT)}")
    options, rest = parser.parse_known_args()
    if options.copy:
        rows = "".join(f"{name}\t{tags}\n" for name, tags in sorted(read_table(TABLE).items()))
        COPY.write_text(
            f"# id\ttags (M must, N later, D document, X out, O outdated)\n{rows}", "utf-8"
        )
        return 0
    known, proofs = known_requirements(), collect(rest)
    show(known, proofs, missing=options.missing)
    unknown = sorted(set(proofs) - set(known))
    for requirement in unknown:
        print(f"unknown id {requirement}: {proofs[requirement][0]}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
