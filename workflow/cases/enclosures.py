"""Documents of a case: added with an event, listed, looked up. What a document is, is `documents`' affair.

Whoever reads what was written in a case (`CaseKind.reads`) reads its documents, and nobody else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from workflow.cases.access import NotThere, case_for
from workflow.cases.chronicle import key_of, writing_key
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.seal import Erased
from workflow.db.session import transaction
from workflow.documents import queries, service
from workflow.documents.service import Attached
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused

VERB: Final = "add_document"
OVER: Final = "This case is closed: nothing is added to it any more. Open it again first."


def takes_documents(house: House, case: Case) -> bool:
    """Whether documents belong to this kind of case at all."""
    return VERB in house.kind_of(case).notes


def reads_documents(house: House, case: Case, actor: Actor) -> bool:
    """Whether somebody who sees the case reads its documents."""
    return takes_documents(house, case) and house.kind_of(case).reads(actor, case)


def enclose(
    house: House,
    case: Case,
    tokens: Iterable[str],
    *,
    holder: str,
    by: Actor,
    now: datetime,
    verb: str = VERB,
) -> tuple[Attached, ...]:
    """Give staged files to a case: one event each, inside the running transaction that holds the case.

    What the case has already is neither kept nor noted twice. Raises `Refused` for a closed or an erased
    case, and when a file is no longer there.
    """
    if case.closed_at is not None:
        raise Refused(Refusal("closed", OVER, "files"))
    key = writing_key(case, house.keyring)
    attached = service.attach(case.id, tokens, holder=holder, key=key, keyring=house.keyring, by=by, now=now)
    for each in attached:
        if not each.repeated:
            note(house, case, verb, by, codes={"document": each.number, "hash": each.hash}, now=now)
    return attached


@retried
def enclose_in(
    house: House, reference: str, tokens: Iterable[str], actor: Actor, *, holder: str, now: datetime
) -> tuple[Attached, ...]:
    """The same for somebody of the office, in a transaction of its own. Raises `NotThere` besides."""
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        if not reads_documents(house, case, actor):
            raise NotThere(reference)
        return enclose(house, case, list(tokens), holder=holder, by=actor, now=now)


def documents_in(house: House, case: Case, actor: Actor) -> list[queries.Shown] | None:
    """The documents of a case for somebody who sees it; None for somebody who does not read them."""
    if not reads_documents(house, case, actor):
        return None
    return queries.documents_of(case.id, key=key_or_none(house, case))


def key_or_none(house: House, case: Case) -> bytes | None:
    """The key of a case; None once it was destroyed."""
    try:
        return key_of(case, house.keyring)
    except Erased:
        return None
