"""Work is given to whoever may see what it is about: the queue tells."""

from __future__ import annotations

import pytest

from tests.cast import ALDER, BIRCH, BOB, CARL, HAL, MAX, MONA, MONDAY, RAY, RUTH
from tests.complaints.walk import received
from tests.corrective.walk import corrective_at
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.cases.recusals import Recusal
from workflow.cases.task_moves import could_hold
from workflow.corrective.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Role
from workflow.people.models import PersonAgency, PersonRole


def the_task(reference: str) -> Task:
    """The open task of the state a case is in."""
    case = case_for(SYSTEM, reference)
    [found] = [t for t in case.tasks if t.kind == case.state and t.closed_at is None]
    return found


def offered(reference: str) -> set[int]:
    return {int(key) for key, _ in could_hold(the_task(reference), now=MONDAY)}


def test_nobody_recused_is_offered(house: House):
    reference = received(house)
    assert offered(reference) == {RUTH.id, RAY.id}

    with transaction() as s:
        case = case_for(SYSTEM, reference)
        s.add(
            Recusal(case_id=case.id, person_id=RUTH.id, declared_by_id=RUTH.id, reason="relative", at=MONDAY)
        )

    assert offered(reference) == {RAY.id}


def test_nobody_of_another_office_or_of_headquarters_is_offered_the_work_of_an_office(house: House):
    reference = corrective_at(house, State.DISPUTED)

    assert the_task(reference).role is Role.MANAGER
    assert offered(reference) == {MAX.id, MONA.id}
    assert HAL.id not in offered(reference)


@pytest.mark.parametrize(("agency", "is_offered"), [(ALDER, True), (BIRCH, False)])
def test_work_of_an_agency_stays_with_its_contacts(house: House, agency: int, is_offered: bool):
    reference = corrective_at(house, State.OPEN)
    with transaction() as s:
        s.add(PersonRole(person_id=BOB.id, role=Role.AGENCY_CONTACT, granted_by_id=SYSTEM.id, at=MONDAY))
        s.add(PersonAgency(person_id=BOB.id, agency_id=agency))
    session().expire_all()

    assert offered(reference) == ({CARL.id, BOB.id} if is_offered else {CARL.id})
