"""Keeping a report exactly as it is issued, and opening it again: the same bytes for whoever may read it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.cases.chronicle import key_of, writing_key
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.db.seal import Erased, Keyring, seal, unseal
from workflow.db.session import session
from workflow.inspections.facts import REPORTED, State
from workflow.inspections.models import Inspection
from workflow.inspections.report_content import report_of
from workflow.inspections.report_models import IssuedReport
from workflow.inspections.report_paper import pdf_of
from workflow.inspections.report_rows import issued_rows
from workflow.people.office import office


def report_is_kept(house: House, inspection: Any, event: Event, now: datetime) -> None:
    """Make the report that a step issues and keep its bytes. Who wrote it and who read it come with it."""
    assert isinstance(inspection, Inspection)
    here = office()
    report = report_of(house, inspection, issuing=event, now=event.occurred_at)
    pdf = pdf_of(
        report,
        office=here.name if here else "",
        is_demonstration=bool(here and here.is_demonstration),
        now=event.occurred_at,
    )
    number = len(issued_rows(inspection)) + 1
    key = writing_key(inspection, house.keyring)
    session().add(
        IssuedReport(
            inspection_id=inspection.id,
            number=number,
            pdf=seal(key, pdf, _place(inspection, number)),
            digest=hashlib.sha256(pdf).hexdigest(),
            author_id=_last_by(inspection, "draft_findings"),
            reader_id=_last_by(inspection, "pass_review"),
            issued_by_id=event.actor_id,
            issued_at=event.occurred_at,
        )
    )
    session().flush()


def bytes_of(inspection: Inspection, row: IssuedReport, keyring: Keyring) -> bytes | None:
    """The report as it was issued; None once the key of the inspection was destroyed."""
    try:
        return unseal(key_of(inspection, keyring), row.pdf, _place(inspection, row.number))
    except Erased:
        return None


def is_out(inspection: Inspection) -> bool:
    """Whether a report stands as issued: an undone issue is out no more."""
    return inspection.report_issued_on is not None and inspection.state in REPORTED | {State.CLOSED}


def standing(inspection: Inspection) -> IssuedReport | None:
    """The report that counts; None before one is issued, and for what came from another system."""
    rows = issued_rows(inspection) if is_out(inspection) else ()
    return rows[0] if rows else None


def _last_by(inspection: Inspection, verb: str) -> int:
    found = select(Event.actor_id).where(Event.case_id == inspection.id, Event.verb == verb)
    return session().scalars(found.order_by(Event.version.desc()).limit(1)).one()


def _place(inspection: Inspection, number: int) -> str:
    return f"issued_report:{inspection.reference}:{number}:pdf"
