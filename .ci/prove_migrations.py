"""Prove the migrations on both databases: up, equal to the models, all the way down, up again.

Uses the `plumbline` command as an operator would. PostgreSQL is left out, loudly, where there is none.
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgres import MISSING, binaries, fresh_database, private_postgres  # noqa: E402

STEPS = (("upgrade",), ("check",), ("downgrade", "base"), ("upgrade",), ("check",))


def walk(name: str, url: str, folder: Path) -> None:
    """Take every step on an empty database; stops the program at the first that fails."""
    pepper, keys = folder / "pepper", folder / "keys"
    pepper.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    keys.write_text("1:" + base64.b64encode(secrets.token_bytes(32)).decode())
    surroundings = os.environ | {
        "PLUMBLINE_DATABASE_URL": url,
        "PLUMBLINE_SECRET_KEY": secrets.token_urlsafe(48),
        "PLUMBLINE_PEPPER_FILE": str(pepper),
        "PLUMBLINE_KEYS_FILE": str(keys),
    }
    command = str(Path(sys.executable).with_name("plumbline"))
    for step in STEPS:
        done = subprocess.run(
            [command, "db", *step], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{name}: db {' '.join(step)} failed\n{done.stdout}{done.stderr}")
    sys.stdout.write(f"{name}: up, equal to the models, down, up again\n")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="plumbline-migrations-") as name:
        walk("SQLite", f"sqlite:///{name}/plumbline.sqlite", Path(name))
        if binaries():
            with private_postgres() as server:
                walk("PostgreSQL", fresh_database(server, "migrations"), Path(name))
        elif os.environ.get("CI") == "true":
            sys.exit(MISSING)
        else:
            sys.stdout.write(f"PostgreSQL: left out. {MISSING}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
