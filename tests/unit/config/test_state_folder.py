"""Where the state folder is when nobody says."""

from pathlib import Path

import pytest

from config.state_folder import absolute, default_state_dir, home_of

NOBODY = 4_000_000_001
"""A user id that no machine knows."""


@pytest.mark.parametrize(
    "environ, uid, expected",
    [
        ({"XDG_STATE_HOME": "/x"}, 1000, "/x/pennyd"),
        ({"XDG_STATE_HOME": "/x"}, 0, "/x/pennyd"),
        ({"XDG_STATE_HOME": "relative", "HOME": "/h"}, 1000, "/h/.local/state/pennyd"),
        ({"HOME": "/h"}, 1000, "/h/.local/state/pennyd"),
        ({"HOME": "/root"}, 0, "/var/lib/pennyd"),
        ({}, NOBODY, "/.local/state/pennyd"),
    ],
)
def test_state_folder_follows_the_user(environ: dict[str, str], uid: int, expected: str) -> None:
    assert default_state_dir(environ, uid) == Path(expected)


def test_home_is_looked_up_when_the_environment_does_not_say() -> None:
    assert home_of({}, 0).is_absolute()


@pytest.mark.parametrize(
    "path, expected", [("/a", "/a"), ("~/a", "/home/a"), ("~", "/home"), ("a", "/desk/a")]
)
def test_path_is_made_absolute(path: str, expected: str) -> None:
    assert absolute(Path(path), Path("/desk"), Path("/home")) == Path(expected)
