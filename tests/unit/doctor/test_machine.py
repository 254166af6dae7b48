"""What the doctor says about the machine."""

from pathlib import Path

from daemon.doctor.check import Verdict
from daemon.doctor.machine import check_disk, check_libraries, check_python


def test_the_interpreter_of_the_tests_fits() -> None:
    assert check_python().verdict is Verdict.OK


def test_an_interpreter_out_of_range_fails_with_what_to_do() -> None:
    for version in ((3, 10), (3, 14)):
        check = check_python(version)
        assert check.verdict is Verdict.FAIL
        assert "make setup" in check.advice


def test_all_libraries_are_compiled_for_this_machine() -> None:
    check = check_libraries()
    assert check.verdict is Verdict.OK, check.finding


def test_a_library_without_its_compiled_part_is_named() -> None:
    check = check_libraries({"uvloop": "uvloop.nothing_like_it"})
    assert check.verdict is Verdict.FAIL
    assert "uvloop: ModuleNotFoundError" in check.finding


def test_room_on_the_disk_is_judged_where_the_state_folder_will_be(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    verdicts = [
        check_disk(folder, free_bytes=free).verdict
        for free in (100_000_000, 500_000_000, 2 * 10**9)
    ]
    assert verdicts == [Verdict.FAIL, Verdict.WARN, Verdict.OK]
    assert str(tmp_path) in check_disk(folder).finding
