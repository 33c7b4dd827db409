"""What has been done on a case, read for the rules. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from workflow.cases.kinds import Common
from workflow.cases.models import Approval, Case, Event
from workflow.cases.recusals import LetIn, Recusal
from workflow.db.session import session


def common(case: Case, events: Sequence[Event] | None = None) -> Common:
    """The facts every kind shares. Three queries; two where the events of the case were read before.

    A step voided later does not count as done, and neither does the voiding.
    """
    told = select(Event.version, Event.verb, Event.actor_id, Event.second_id, Event.codes)
    found = told.where(Event.case_id == case.id).order_by(Event.version)
    rows: Sequence[Any] = session().execute(found).all() if events is None else events
    voided = {row.codes["voids"] for row in rows if row.verb == "void"}
    by: defaultdict[str, set[int]] = defaultdict(set)
    times: Counter[str] = Counter()
    for row in rows:
        if row.version in voided or row.verb == "void":
            continue
        times[row.verb] += 1
        by[row.verb] |= {row.actor_id} | ({row.second_id} if row.second_id else set())
    out = recused_from(case.id)
    return Common(
        version=case.version,
        office_id=case.office_id,
        done_by={verb: frozenset(ids) for verb, ids in by.items()},
        times=dict(times),
        pending=frozenset(
            session().scalars(
                select(Approval.verb).where(Approval.case_id == case.id, Approval.outcome.is_(None))
            )
        ),
        recused=frozenset(out),
        let_in={person_id: until for person_id, until in out.items() if until is not None},
        received_at=case.received_at,
        state_since=case.state_since,
    )


def recused_from(case_id: int) -> dict[int, datetime | None]:
    """Who must not touch a case, each with until when they are let in all the same. One query."""
    running = and_(
        LetIn.case_id == Recusal.case_id, LetIn.person_id == Recusal.person_id, LetIn.ended_at.is_(None)
    )
    rows = session().execute(
        select(Recusal.person_id, func.max(LetIn.until_at))
        .outerjoin(LetIn, running)
        .where(Recusal.case_id == case_id, Recusal.withdrawn_at.is_(None))
        .group_by(Recusal.person_id)
    )
    return {row[0]: row[1] for row in rows}


def unborn(case: Case) -> Common:
    """The same for a case that does not exist yet."""
    return Common(
        version=0,
        office_id=case.office_id,
        done_by={},
        times={},
        pending=frozenset(),
        recused=frozenset(),
        let_in={},
        received_at=case.received_at,
        state_since=None,
    )
