"""`make bench`: pages at 1,000 and 100,000 cases on both databases, beside a bare Flask page of those rows.

Times are medians of the server's own work in this process, in milliseconds; what counts is the ratio
to the floor, which was measured in the same run on the same rows.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from statistics import median
from time import perf_counter

from flask import Flask
from sqlalchemy import Engine, event, text

from tests.bench.rows import FIRST, fill
from tests.bench.words import ASKED, WORDS, tell
from tests.cast import MAX, MONDAY, PAM, RUTH, people_the_office
from tests.conftest import Clock, settings_for
from tests.pages import PageClient
from tests.postgres import binaries, fresh_database, private_postgres
from workflow.complaints.likeness import near
from workflow.complaints.models import Complaint
from workflow.complaints.service import Told, receive
from workflow.db.base import Base
from workflow.db.session import db
from workflow.engine.actors import PUBLIC, Actor
from workflow.factory import create_app

SIZES = (1_000, 100_000)
ROUNDS = 30
#: What is acknowledged has to be on the disk, as in production.
DURABLE = "-c listen_addresses="


def timed(act: Callable[[], object]) -> float:
    """The median of `ROUNDS` calls, in milliseconds, after three to warm up."""
    times = []
    for n in range(ROUNDS + 3):
        began = perf_counter()
        act()
        if n >= 3:
            times.append((perf_counter() - began) * 1000)
    return median(times)


def floor_app(engine: Engine) -> Flask:
    """The same rows by a bare Flask page: one query, one joined string, no checks and no frame."""
    app = Flask("floor")
    queue = text(
        "SELECT title, reference, case_title, due_at FROM task WHERE closed_at IS NULL AND role = 'reviewer'"
        " ORDER BY sort_at, id LIMIT 50"
    )
    one = text(
        "SELECT * FROM case_file JOIN complaint ON complaint.id = case_file.id WHERE case_file.id = :id"
    )
    start = text("SELECT office_id, model, count(*) FROM case_file WHERE closed_at IS NULL GROUP BY 1, 2")

    triage = text(
        "SELECT title, reference, tier, received_at FROM case_file WHERE kind = 'complaint'"
        " AND state = 'received' ORDER BY tier, received_at LIMIT 50"
    )
    told = text(
        "SELECT complaint_words.sealed FROM case_file JOIN complaint_words ON complaint_id = case_file.id"
        " WHERE agency_id = (SELECT agency_id FROM case_file WHERE id = :id) LIMIT 50"
    )

    def page(statement: object, **values: int) -> str:
        with engine.connect() as connection:
            rows = connection.execute(statement, values).all()  # type: ignore[call-overload]
        return "".join(f"<p>{row}</p>" for row in rows)

    app.add_url_rule("/queue", "queue", lambda: page(queue))
    app.add_url_rule("/case", "case", lambda: page(one, id=FIRST))
    app.add_url_rule("/triage", "triage", lambda: page(triage))
    app.add_url_rule("/told", "told", lambda: page(told, id=FIRST))
    app.add_url_rule("/kept", "kept", lambda: _kept(engine), methods=["POST"])
    app.add_url_rule("/start", "start", lambda: page(start))
    return app


def _kept(engine: Engine) -> str:
    """One row, committed."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bench_floor (said) VALUES ('kept')"))
    return "kept"


def acknowledged(app: Flask) -> None:
    """A complaint of the public door, from what was told to its receipt."""
    told = Told(channel="web", words={"narrative": " ".join(WORDS[::12])}, contact={"reach": "a@mail.test"})
    with app.app_context():
        settings = app.extensions["settings"]
        key = token_hex(16)
        receive(app.extensions["house"], told, PUBLIC, pepper=settings.pepper, form_key=key, now=MONDAY)


def alike(app: Flask) -> None:
    """What may be the same as one complaint, for its reviewer."""
    with app.app_context():
        complaint = db.session.get(Complaint, FIRST)
        assert complaint is not None
        near(complaint, RUTH, app.extensions["house"].keyring)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A URL of an empty database of each kind there is on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": f"sqlite:///{Path(folder) / 'bench.sqlite'}"}
        if not binaries():
            yield found
            return
        with private_postgres(DURABLE) as server:
            yield {**found, "PostgreSQL": fresh_database(server, "bench")}


def signed_in(app: Flask, who: Actor) -> PageClient:
    """A browser of this person, whose pages are not checked while they are timed."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(who)
    client.checks = False
    return client


def measure(url: str, size: int) -> Iterator[tuple[str, float, float]]:
    """(page, our time, the floor's) on a database of so many cases."""
    app = create_app(settings_for(url), clock=Clock())
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = FULL"))
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        people_the_office(now=MONDAY)
        with db.engine.begin() as connection:
            fill(connection, size, today=MONDAY)
            tell(connection, app.extensions["house"].keyring)
            connection.execute(text("DROP TABLE IF EXISTS bench_floor"))
            connection.execute(text("CREATE TABLE bench_floor (said TEXT)"))
            connection.execute(text("ANALYZE"))
            reference = connection.execute(
                text("SELECT reference FROM case_file WHERE id = :id"), {"id": FIRST}
            ).scalar_one()
        engine = db.engine
        db.session.remove()
    app.test_client_class = PageClient
    reviewer, manager, programme = (signed_in(app, who) for who in (RUTH, MAX, PAM))
    bare = floor_app(engine).test_client()
    for name, client, path, below in (
        ("queue", reviewer, "/queue", "/queue"),
        ("case page", reviewer, f"/complaints/{reference}", "/case"),
        ("triage", reviewer, "/complaints/triage", "/triage"),
        ("search", reviewer, f"/complaints/search?q={'+'.join(ASKED)}", "/told"),
        ("search, phrase", reviewer, f"/complaints/search?q=%22{'+'.join(ASKED)}%22", "/told"),
        ("manager's start", manager, "/figures", "/start"),
        ("programme's start", programme, "/figures", "/start"),
    ):
        assert client.get(path).status_code == 200
        yield name, timed(lambda c=client, p=path: c.get(p)), timed(lambda p=below: bare.get(p))  # type: ignore[misc]
    yield "near-duplicates", timed(lambda: alike(app)), timed(lambda: bare.get("/told"))
    yield "complaint taken", timed(lambda: acknowledged(app)), timed(lambda: bare.post("/kept"))
    with app.app_context():
        db.engine.dispose()


def main() -> int:
    sys.stdout.write(f"{'database':<11} {'cases':>8} {'page':<18} {'p50 ms':>8} {'floor':>8} {'ratio':>7}\n")
    with databases() as urls:
        for name, url in urls.items():
            for size in SIZES:
                for page, ours, floor in measure(url, size):
                    row = f"{name:<11} {size:>8,} {page:<18} {ours:>8.1f} {floor:>8.2f} {ours / floor:>7.1f}"
                    sys.stdout.write(f"{row}\n")
                    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
