"""Letters of any kind of case: put together, kept as exactly what was shown, opened again. ADR 17.

Which letters there are, what stands in their places and who sends them is the affair of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select

from workflow.cases.chronicle import key_of
from workflow.cases.models import Case
from workflow.db.seal import Erased, Keyring, commitment, seal, unseal
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.messages import paper
from workflow.messages.models import Outbox, SentLetter
from workflow.messages.wording import Unfit, Value, day, fill, wording, words
from workflow.people.office import office


def put_together(
    name: str,
    language: str,
    values: Mapping[str, Value],
    *,
    allowed: frozenset[str],
    reference: str,
    on: date,
    address: tuple[str, ...] = (),
) -> tuple[paper.Printed, str]:
    """A letter as it would go out, and the version of its wording. Nothing is written.

    Raises `Refused` where the office has no name, a place stays open, or it cannot be printed.
    """
    us = office()
    if us is None or not us.name or not us.contact.strip():
        raise Refused(
            Refusal("office", "A letter says who writes and how to answer: give the office both first.")
        )
    try:
        text = wording(name, language)
        sheet = paper.Sheet(
            language=language,
            sender=us.name,
            head=(us.name, *(each for each in f"{us.address}\n{us.contact}".splitlines() if each.strip())),
            address=address,
            on=on,
            day=day(on, language),
            number=words(language)["number"].format(reference=reference),
            title=text.title,
            body=fill(text, values, allowed=allowed),
        )
        return paper.printed(sheet), text.digest
    except (Unfit, paper.Unprintable) as problem:
        raise Refused(Refusal("letter", str(problem), "paragraph")) from problem


def frozen(
    case: Case,
    row: Outbox,
    number: int,
    made: paper.Printed,
    version: str,
    key: bytes,
    actor: Actor,
    *,
    language: str,
    is_addressed: bool = False,
    now: datetime,
) -> SentLetter:
    """The letter as it is kept: exactly what was shown, sealed under the key of its case."""
    place = f"letter:{case.reference}:{number}"
    return SentLetter(
        outbox_id=row.id,
        case_id=case.id,
        number=number,
        name=row.name,
        recipient=row.recipient,
        language=language,
        wording=version,
        text=seal(key, made.text.encode(), f"{place}:text"),
        pdf=seal(key, made.pdf, f"{place}:pdf"),
        is_addressed=is_addressed,
        digest=commitment(key, "letter", made.digest),
        sent_at=now,
        sent_by_id=actor.id,
    )


def wanted(case: Case) -> list[Outbox]:
    """Every letter that was ever asked for on a case, first to last: they count from one. One query."""
    found = select(Outbox).where(Outbox.reference == case.reference, Outbox.kind == "letter")
    return list(session().scalars(found.order_by(Outbox.made_at, Outbox.id)))


def letter_of(case: Case, number: int) -> SentLetter | None:
    """A letter that was sent; None if it was not, or there is none."""
    found = select(SentLetter).where(SentLetter.case_id == case.id, SentLetter.number == number)
    return session().scalar(found)


def text_of(case: Case, letter: SentLetter, keyring: Keyring) -> str | None:
    """What a sent letter says; None once erased."""
    opened = _opened(case, letter, "text", keyring)
    return None if opened is None else opened.decode()


def pdf_of(case: Case, letter: SentLetter, keyring: Keyring) -> bytes | None:
    """The sent letter on paper; None once erased."""
    return _opened(case, letter, "pdf", keyring)


def _opened(case: Case, letter: SentLetter, form: str, keyring: Keyring) -> bytes | None:
    place = f"letter:{case.reference}:{letter.number}:{form}"
    kept: bytes = getattr(letter, form)
    try:
        return unseal(key_of(case, keyring), kept, place)
    except Erased:
        return None
