"""The waivers that run, for pages and papers that count them: of what, why, until when, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.agreements import waivers
from workflow.agreements.models import AgreementLife
from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.people.queries import names
from workflow.policy.book import Book


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """One waiver that runs."""

    reference: str
    agreement: str
    duty: str
    until_on: date
    by: str
    confirmed_by: str
    reasons: str


def waived_now(actor: Actor, book: Book, keyring: Keyring, *, as_of: date) -> list[WaiverLine]:
    """The waivers that run of the agreements this person may see, the first to end on top. Three queries."""
    rows = waivers.running(as_of)
    if not rows:
        return []
    seen = select(AgreementLife).where(
        AgreementLife.agreement_id.in_({row.agreement_id for row in rows}),
        Case.kind == "agreement",
        sees(actor),
    )
    lives = {life.agreement_id: life for life in session().scalars(seen)}
    people = names({person for row in rows for person in (row.waived_by_id, row.confirmed_by_id)})
    titles = {duty.name: duty.title for duty in book.duties}
    return [
        WaiverLine(
            reference=life.reference,
            agreement=life.title,
            duty=titles.get(row.duty, row.duty),
            until_on=row.until_on,
            by=people[row.waived_by_id],
            confirmed_by=people[row.confirmed_by_id],
            reasons=waivers.why(life, row, keyring),
        )
        for row in rows
        if (life := lives.get(row.agreement_id)) is not None
    ]
