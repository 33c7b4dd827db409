"""Entering a checklist that was filled in on paper: the answers, the day, and the scan as a document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from workflow.cases.enclosures import enclose
from workflow.cases.kinds import House
from workflow.cases.perform import Done
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.inspections.answers import Given, Paper, answer_items, closed, writable


@retried
def answer_from_paper(
    house: House,
    reference: str,
    actor: Actor,
    given: Mapping[str, Given],
    *,
    noted_on: date,
    token: str,
    holder: str,
    checklist: str | None = None,
    now: datetime,
) -> Done:
    """Enter what was filled in on paper, with the scan that waits under a token: both or nothing.

    Whoever wrote on paper saw no other answer: where somebody answered differently, both stand.
    """
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if refusals := closed(inspection, checklist):
            raise Refused(*refusals)
        [scan] = enclose(house, inspection, [token], holder=holder, by=actor, now=now)
        s.flush()
        paper = Paper(noted_on, scan.number)
        return answer_items(house, reference, actor, given, now=now, checklist=checklist, paper=paper)
