"""Bulk agreements for measuring: each with its life and officers, spread over the agencies of `rows`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table

from tests.bench.rows import AGENCIES, FIRST
from workflow.agreements.models import AgreementLife
from workflow.audit.chain import canonical, digest, origin
from workflow.cases.models import Case
from workflow.cases.references import mint
from workflow.register.models import Agreement, Officer, Training

#: More than the programme has today.
AGREEMENTS: Final = 2_500
OFFICERS: Final = 3
#: Ids of the lives, above those of the cases.
LIVES: Final = 100 * FIRST
MODELS: Final = ("JEM", "WSO", "TFM")


def agree(connection: Connection, *, today: datetime, offices: int = 25) -> None:
    """Insert the agreements, their lives, three officers each and what those passed."""
    signed = today - timedelta(days=700)
    numbers = range(AGREEMENTS)
    trained = [number * OFFICERS + each for number in numbers for each in range(OFFICERS)]
    _into(connection, Agreement, [_agreement(n, signed, offices) for n in numbers])
    _into(connection, Case, [_case(n, signed, offices) for n in numbers])
    _into(connection, AgreementLife, [{"id": LIVES + n, "signed_on": signed.date()} for n in numbers])
    _into(connection, Officer, [_officer(n, signed) for n in trained])
    _into(
        connection,
        Training,
        [
            {"id": FIRST + n, "officer_id": FIRST + n, "kind": "certification", "passed_on": signed.date()}
            for n in trained
        ],
    )


def _into(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    table: Table = model.__table__
    connection.execute(table.insert(), rows)


def _shared(number: int, offices: int) -> dict[str, Any]:
    return {
        "agency_id": FIRST + number % AGENCIES,
        "office_id": number % offices + 1,
        "model": MODELS[number // AGENCIES % len(MODELS)],
    }


def _agreement(number: int, signed: datetime, offices: int) -> dict[str, Any]:
    return {
        **_shared(number, offices),
        "id": FIRST + number,
        "reference": mint("G", signed.year),
        "template": "2025",
        "template_inferred": False,
        "moa_pending": False,
        "status": "active",
        "signed_on": signed.date(),
    }


def _case(number: int, signed: datetime, offices: int) -> dict[str, Any]:
    reference = mint("G", signed.year)
    return {
        **_shared(number, offices),
        "id": LIVES + number,
        "agreement_id": FIRST + number,
        "kind": "agreement",
        "reference": reference,
        "state": "active",
        "version": 1,
        "title": f"Agreement {number}",
        "received_at": signed,
        "counts_from": signed,
        "opened_at": signed,
        "state_since": signed,
        "policy_id": 1,
        "last_hash": digest(canonical({"case": reference, "version": 1}, origin(reference))),
    }


def _officer(number: int, signed: datetime) -> dict[str, Any]:
    return {
        "id": FIRST + number,
        "agreement_id": FIRST + number // OFFICERS,
        "number": f"N-{number}",
        "name": f"Officer {number}",
        "authorised_on": signed.date(),
    }
