"""`make bench`: pages at 1,000 and 100,000 cases on both databases, beside a bare Flask page of those rows.

Times are medians of the server's own work in this process, in milliseconds; what counts is the ratio
to the floor, which was measured in the same run on the same rows. `make bench ARGS="search triage"` measures
only what has one of these in its name. The import of Detroit's public file and the
plan of the real list are measured once each, where those are.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from secrets import token_hex
from statistics import median
from time import perf_counter
from typing import TypeAlias

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event, text

from tests.bench.agreements import agree
from tests.bench.flood import overload
from tests.bench.rows import FIRST, fill
from tests.bench.words import ASKED, WORDS, tell
from tests.cast import CAST, IRIS, MAX, MONDAY, PAM, RUTH, people_the_office
from tests.conftest import Clock, settings_for
from tests.inspections.walk import inspection_at
from tests.pages import PageClient, hidden_fields
from tests.postgres import binaries, fresh_database, private_postgres
from workflow.agreements.lists import import_agreements
from workflow.complaints.history.commands import import_complaints_command
from workflow.complaints.likeness import near
from workflow.complaints.models import Complaint
from workflow.complaints.service import Told, receive
from workflow.db.base import Base
from workflow.db.session import db
from workflow.engine.actors import PUBLIC, SYSTEM, Actor
from workflow.engine.calendar import months_after
from workflow.factory import create_app
from workflow.inspections.facts import State
from workflow.inspections.leads import LEADERS
from workflow.planning.proposal import Greedy, Proposal
from workflow.planning.proposal_reading import desk
from workflow.planning.quarters import quarter_of
from workflow.planning.queries import plan

SIZES = (1_000, 100_000)
ROUNDS = 30
DETROIT = Path(__file__).resolve().parents[3] / "shared/data/complaints/detroit_complaints_2016-2019.csv"
MAPPING = Path(__file__).resolve().parents[1] / "data/complaints/detroit.toml"
IMPORT = "import of Detroit"
#: The real list, and what all of it owes in 24 months.
LISTED = DETROIT.parents[1] / "agreements/participatingAgencies05182026am.xlsx"
OWED = "plan of all"
#: A quarter of its largest office.
SCHEDULED = "proposed quarter"
LISTING = "import of the list"
OF_LIST = f"{LISTING}, {OWED}, {SCHEDULED}"
#: Many at the public door at once.
CROWD = "crowded door"
Act: TypeAlias = Callable[[], object]
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
        " AND state = 'received' ORDER BY tier, counts_from LIMIT 50"
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


def filled(url: str, size: int) -> tuple[Flask, str]:
    """The application on a database of so many cases, and the reference of one of them."""
    app = create_app(settings_for(url), clock=Clock())
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = FULL"))
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        people_the_office(now=MONDAY)
        with db.engine.begin() as connection:
            fill(connection, size, today=MONDAY)
            agree(connection, today=MONDAY)
            tell(connection, app.extensions["house"].keyring)
            connection.execute(text("DROP TABLE IF EXISTS bench_floor"))
            connection.execute(text("CREATE TABLE bench_floor (said TEXT)"))
            connection.execute(text("ANALYZE"))
            found = text("SELECT reference FROM case_file WHERE id = :id")
            reference = connection.execute(found, {"id": FIRST}).scalar_one()
        db.session.remove()
    return app, reference


def acts_on(app: Flask, reference: str, bare: FlaskClient) -> dict[str, tuple[Act, Act]]:
    """What is measured, by its name: ours, and the floor of the same rows."""
    app.test_client_class = PageClient
    reviewer, manager, programme = (signed_in(app, who) for who in (RUTH, MAX, PAM))

    def pages(client: PageClient, path: str, below: str) -> tuple[Act, Act]:
        assert client.get(path).status_code == 200
        return (lambda: client.get(path)), (lambda: bare.get(below))

    asked = "+".join(ASKED)
    return {
        "queue": pages(reviewer, "/queue", "/queue"),
        "case page": pages(reviewer, f"/complaints/{reference}", "/case"),
        "triage page": pages(reviewer, "/complaints/triage", "/triage"),
        "complaints": pages(reviewer, "/complaints", "/triage"),
        "search words": pages(reviewer, f"/complaints/search?q={asked}", "/told"),
        "search common": pages(reviewer, f"/complaints/search?q={WORDS[0]}", "/told"),
        "search phrase": pages(reviewer, f"/complaints/search?q=%22{asked}%22", "/told"),
        "agency page": pages(programme, f"/agencies/agency-{FIRST}", "/told"),
        "manager's start": pages(manager, "/figures", "/start"),
        "programme's start": pages(programme, "/figures", "/start"),
        "likely doubles": ((lambda: alike(app)), (lambda: bare.get("/told"))),
        "public submit": ((lambda: acknowledged(app)), (lambda: bare.post("/kept"))),
        "checklist item": (answering(app), (lambda: bare.post("/kept"))),
    }


def answering(app: Flask) -> Act:
    """One item of a checklist, saved as the script of its page does, each time with another answer."""
    with app.app_context():
        reference = inspection_at(app.extensions["house"], State.IN_PROGRESS)
        db.session.remove()
    inspector = signed_in(app, IRIS)
    path = f"/inspections/{reference}/checklist/complaints"
    fields = hidden_fields(inspector.get(path).text)
    said = cycle(("yes", "no"))
    base = ""

    def answer() -> None:
        nonlocal base
        given = {"G1": next(said), "G1_base": base, "G1_operation": token_hex(16)}
        saved = inspector.post(f"{path}/G1", data={**fields, **given})
        assert saved.status_code == 200
        base = saved.json["base"] if saved.json else ""

    return answer


def measure(url: str, size: int, wanted: list[str]) -> Iterator[tuple[str, float, float]]:
    """(what, our time, the floor's) on a database of so many cases."""
    app, reference = filled(url, size)
    with app.app_context():
        engine = db.engine
    for name, (ours, floor) in acts_on(app, reference, floor_app(engine).test_client()).items():
        if is_wanted(name, wanted):
            yield name, timed(ours), timed(floor)
    engine.dispose()


def bare_rows(rows: list[str]) -> float:
    """The milliseconds it takes to keep rows as they are, in one table without anything."""
    began = perf_counter()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bench_floor"))
        connection.execute(text("CREATE TABLE bench_floor (said TEXT)"))
        kept = text("INSERT INTO bench_floor (said) VALUES (:said)")
        connection.execute(kept, [{"said": said} for said in rows])
    return (perf_counter() - began) * 1000


def brought(url: str) -> tuple[int, float, float]:
    """Rows of Detroit's file, and the milliseconds of its import and of its bare rows, each once."""
    app = create_app(settings_for(url), clock=Clock())
    rows = list(csv.reader(DETROIT.open(encoding="utf-8", newline="")))
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        people_the_office(now=MONDAY)
        db.session.remove()
        command = [str(DETROIT), "--mapping", str(MAPPING), "--json"]
        began = perf_counter()
        done = app.test_cli_runner().invoke(import_complaints_command, command)
        ours = (perf_counter() - began) * 1000
        assert '"created": 4406' in done.stdout, done.output[-500:]
        floor = bare_rows([" ".join(row) for row in rows])
        db.session.remove()
        db.engine.dispose()
    return len(rows), ours, floor


def planned(url: str) -> Iterator[tuple[str, int, float, float]]:
    """The real list brought in, once, and what all of it owes, each beside its bare rows, in milliseconds."""
    app = create_app(settings_for(url), clock=Clock())
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        people_the_office(now=MONDAY)
        db.session.remove()
        day = date(2026, 5, 18)
        at = datetime(2026, 5, 18, 15, tzinfo=UTC)
        began = perf_counter()
        import_agreements(app.extensions["house"], LISTED, as_of=day, now=at)
        brought_in = (perf_counter() - began) * 1000
        until = months_after(day, 24)
        bare = text("SELECT id, model, signed_on, operational_on, office_id FROM agreement")
        with db.engine.connect() as connection:
            floor = timed(lambda: connection.execute(bare).all())
            listed = connection.execute(bare).all()
        ours = timed(lambda: plan(SYSTEM, as_of=day, until=until))
        as_they_are = bare_rows([str(row) for row in listed])
        visits, proposal, rows = proposed(day)
        db.session.remove()
        db.engine.dispose()
    yield LISTING, len(listed), brought_in, as_they_are
    yield OWED, len(listed), ours, floor
    yield SCHEDULED, visits, proposal, rows


def is_wanted(name: str, wanted: list[str]) -> bool:
    """Whether a row is asked for: by a part of its name, or all where nothing is."""
    return not wanted or any(part in name for part in wanted)


def said(database: str, size: int, name: str, ours: float, floor: float) -> None:
    """Write one row of the table."""
    row = f"{database:<11} {size:>8,} {name:<18} {ours:>8.1f} {floor:>8.2f} {ours / floor:>7.1f}"
    sys.stdout.write(f"{row}\n")
    sys.stdout.flush()


def door(url: str) -> str:
    """What the public door does when eight people report without a pause. Whole reports, page by page."""
    app = create_app(settings_for(url), clock=Clock())
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = FULL"))
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        people_the_office(now=MONDAY)
        db.session.remove()
    sent = overload(app, together=8, each=9)
    with app.app_context():
        kept = db.session.execute(text("SELECT count(*) FROM complaint")).scalar_one()
        db.session.remove()
        db.engine.dispose()
    receipts = sorted(one.seconds * 1000 for one in sent if one.reference)
    waited = sum(one.told_to_wait for one in sent)
    p50, p99 = (receipts[int((len(receipts) - 1) * share)] for share in (0.5, 0.99))
    return (
        f"{len(receipts)} receipts, {len(receipts) - kept} lost, {waited} told to wait,"
        f" p50 {p50:,.0f} ms, p99 {p99:,.0f} ms a whole report"
    )


def proposed(day: date) -> tuple[int, float, float]:
    """Visits of the next quarter of the largest office, and the milliseconds to propose and to read them.

    Nothing of the list is on record as inspected, so all that was ever due waits: more than an office has.
    """
    largest = text(
        "SELECT office_id FROM agreement WHERE model <> 'TFM' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    db.session.remove()
    with db.engine.begin() as connection:
        office = connection.execute(largest).scalar_one()
        _staff(connection, office)
    quarter = quarter_of(day).after(1)

    def propose() -> Proposal:
        return Greedy().propose(desk(SYSTEM, office, quarter, today=day).asked)

    made = propose()
    assert made.assignments
    bare = text("SELECT id, model, signed_on, supervisor_id FROM agreement WHERE office_id = :office")
    with db.engine.connect() as connection:
        floor = timed(lambda: connection.execute(bare, {"office": office}).all())
    return len(made.assignments) + len(made.unplaced), timed(propose), floor


def _staff(connection: Connection, office: int) -> None:
    """Everybody who leads inspections works in this office, and knows every model."""
    leads = [who.id for who in CAST if who.roles & set(LEADERS)]
    for statement in (
        "DELETE FROM person_office WHERE person_id = :person",
        "INSERT INTO person_office (person_id, office_id, kind) VALUES (:person, :office, 'home')",
        "INSERT INTO model_qualification (person_id, model, since) VALUES (:person, 'JEM', '2025-01-06')",
        "INSERT INTO model_qualification (person_id, model, since) VALUES (:person, 'WSO', '2025-01-06')",
    ):
        connection.execute(text(statement), [{"person": person, "office": office} for person in leads])


def main(wanted: list[str]) -> int:
    sys.stdout.write(f"{'database':<11} {'cases':>8} {'what':<18} {'p50 ms':>8} {'floor':>8} {'ratio':>7}\n")
    has_file, has_list = DETROIT.exists(), LISTED.exists()
    with databases() as urls:
        for database, url in urls.items():
            if not wanted or [name for name in wanted if name not in f"{IMPORT} {OF_LIST} {CROWD}"]:
                for size in SIZES:
                    for name, ours, floor in measure(url, size, wanted):
                        said(database, size, name, ours, floor)
            if has_file and is_wanted(IMPORT, wanted):
                rows, ours, floor = brought(url)
                said(database, rows, IMPORT, ours, floor)
            if has_list and is_wanted(OF_LIST, wanted):
                for name, number, ours, floor in planned(url):
                    said(database, number, name, ours, floor)
            if is_wanted(CROWD, wanted):
                sys.stdout.write(f"{database:<11} {CROWD}: {door(url)}\n")
    if not has_file:
        sys.stdout.write(f"{IMPORT}: not measured, the public file is not at {DETROIT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
