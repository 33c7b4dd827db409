"""Letting an agreement off a duty: two people, neither its own supervisor, for a time that ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.agreements.walk import TODAY, days, go, life, registered
from tests.cast import MAX, MONA, MONDAY, PAM, PETE, SAM
from workflow.agreements import waivers
from workflow.agreements.models import DutyWaiver
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refused
from workflow.planning.queries import plan

GIVEN: Final[dict[str, Any]] = {
    "duty": "oversight_contact",
    "until_on": days(90),
    "reasons": "The jail is being rebuilt.",
}


@pytest.fixture
def reference(house: House) -> str:
    """A WSO agreement that Sam oversees."""
    found = registered(house).reference
    go(house, found, "assign_supervisor", supervisor=SAM.id)
    return found


def ask(house: House, reference: str, by: Actor = MAX, **answers: Any) -> Any:
    seen = life(reference).version
    return perform(house, reference, "waive_duty", by, GIVEN | answers, seen=seen, now=MONDAY)


def agree(house: House, reference: str, by: Actor) -> None:
    case = life(reference)
    asked = pending(case, "waive_duty")
    assert asked is not None
    confirm(house, asked.id, by, seen=case.version, payload_hash=asked.payload_hash, now=MONDAY)


def stored() -> list[DutyWaiver]:
    return list(session().scalars(select(DutyWaiver)))


def supervising(person: Actor) -> Actor:
    """Somebody who holds the supervisor's role beside their own."""
    return Actor(person.id, person.name, person.roles | {Role.FIELD_SUPERVISOR}, person.offices)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def test_a_waiver_is_there_once_a_second_person_has_confirmed_it(house: House, reference: str):
    assert ask(house, reference).awaits_second
    assert stored() == []

    agree(house, reference, MONA)

    [row] = stored()
    assert (row.duty, row.from_on, row.until_on) == ("oversight_contact", TODAY, days(90))
    assert (row.waived_by_id, row.confirmed_by_id, row.supervisor_id) == (MAX.id, MONA.id, SAM.id)
    assert b"rebuilt" not in row.reasons
    assert waivers.why(life(reference), row, house.keyring) == "The jail is being rebuilt."


def test_nobody_confirms_their_own(house: House, reference: str):
    ask(house, reference)

    with pytest.raises(Refused):
        agree(house, reference, MAX)


def test_nobody_waives_what_they_oversee_themselves_neither_first_nor_second(house: House):
    reference = registered(house).reference
    go(house, reference, "assign_supervisor", supervisor=PAM.id)

    with pytest.raises(Refused) as first:
        ask(house, reference, by=supervising(PAM))
    ask(house, reference, by=MAX)
    with pytest.raises(Refused) as second:
        agree(house, reference, supervising(PAM))

    assert codes(first) == {"not_ones_own"}
    assert codes(second) == {"not_ones_own"}


@pytest.mark.parametrize(
    ("changed", "refused_at"),
    [
        ({"until_on": days(0)}, "until_on"),
        ({"until_on": days(400)}, "until_on"),
        ({"duty": "internal_review"}, "duty"),
    ],
    ids=["not after today", "longer than a year", "not owed by this model"],
)
def test_what_cannot_be_waived_is_said_at_its_field(
    house: House, reference: str, changed: dict[str, Any], refused_at: str
):
    with pytest.raises(Refused) as refused:
        ask(house, reference, **changed)

    assert refused_at in {r.field for r in refused.value.refusals}


@pytest.mark.parametrize(
    "wrong",
    [
        {"confirmed_by_id": MAX.id},
        {"supervisor_id": MAX.id},
        {"supervisor_id": MONA.id},
        {"until_on": TODAY},
    ],
    ids=["one person", "own first", "own second", "backwards"],
)
@pytest.mark.usefixtures("house")
def test_the_database_refuses_it_as_well(reference: str, wrong: dict[str, Any]):
    row = {
        "agreement_id": life(reference).agreement_id,
        "number": 1,
        "duty": "oversight_contact",
        "from_on": TODAY,
        "until_on": days(9),
        "waived_by_id": MAX.id,
        "confirmed_by_id": MONA.id,
        "reasons": b"-",
        "at": MONDAY,
    }

    with pytest.raises(IntegrityError), transaction() as s:
        s.execute(insert(DutyWaiver).values(**{**row, **wrong}))


def test_a_waived_duty_is_not_overdue_until_the_waiver_has_ended(house: House, reference: str):
    go(house, reference, "record_contact", contact_kind="visit", held_on=days(-300), next_on=days(60))
    ask(house, reference)
    agree(house, reference, MONA)

    def contact_on(n: int) -> Any:
        return plan(PETE, as_of=days(n), kind="oversight_contact").obligations[0]

    assert [(contact_on(n).is_overdue, contact_on(n).waived_until) for n in (80, 90, 91)] == [
        (False, days(90)),
        (False, days(90)),
        (True, None),
    ]
    assert contact_on(80).overdue_days == 15, "the days go on being counted"


def test_a_waiver_is_ended_early_and_stays_on_record(house: House, reference: str):
    ask(house, reference)
    agree(house, reference, MONA)

    seen = life(reference).version
    given = {"waiver": "1", "reasons": "The jail is open again."}
    perform(house, reference, "end_waiver", PAM, given, seen=seen, now=MONDAY + timedelta(days=2))

    assert waivers.running(days(1)) != []
    assert waivers.running(days(2)) == []
    assert [(row.ended_by_id, row.until_on) for row in stored()] == [(PAM.id, days(90))]
    with pytest.raises(DatabaseError, match="keeps its history"), transaction() as s:
        s.execute(update(DutyWaiver).values(until_on=days(400)))


def test_the_page_names_both_people_and_the_day(house: House, reference: str, sign_in: Any):
    ask(house, reference)
    agree(house, reference, MONA)

    page = " ".join(sign_in(SAM).get(f"/agreements/{reference}").text.split())

    assert f"by {MAX.name}, confirmed by {MONA.name}" in page
    assert "waived until" in page
