#!/bin/sh
# Makes .venv hold what requirements.lock names (hashes checked) and this checkout (editable).
# Used by the Makefile and, unchanged, by the Dockerfile. Quiet when there is nothing to do.
# It ends with exit 1 and ONE line (what is wrong, what to do); pip's own words are in the log.
#   PYTHON=/path/to/python3.12   use this interpreter and no other
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "$root"
venv=.venv
python=$venv/bin/python
stamp=$venv/.pennyd-stamp        # written last: what this .venv was made from
unfinished=$venv/.pennyd-unfinished # there while .venv is being changed
log=.venv-setup.log
lock=.venv-setup.lock            # one set-up at a time; holds the ids of its processes
disk_kb_min=1048576              # 1 GB
lock_wait_s=900

say() { printf 'pennyd: %s\n' "$1"; }
fail() { printf 'pennyd: %s\n' "$1" >&2; exit 1; }

# Fits: CPython 3.11 to 3.13, 64 bit, with the lock of the interpreter and a working venv.
# Says why not in a few words. The interpreter is run, not believed: shims may exist and fail.
fits='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("is %d.%d" % sys.version_info[:2])
import platform, sysconfig
if platform.python_implementation() != "CPython" or sys.maxsize < 2**32:
    sys.exit("is no 64-bit CPython")
if sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit("is a free-threaded build")
try:
    import ensurepip, venv
    ensurepip.version()
except Exception:
    sys.exit("lacks venv: install python%d.%d-venv" % sys.version_info[:2])
print("%d.%d.%d" % sys.version_info[:3])
'
made_from="$root $(cksum requirements.lock pyproject.toml | tr '\n' ' ')"

free_kb() { df -Pk . 2>/dev/null | awk 'END { print $4 }'; }

runs() { [ -x "$python" ] && "$python" -I -S -c '' 2>/dev/null; }

ready() {
    [ ! -e "$unfinished" ] && [ -x $venv/bin/pennyd ] && [ -r $stamp ] || return 1
    { read -r stamped && read -r made_by; } <$stamp || return 1
    # Without PYTHON any interpreter that fitted will do.
    [ "$stamped" = "${made_from% }" ] && [ "${PYTHON:-$made_by}" = "$made_by" ] && runs
}

find_python() {
    tried=
    for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3 python; do
        if ! command -v "$candidate" >/dev/null 2>&1; then
            why='is not there'
        elif answer=$("$candidate" -I -c "$fits" 2>&1); then
            interpreter=$candidate
            version=$answer
            return
        else
            case $answer in
                'is '* | 'lacks '*) why=$answer ;;
                *) why='does not run' ;;
            esac
        fi
        [ "$why" = 'is not there' ] && [ -z "${PYTHON:-}" ] || tried="$tried${tried:+, }$candidate $why"
        [ -z "${PYTHON:-}" ] || break
    done
    fail "Python 3.11, 3.12 or 3.13 is needed (${tried:-none found}); install one, or name it: make PYTHON=/path/to/python3.12"
}

is_held() { # by the shell that made it, or by a pip that outlived its shell
    for process in $(cat $lock/pids 2>/dev/null); do
        kill -0 "$process" 2>/dev/null && return 0
    done
    return 1
}

hold_lock() {
    waited=0
    until mkdir $lock 2>/dev/null; do
        [ -d $lock ] || fail "cannot write in $root: give this folder to your user, or work in a copy of it."
        if [ -s $lock/pids ] && ! is_held; then
            rm -rf $lock # left by one that was killed
            continue
        fi
        [ $waited -ne 0 ] || say "waiting for another set-up in this folder"
        waited=$((waited + 1))
        [ $waited -lt $lock_wait_s ] || fail "another set-up holds $lock since $lock_wait_s s; if none runs, remove that folder."
        sleep 1
    done
    child=
    trap 'rm -rf $lock' EXIT
    trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 130' HUP INT TERM
    echo $$ >$lock/pids
}

# The log says what went wrong in many lines; this says it in one.
explain() {
    if grep -q 'No space left' $log; then
        fail "the disk is full; free 1 GB (also where temporary files go: ${TMPDIR:-/tmp}) and run this again."
    elif grep -Eqi 'do not match the hashes|hash mismatch' $log; then
        fail "a package does not match its hash in requirements.lock: it was altered on the way or the cache is damaged; try 'pip cache purge' and see $log."
    elif grep -Eqi 'could not find a version|no matching distribution|max retries|connection|timed out|name resolution|unreachable|ssl|proxy|dns error|error sending request' $log; then
        rm -f "$unfinished" # pip fetches everything before it touches anything
        fail "the package index cannot be reached, or lacks a locked package; check the network, the proxy and 'pip config list', then run this again (log: $log)."
    fi
    fail "$1 failed: $(grep -Ei 'error' $log | tail -n 1 || true) (log: $log)"
}

quietly() { # words into the log; known to the lock, so that nobody works beside a left-over
    "$@" >>$log 2>&1 &
    child=$!
    echo $child >>$lock/pids
    wait $child || return 1
    child=
}

forget() { rm -rf $venv || fail "cannot remove $venv: give it to your user or remove it by hand."; }

install() { # $1: what, for the message; the rest: arguments of pip install
    what=$1
    shift
    if command -v uv >/dev/null 2>&1 && quietly uv pip install -q --python "$python" "$@"; then
        return
    fi
    # No uv, or one that cannot reach an index that only pip is configured for.
    quietly "$python" -m pip install -q --no-input --disable-pip-version-check --progress-bar off \
        --retries "${PIP_RETRIES:-2}" --timeout "${PIP_DEFAULT_TIMEOUT:-20}" "$@" ||
        explain "$what"
}

free=$(free_kb)
case $free in
    '' | *[!0-9]*) ;; # no usable df: nothing to say
    *) [ "$free" -ge $disk_kb_min ] ||
        fail "less than 1 GB of disk is free in $root ($((free / 1024)) MB); free some space and run this again." ;;
esac
ready && exit 0

hold_lock
ready && exit 0 # somebody else just did it
started=$(date +%s)
: >$log

if [ -e "$unfinished" ]; then
    say "the last set-up was interrupted: starting $venv afresh"
    forget
elif [ -e $venv ] && { [ -n "${PYTHON:-}" ] || ! "$python" -I -c "${fits}import pip" >>$log 2>&1; }; then
    say "making $venv anew: it is of another interpreter or does not run"
    forget
fi
if [ ! -e $venv ]; then
    find_python
    say "making $venv with Python $version ($(command -v "$interpreter"))"
    mkdir $venv
    : >"$unfinished"
    quietly "$interpreter" -m venv $venv || explain 'python -m venv'
fi
: >"$unfinished"
say "installing $(grep -c '^[a-z0-9].*==' requirements.lock) locked packages, hashes checked (first time: a minute or two; log: $log)"
install 'installing the locked packages' --require-hashes --only-binary :all: --no-deps -r requirements.lock
say "installing pennyd itself from this folder"
install 'installing pennyd' --no-deps --no-build-isolation --no-index -e .
printf '%s\n' "$made_from" "${PYTHON:-any}" >$stamp
rm -f "$unfinished"
say "set-up done in $(($(date +%s) - started)) s"
