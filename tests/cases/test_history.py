"""History keeps itself: the database refuses to change it, and whoever gets past that is found."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.cast import MONDAY, RAY, RUTH
from tests.complaints.walk import complaint, complaint_at, received
from workflow.audit.chain import Break
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.cases.verify import exported, first_difference, verify
from workflow.complaints.facts import State
from workflow.db.session import db, session
from workflow.engine.machine import Refused, Stale

FORBIDDEN = (
    "UPDATE case_event SET verb = 'x'",
    "DELETE FROM case_event",
    "UPDATE event_answer SET name = 'x'",
    "DELETE FROM event_answer",
    "DELETE FROM case_file",
    "UPDATE case_file SET received_at = '2020-01-01 00:00:00'",
    "UPDATE stage_interval SET left_at = '2020-01-01 00:00:00' WHERE left_at IS NOT NULL",
    "UPDATE stage_interval SET entered_at = '2020-01-01 00:00:00'",
    "DELETE FROM stage_interval",
    "UPDATE clock_event SET at = '2020-01-01 00:00:00'",
    "DELETE FROM task_move",
    "DELETE FROM person WHERE id = 101",
)

#: What somebody with the database in hand might do, once the triggers are gone.
TAMPERING = (
    "UPDATE case_event SET verb = 'close' WHERE version = 2",
    "UPDATE case_event SET actor_id = 102 WHERE version = 1",
    "UPDATE case_event SET target = 'closed' WHERE version = 3",
    "UPDATE case_event SET occurred_at = '2020-01-01 00:00:00' WHERE version = 1",
    "UPDATE case_event SET codes = '{\"tier\": \"4\"}' WHERE verb = 'triage'",
    "UPDATE case_event SET canon = prev WHERE version = 2",
    "UPDATE case_event SET hash = prev WHERE version = 2",
    "DELETE FROM case_event WHERE version = 1",
    "DELETE FROM case_event WHERE version = 2",
    "DELETE FROM event_answer; DELETE FROM case_event WHERE version = 4",
    "UPDATE case_file SET state = 'closed'",
    "UPDATE case_file SET version = version + 1",
    "UPDATE case_file SET last_hash = (SELECT prev FROM case_event WHERE version = 2)",
)


def bare(statement: str) -> None:
    """Run a statement on a connection of its own, past every rule of ours but the triggers."""
    session().rollback()
    with db.engine.connect() as connection:
        for part in statement.split(";"):
            connection.execute(text(part))
        connection.commit()


def without_triggers() -> None:
    session().rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("case_event", "case_file", "event_answer"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        connection.commit()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses_to_change_history(house: House, statement: str):
    complaint_at(house, State.ASSIGNED)

    with pytest.raises(DBAPIError, match="keeps its history"):
        bare(statement)

    assert verify().breaks == ()


def test_replacing_a_row_is_refused_like_changing_it(house: House):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite's INSERT OR REPLACE")
    complaint_at(house, State.ASSIGNED)

    with pytest.raises(DBAPIError, match="keeps its history"):
        bare("INSERT OR REPLACE INTO case_event SELECT * FROM case_event WHERE version = 1")


def test_emptying_a_table_is_refused(house: House):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("about PostgreSQL's TRUNCATE")
    complaint_at(house, State.ASSIGNED)

    with pytest.raises(DBAPIError, match="keeps its history"):
        bare("TRUNCATE case_event CASCADE")


@pytest.mark.parametrize("statement", TAMPERING)
def test_whoever_gets_past_the_triggers_is_found(house: House, statement: str):
    reference = complaint_at(house, State.ASSIGNED)
    assert verify().breaks == ()
    without_triggers()

    bare(statement)

    found = verify().breaks
    assert found, statement
    assert isinstance(found[0], Break)
    assert found[0].reference == reference


def test_an_export_kept_elsewhere_shows_a_case_that_is_gone(house: House):
    reference = complaint_at(house, State.TRIAGED)
    kept = list(exported())
    assert first_difference(kept) is None

    missing = first_difference([*kept, f"{reference} 99 {'0' * 64}"])

    assert missing is not None
    assert reference in missing


def test_eight_at_once_on_one_case_leave_a_history_that_explains_the_state(house: House, app: Flask):
    """Every acknowledged step exists exactly once; nobody is told that a step happened which did not."""
    reference = received(house)
    answers = {"tier": "3", "subject": "unknown", "recusal_checked": True, "duplicates_checked": True}
    steps = [("triage", RUTH, answers), ("assign", RUTH, {"investigator": RAY.id, "why": "free"})]
    told: list[tuple[str, int]] = []
    session().rollback()

    def somebody() -> None:
        with app.app_context():
            for _ in range(6):
                for verb, actor, given in steps:
                    seen = complaint(reference).version
                    with suppress(Refused, Stale):
                        done = perform(house, reference, verb, actor, given, seen=seen, now=MONDAY)
                        told.append((verb, done.version))
            db.session.remove()

    threads = [threading.Thread(target=somebody) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    session().rollback()
    session().expire_all()
    case = complaint(reference)
    written = [(e.verb, e.version) for e in case.events if e.verb in ("triage", "assign")]
    assert sorted(told) == sorted(written) == [("assign", written[1][1]), ("triage", written[0][1])]
    assert [e.version for e in case.events] == list(range(1, case.version + 1))
    assert case.events[-1].target == case.state == State.ASSIGNED
    assert verify().breaks == ()
