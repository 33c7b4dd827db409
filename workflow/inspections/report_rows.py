"""Reading what is stored of a report: its latest text, the agency's comments, what was issued. No writing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from workflow.db.session import session
from workflow.inspections.models import Inspection
from workflow.inspections.report_models import FactComment, IssuedReport, ReportText


def latest_text(inspection: Inspection) -> ReportText | None:
    """The text as it was saved last. One query."""
    found = select(ReportText).where(ReportText.inspection_id == inspection.id)
    return session().scalar(found.order_by(ReportText.number.desc()).limit(1))


def comment_rows(inspection: Inspection) -> Sequence[FactComment]:
    """What the agency said of the facts, in order. One query."""
    found = select(FactComment).where(FactComment.inspection_id == inspection.id)
    return session().scalars(found.order_by(FactComment.number)).all()


def unanswered(inspection: Inspection) -> int:
    """How many comments nobody answered yet. One query."""
    found = select(func.count()).select_from(FactComment)
    return (
        session().scalar(
            found.where(FactComment.inspection_id == inspection.id, FactComment.outcome.is_(None))
        )
        or 0
    )


def issued_rows(inspection: Inspection) -> Sequence[IssuedReport]:
    """Every report that was issued, the one that counts first. One query."""
    found = select(IssuedReport).where(IssuedReport.inspection_id == inspection.id)
    return session().scalars(found.order_by(IssuedReport.number.desc())).all()
