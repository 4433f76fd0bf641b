#!/bin/sh
# Write requirements.lock: exact pins of everything that pyproject.toml asks for, torch first, no addresses.
# Usage: .ci/lock.sh [python3]
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
torch=$(grep '^torch==' requirements.lock 2>/dev/null || echo torch==2.13.0)
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$torch"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check '.[dev]'
{
  echo "# Exact pins of everything Pullquote and its tests run on. Made by: make lock"
  echo "$torch"
  "$venv/bin/python" -m pip freeze | grep -v -e '^torch==' -e '^torch @' -e '^pullquote'
} >requirements.lock.new
if grep -n ' @ ' requirements.lock.new; then
  echo "The lines above name an address instead of a version; requirements.lock is unchanged." >&2
  exit 1
fi
mv requirements.lock.new requirements.lock
echo "requirements.lock: $(grep -c '==' requirements.lock) pins"
