"""Opening inspections and choosing their lead: one routine at a time, and nobody inspects their own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import BOB, BOSTON, IRIS, IVAN, MAX, MONDAY, PAM, SAM, SUE
from tests.inspections.walk import (
    BASIS,
    DUE,
    TODAY,
    agreement,
    ask,
    for_cause,
    go,
    imported,
    inspection,
    inspection_at,
    planned,
)
from workflow.cases.access import NotThere
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.recusals import Recusal
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused
from workflow.inspections import leads, queries, service
from workflow.inspections.facts import FOLLOW_UP, UNDER_WAY, State
from workflow.inspections.kind import KIND
from workflow.inspections.models import Inspection, ModelQualification
from workflow.inspections.month import Shown, month
from workflow.people.models import PersonOffice
from workflow.register.models import Agreement


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return sorted(r.code for r in refused.value.refusals)


def names(reference: str) -> list[str]:
    return [name for _, name in leads.eligible(inspection(reference))]


# --- one routine at a time ----------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_a_second_routine_inspection_is_refused_until_fieldwork_ends(house: House, state: State):
    inspection_at(house, state)

    with pytest.raises(Refused) as refused:
        planned(house)

    assert codes(refused) == ["none_under_way"]


def test_after_the_end_of_fieldwork_the_next_can_be_planned(house: House):
    inspection_at(house, State.FIELDWORK_COMPLETE)

    assert inspection(planned(house)).state == "planned"


def test_the_database_refuses_what_the_rules_did_not_see(house: House):
    first = planned(house)
    with transaction() as s:
        # The first one looks cancelled to the rules, though its place is not free.
        s.execute(update(Case).where(Case.reference == first).values(state="cancelled"))

    with pytest.raises(Refused) as refused:
        planned(house)

    assert codes(refused) == ["none_under_way"]
    assert session().scalars(select(Inspection.reference)).all() == [first]


def test_a_follow_up_and_one_for_cause_stand_beside_the_routine_one(house: House):
    planned(house)

    follow_up = inspection(planned(house, kind_of=FOLLOW_UP))
    cause = inspection(for_cause(house))

    assert (follow_up.kind_of, cause.kind_of) == ("follow_up", "for_cause")
    assert (follow_up.occupies_agreement_id, cause.occupies_agreement_id) == (None, None)


@pytest.mark.parametrize("status", ["suspended", "terminated", "applied", "signed"])
def test_only_an_agreement_in_force_is_planned_for(house: House, status: str):
    agreement_id = agreement(house)
    with transaction() as s:
        s.get_one(Agreement, agreement_id).status = status

    with pytest.raises(Refused) as refused:
        planned(house)

    assert codes(refused) == ["agreement_owes"]


def test_nobody_opens_an_inspection_of_an_agreement_they_do_not_see(house: House):
    agreement_id = agreement(house)
    outsider = Actor(MAX.id, MAX.name, MAX.roles, frozenset({BOSTON}))

    with pytest.raises(NotThere):
        service.open_for_cause(
            house, agreement_id, trigger="other", explanation="Words.", actor=outsider, now=MONDAY
        )
    with pytest.raises(NotThere):
        service.plan(house, 999_999, due_on=DUE, basis=BASIS, actor=PAM, now=MONDAY)


def test_a_refused_plan_leaves_nothing(house: House):
    planned(house)
    before = session().scalars(select(Inspection.id)).all()

    with pytest.raises(Refused):
        planned(house)

    assert session().scalars(select(Inspection.id)).all() == before


# --- who leads ----------------------------------------------------------------------------------


def test_who_may_lead_is_trained_here_and_not_the_supervisor(house: House):
    reference = planned(house)

    assert names(reference) == ["Iris Inspector", "Ivan Inspector", "Sue Supervisor"]
    assert KIND.choices(inspection(reference), house.step("inspection", "schedule").asks[0]) == [
        (str(IRIS.id), "Iris Inspector"),
        (str(IVAN.id), "Ivan Inspector"),
        (str(SUE.id), "Sue Supervisor"),
    ]


def test_training_is_for_a_model(house: House):
    reference = planned(house)
    with transaction() as s:
        s.execute(
            update(ModelQualification).where(ModelQualification.person_id == IVAN.id).values(model="JEM")
        )

    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=IVAN.id)

    assert codes(refused) == ["lead_trained"]
    assert "Ivan Inspector" not in names(reference)


def test_the_supervisor_of_the_agreement_does_not_lead(house: House):
    reference = planned(house)

    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=SAM.id)

    assert codes(refused) == ["lead_not_supervisor"]


def test_whoever_is_recused_does_not_lead(house: House):
    reference = planned(house)
    with transaction() as s:
        s.add(
            Recusal(
                case_id=inspection(reference).id,
                person_id=IVAN.id,
                reason="relative",
                declared_by_id=IVAN.id,
                at=MONDAY,
            )
        )

    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=IVAN.id)

    assert codes(refused) == ["lead_not_recused"]
    assert "Ivan Inspector" not in names(reference)


def test_somebody_of_another_office_leads_as_named_cover_alone(house: House):
    reference = planned(house)
    with transaction() as s:
        s.add(ModelQualification(person_id=BOB.id, model="WSO", since=date(2025, 1, 6)))
    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=BOB.id)
    assert codes(refused) == ["lead_works_here"]

    with transaction() as s:
        s.add(PersonOffice(person_id=BOB.id, office_id=1, kind="cover", until=TODAY))

    assert "Bob of Boston" in names(reference)
    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=BOB.id, now=MONDAY + timedelta(days=2), **_soon())
    assert codes(refused) == ["lead_works_here"], "the cover has ended"
    ask(house, reference, "schedule", lead=BOB.id)
    assert inspection(reference).owner_id == BOB.id


def _soon() -> dict[str, Any]:
    return {"scheduled_on": TODAY + timedelta(days=3), "until_on": TODAY + timedelta(days=4)}


def test_nobody_leads_three_times_running(house: House):
    for _ in range(2):
        reference = for_cause(house)
        go(house, reference, "schedule", "begin", "complete_fieldwork")
    reference = planned(house)

    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=IRIS.id)

    assert codes(refused) == ["lead_rotates"]
    assert names(reference) == ["Ivan Inspector", "Sue Supervisor"]


def test_a_lead_that_is_not_known_breaks_the_row(house: House):
    reference = for_cause(house)
    go(house, reference, "schedule", "begin", "complete_fieldwork")
    imported(house, fieldwork_on=TODAY)
    reference = planned(house)

    assert "Iris Inspector" in names(reference)


def test_an_id_that_is_nobodys_does_not_lead(house: House):
    reference = planned(house)

    with pytest.raises(Refused) as refused:
        ask(house, reference, "schedule", lead=999_999)

    assert codes(refused) == ["lead_trained", "lead_works_here"]


def test_second_readers_are_inspectors_and_managers_but_the_lead(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)

    assert [name for _, name in leads.readers(inspection(reference))] == [
        "Ivan Inspector",
        "Max Manager",
        "Mona Manager",
    ]


def test_the_second_reading_is_the_named_readers_task(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)

    go(house, reference, "draft_findings", second_reader=IVAN.id)

    [task] = [t for t in inspection(reference).tasks if t.closed_at is None]
    assert task.holder_id == IVAN.id


# --- what is read -------------------------------------------------------------------------------


def test_the_last_fieldwork_is_that_of_imports_too_but_not_of_voided_ones(house: House):
    agreement_id = agreement(house)
    imported(house, fieldwork_on=date(2024, 5, 6))
    assert queries.last_fieldwork(TODAY) == {agreement_id: date(2024, 5, 6)}

    inspection_at(house, State.FIELDWORK_COMPLETE)
    assert queries.last_fieldwork(TODAY) == {agreement_id: TODAY}
    assert queries.last_fieldwork(date(2025, 1, 1)) == {agreement_id: date(2024, 5, 6)}


def test_a_voided_import_is_no_fieldwork(house: House):
    inspection_at(house, State.VOIDED)

    assert queries.last_fieldwork(TODAY) == {}


def test_the_list_has_what_is_due_first_on_top_and_goes_on_where_it_stopped(house: House):
    late = planned(house, kind_of=FOLLOW_UP, due_on=TODAY - timedelta(days=1))
    soon = planned(house, kind_of=FOLLOW_UP, due_on=TODAY + timedelta(days=5))
    same = planned(house, kind_of=FOLLOW_UP, due_on=TODAY + timedelta(days=5))

    wanted = queries.Wanted()
    first = queries.listed(MAX, wanted, today=TODAY, limit=2)
    last = queries.listed(
        MAX, wanted, today=TODAY, after=(TODAY + timedelta(days=5), inspection(soon).id), limit=2
    )

    assert [line.reference for line in first.rows] == [late, soon]
    assert first.after is not None
    assert [line.reference for line in last.rows] == [same]
    assert last.after is None
    assert [line.is_late(TODAY) for line in first.rows] == [True, False]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 3),
        ({"kind": "for_cause"}, 1),
        ({"state": "scheduled"}, 1),
        ({"standing": "late"}, 1),
        ({"standing": "open"}, 2),
        ({"standing": "closed"}, 1),
        ({"standing": "nonsense"}, 0),
        ({"model": "WSO"}, 3),
        ({"model": "JEM"}, 0),
        ({"office": "ATL"}, 3),
        ({"office": "none"}, 0),
        ({"lead": "me"}, 1),
    ],
    ids=str,
)
def test_the_list_is_narrowed_by_each_filter(house: House, wanted: dict[str, str], count: int):
    imported(house)
    late = planned(house, due_on=TODAY - timedelta(days=1))
    go(house, late, "schedule")
    for_cause(house)

    asked = queries.Wanted(**wanted)

    assert len(queries.listed(IRIS, asked, today=TODAY).rows) == count
    assert queries.counted(IRIS, asked, today=TODAY) == count


def test_nobody_lists_the_inspections_of_another_office(house: House):
    planned(house)

    assert queries.listed(BOB, queries.Wanted(), today=TODAY).rows == []
    assert queries.counted(BOB, queries.Wanted(), today=TODAY) == 0


def test_the_models_somebody_is_trained_for(house: House):
    agreement(house)

    assert queries.qualified(IRIS.id) == {"WSO": date(2025, 1, 6)}
    assert queries.qualified(SYSTEM.id) == {}


def test_one_for_cause_is_due_until_it_is_scheduled(house: House):
    reference = for_cause(house)
    later = TODAY + timedelta(days=30)
    late = queries.Wanted(standing="late")
    [line] = queries.listed(MAX, late, today=later).rows
    assert line.is_late(later)

    go(house, reference, "schedule")

    assert queries.listed(MAX, late, today=later).rows == []
    [line] = queries.listed(MAX, queries.Wanted(), today=later).rows
    assert not line.is_late(later)
    days = month(MAX, date(2026, 1, 1), Shown(), days=in_zone(HEADQUARTERS_ZONE), today=TODAY)
    entries = [entry for week in days.weeks for day in week if day for entry in day.entries]
    assert [what for what, _ in entries] == ["begins", "goes on", "ends"]
