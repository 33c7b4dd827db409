"""What has been done on a case, read for the rules. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import and_, func, select

from workflow.cases.kinds import Common
from workflow.cases.models import Approval, Case, Event
from workflow.cases.recusals import LetIn, Recusal
from workflow.db.session import session

#: People who must not touch a case, each with until when they are let in all the same.
Recused: TypeAlias = dict[int, datetime | None]


def common(case: Case, events: Sequence[Event] | None = None) -> Common:
    """The facts every kind shares. Three queries; two where the events of the case were read before."""
    if events is None:
        return common_of_many([case])[case.id]
    return _shared(case, events, *_beside([case.id]))


def common_of_many(cases: Sequence[Case]) -> dict[int, Common]:
    """The same of many cases, by id. Three queries."""
    ids = [case.id for case in cases]
    told = select(Event.case_id, Event.version, Event.verb, Event.actor_id, Event.second_id, Event.codes)
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session().execute(told.where(Event.case_id.in_(ids)).order_by(Event.case_id, Event.version)):
        rows[row.case_id].append(row)
    out, pending = _beside(ids)
    return {case.id: _shared(case, rows[case.id], out, pending) for case in cases}


def _beside(ids: Sequence[int]) -> tuple[dict[int, Recused], dict[int, set[str]]]:
    """Who is recused from each of these cases, and which steps wait there for a second person."""
    pending: defaultdict[int, set[str]] = defaultdict(set)
    waiting = select(Approval.case_id, Approval.verb)
    found = waiting.where(Approval.case_id.in_(ids), Approval.outcome.is_(None))
    for case_id, verb in session().execute(found):
        pending[case_id].add(verb)
    return _recused(ids), pending


def _shared(
    case: Case, events: Sequence[Any], recusals: Mapping[int, Recused], pending: Mapping[int, set[str]]
) -> Common:
    """A step voided later does not count as done, and neither does the voiding."""
    voided = {event.codes["voids"] for event in events if event.verb == "void"}
    by: defaultdict[str, set[int]] = defaultdict(set)
    times: Counter[str] = Counter()
    for event in events:
        if event.version in voided or event.verb == "void":
            continue
        times[event.verb] += 1
        by[event.verb] |= {event.actor_id} | ({event.second_id} if event.second_id else set())
    out = recusals.get(case.id, {})
    return Common(
        version=case.version,
        office_id=case.office_id,
        done_by={verb: frozenset(ids) for verb, ids in by.items()},
        times=dict(times),
        pending=frozenset(pending.get(case.id, ())),
        recused=frozenset(out),
        let_in={person_id: until for person_id, until in out.items() if until is not None},
        received_at=case.received_at,
        state_since=case.state_since,
    )


def recused_from(case_id: int) -> Recused:
    """Who must not touch a case, each with until when they are let in all the same. One query."""
    return _recused([case_id]).get(case_id, {})


def _recused(case_ids: Sequence[int]) -> dict[int, Recused]:
    running = and_(
        LetIn.case_id == Recusal.case_id, LetIn.person_id == Recusal.person_id, LetIn.ended_at.is_(None)
    )
    rows = session().execute(
        select(Recusal.case_id, Recusal.person_id, func.max(LetIn.until_at))
        .outerjoin(LetIn, running)
        .where(Recusal.case_id.in_(case_ids), Recusal.withdrawn_at.is_(None))
        .group_by(Recusal.case_id, Recusal.person_id)
    )
    found: defaultdict[int, Recused] = defaultdict(dict)
    for case_id, person_id, until in rows:
        found[case_id][person_id] = until
    return found


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
