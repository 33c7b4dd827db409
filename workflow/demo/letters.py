"""The letters of the demonstration: those of the last days wait, those of the last months were sent.

The office keeps its letters here since then: what is older went out on paper before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.complaints import letters
from workflow.complaints.letter_lists import wanted
from workflow.complaints.letters import Chosen
from workflow.complaints.models import Complaint
from workflow.db.session import transaction
from workflow.demo.walker import Walker
from workflow.engine.actors import SYSTEM, Role

#: Letters that were asked for so lately wait for whoever looks around.
LATELY: Final = timedelta(days=10)
#: Since when the office keeps its letters here.
KEPT: Final = timedelta(days=90)
_ADDRESS: Final = "http://localhost"


def send_what_waits(walker: Walker, reference: str) -> None:
    """Send every letter that waits on a complaint, right after the step that asked for it."""
    complaint = case_for(SYSTEM, reference)
    assert isinstance(complaint, Complaint)
    now = complaint.events[-1].recorded_at
    if now > walker.today - LATELY:
        return
    if now < walker.today - KEPT:
        _on_paper(complaint, now)
        return
    for number, row in enumerate(wanted(complaint), start=1):
        if row.state == "queued":
            _send(walker, reference, number, now)
            if row.recipient != "complainant":
                _post(walker, reference, number, now)


def _on_paper(complaint: Complaint, now: datetime) -> None:
    """Leave the letters of a complaint as written before letters were kept here."""
    with transaction():
        for row in wanted(complaint):
            if row.state == "queued":
                row.state, row.done_at = "written", now


def _send(walker: Walker, reference: str, number: int, now: datetime) -> None:
    complaint = case_for(SYSTEM, reference)
    assert isinstance(complaint, Complaint)
    house, clerk = walker.house, walker.people(Role.INTAKE, None)[0]
    row, chosen = wanted(complaint)[number - 1], Chosen("en")
    made, _ = letters.compose(house, complaint, row, chosen, base_url=_ADDRESS, now=now)
    letters.send(
        house,
        reference,
        clerk,
        number,
        chosen,
        seen=complaint.version,
        shown=made.digest,
        base_url=_ADDRESS,
        now=now,
    )


def _post(walker: Walker, reference: str, number: int, now: datetime) -> None:
    complaint, clerk = case_for(SYSTEM, reference), walker.people(Role.INTAKE, None)[0]
    on = calendar_of(complaint.office_id).day_of(now)
    letters.record_posting(walker.house, reference, clerk, number, on, seen=complaint.version, now=now)
