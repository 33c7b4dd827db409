"""The story of a complaint line by line, narrowed to one kind: steps, notes, documents, clocks, reads.

A line can be of two kinds: that an original was fetched is about documents, and a read of something sealed.

Reads only. What each line says of the history comes from `cases.entries`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.cases.entries import Answers, Entry
from workflow.cases.models import Clock, ClockRow
from workflow.complaints.facts import PURPOSES, WITNESS_PURPOSES
from workflow.complaints.kind import KIND
from workflow.complaints.models import Complaint, ContactReading
from workflow.db.session import session
from workflow.documents.queries import ORIGINAL, custody_in
from workflow.documents.service import PURPOSES as DOCUMENT_PURPOSES
from workflow.engine.actors import Actor, Role
from workflow.people.queries import names

#: What the story can be narrowed to, in the order in which it is offered.
SHOWN: Final = {
    "steps": "Steps",
    "notes": "Notes",
    "messages": "Messages and letters",
    "documents": "Documents",
    "clocks": "Clocks",
    "reads": "Reads of sealed parts",
}
#: Who knows of looks at who complained: whoever may look, and whoever watches over it.
KNOWS_READS: Final = frozenset(
    {Role.INTAKE, Role.REVIEWER, Role.LIAISON, Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story. `anchor` is where the page can be entered; lines beside the history: none."""

    kinds: frozenset[str]
    label: str
    at: datetime
    recorded_at: datetime
    by: str
    second: str | None = None
    answers: Answers = ()
    anchor: str = ""
    is_late_entry: bool = False
    caused: bool = False
    voided: bool = False


def lines(complaint: Complaint, entries: Sequence[Entry], actor: Actor, *, shown: str | None) -> list[Line]:
    """The story, latest first; all of it but the clocks, or what `shown` names. Two queries at most.

    One more for a complaint with documents.
    """
    found = [_of_history(entry) for entry in entries]
    if shown in (None, "reads") and actor.roles & KNOWS_READS:
        found += _reads(complaint)
    if shown in (None, "reads", "documents") and any(entry.verb == "add_document" for entry in entries):
        found += _touches(complaint, KIND.reads(actor, complaint), bool(actor.roles & KNOWS_READS))
    if shown == "clocks":
        found = [*_clocks(complaint)]
    kept = [line for line in found if shown is None or shown in line.kinds]
    return sorted(kept, key=lambda line: line.recorded_at, reverse=True)


def _of_history(entry: Entry) -> Line:
    return Line(
        kinds=kinds_of(entry.verb),
        label=entry.label,
        at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        by=entry.by,
        second=entry.second,
        answers=entry.answers,
        anchor=f"event-{entry.version}",
        is_late_entry=entry.is_late_entry,
        caused=entry.caused,
        voided=entry.voided,
    )


def kinds_of(verb: str) -> frozenset[str]:
    """What kinds of line an event of this verb is: taking a step back is one of the steps."""
    bare = verb.partition(".")[0]
    if bare == "void" or KIND.machine.step(bare):
        return frozenset({"steps"})
    if "document" in bare or "evidence" in bare:
        return frozenset({"documents"})
    if bare == "read_messages":
        return frozenset({"messages", "reads"})
    return frozenset({"messages"} if "message" in bare or "letter" in bare else {"notes"})


def _reads(complaint: Complaint) -> Iterator[Line]:
    """Every look at who complained, or at a witness: by whom, and for what."""
    query = select(ContactReading).where(ContactReading.complaint_id == complaint.id)
    found = session().scalars(query.order_by(ContactReading.id)).all()
    people = names({reading.person_id for reading in found})
    for reading in found:
        purposes = dict(WITNESS_PURPOSES if reading.witness else PURPOSES)
        contact = "Contact" if reading.earlier is None else "An earlier contact"
        who = f"Witness {reading.witness} opened" if reading.witness else f"{contact} of the complainant read"
        yield Line(
            kinds=frozenset({"reads"}),
            label=who,
            at=reading.at,
            recorded_at=reading.at,
            by=people.get(reading.person_id, "somebody"),
            answers=(("What for", purposes.get(reading.purpose, reading.purpose)),),
        )


def _touches(complaint: Complaint, reads: bool, watches: bool) -> Iterator[Line]:
    """What happened to each document: all of it for who reads them; for who watches, fetched originals."""
    found = [
        (number, touch)
        for number, touch in custody_in(complaint.id)
        # That it was received is an event already.
        if (reads and touch.what != "received") or (watches and touch.what == ORIGINAL)
    ]
    people = names({touch.person_id for _, touch in found})
    for number, touch in found:
        purpose = dict(DOCUMENT_PURPOSES).get(touch.purpose or "", touch.purpose)
        yield Line(
            kinds=frozenset({"documents", "reads"} if touch.what == ORIGINAL else {"documents"}),
            label=f"Document {number}: {touch.label[0].lower()}{touch.label[1:]}",
            at=touch.at,
            recorded_at=touch.at,
            by=people.get(touch.person_id, "somebody"),
            answers=(("What for", purpose),) if purpose else (),
        )


def _clocks(complaint: Complaint) -> Iterator[Line]:
    """What happened to each clock, undone steps aside."""
    query = (
        select(ClockRow, Clock.name)
        .join(Clock, Clock.id == ClockRow.clock_id)
        .where(Clock.case_id == complaint.id, ClockRow.voided_by_version.is_(None))
        .order_by(ClockRow.id)
    )
    for row, name in session().execute(query):
        yield Line(
            kinds=frozenset({"clocks"}),
            label=f"{KIND.machine.clock(name).label}: {row.what.value}",
            at=row.at,
            recorded_at=row.at,
            by="by the rules",
            answers=(("Why", row.why),) if row.why else (),
        )
