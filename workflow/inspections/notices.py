"""Letters to the agency before and at a visit: the notice, the request for documents, in the right words.

The step and its letter are one act: what was read on the page goes out with the step, or neither happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import defer

from workflow.cases import letters, tasks
from workflow.cases.access import NotThere, case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import writing_key
from workflow.cases.kinds import House
from workflow.cases.perform import note, perform
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.inspections.facts import FOR_CAUSE, LETTERS
from workflow.inspections.models import Inspection
from workflow.messages.models import Outbox, SentLetter
from workflow.messages.paper import Printed
from workflow.messages.wording import FREE, Value, day, words
from workflow.policy.queries import book

NOTIFY, REQUEST = "notify", "request_documents"
NAMES: Final = dict(LETTERS)
PLACES: Final = frozenset(
    {"reference", "agency", "model", "when", "mode", "documents", "documents_by", FREE},
)
DOCUMENTS_WITHIN: Final = Limit("inspection.documents")
#: The most documents one letter asks for.
MOST: Final = 40
CHANGED: Final = (
    "What would be sent now is not what this page showed. Nothing was sent; read it below, then send it."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person who sends it decides: language, a paragraph of their own, the documents one a line."""

    language: str
    paragraph: str
    documents: str

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.documents.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter of an inspection in a list. `is_kept` is false for one that went out on paper alone."""

    number: int
    label: str
    at: datetime
    is_kept: bool


def wording_of(inspection: Inspection, verb: str) -> str:
    """Which wording a letter has: for cause and without notice there are words of their own."""
    if verb == NOTIFY:
        return "inspection_notice_for_cause" if inspection.kind_of == FOR_CAUSE else "inspection_notice"
    return "document_request" if inspection.sent_to_agency_at is not None else "inspection_arrival"


def compose(inspection: Inspection, verb: str, chosen: Chosen, *, now: datetime) -> tuple[Printed, str]:
    """The letter as it would go out, and the version of its wording. Nothing is written.

    Raises `Refused` where it cannot be one yet.
    """
    if not chosen.lines:
        raise Refused(Refusal("required", "Say which documents are asked for, one a line.", "documents"))
    if len(chosen.lines) > MOST:
        raise Refused(Refusal("many", f"At most {MOST} documents fit in one letter.", "documents"))
    calendar = calendar_of(inspection.office_id)
    return letters.put_together(
        wording_of(inspection, verb),
        chosen.language,
        _values(inspection, chosen, now=now),
        allowed=PLACES,
        reference=inspection.reference,
        on=calendar.day_of(now),
    )


def _values(inspection: Inspection, chosen: Chosen, *, now: datetime) -> dict[str, Value]:
    said, calendar = words(chosen.language), calendar_of(inspection.office_id)
    rules = book(inspection.policy_id)
    by = tasks.within(inspection, DOCUMENTS_WITHIN, book=rules, calendar=calendar, at=now)
    first, last = inspection.begun_on or inspection.scheduled_on, inspection.until_on
    when = ""
    if first is not None:
        when = said["on_day"].format(day=day(first, chosen.language))
        if last is not None and last != first:
            start, end = day(first, chosen.language), day(last, chosen.language)
            when = said["from_to"].format(first=start, last=end)
    return {
        "reference": inspection.reference,
        "agency": inspection.agency.name if inspection.agency else said["some_agency"],
        "model": inspection.model or "",
        "when": when,
        "mode": said["modes"].get(inspection.mode, ""),
        "documents": chosen.lines,
        "documents_by": day(calendar.day_of(by), chosen.language),
        FREE: chosen.paragraph,
    }


@retried
def send(
    house: House,
    reference: str,
    actor: Actor,
    verb: str,
    chosen: Chosen,
    *,
    seen: int,
    shown: str,
    now: datetime,
) -> int:
    """Take the step and freeze its letter as exactly the bytes whose digest is `shown`; its number.

    Raises `NotThere`, `Stale`, and `Refused` when the step is not possible or it reads otherwise by now.
    """
    with transaction() as s, s.no_autoflush:
        inspection = case_for(actor, reference, lock=True)
        if not isinstance(inspection, Inspection):
            raise NotThere(reference)
        answers = {"documents": chosen.documents}
        if chosen.paragraph.strip():
            answers["letter"] = chosen.paragraph
        # Put together first: with the step the agency is told, which changes what a request says.
        made, version = compose(inspection, verb, chosen, now=now)
        perform(house, reference, verb, actor, answers, seen=seen, now=now)
        if made.digest != shown:
            raise Refused(Refusal("changed", CHANGED))
        return keep(house, inspection, made, version, actor, language=chosen.language, now=now)


def keep(
    house: House,
    inspection: Inspection,
    made: Printed,
    version: str,
    actor: Actor,
    *,
    language: str,
    now: datetime,
) -> int:
    """Freeze the letter the latest step asked for, inside the transaction of that step; its number."""
    session().flush()
    rows = letters.wanted(inspection)
    row, number = rows[-1], len(rows)
    key = writing_key(inspection, house.keyring)
    letter = letters.frozen(inspection, row, number, made, version, key, actor, language=language, now=now)
    session().add(letter)
    row.state, row.done_at = "sent", now
    codes = {"letter": number, "name": row.name, "language": language, "digest": letter.digest}
    note(house, inspection, "send_letter", actor, codes=codes, now=now)
    session().flush()
    return number


def kept_letters(inspection: Inspection) -> tuple[Kept, ...]:
    """The letters to the agency, first to last, for whoever sees what was sent. At most two queries."""
    rows = letters.wanted(inspection)
    if not rows:
        return ()
    found = select(SentLetter).where(SentLetter.case_id == inspection.id)
    sent = {
        each.number: each.sent_at
        for each in session().scalars(found.options(defer(SentLetter.text), defer(SentLetter.pdf)))
    }
    return tuple(
        Kept(number, NAMES[row.name], sent.get(number, row.made_at), number in sent)
        for number, row in enumerate(rows, start=1)
        if _is_ours(row)
    )


def letter_pdf(house: House, inspection: Inspection, number: int) -> bytes | None:
    """A letter as it was sent; None where there is none, or it was erased."""
    letter = letters.letter_of(inspection, number)
    if letter is None or letter.name not in NAMES:
        return None
    return letters.pdf_of(inspection, letter, house.keyring)


def _is_ours(row: Outbox) -> bool:
    return row.name in NAMES and row.state != "cancelled"
