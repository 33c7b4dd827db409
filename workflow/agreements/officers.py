"""The roster of an agreement: officers entered, what happens to them recorded. Each is an event of its life.

An event names an officer by an id alone: names and numbers of the roster stay in the register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from workflow.agreements.models import AgreementLife
from workflow.cases.access import NotThere, case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.register.models import Officer, Training
from workflow.register.training import COURSES, PASSING, SAID, wrong_order

#: Who keeps the roster.
KEEPS: Final = frozenset({Role.FIELD_SUPERVISOR, Role.MANAGER, Role.PROGRAMME_MANAGER})
#: An examination that was not passed; the second one ends the course.
FAILED: Final = "failed"
#: What can be recorded of an officer who is on the roster.
WHAT: Final = (
    ("cleared_on", "Cleared"),
    ("training_from", "Training began"),
    (FAILED, "Examination not passed"),
    ("certified_on", "Certified"),
    ("authorised_on", "Authorised"),
    *COURSES,
    ("revoked_on", "Authorisation revoked"),
    ("left_on", "Left"),
)
#: A number as a roster has it: never a word, never a date of birth.
_NUMBER: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?", re.IGNORECASE)


@retried
def enter_officer(
    house: House,
    reference: str,
    actor: Actor,
    *,
    number: str,
    name: str,
    nominated_on: date,
    seen: int,
    now: datetime,
) -> int:
    """Put somebody on the roster; the id. Raises `NotThere`, `Stale`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        life = _life(reference, actor, seen)
        _must_fit(life, nominated_on, "nominated_on", now=now)
        if not _NUMBER.fullmatch(number):
            raise Refused(Refusal("unfit", "A number of the roster: letters, digits and hyphens.", "number"))
        if not name.strip():
            raise Refused(Refusal("required", "Name: every officer on the roster has one.", "name"))
        officer = Officer(
            agreement_id=life.agreement_id,
            number=number.upper(),
            name=name.strip(),
            nominated_on=nominated_on,
        )
        s.add(officer)
        try:
            s.flush()
        except IntegrityError as taken:
            why = "An officer of this number is on the roster already."
            raise Refused(Refusal("taken", why, "number")) from taken
        _note(house, life, officer, actor, "nominated_on", nominated_on, now=now)
        s.flush()
        return officer.id


@retried
def record_officer(
    house: House,
    reference: str,
    officer_id: int,
    actor: Actor,
    what: str,
    on: date,
    *,
    score: int | None = None,
    until: date | None = None,
    seen: int,
    now: datetime,
) -> Done:
    """Record what happened to an officer, or the right day of it. Raises `NotThere`, `Stale`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        life = _life(reference, actor, seen)
        officer = of_agreement(life, officer_id)
        if what not in dict(WHAT):
            raise Refused(Refusal("unfit", "Choose what happened.", "what"))
        _must_fit(life, on, "on", now=now)
        was = getattr(officer, what) if what in SAID else None
        if what in SAID:
            _set_day(officer, what, on, score=score, until=until)
        else:
            _pass(officer, what, on, score)
        _note(house, life, officer, actor, what, on, was=was, now=now)
        s.flush()
        return Done(life.reference, life.version)


def of_agreement(life: AgreementLife, officer_id: int) -> Officer:
    """Raises `NotThere` for an officer of another agreement, and for none."""
    found = select(Officer).where(Officer.id == officer_id, Officer.agreement_id == life.agreement_id)
    officer = session().scalar(found.options(selectinload(Officer.trainings)))
    if officer is None:
        raise NotThere(f"{life.reference}/{officer_id}")
    return officer


def days_of(officer: Officer) -> dict[str, date]:
    """The days on record of an officer, by their names."""
    return {name: day for name in SAID if (day := getattr(officer, name)) is not None}


def _life(reference: str, actor: Actor, seen: int) -> AgreementLife:
    life = case_for(actor, reference, lock=True)
    if not isinstance(life, AgreementLife):
        raise NotThere(reference)
    if not actor.roles & KEEPS:
        raise Refused(Refusal("role", "Your role does not keep rosters."))
    if seen != life.version:
        raise Stale(f"version {seen} seen, {life.version} found")
    return life


def _must_fit(life: AgreementLife, on: date, field: str, *, now: datetime) -> None:
    if on > calendar_of(life.office_id).day_of(now):
        raise Refused(Refusal("future", "This day is still to come: record it when it has happened.", field))


def _set_day(officer: Officer, what: str, on: date, *, score: int | None, until: date | None) -> None:
    if what == "certified_on":
        _may_be_certified(officer, score)
    wrong = [why for name, why in wrong_order({**days_of(officer), what: on}) if why]
    if wrong:
        raise Refused(*(Refusal("order", why, "on") for why in wrong))
    if until is not None and (what != "authorised_on" or until <= on):
        why = "Until when: an authorisation alone has an end, and it lies after its beginning."
        raise Refused(Refusal("unfit", why, "until"))
    setattr(officer, what, on)
    if what == "authorised_on":
        officer.authorised_until = until


def _may_be_certified(officer: Officer, score: int | None) -> None:
    if score is not None and not PASSING <= score <= 100:
        why = f"A certificate needs {PASSING} to 100 per cent in every examination: else it was not passed."
        raise Refused(Refusal("score", why, "score"))
    if sum(t.kind == FAILED for t in officer.trainings) > 1:
        raise Refused(
            Refusal("failed", "Two examinations were not passed: the course is over for them.", "what")
        )


def _pass(officer: Officer, kind: str, on: date, score: int | None) -> None:
    if kind == FAILED:
        if officer.training_from is None or on < officer.training_from:
            raise Refused(Refusal("order", "No examination lies before the training.", "on"))
    elif officer.certified_on is None or on < officer.certified_on:
        raise Refused(Refusal("order", "Nobody repeats a training before the first certificate.", "on"))
    if any((t.kind, t.passed_on) == (kind, on) for t in officer.trainings):
        raise Refused(Refusal("taken", "This is on record already.", "on"))
    officer.trainings.append(Training(kind=kind, passed_on=on, score=score))


def _note(
    house: House,
    life: AgreementLife,
    officer: Officer,
    actor: Actor,
    what: str,
    on: date,
    *,
    was: date | None = None,
    now: datetime,
) -> None:
    codes: Mapping[str, Any] = {
        "officer": officer.id,
        "what": what,
        "day": on.isoformat(),
        **({"was": was.isoformat()} if was else {}),
    }
    note(house, life, "record_officer", actor, codes=codes, now=now)
