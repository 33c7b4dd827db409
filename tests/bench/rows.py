"""Bulk rows for measuring: cases with an event, an interval and a task. They prove only speed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Table

from tests.cast import BOB, IRIS, IVAN, RAY, RUTH, SAM, SUE
from workflow.audit.chain import canonical, digest, origin
from workflow.cases.models import Case, Event, StageInterval, Task
from workflow.cases.references import mint
from workflow.complaints.models import Complaint
from workflow.corrective.models import CorrectiveAction
from workflow.inspections.models import Inspection
from workflow.register.models import Agency

BATCH: Final = 5_000
#: Ids of the rows begin here, above those that were made by steps.
FIRST: Final = 1_000_000
#: About as many as have an agreement.
AGENCIES: Final = 1_500
OPEN: Final = ("received", "triaged", "investigating", "in_review")
KINDS: Final = ("complaint", "complaint", "complaint", "complaint", "inspection", "corrective")
#: What a row of its own table must say.
OWN: Final[dict[str, dict[str, Any]]] = {
    "complaint": {
        "channel": "telephone",
        "fears_reprisal": False,
        "contact_possible": True,
        "is_protected": False,
    },
    "inspection": {"kind_of": "routine", "unannounced": False, "postponements": 0},
    "corrective": {"is_repeat": False, "returns": 0},
}
#: Whoever may have a case; nearly every case has somebody.
OWNERS: Final = tuple(person.id for person in (RUTH, RAY, IRIS, IVAN, SAM, SUE, BOB))
MODELS: Final = ("JEM", "WSO", "WSO", "TFM", "TFM", "TFM")


def fill(connection: Connection, number: int, *, today: datetime, offices: int = 25) -> None:
    """Insert `number` cases of the last three years, spread over offices, models and states."""
    chance = Random(287)
    connection.execute(Agency.__table__.insert(), [_agency(FIRST + n, offices) for n in range(AGENCIES)])  # type: ignore[attr-defined]
    made = (_rows(FIRST + n, today, chance, offices) for n in range(number))
    while batch := list(islice(made, BATCH)):
        for table, rows in _by_table(batch):
            connection.execute(table.insert(), rows)


def _agency(number: int, offices: int) -> dict[str, Any]:
    return {
        "id": number,
        "slug": f"agency-{number}",
        "name": f"Agency {number}",
        "comparable": f"agency {number}",
        "state": "Georgia",
        "office_id": number % offices + 1,
    }


def _by_table(batch: list[dict[str, dict[str, Any] | None]]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    tables: dict[str, Any] = {
        "case": Case.__table__,
        "complaint": Complaint.__table__,
        "inspection": Inspection.__table__,
        "corrective": CorrectiveAction.__table__,
        "event": Event.__table__,
        "interval": StageInterval.__table__,
        "task": Task.__table__,
    }
    for name, table in tables.items():
        yield table, [row for rows in batch if (row := rows.get(name)) is not None]


def _rows(number: int, today: datetime, chance: Random, offices: int) -> dict[str, dict[str, Any] | None]:
    model, kind = chance.choice(MODELS), chance.choice(KINDS) if number > FIRST else "complaint"
    received = today - timedelta(days=chance.uniform(0.1, 1000))
    ends = received + timedelta(days=chance.lognormvariate(4.2, 0.6))  # half within 67 days
    closed = ends if ends <= today else None
    state = "closed" if closed else chance.choice(OPEN)
    reference = mint("C", received.year)
    prev = origin(reference)
    canon = canonical({"case": reference, "version": 1}, prev)
    shared = {
        "office_id": chance.randint(1, offices),
        "model": model,
        "tier": chance.randint(1, 4),
        "supervised_by_id": None,
        "agency_id": FIRST + chance.randrange(AGENCIES),
    }
    case = {
        **shared,
        "owner_id": chance.choice(OWNERS),
        "id": number,
        "kind": kind,
        "reference": reference,
        "state": state,
        "version": 1,
        "title": f"{kind.capitalize()} {number}",
        "received_at": received,
        "counts_from": received,
        "opened_at": received,
        "closed_at": closed,
        "state_since": received,
        "policy_id": 1,
        "last_hash": digest(canon),
    }
    role = chance.choice(("reviewer", "manager", "intake", "liaison"))
    return {
        "case": case,
        kind: {"id": number, **OWN[kind]},
        "event": _event(case, canon, prev),
        "interval": _interval(case),
        "task": None if closed else {**shared, **_task(case, role)},
    }


def _event(case: dict[str, Any], canon: bytes, prev: bytes) -> dict[str, Any]:
    return {
        "id": case["id"],
        "case_id": case["id"],
        "version": 1,
        "verb": "receive",
        "target": case["state"],
        "actor_id": 1,
        "occurred_at": case["received_at"],
        "recorded_at": case["received_at"],
        "backdated": False,
        "codes": {},
        "canon": canon,
        "prev": prev,
        "hash": digest(canon),
    }


def _interval(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": case["id"],
        "case_id": case["id"],
        "kind": case["kind"],
        "state": case["state"],
        "entered_at": case["received_at"],
        "entered_version": 1,
    }


def _task(case: dict[str, Any], role: str) -> dict[str, Any]:
    due = case["received_at"] + timedelta(days=90)
    return {
        "id": case["id"],
        "case_id": case["id"],
        "number": 1,
        "kind": case["state"],
        "title": "Report",
        "verb": "submit_report",
        "state": "open",
        "role": role,
        "opened_at": case["received_at"],
        "due_at": due,
        "original_due_at": due,
        "sort_at": due,
        "hand_overs": 0,
        "move_count": 1,
        "reference": case["reference"],
        "case_kind": case["kind"],
        "case_title": case["title"],
        "zone": "America/New_York",
    }
