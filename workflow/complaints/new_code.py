"""A new code in the place of one that somebody else may have seen. The page is in `status_views`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workflow.cases.access import case_for
from workflow.cases.idempotency import claim, remember
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.complaints import receipt, visits
from workflow.complaints.models import Complaint, ReceiptCode
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import PUBLIC, SYSTEM
from workflow.engine.machine import Refusal, Refused


class Closed(Exception):
    """The visit ended meanwhile, or its code was changed by somebody else."""


@retried
def change_code(
    house: House, reference: str, typed: str, *, token: str, form_key: str, pepper: bytes, now: datetime
) -> str:
    """Give a complaint a new code; the old one stops at once, and so does every other open visit.

    `typed` is the old code: a page that was left open is not enough. The new code follows from the form,
    as that of a receipt does: kept nowhere, and the same form sent again gives it again while it is the
    code. The event says that it was changed, nothing else. Raises `Closed`, and `Refused` for a wrong code.
    """
    with transaction() as s, s.no_autoflush:
        complaint = case_for(SYSTEM, reference, lock=True)
        assert isinstance(complaint, Complaint)
        if not visits.is_open(token, complaint.id, now=now):
            raise Closed
        row = s.get_one(ReceiptCode, complaint.id, populate_existing=True)
        made_of = f"new:{complaint.id}:{form_key}"
        key, code = receipt.fingerprint(f"form:{made_of}", pepper), receipt.code_for(made_of, pepper)
        new = receipt.fingerprint(code, pepper)
        if claim(key, PUBLIC) is not None:
            if row.fingerprint != new:
                raise Closed
            return code
        if receipt.fingerprint(receipt.read_code(typed) or "", pepper) != row.fingerprint:
            raise Refused(Refusal("code", "", "receipt_code"))
        row.fingerprint = new
        visits.end_others(token, complaint.id)
        note(house, complaint, "change_code", PUBLIC, codes={}, now=now)
        remember(key, PUBLIC, complaint, now=now)
        return code


def is_current(code: str, pepper: bytes) -> bool:
    """Whether a code that was made still opens something: it may have been changed since. One query."""
    found = select(ReceiptCode.complaint_id).where(
        ReceiptCode.fingerprint == receipt.fingerprint(code, pepper)
    )
    return session().scalar(found) is not None
