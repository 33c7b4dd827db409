"""One act on many complaints: who can and who cannot, and then each by itself, with what came of it.

Every complaint takes its step through `perform`, in a transaction of its own: a refusal for one holds up
no other, two people stay two, and a form sent twice does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from workflow.cases.access import NotThere, case_for
from workflow.cases.history import common_of_many
from workflow.cases.idempotency import claim, remember
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note, perform
from workflow.complaints import groups
from workflow.complaints.allegations import dispose
from workflow.complaints.kind import KIND, beside_of_many, picture
from workflow.complaints.models import Complaint
from workflow.complaints.queries import complaints_for
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import NOTHING, Answers, Offer, Refused, Stale, offers

#: Grouping is no step of the machine; everything else here is.
GROUP: Final = "group"
#: What can be done to many at once; deciding gives every allegation that has none the same disposition.
AT_ONCE: Final = (
    "assign",
    "acknowledge",
    "reject_no_jurisdiction",
    "close_without_finding",
    "decide",
    "notify",
    "close",
)
_DISPOSED_HERE: Final = "all_disposed"


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint of a preview; `why` says what stands in the way, empty where nothing does."""

    reference: str
    title: str
    version: int
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one complaint."""

    reference: str
    is_done: bool
    said: str


def preview(references: list[str], verb: str, actor: Actor, *, now: datetime) -> list[Line]:
    """Who can and who cannot, and why; what this person may not see is left out.

    At most `groups.MOST`, and eight queries however many.
    """
    wanted = list(dict.fromkeys(references))[: groups.MOST]
    found = {c.reference: c for c in complaints_for(actor, wanted)}
    cases = [found[reference] for reference in wanted if reference in found]
    why = _why_not(cases, verb, actor, now=now)
    return [Line(case.reference, case.title, case.version, why[case.id]) for case in cases]


def carry_out(
    house: House,
    chosen: Mapping[str, int],
    verb: str,
    actor: Actor,
    answers: Answers,
    *,
    form_key: str,
    comment: str = "",
    disposition: Answers = NOTHING,
    group_id: int | None = None,
    now: datetime,
) -> list[Result]:
    """Do it to each, by the version that was seen, in order. `group_id` is of a group there is."""
    results = []
    for reference, seen in list(chosen.items())[: groups.MOST]:
        key = sha256(f"{form_key}:{verb}:{reference}".encode()).hexdigest()
        try:
            if verb == GROUP:
                group_id = _join(house, reference, actor, group_id, comment, seen=seen, key=key, now=now)
                results.append(Result(reference, True, "put into the group"))
                continue
            done = _step(
                house, reference, verb, actor, answers, disposition, comment, seen=seen, key=key, now=now
            )
            said = "waits for a second person" if done.awaits_second else "done"
            results.append(Result(reference, True, said))
        except Refused as refused:
            results.append(Result(reference, False, " ".join(r.text for r in refused.refusals)))
        except Stale:
            results.append(Result(reference, False, "Somebody changed it meanwhile; nothing was done to it."))
        except NotThere:
            results.append(Result(reference, False, "There is no such complaint."))
    return results


@retried
def _step(
    house: House,
    reference: str,
    verb: str,
    actor: Actor,
    answers: Answers,
    disposition: Answers,
    comment: str,
    *,
    seen: int,
    key: str,
    now: datetime,
) -> Done:
    """One complaint: its allegations disposed of where that is part of it, the step, and the remark."""
    with transaction() as s, s.no_autoflush:
        if known := claim(key, actor):
            return Done(known.reference, known.version, repeated=True)
        if not isinstance(case_for(actor, reference, lock=True), Complaint):
            raise NotThere(reference)
        if verb == "decide":
            seen = _dispose(house, reference, actor, disposition, seen=seen, now=now)
        done = perform(house, reference, verb, actor, answers, seen=seen, now=now, idempotency_key=key)
        if comment.strip():
            case = case_for(actor, reference, lock=True)
            note(house, case, "remark", actor, codes={}, words={"comment": comment}, now=now)
            s.flush()
        return done


def _dispose(
    house: House, reference: str, actor: Actor, disposition: Answers, *, seen: int, now: datetime
) -> int:
    """Give every allegation that has no disposition yet the one of the group; the version after it."""
    case = case_for(actor, reference, lock=True)
    assert isinstance(case, Complaint)
    for number in [a.number for a in case.allegations if not a.is_disposed]:
        given: dict[str, Any] = dict(disposition)
        seen = dispose(
            house,
            reference,
            actor,
            number,
            given.get("disposition") or "",
            given.get("standard_of_proof") or "",
            given.get("rationale") or "",
            closing_reason=given.get("closing_reason") or None,
            seen=seen,
            now=now,
        ).version
    return seen


@retried
def _join(
    house: House,
    reference: str,
    actor: Actor,
    group_id: int | None,
    reason: str,
    *,
    seen: int,
    key: str,
    now: datetime,
) -> int | None:
    """Put one complaint into the group of the form, which the first one makes; the group it is in."""
    with transaction():
        if claim(key, actor) is None:
            groups.join(house, reference, actor, group_id, reason, seen=seen, now=now)
            remember(key, actor, case_for(actor, reference), now=now)
        case = case_for(actor, reference)
        assert isinstance(case, Complaint)
        return case.group_id


def _why_not(cases: Sequence[Complaint], verb: str, actor: Actor, *, now: datetime) -> dict[int, str]:
    """What stands in the way of each, by id, in words; empty where nothing does."""
    if verb == GROUP:
        may = actor.roles & groups.GROUPS
        return {c.id: groups.why_not(c) if may else "Your role does not allow this." for c in cases}
    shared, beside = common_of_many(cases), beside_of_many(cases)
    return {
        case.id: _refused(case, verb, offers(KIND.machine, facts, actor, now))
        for case in cases
        for facts in (picture(case, shared[case.id], beside[case.id], case.allegations),)
    }


def _refused(case: Complaint, verb: str, offered: Iterable[Offer[Any, Any]]) -> str:
    offer = next((o for o in offered if o.step.verb == verb), None)
    if offer is None:
        stage = KIND.machine.stage(case.state).label.lower()
        return f"Not possible for you while it is {stage}."
    if offer.pending:
        return "It waits for a second person already."
    here = {_DISPOSED_HERE} if verb == "decide" and case.allegations else set()
    return " ".join(r.text for r in offer.refusals if r.code not in here)
