"""Which document is evidence on which allegation. The documents themselves are `documents`' affair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.complaints.allegations import WRITERS
from workflow.complaints.facts import UNDECIDED
from workflow.complaints.models import Allegation, AllegationDocument, Complaint
from workflow.complaints.service import open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.documents.models import Document
from workflow.documents.queries import document_of
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused


def linked(complaint: Complaint) -> dict[int, list[int]]:
    """The numbers of the allegations a document is evidence on, by its number. One query."""
    found = (
        select(Document.number, Allegation.number.label("allegation"))
        .join(AllegationDocument, AllegationDocument.document_id == Document.id)
        .join(Allegation, Allegation.id == AllegationDocument.allegation_id)
        .where(Allegation.complaint_id == complaint.id)
        .order_by(Document.number, Allegation.number)
    )
    numbers: dict[int, list[int]] = {}
    for row in session().execute(found):
        numbers.setdefault(row.number, []).append(row.allegation)
    return numbers


@retried
def name_evidence(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    allegations: Iterable[int],
    *,
    seen: int,
    now: datetime,
) -> Done:
    """Say on which allegations a document is evidence, instead of what was said before. One event.

    Evidence is named until the complaint is decided. Raises `Refused`, `Stale`, `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, WRITERS, seen)
        if complaint.state not in UNDECIDED:
            raise Refused(Refusal("state", "The complaint is decided; its evidence stays as it is."))
        document = document_of(complaint.id, number)
        wanted = set(allegations)
        known = {each.number: each for each in complaint.allegations}
        if document is None or not wanted <= set(known):
            raise Refused(Refusal("allegation", "Choose from the list.", "allegations"))
        if wanted == set(linked(complaint).get(number, ())):
            return Done(complaint.reference, complaint.version)
        here = select(AllegationDocument).where(AllegationDocument.document_id == document.id)
        for link in s.scalars(here).all():
            s.delete(link)
        s.flush()
        s.add_all(AllegationDocument(allegation_id=known[n].id, document_id=document.id) for n in wanted)
        said = ", ".join(str(n) for n in sorted(wanted)) or "none"
        note(
            house, complaint, "link_evidence", actor, codes={"document": number, "allegations": said}, now=now
        )
        s.flush()
        return Done(complaint.reference, complaint.version)
