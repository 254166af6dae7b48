"""Runbook and command list: what they tell people to type exists, and what people search is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from daemon.cli.commands import COMMANDS, build_app

SEARCHED = (
    "Missing environment variable",
    "API Error 401",
    "Order rejected: insufficient balance",
    "WebSocket disconnected",
    "Circuit breaker tripped",
    "Private key required for signing orders",
    "Order submission failed: 400",
    "runId already exists",
)
KNOWN_COMMANDS = (
    "exec:test:connection", "exec:test:limit", "exec:test:market", "exec:dry-run", "exec:paper",
    "exec:live", "generate-creds", "set-allowances", "trade", "dev", "db:generate", "db:migrate",
    "db:studio", "python run.py", "python main.py", "pkill -f run_execution_engine",
    "cat execution_state.json", "tail -100 logs/health.log",
)  # fmt: skip
DOCUMENTS = ("deploy/RUNBOOK.md", "docs/commands.md", "README.md")


def typed(text: str) -> list[str]:
    """Return every `pennyd …` that a document tells people to type."""
    spans = re.findall(r"`(pennyd [^`]+)`", text)
    lines = re.findall(r"^(?:\.venv/bin/)?(pennyd [^#\n]+)", text, re.MULTILINE)
    return [found.strip() for found in (*spans, *lines)]


def commands() -> dict[str, Any]:
    """Return every command by name, as the parser knows it."""
    found: dict[str, Any] = {}
    for command in COMMANDS:
        group: Any = typer.main.get_command(build_app([command.name]))
        built = group.commands[command.name]
        found[command.name] = built
        for name, inner in getattr(built, "commands", {}).items():
            found[f"{command.name} {name}"] = inner
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_a_document_names_exists_with_its_options(
    document: str, repository: Path
) -> None:
    known = commands()
    lines = typed((repository / document).read_text(encoding="utf-8"))
    assert lines
    for line in lines:
        words = [word.strip("[]") for word in line.split()[1:]]
        if words[0] in {"…", "COMMAND", "--help"}:
            continue
        name = words[0].rstrip(",")
        assert name in known, line
        if f"{name} {words[1] if len(words) > 1 else ''}".rstrip(",") in known:
            name = f"{name} {words[1]}".rstrip(",")
        options = {opt for parameter in known[name].params for opt in parameter.opts}
        asked = {word for word in words if word.startswith("--")} - {"--help", "--"}
        assert asked <= options, line


@pytest.mark.requirement("S3-102")
def test_the_runbook_has_a_heading_for_every_text_that_people_search(repository: Path) -> None:
    text = (repository / "deploy/RUNBOOK.md").read_text(encoding="utf-8")
    headings = "\n".join(re.findall(r"^## .*$", text, re.MULTILINE))
    assert [words for words in SEARCHED if words not in headings] == []
    assert "After a kill switch" in headings


def test_every_command_of_the_customer_is_mapped(repository: Path) -> None:
    text = (repository / "docs/commands.md").read_text(encoding="utf-8")
    table = text.split("## From your commands to ours")[1]
    left = "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("|"))
    assert [name for name in KNOWN_COMMANDS if name not in left] == []


def test_every_command_stands_in_the_list(repository: Path) -> None:
    text = (repository / "docs/commands.md").read_text(encoding="utf-8")
    assert [c.name for c in COMMANDS if f"`pennyd {c.name}" not in text] == []
