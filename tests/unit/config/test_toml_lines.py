"""The line of each key, for messages."""

from config.toml_source import line_numbers

TEXT = """\
mode = "paper"   # one

[risk]
 open_orders_max=3
"quoted" = 1

[[strategies]]
name = "a"
[[strategies]]
name = "b"
a.b = 2
mode = "x"
"""


def test_lines_are_those_of_the_text() -> None:
    assert line_numbers(TEXT) == {
        "mode": 1,
        "risk": 3,
        "risk.open_orders_max": 4,
        "risk.quoted": 5,
        "strategies": 7,
        "strategies[0]": 7,
        "strategies[0].name": 8,
        "strategies[1]": 9,
        "strategies[1].name": 10,
        "strategies[1].a.b": 11,
        "strategies[1].mode": 12,
    }
