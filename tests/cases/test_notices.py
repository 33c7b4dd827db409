"""Notices go to who may see the case when they are sent: nobody recused from it hears of it, by no name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cases.recused import let_in, only_reviewer, open_tasks, recuse
from tests.cast import LEO, MAX, MONA, MONDAY, RAY, RUTH, SAM
from tests.complaints.walk import complaint, go, received
from workflow.cases.access import workable
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.cases.sweep import hearers
from workflow.complaints.machine import COMPLAINT
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Notify
from workflow.messages.delivery import deliver
from workflow.messages.models import Outbox
from workflow.people.models import Person
from workflow.people.queries import holding


def declared(house: House) -> Iterator[Notify]:
    """Every notice that a step of any kind of case gives."""
    for kind in house.kinds.values():
        for step in kind.machine.transitions:
            yield from (effect for effect in step.effects if isinstance(effect, Notify))


def waits(reference: str, role: Role, what: str, *, person_id: int | None = None) -> None:
    """A notice about a case, as a step writes it."""
    with transaction() as s:
        s.add(
            Outbox(
                dedupe_key=f"{reference}:{what}:{role}:{person_id}"[:120],
                kind="notice",
                name=what,
                recipient=role,
                person_id=person_id,
                reference=reference,
                office_id=complaint(reference).office_id,
                codes={"kind": "complaint"},
                next_at=MONDAY,
                made_at=MONDAY,
            )
        )


def told(folder: Path) -> set[str]:
    """To whom mail went."""
    deliver(f"file://{folder}", may_hear=hearers(now=MONDAY), now=MONDAY, base_url="http://localhost")
    return {str(message_from_bytes(path.read_bytes())["To"]) for path in folder.glob("*.eml")}


def address(actor: Actor) -> str:
    return session().get_one(Person, actor.id).email


def test_a_notice_of_whatever_kind_passes_by_who_is_recused(house: House, tmp_path: Path):
    kinds = list(declared(house))
    for number, notice in enumerate(kinds):
        reference = received(house)
        first, *others = holding(notice.role)
        first_, others_ = first.email, {person.email for person in others}
        recuse(house, reference, MONA if first.id == MAX.id else MAX, first.actor_at(now=MONDAY))
        with transaction() as s:
            for row in s.scalars(select(Outbox)):
                row.state = "cancelled"
        waits(reference, notice.role, notice.what)

        sent = told(tmp_path / str(number))

        assert first_ not in sent, notice
        assert sent <= others_, notice
    assert {notice.role for notice in kinds} >= {Role.LIAISON, Role.MANAGER}


def test_the_liaison_is_told_of_a_complaint_that_was_triaged_unless_recused(house: House, tmp_path: Path):
    heard, kept_from = received(house), received(house)
    recuse(house, kept_from, MAX, LEO)

    go(house, heard, "triage")
    first = told(tmp_path / "heard")
    go(house, kept_from, "triage")
    second = told(tmp_path / "kept")

    assert address(LEO) in first
    assert address(LEO) not in second
    rows = session().scalars(select(Outbox).where(Outbox.reference == kept_from, Outbox.kind == "notice"))
    assert {row.state for row in rows} == {"cancelled"}


def test_somebody_told_by_name_is_not_told_once_recused(house: House, tmp_path: Path):
    reference = received(house)
    waits(reference, Role.REVIEWER, "Look at this", person_id=RAY.id)
    waits(reference, Role.REVIEWER, "Look at that", person_id=RUTH.id)
    recuse(house, reference, MAX, RAY)

    assert told(tmp_path) == {address(RUTH)}


def test_nobody_is_told_of_a_case_about_their_own_supervision(house: House, tmp_path: Path):
    reference = received(house)
    with transaction():
        complaint(reference).supervised_by_id = SAM.id
    waits(reference, Role.FIELD_SUPERVISOR, "Look at this", person_id=SAM.id)

    assert told(tmp_path) == set()


def test_who_was_let_in_is_told_again(house: House, tmp_path: Path):
    reference = received(house)
    only_reviewer()
    recuse(house, reference, RUTH, RUTH)
    waits(reference, Role.REVIEWER, "Look at this", person_id=RUTH.id)
    let_in(house, reference, RUTH)

    assert told(tmp_path) == {address(RUTH)}


@pytest.mark.parametrize("role", [Role.INTAKE, Role.REVIEWER, Role.LIAISON, Role.MANAGER])
def test_no_task_of_whatever_kind_is_work_for_who_is_recused(house: House, role: Role):
    reference = received(house)
    go(house, reference, "triage")
    person = holding(role)[0].actor_at(now=MONDAY + timedelta(hours=1))
    recuse(house, reference, MONA if person.id == MAX.id else MAX, person)
    stages = {stage.value for stage in COMPLAINT.states}
    with transaction():
        for task in open_tasks(reference):
            task.role, task.holder_id = role, None

    theirs = session().scalars(select(Task.kind).where(workable(person), Task.reference == reference)).all()

    assert theirs == []
    assert {task.kind for task in open_tasks(reference)} & (stages | {"notice"}) != set()
