"""The files of a deployment say what they must; no container engine is needed to look."""

import configparser
import re
import shutil
import subprocess

import pytest

from tests.architecture.source_tree import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "deploy/compose.yaml").read_text("utf-8")


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their case
    parser.read(ROOT / "deploy/pennyd.service", "utf-8")
    return parser


def dockerfile_steps() -> list[str]:
    """Return the instructions, continued lines joined, comments dropped."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "key, value",
    [
        ("Type", "notify"),
        ("NotifyAccess", "main"),
        ("ExecStart", "/opt/pennyd/.venv/bin/pennyd run"),
        ("User", "pennyd"),
        ("StateDirectory", "pennyd"),
        ("WorkingDirectory", "%S/pennyd"),
        ("Restart", "on-failure"),
        ("RestartPreventExitStatus", "2 4"),
        ("KillMode", "mixed"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("CapabilityBoundingSet", ""),
        ("UMask", "0077"),
    ],
)
def test_unit_holds_what_the_daemon_relies_on(key: str, value: str) -> None:
    assert unit()["Service"][key] == value


def test_unit_gives_the_watchdog_and_the_goodbye_their_time() -> None:
    service = unit()["Service"]
    assert int(service["WatchdogSec"]) >= 10
    assert int(service["TimeoutStopSec"]) >= 30
    assert "XDG_STATE_HOME=%S" in service["Environment"].split()
    assert "PYTHONSAFEPATH=1" in service["Environment"].split()
    assert unit()["Install"]["WantedBy"] == "multi-user.target"


def test_unit_is_understood_by_systemd() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    command = ["systemd-analyze", "verify", "--man=no", str(ROOT / "deploy/pennyd.service")]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    ours = [line for line in said.splitlines() if "pennyd.service" in line]
    assert [line for line in ours if "is not executable" not in line] == []


def test_image_is_made_by_the_script_of_the_makefile() -> None:
    assert any(re.search(r"^RUN .*\bsh tools/setup\.sh$", step) for step in dockerfile_steps())
    assert re.search(
        r"^setup:.*\n\t@sh tools/setup\.sh$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert "pip install" not in DOCKERFILE


def test_image_copies_all_that_the_set_up_reads() -> None:
    build = DOCKERFILE.split("\nFROM ")[1]
    copied = set(re.findall(r"\S+", " ".join(re.findall(r"^COPY (.*)$", build, re.MULTILINE))))
    allowed = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    needed = {"requirements.lock", "pyproject.toml", "README.md", "LICENSE", "NOTICE"}
    needed |= {"tools/setup.sh", "daemon", "strategies", "config"}
    assert needed <= copied
    assert needed == allowed


def test_image_has_two_stages_of_a_supported_python() -> None:
    bases = re.findall(r"^FROM python:(3\.\d+)-\S+(?: AS build)?$", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert bases[0] in {"3.11", "3.12", "3.13"}


def test_image_runs_as_an_ordinary_user_under_a_reaping_init() -> None:
    steps = dockerfile_steps()
    user, workdir, entry = (
        max(i for i, step in enumerate(steps) if step.startswith(word))
        for word in ("USER pennyd", "WORKDIR /var/lib/pennyd", "ENTRYPOINT")
    )
    assert user < workdir < entry
    assert '"/usr/bin/tini", "--", "/opt/pennyd/.venv/bin/pennyd"' in steps[entry]
    assert any("install --yes --no-install-recommends tini" in step for step in steps)


def test_image_is_safe_from_stray_modules_and_says_how_it_is() -> None:
    (environment,) = (step for step in dockerfile_steps() if step.startswith("ENV "))
    assert "PYTHONSAFEPATH=1" in environment.split()
    (health,) = (step for step in dockerfile_steps() if step.startswith("HEALTHCHECK"))
    assert '"/opt/pennyd/.venv/bin/pennyd", "status"' in health


def test_image_drops_only_packages_that_the_lock_names() -> None:
    (step,) = (step for step in dockerfile_steps() if "pip uninstall" in step)
    dropped = set(re.split(r"\s+", step.split("ignore")[1].split("&&")[0].strip()))
    locked = set(
        re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    assert {"uv", "ruff", "pytest"} <= dropped
    assert dropped <= locked


@pytest.mark.parametrize(
    "line",
    [
        "        condition: service_healthy",
        "      DATABASE_URL: postgresql://pennyd:${PENNYD_DB_PASSWORD:?set it in deploy/.env}@postgres:5432/pennyd",
        "      - ./kill-switch:/kill-switch",
        "    working_dir: /kill-switch",
        "      - pennyd-state:/var/lib/pennyd",
        "      - ./postgres/create.sh:/docker-entrypoint-initdb.d/10-create.sh:ro",
        "    read_only: true",
        "      - no-new-privileges:true",
    ],
)
def test_compose_file_says(line: str) -> None:
    assert line in COMPOSE.splitlines()


def test_compose_file_waits_until_the_database_answers() -> None:
    assert re.search(r'healthcheck:\n +test: \["CMD", "pg_isready", ', COMPOSE)


def test_compose_file_takes_passwords_from_outside_only() -> None:
    assert re.search(r"DATABASE_URL: postgresql://pennyd:\$\{PENNYD_DB_PASSWORD:\?", COMPOSE)
    assert re.findall(r"PASSWORD: (?!\$\{)\S+", COMPOSE) == []


def test_compose_file_mounts_only_what_is_there() -> None:
    for folder in re.findall(r"- (\./[\w./-]+):", COMPOSE):
        assert (ROOT / "deploy" / folder).exists(), folder


@pytest.mark.parametrize(
    "script",
    [
        "tools/setup.sh", "tools/lint.sh", "tools/lock.sh", "deploy/pennyd-service",
        "deploy/postgres/create.sh", "deploy/postgres/backup.sh", "deploy/postgres/restore.sh",
    ],
)  # fmt: skip
def test_script_is_executable_and_a_shell_understands_it(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode == 0


def test_makefile_lists_its_targets() -> None:
    targets = set(re.findall(r"^([a-z-]+):.* ## \S", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets >= {
        "demo", "test", "check-long", "soak", "bench", "lint", "format", "lock", "requirements",
        "clean", "help",
    }  # fmt: skip


def test_ci_runs_what_a_person_runs() -> None:
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"
