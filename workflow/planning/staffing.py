"""Which steps nobody could take for the cases of an office, by roles, places, cover and two persons.

Whoever is here is held against the same declarations that draw the buttons. Absences pass; they are not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases.access import reaches
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Machine, Transition
from workflow.inspections.leads import LEADERS
from workflow.inspections.models import ModelQualification
from workflow.people.queries import everybody
from workflow.policy.duties import OWING, has_rule
from workflow.policy.queries import in_force
from workflow.register.models import Agreement, FieldOffice

#: Whoever is not of the office, or nobody: a step of theirs is not for the staff alone.
_NOT_STAFF: Final = frozenset({Role.SYSTEM, Role.PUBLIC, Role.AGENCY_CONTACT})
_APART: Final = "not_by_whoever:"


@dataclass
class Place:
    """An office with agreements in force: who reaches its cases, the agreements as (model, supervisor)."""

    name: str
    people: Sequence[Actor]
    agreements: list[tuple[str, int | None]] = field(default_factory=list)

    def takers(self, by: Iterable[Role]) -> frozenset[int]:
        """Who could take a step for these roles."""
        roles = frozenset(by)
        return frozenset(actor.id for actor in self.people if actor.roles & roles)


def check(machines: Mapping[str, Machine[Any, Any]], *, now: datetime) -> list[str]:
    """What nobody could do, office by office; nothing in an office that is staffed. Four queries."""
    trained: defaultdict[str, set[int]] = defaultdict(set)
    for person, model in session().execute(select(ModelQualification.person_id, ModelQualification.model)):
        trained[model].add(person)
    return [
        f"{place.name}: {said}"
        for place in _places(now)
        for said in (*_steps(place, machines.values()), *_leads(place, trained, now.date()))
    ]


def _places(now: datetime) -> list[Place]:
    """Every office that oversees an agreement; agreements without an office are with headquarters."""
    people = [person.actor_at(now=now) for person in everybody() if person.active]
    found: dict[int | None, Place] = {}
    rows = session().execute(
        select(
            FieldOffice.id,
            FieldOffice.name,
            FieldOffice.covered_by_headquarters,
            Agreement.model,
            Agreement.supervisor_id,
        )
        .select_from(Agreement)
        .outerjoin(FieldOffice, FieldOffice.id == Agreement.office_id)
        .where(Agreement.status.in_(OWING))
        .order_by(FieldOffice.name)
    )
    for office, name, is_covered, model, supervisor in rows:
        if office not in found:
            here = [actor for actor in people if reaches(actor, office, by_headquarters=bool(is_covered))]
            found[office] = Place(name or "Agreements of no office", here)
        found[office].agreements.append((model, supervisor))
    return sorted(found.values(), key=lambda place: place.name)


# --- steps ----------------------------------------------------------------------------------------


def _steps(place: Place, machines: Iterable[Machine[Any, Any]]) -> Iterator[str]:
    for machine in machines:
        nobody: defaultdict[frozenset[Role], list[str]] = defaultdict(list)
        for step in machine.transitions:
            if step.by & _NOT_STAFF:
                continue
            if not place.takers(step.by):
                nobody[step.by].append(step.label)
            else:
                yield from _two(place, machine, step)
        for roles, labels in nobody.items():
            steps = ", ".join(f"“{label}”" for label in labels)
            yield f"nobody here or covering is {_a(roles)}, for {machine.title}: {steps}."


def _two(place: Place, machine: Machine[Any, Any], step: Transition[Any, Any]) -> Iterator[str]:
    """What takes two people, and there is one: a second, or somebody who did not do the step before."""
    takers = place.takers(step.by)
    if step.second is not None and _alone(takers, place.takers(step.second.by)):
        another = _of(step.second.by)
        yield f"nobody could confirm “{step.label}” of {machine.title}: it takes another {another}."
    before = [verb for rule in step.rules if rule.name.startswith(_APART) for verb in _verbs(rule.name)]
    for earlier in (machine.step(verb) for verb in before):
        if earlier is None or earlier.by & _NOT_STAFF:
            continue
        if _alone(takers, place.takers(earlier.by)):
            yield (
                f"“{step.label}” of {machine.title} has to be somebody else's than “{earlier.label}”, "
                "and one person alone could do both."
            )


def _alone(first: frozenset[int], other: frozenset[int]) -> bool:
    """Whether there are not two different people for two parts."""
    return not other or len(first | other) < 2


def _verbs(rule: str) -> list[str]:
    return rule.removeprefix(_APART).split(",")


def _of(roles: Iterable[Role]) -> str:
    return " or ".join(sorted(role.replace("_", " ") for role in roles))


def _a(roles: Iterable[Role]) -> str:
    words = _of(roles)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


# --- leading inspections --------------------------------------------------------------------------


def _leads(place: Place, trained: Mapping[str, set[int]], today: date) -> Iterator[str]:
    """Models nobody could lead an inspection for: trained, of this office, not the agreement's supervisor."""
    book = in_force(today)[1]
    leaders = place.takers(LEADERS)
    for model in sorted({model for model, _ in place.agreements if has_rule(book, model)}):
        able = leaders & trained.get(model, set())
        mine = [supervisor for m, supervisor in place.agreements if m == model]
        stuck = sum(not able - {supervisor} for supervisor in mine)
        if not able:
            yield f"nobody is trained to lead an inspection of a {model} agreement ({stuck:,} in force)."
        elif stuck:
            yield (
                f"of {len(mine):,} {model} agreements {stuck:,} can be inspected by nobody but who oversees "
                "them: name another supervisor, or cover."
            )
