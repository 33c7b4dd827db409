"""Who and what can be chosen on an inspection: the lists offered are the ones the rules let through."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.cast import ATLANTA, BOB, IRIS, IVAN, MAX, MONA, MONDAY, SAM, SUE
from tests.inspections.walk import ANSWERS, WAYS, ask, find, go, inspection, inspection_at, planned
from workflow.cases.kinds import House
from workflow.cases.models import Recusal
from workflow.db.session import session, transaction
from workflow.engine.machine import Ask, AskKind, Refused
from workflow.inspections.facts import State
from workflow.inspections.kind import choices
from workflow.inspections.machine import MACHINE
from workflow.inspections.models import Inspection, ModelQualification
from workflow.people.models import PersonOffice


def asked(verb: str, name: str) -> Ask:
    step = MACHINE.step(verb)
    assert step is not None
    return next(a for a in step.asks if a.name == name)


def offered(reference: str, verb: str, name: str) -> list[str]:
    return [value for value, _ in choices(inspection(reference), asked(verb, name))]


def leads(reference: str) -> set[int]:
    return {int(value) for value in offered(reference, "schedule", "lead")}


def test_trained_inspectors_and_other_supervisors_of_the_office_may_lead(house: House):
    reference = planned(house)

    # Sam supervises the agreement.
    assert leads(reference) == {IRIS.id, IVAN.id, SUE.id}


def test_who_is_not_trained_for_the_model_is_not_offered(house: House):
    reference = planned(house)
    with transaction() as s:
        s.execute(delete(ModelQualification).where(ModelQualification.person_id == IVAN.id))

    assert leads(reference) == {IRIS.id, SUE.id}


def test_who_is_recused_is_not_offered(house: House):
    reference = planned(house)
    with transaction() as s:
        s.add(
            Recusal(
                case_id=inspection(reference).id,
                person_id=IRIS.id,
                declared_by_id=IRIS.id,
                reason="relative",
                at=MONDAY,
            )
        )

    assert leads(reference) == {IVAN.id, SUE.id}


def covers(until: date) -> None:
    """Let Bob of Boston cover Atlanta until a day."""
    with transaction() as s:
        s.add(ModelQualification(person_id=BOB.id, model="WSO", since=date(2025, 1, 6)))
        s.add(PersonOffice(person_id=BOB.id, office_id=ATLANTA, kind="cover", until=until))


def test_a_cover_from_another_office_may_lead(house: House):
    reference = planned(house)
    covers(MONDAY.date() + timedelta(days=1))

    ask(house, reference, "schedule", lead=BOB.id)

    assert inspection(reference).owner_id == BOB.id


def test_a_cover_that_is_over_may_not_lead(house: House):
    reference = planned(house)
    covers(MONDAY.date() - timedelta(days=1))

    with pytest.raises(Refused, match="of this office, or of one that covers it"):
        ask(house, reference, "schedule", lead=BOB.id)


def test_nobody_of_another_office_is_offered(house: House):
    reference = planned(house)
    with transaction() as s:
        s.add(ModelQualification(person_id=BOB.id, model="WSO", since=date(2025, 1, 6)))

    assert BOB.id not in leads(reference)


def test_who_led_twice_running_is_neither_offered_nor_let_through(house: House):
    first = inspection_at(house, State.CLOSED)
    second = following(first)
    go(house, second, *WAYS[State.CLOSED])
    third = following(second)
    assert {inspection(r).owner_id for r in (first, second)} == {IRIS.id}

    assert leads(third) == {IVAN.id, SUE.id}
    with pytest.raises(Refused, match="somebody else leads the third"):
        ask(house, third, "schedule", lead=IRIS.id)


def following(reference: str) -> str:
    """The inspection that was planned when another was closed."""
    done = inspection(reference)
    found = select(Inspection.reference).where(
        Inspection.agreement_id == done.agreement_id, Inspection.state == "planned"
    )
    return session().scalars(found).one()


def test_everybody_offered_is_let_through_and_everybody_else_is_not(house: House):
    reference = planned(house)
    good = leads(reference)

    for person in (IRIS, IVAN, SUE, SAM, MAX, BOB):
        if person.id in good:
            continue
        with pytest.raises(Refused):
            ask(house, reference, "schedule", lead=person.id)
    for person_id in good:
        fresh = planned(house, kind_of="follow_up")
        ask(house, fresh, "schedule", lead=person_id)
        assert inspection(fresh).owner_id == person_id


def test_the_second_reader_is_an_inspector_or_manager_but_not_the_lead(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)

    found = {int(v) for v in offered(reference, "draft_findings", "second_reader")}

    assert found == {IVAN.id, MAX.id, MONA.id}
    go(house, reference, "draft_findings", second_reader=IVAN.id)
    [task] = [t for t in inspection(reference).tasks if t.closed_at is None]
    assert task.holder_id == IVAN.id


def test_a_finding_is_offered_for_escalation_until_it_was_escalated(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "G1", "major")
    find(house, reference, "D1", "major")
    assert offered(reference, "escalate_urgent", "finding") == ["1", "2"]

    go(house, reference, "escalate_urgent", finding="1")

    assert offered(reference, "escalate_urgent", "finding") == ["2"]


def test_ratings_are_those_of_the_scale_of_the_policy(house: House):
    reference = inspection_at(house, State.READY_TO_ISSUE)

    assert set(offered(reference, "issue_report", "rating")) == {
        "compliant",
        "compliant_with_deficiencies",
        "not_compliant",
    }


def test_other_questions_and_other_cases_have_nothing_to_choose(house: House):
    reference = planned(house)

    assert choices(inspection(reference), Ask("other", "Other", AskKind.CHOICE, of="nothing")) == []
    assert choices(None, asked("schedule", "lead")) == []


def test_a_visit_is_scheduled_in_the_browser(house: House, sign_in: Any):
    reference = planned(house)

    page = sign_in(SAM).get(f"/cases/{reference}/schedule")
    assert IRIS.name in page.text
    assert f'value="{SAM.id}"' not in page.text
    given = {**ANSWERS, "lead": str(IRIS.id), "scheduled_on": "2026-02-03", "until_on": "2026-02-05"}
    answer = sign_in(SAM).send(
        f"/cases/{reference}/schedule",
        {name: given[name] for name in ("lead", "scheduled_on", "until_on", "mode")},
    )

    assert answer.status_code == 302
    assert (inspection(reference).state, inspection(reference).owner_id) == ("scheduled", IRIS.id)
