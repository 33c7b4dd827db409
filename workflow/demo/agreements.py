"""Agreements on their way in and out: at least one in every state, gone there from an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from workflow.agreements.service import file_application
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.demo.agencies import Signed
from workflow.demo.walker import Answer, Script, Stuck, Walker
from workflow.engine.actors import Role
from workflow.engine.machine import Ask, Refused
from workflow.register.models import Agreement

_IN_FORCE: Final = ("vet", "recommend", "sign", "certify_first_class")
#: Steps from the application to where an agreement stands today.
WAYS: Final = (
    (),
    ("withdraw",),
    *(_IN_FORCE[:n] for n in range(1, 4)),
    ("vet", "decline"),
    (*_IN_FORCE, "suspend"),
    (*_IN_FORCE, "give_notice"),
    (*_IN_FORCE, "suspend", "give_notice_suspended"),
    (*_IN_FORCE, "give_notice", "end"),
)
#: The models an agency applies for when it has another one.
MODELS: Final = ("WSO", "JEM")


def _in(days: int) -> Answer:
    """The day so many days after the step."""

    def answer(_case: Case, _ask: Ask, now: datetime, _chance: Random) -> Any:
        return (now + timedelta(days=days)).date()

    return answer


def _said(value: Any) -> Answer:
    return lambda _case, _ask, _now, _chance: value


_ANSWERS: Final[Mapping[str, Answer]] = {
    "capacity": _said("enough"),
    "signed_on": _in(0),
    "officers": _said(4),
    "operational_on": _in(0),
    "next_on": _in(60),
    "from_on": _in(1),
    "until_on": _in(180),
    "given_by": _said("agency"),
    "effective_on": _in(100),
    "published_on": _in(0),
}
SCRIPT: Final = Script(
    ways={},
    days={
        "applied": 12,
        "under_review": 20,
        "approved": 10,
        "signed": 35,
        "active": 60,
        "suspended": 25,
        "terminating": 110,
    },
    answers=_ANSWERS,
)


def apply(walker: Walker, one: Signed, *, way: Sequence[str]) -> None:
    """An application of an agency that has another agreement, taken a way to where it stands today."""
    begun = walker.today - walker.lead("agreement", SCRIPT, way, state="applied")
    actor = walker.people(Role.PROGRAMME_MANAGER, None)[0]
    model = next(m for m in MODELS if m != one.model)
    try:
        done = file_application(
            walker.house,
            agency_id=one.agency_id,
            model=model,
            facility="The county jail",
            contact="The office of the sheriff",
            actor=actor,
            now=begun,
        )
    except Refused:
        raise Stuck("has applied already") from None
    if not walker.follow(done.reference, SCRIPT, way, begun=begun):
        raise Stuck(f"A step cannot be taken on the way {way}")


def keep_contacts(walker: Walker, signed: Sequence[Signed]) -> None:
    """Record the last contact with each agency; the next ones are due all over the year, a few are late."""
    now = walker.today - timedelta(hours=1)
    for one in signed:
        reference = session().get_one(Agreement, one.id).reference
        age = (now.date() - one.signed_on).days
        held_on = now.date() - timedelta(days=walker.chance.randint(5, min(age, 370)))
        contact = {"held_on": _said(held_on), "next_on": _said(held_on + timedelta(days=355))}
        walker.take(reference, "record_contact", replace(SCRIPT, answers=contact), now)
