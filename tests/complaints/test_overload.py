"""The whole public door under load, as it is served: what got a receipt is kept, and nobody is told a lie."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.bench.flood import HONEST, Sent, overload
from tests.complaints.walk import PEPPER
from workflow.complaints import receipt
from workflow.complaints.floods import FloodMark
from workflow.complaints.models import Complaint, ComplaintWords, ReceiptCode
from workflow.db.session import session

TOGETHER = 8
#: More than one network may begin within the hour without waiting, so that the door has to say "later".
EACH = 9


def test_every_report_that_got_a_receipt_is_kept_and_every_other_was_told_to_wait(app: Flask, ctx: Flask):
    session().rollback()

    sent = overload(app, together=TOGETHER, each=EACH)

    found = select(Complaint.reference, ReceiptCode.fingerprint)
    found = found.join(ReceiptCode, ReceiptCode.complaint_id == Complaint.id)
    found = found.join(ComplaintWords, ComplaintWords.complaint_id == Complaint.id)
    kept = {row.reference: row.fingerprint for row in session().execute(found)}
    receipts = {one.reference: receipt.fingerprint(one.code, PEPPER) for one in sent if one.reference}
    assert receipts == kept
    assert len(receipts) + len([one for one in sent if one.told_to_wait]) == TOGETHER * EACH + 1
    assert [one for one in sent if not is_honest(one)] == []
    assert any(one.told_to_wait for one in sent)
    [real] = [one for one in sent if one.who == HONEST]
    assert real.reference
    assert not real.told_to_wait
    apart = select(Complaint.reference).join(FloodMark, FloodMark.complaint_id == Complaint.id)
    assert real.reference not in session().scalars(apart).all()


def is_honest(one: Sent) -> bool:
    """Whether it got a receipt, or was told how long to wait with what was typed still there."""
    if one.reference:
        return one.status == 200
    return one.status in (429, 503) and one.retry_after > 0 and one.typing_kept
