"""Which oversight duties the agreements somebody sees lack a rhythm for; lists show it above their rows."""

from __future__ import annotations

from sqlalchemy import func, select

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.policy.book import Book
from workflow.policy.duties import OWING, Gap, gaps


def lacking(actor: Actor, book: Book) -> tuple[Gap, ...]:
    """The duties without a rhythm, where this person sees an agreement it concerns. One query."""
    counted = (
        select(Case.model, func.count())
        .where(Case.kind == "agreement", Case.state.in_(OWING), sees(actor))
        .group_by(Case.model)
    )
    agreements = {model: number for model, number in session().execute(counted) if model}
    return tuple(gap for gap in gaps(book, agreements) if gap.agreements)
