"""Handing in a plan of several parts, and reviewing it part by part. What it says is `plan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workflow.cases import sealed
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import Done, perform
from workflow.corrective.models import CorrectiveAction, PlanVerdict
from workflow.corrective.plan import ACCEPTED, RETURNED, Part, elements, latest, place, rows
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.engine.machine import Refusal, Refused

#: More parts than this are no plan.
MOST: Final = 12
OVER: Final = "The target date has passed already."
ENTERED_LATE: Final = (
    "A plan of several parts cannot be entered as handed in while there was still time: hand it in as of now."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer says of a part. A part that is returned needs a reason."""

    number: int
    is_accepted: bool
    reason: str = ""


@retried
def hand_in(
    house: House,
    reference: str,
    actor: Actor,
    parts: Sequence[Part],
    *,
    seen: int,
    now: datetime,
    occurred_at: datetime | None = None,
    late_reason: str | None = None,
    key: str | None = None,
) -> Done:
    """Hand in a plan, all its parts at once. Raises what `perform` raises, about the field of a part."""
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        assert isinstance(case, CorrectiveAction)
        _check(case, parts, now=now)
        if case.version == seen and len(parts) > 1:
            s.add_all(rows(house, case, parts, version=seen + 1))
        done = perform(
            house,
            reference,
            "submit_plan",
            actor,
            _answers(parts),
            seen=seen,
            now=now,
            occurred_at=occurred_at,
            late_reason=late_reason,
            idempotency_key=key,
        )
        if done.awaits_second and len(parts) > 1:
            raise Refused(Refusal("late", ENTERED_LATE, "occurred_at"))
        return done


@retried
def review(
    house: House,
    reference: str,
    actor: Actor,
    said: Sequence[Said],
    *,
    note: str = "",
    seen: int,
    now: datetime,
    key: str | None = None,
) -> Done:
    """Accept a plan, or return it for the parts that are not good enough, each with its reason."""
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        assert isinstance(case, CorrectiveAction)
        answers = {"note": note} if note else {}
        verb = "accept_plan"
        returned = [each for each in said if not each.is_accepted]
        if returned:
            verb, answers = "return_plan", {"reason": _why(returned, of=len(said))}
        if case.version == seen:
            _judge(house, case, said, actor, version=seen + 1, now=now)
        return perform(house, reference, verb, actor, answers, seen=seen, now=now, idempotency_key=key)


def _check(case: CorrectiveAction, parts: Sequence[Part], *, now: datetime) -> None:
    if not 1 <= len(parts) <= MOST:
        raise Refused(Refusal("parts", f"A plan has one to {MOST} parts."))
    today = calendar_of(case.office_id).day_of(now)
    past = [n for n, part in enumerate(parts, start=1) if part.target_on < today]
    if past:
        raise Refused(*(Refusal("target_ahead", OVER, named("target_on", n)) for n in past))


def named(name: str, number: int) -> str:
    """What a question about a part is called in forms: those of the first part have the step's own names."""
    return name if number == 1 else f"{name}_{number}"


def _answers(parts: Sequence[Part]) -> dict[str, Any]:
    """What the step itself is told: the parts in one, as the history keeps them."""
    several = len(parts) > 1
    words = [
        f"{n}. {part.action} ({part.responsible}, by {day_words(part.target_on)})"
        for n, part in enumerate(parts, start=1)
    ]
    posts = list(dict.fromkeys(part.responsible for part in parts))
    return {
        "position": "agree" if all(part.position == "agree" for part in parts) else "disagree",
        "action": "\n".join(words) if several else parts[0].action,
        "responsible": posts[0] if len(posts) == 1 else f"{len(posts)} posts, each with its part",
        "target_on": max(part.target_on for part in parts),
    }


def _why(returned: Sequence[Said], *, of: int) -> str:
    if of == 1:
        return returned[0].reason
    return "\n".join(f"Part {each.number}: {each.reason}" for each in returned)


def _judge(
    house: House, case: CorrectiveAction, said: Sequence[Said], actor: Actor, *, version: int, now: datetime
) -> None:
    known = {element.number: element for element in elements(case, latest(case))}
    if set(known) != {each.number for each in said}:
        raise Refused(Refusal("parts", "Say of each part whether it is accepted."))
    for each in said:
        row = known[each.number]
        where = place(case, row.plan_version, row.number, f"reason:{version}")
        session().add(
            PlanVerdict(
                element_id=row.id,
                case_version=version,
                outcome=ACCEPTED if each.is_accepted else RETURNED,
                reason=None if each.is_accepted else sealed.keep(case, where, each.reason, house.keyring),
                by_id=actor.id,
                at=now,
            )
        )
