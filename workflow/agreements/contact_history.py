"""Contacts of another system, brought in: the yearly contact and the meetings are due counted from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from workflow.agreements.contacts import Kept, corrected_as_never, write
from workflow.agreements.facts import CONTACTS
from workflow.agreements.kind import life_of
from workflow.agreements.models import AgreementContact, AgreementLife
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.imports.batches import Thing
from workflow.imports.commands import import_command
from workflow.imports.listing import AGREEMENT, REFERENCE, Column, Holds, Line, Listing, Objection
from workflow.imports.models import ImportedThing
from workflow.imports.register import Agreements


def _objections(line: Line) -> Iterator[Objection]:
    if not line.text("kind"):
        yield "kind", "What took place has no translation in the mapping: a visit, a meeting, a file review …"


LISTING: Final = Listing(
    "contacts",
    "contact",
    (
        REFERENCE,
        *AGREEMENT,
        Column(
            "held_on", "the day it was held", Holds.DAY, needed=True, called=("held", "date", "contactdate")
        ),
        Column(
            "kind",
            "what took place",
            Holds.CODE,
            needed=True,
            called=("kind", "type", "contacttype"),
            codes=CONTACTS,
            unmapped="the row is refused",
        ),
        Column(
            "covered",
            "what was covered, without a name of anybody arrested",
            Holds.WORDS,
            called=("covered", "notes", "summary", "description"),
            longest=10_000,
            personal=True,
        ),
    ),
    _objections,
)


class Entering:
    """Enters contacts of the past with the agreements they were kept with."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._agreements = Agreements()
        self._meant: dict[str, int] = {}

    def objection(self, line: Line) -> Objection | None:
        meant = self._agreements.meant(line)
        if not isinstance(meant, int):
            return meant
        if life_of(meant) is None:
            return ("agreement", "The agreement has no life here: import the agreements first.")
        self._meant[line.reference] = meant
        return None

    def enter(self, line: Line, *, source: str, now: datetime) -> Thing:
        life, held_on = _locked(self._meant[line.reference]), line.day("held_on")
        assert held_on is not None
        kept = Kept(line.text("kind"), held_on, line.text("covered") or None, source=source)
        row = write(life, kept, self._house.keyring, recorded_by_id=SYSTEM.id, now=now)
        session().flush()
        note(self._house, life, "import_contact", SYSTEM, codes={"contact": row.number}, now=now)
        session().flush()
        return Thing(row_id=row.id)

    def said(self) -> Sequence[str]:
        return ()


def _locked(agreement_id: int) -> AgreementLife:
    known = life_of(agreement_id)
    assert known is not None
    life = case_for(SYSTEM, known.reference, lock=True)
    assert isinstance(life, AgreementLife)
    return life


def take_back(house: House, why: str, now: datetime) -> Callable[[ImportedThing], str | None]:
    """Lets an imported contact count no more, by a later row, unless somebody corrected it since."""

    def count_no_more(row: ImportedThing) -> str | None:
        contact = session().get_one(AgreementContact, row.row_id)
        life = _locked(contact.agreement_id)
        if not corrected_as_never(life, contact, house.keyring, now=now):
            return f"{life.reference}, contact {contact.number}"
        codes = {"contact": contact.number}
        note(house, life, "void_contact", SYSTEM, codes=codes, words={"reason": why}, now=now)
        return None

    return count_no_more


import_contacts_command: Final = import_command(
    LISTING, Entering, take_back, says="Bring contacts kept with agencies in."
)
