"""Writes docs/configuration.md and .env.example from the declared settings.

Responsible for the words around the tables; every key, default, unit and meaning comes from the
models and the shipped TOML files. `--check` writes nothing and fails when a file is not current.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from config.catalogue import ENTRY_KEYS, KEYS, STRATEGIES, Key
from config.form import Shown
from config.load import load
from config.mode import Profile
from config.profile_table import HERE

ROOT: Final = Path(__file__).resolve().parent.parent
FROM_PROFILE: Final = "by profile"
SPOKEN: Final = {
    "state_dir": "`$XDG_STATE_HOME/pennyd`, else `~/.local/state/pennyd`; root `/var/lib/pennyd`",
    "profile": "by mode",
    "strategies": "by mode",
    "limit_price": "must be given",
}
"""Defaults that are no value."""

Values: TypeAlias = Mapping[Profile, Mapping[str, Shown]]
"""What is in force under each profile."""

TIMES: Final = ("ms", "s", "minutes")

INTRO: Final = """\
# Configuration

*Written by `tools/generate_configuration_docs.py`; change the settings, not this file.*

`pennyd config show` prints every value in force and where it was written; `pennyd config check` says
whether a run could start. Both take `--json`.

## Where values come from

The later one wins:

1. the preset of the mode, shipped (`config/presets/paper.toml`; `live.toml` for live and dry run);
2. the profile, shipped (`config/profiles.toml`);
3. a TOML file: `--config FILE`, else `pennyd.toml` in the working directory, else `pennyd.toml` in the
   state folder;
4. `.env`, then `.env.local`, in the working directory (both are ignored by git);
5. the environment;
6. the command line; `--set KEY=VALUE`, where a command offers it, sets any key.

A list of strategies replaces the one below it as a whole; a strategy that gives no sizes gets those of
the profile. In the environment a key is written in capitals behind `PENNYD_`, its table joined by two
underscores: `PENNYD_RISK__OPEN_ORDERS_MAX=3`; lists of markets are separated by commas. An empty
variable counts as not set, and nothing in a value is expanded.

A key that nobody knows, a value of the wrong kind or a combination that cannot work stops the start
with exit code 2 and one line per problem: the key, its source, what was expected, the nearest key.

**Numbers are exact.** Prices, dollars and shares are decimal numbers, kept in millionths and never
rounded; texts like `"0.42"` do as well.

**Secrets** are shown as `***` everywhere. Credentials are taken from the environment and the `.env`
files only: a TOML file gets shared, and a process list shows the command line.

## Modes

| mode | orders | credentials | starts from |
|---|---|---|---|
| `paper` (default) | filled by a simulation on the live book | none | profile `small`, both strategies on every market |
| `dry_run` | signed and logged, never sent | private key | profile `starter`, no strategy |
| `live` | real | all four | profile `starter`, no strategy |

This release runs `paper` only; `config show` and `config check` know the other modes already.

## Profiles

Dollars are before fees. Limits in shares and limits in dollars are separate, and both apply.
Lines marked * are kept and shown, but **not enforced yet**: loss limits and the circuit breaker arrive
with a later release.

"""

FEASIBLE: Final = """\
### A configuration that can never trade

The venue takes no resting order below a market's minimum (nearly always 5 shares) and no BUY that takes
at once below $1. At the start, and in `pennyd config check`, limits, sizes and minimums are compared:

- what can never trade is an error: 100 shares an order when `order_shares_max` is 20;
- what trades in part is a warning with the price: under `starter` the smallest order, 5 shares, costs
  more than `trade_notional_max` = $1 above 0.20.

"""

STRATEGY_INTRO: Final = """\
## Strategies

One `[[strategies]]` table each; `name` says which. A strategy on `market = "*"` trades every market of
`markets`; one that names its market (slug, condition id or token id) or its `token_id` adds that market.
The same parent of an order splitter goes on after a restart; with any parameter changed it is a new one.

"""

ENV_INTRO: Final = """\
# Settings of pennyd as environment variables. Copy to .env.local (or .env), which git ignores, and
# remove the leading # of what you set. Every line shows the default of paper with profile small; empty
# means not set. docs/configuration.md explains each key and where else it can be written.
# Written by tools/generate_configuration_docs.py.
"""

STRATEGIES_EXAMPLE: Final = '[{"name": "top_bidder", "side": "BUY", "limit_price": "0.60"}]'


def defaults(profile: Profile) -> Mapping[str, Shown]:
    """Return what is in force on paper with this profile when nobody says anything."""
    with TemporaryDirectory() as empty:
        environ = {"HOME": "/nowhere", "XDG_STATE_HOME": "/nowhere/state"}
        return load(None, environ, {"profile": profile.value}, folder=Path(empty)).values


def configuration_page() -> str:
    """Return docs/configuration.md."""
    values = {profile: defaults(profile) for profile in Profile}
    parts = [INTRO, _profiles(values), FEASIBLE, "## Top level\n\n"]
    parts.append(_table((key for key in KEYS.values() if not key.section), values))
    parts.append(STRATEGY_INTRO)
    for name, keys in ENTRY_KEYS.items():
        parts.append(f'### `name = "{name}"`\n\n')
        parts.append(_table((key for key in keys.values() if key.name != "name"), values))
    for section in dict.fromkeys(key.section for key in KEYS.values() if key.section):
        parts.append(f"## [{section}]\n\n")
        parts.append(_table((k for k in KEYS.values() if k.section == section), values))
    parts.append(_times(values))
    example = (HERE / "example.toml").read_text(encoding="utf-8")
    parts.append(f"## An example: paper on the live venue\n\n```toml\n{example}```\n")
    return "".join(parts)


def env_example() -> str:
    """Return .env.example."""
    values = defaults(Profile.SMALL)
    lines = [ENV_INTRO]
    secrets = [key for key in KEYS.values() if key.is_secret]
    lines.append("# --- secrets ---\n")
    lines += [_variable(key, None) for key in secrets]
    for section in dict.fromkeys(key.section for key in KEYS.values()):
        keys = [k for k in KEYS.values() if k.section == section and not k.is_secret]
        if keys:
            lines.append(f"# --- {section or 'top level'} ---\n")
            lines += [_variable(key, values.get(key.path)) for key in keys]
    return "\n".join(lines)


def _variable(key: Key, value: Shown) -> str:
    unit = f" ({key.unit})" if key.unit else ""
    note = f"\n# {key.note}" if key.note else ""
    if key.path == STRATEGIES:
        note = f"\n# Like {STRATEGIES_EXAMPLE}"
    is_place = key.path == "state_dir" or isinstance(value, list)
    text = "" if value is None or is_place else _text(value)
    return f"# {_sentence(key.meaning)}{unit}{note}\n#{key.environment[0]}={text}\n"


def _profiles(values: Values) -> str:
    lines = [f"| figure | unit | {' | '.join(Profile)} |", "|---|---|" + "---|" * len(Profile)]
    for key in KEYS.values():
        if key.section == "risk":
            figures = " | ".join(_text(values[profile][key.path]) for profile in Profile)
            mark = " *" if key.note else ""
            lines.append(f"| `{key.path}`{mark} | {key.unit} | {figures} |")
    small = values[Profile.SMALL]
    for index in (
        0,
        2,
    ):  # The preset's BUY bidder and its splitter; the SELL bidder has the same sizes.
        entry = f"{STRATEGIES}[{index}]"
        name = str(small[f"{entry}.name"])
        for key in ENTRY_KEYS[name].values():
            if not key.has_default and f"{entry}.{key.name}" in small and key.unit == "shares":
                figures = " | ".join(
                    _text(values[profile][f"{entry}.{key.name}"]) for profile in Profile
                )
                lines.append(f"| {name} `{key.name}` | {key.unit} | {figures} |")
    return "\n".join(lines) + "\n\n"


def _table(keys: Iterable[Key], values: Values) -> str:
    lines = ["| key | default | unit | expects | meaning |", "|---|---|---|---|---|"]
    for key in keys:
        more = [_sentence(key.meaning)]
        if key.note:
            more.append(f"**{_sentence(key.note)}**")
        others = [*key.aliases, *(n for n in key.environment if not n.startswith("PENNYD_"))]
        if others:
            more.append(f"Also {', '.join(f'`{name}`' for name in others)}.")
        cells = (f"`{key.name}`", _default(key, values), key.unit, key.expected, " ".join(more))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n\n"


def _times(values: Values) -> str:
    lines = ["## Every time and age", "", "| key | default | unit |", "|---|---|---|"]
    lines += [
        f"| `{key.path}` | {_default(key, values)} | {key.unit} |"
        for key in KEYS.values()
        if key.unit in TIMES
    ]
    return "\n".join(lines) + "\n\n"


def _default(key: Key, values: Values) -> str:
    if key.path in SPOKEN:
        return SPOKEN[key.path]
    if key.has_default:
        return f"`{_text(key.default)}`" if key.default not in (None, "", []) else "none"
    found = {_text(values[profile].get(key.path)) for profile in Profile}
    return f"`{found.pop()}`" if len(found) == 1 and found != {"None"} else FROM_PROFILE


def _text(value: Shown) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.endswith(".00"):
        return value.removesuffix(".00")
    return str(value)


def _sentence(text: str) -> str:
    end = "" if text.endswith(".") else "."
    return f"{text[:1].upper()}{text[1:]}{end}"


def main(arguments: list[str]) -> int:
    """Write both files, or only compare them; 1 when they were not current."""
    pages = {
        ROOT / "docs/configuration.md": configuration_page(),
        ROOT / ".env.example": env_example(),
    }
    stale = [
        path
        for path, text in pages.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        print(f"{'not current' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in arguments:
            path.write_text(pages[path], encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
