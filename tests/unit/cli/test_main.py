"""From arguments to an exit code, in one process."""

import pytest

from daemon.cli.main import main


@pytest.mark.requirement("S0-014")
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--private-key", "0xdeadbeefcafe"],
        ["run", "--private-key=0xdeadbeefcafe"],
        ["orders", "--all", "--PRIVATE-KEY", "0xdeadbeefcafe"],
    ],
)
def test_a_private_key_on_the_command_line_is_refused_with_the_alternatives(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert "POLYMARKET_PRIVATE_KEY" in said.err
    assert "deadbeefcafe" not in said.err + said.out


@pytest.mark.parametrize(
    "arguments", [["frobnicate"], ["status", "--frobnicate"], ["fills", "--limit", "many"]]
)
def test_a_wrong_command_line_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "Usage: pennyd" in capsys.readouterr().err


def test_no_arguments_show_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) in {0, 2}
    assert "cancel-all" in "".join(capsys.readouterr())


@pytest.mark.parametrize("mode", ["live", "dry-run", "dry_run"])
def test_modes_of_a_later_release_are_refused_in_one_line(
    mode: str, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    state = tmp_path_factory.mktemp("state")
    arguments = ["run", "--mode", mode, "--market", "a-market", "--state-dir", str(state)]
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "arrives with the live release" in line


def test_a_run_without_a_market_names_the_key_and_an_example(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert main(["run", "--state-dir", str(tmp_path_factory.mktemp("state"))]) == 2
    said = capsys.readouterr().err
    assert "markets:" in said
    assert "--market btc-updown" in said


@pytest.mark.parametrize("arguments", [["--speed", "61"], ["--speed", "-1"], ["--minutes", "0"]])
def test_a_demo_that_cannot_be_played_is_refused_before_anything_starts(
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    state = tmp_path_factory.mktemp("parent") / "state"
    assert main(["demo", *arguments, "--state-dir", str(state)]) == 2
    assert arguments[0] in capsys.readouterr().err
    assert not state.exists()
