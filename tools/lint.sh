#!/bin/sh
# The four linters at once, one line for each; the findings of those that complain are printed.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "$root"
out=.check
mkdir -p $out

start() { # $1: name; the rest: the command. Its output and its verdict go to files.
    name=$1
    shift
    rm -f "$out/$name.failed"
    { "$@" >"$out/$name.log" 2>&1 || : >"$out/$name.failed"; } &
}

start types .venv/bin/python -m pyright
start rules .venv/bin/ruff check .
start format .venv/bin/ruff format --check .
start imports .venv/bin/lint-imports --no-logo --cache-dir $out/imports
wait

verdict=0
for name in rules format imports types; do
    if [ -e "$out/$name.failed" ]; then
        printf 'pennyd: %s: not clean\n' "$name"
        cat "$out/$name.log"
        verdict=1
    else
        printf 'pennyd: %-8s %s\n' "$name" "$(grep . "$out/$name.log" | tail -n 1)"
    fi
done
exit $verdict
