#!/bin/sh
# Rewrites requirements.lock: every package of every supported Python and platform, with hashes,
# without a header and above all without any index address (whoever installs says where from).
# uv reads the index from its own settings (UV_DEFAULT_INDEX, uv.toml).
# Arguments are passed on: --upgrade, --upgrade-package NAME.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd -- "$root"
new=.venv/requirements.lock.new
cp requirements.lock $new # uv keeps the versions that it finds in its output file

.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url --no-emit-find-links \
    --extra dev "$@" pyproject.toml -o $new >/dev/null || {
    echo 'pennyd: uv could not resolve the dependencies; requirements.lock is as it was.' >&2
    exit 1
}
if grep -Eq '://|--(extra-)?index|--find-links' $new; then
    echo 'pennyd: uv recorded an address; requirements.lock is as it was.' >&2
    exit 1
fi
mv $new requirements.lock
echo "pennyd: requirements.lock names $(grep -c '^[a-z0-9].*==' requirements.lock) packages"
