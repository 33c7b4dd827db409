"""The register by hand: agencies recorded once, other names, merges and splits that go back exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import ALDER, BIRCH, MONDAY, PAM, SAM
from workflow.db.session import session, transaction
from workflow.engine.machine import Refused
from workflow.register import service
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency, AgencyAlias, Agreement, FieldOffice, RegisterEvent
from workflow.register.queries import by_slug, directory, family, other_names

WHY: dict[str, Any] = {"reason": "Said by the agency itself.", "now": MONDAY}


def recorded(name: str, *, state: str = "Georgia", county: str | None = None) -> Agency:
    with transaction() as s:
        agency = service.record_agency(name=name, state=state, county=county)
        s.flush()
        return agency


def with_agreements(agency: Agency, *models: str) -> list[int]:
    """Records without a life: merging looks at nothing else."""
    with transaction() as s:
        made = [
            Agreement(
                reference=f"G-{agency.id}-{n}",
                agency_id=agency.id,
                model=model,
                template="2025",
                status="active",
            )
            for n, model in enumerate(models)
        ]
        s.add_all(made)
        s.flush()
        return [agreement.id for agreement in made]


def owners() -> dict[int, int]:
    return {row.id: row.agency_id for row in session().execute(select(Agreement.id, Agreement.agency_id))}


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusals[0].code


# --- recording ---------------------------------------------------------------------------------


def test_the_offices_are_there_once_however_often_they_are_asked_for(ctx: Flask):
    with transaction() as s:
        s.delete(s.scalars(select(FieldOffice).where(FieldOffice.code == "SEA")).one())

    first = service.ensure_offices()
    second = service.ensure_offices()

    assert set(first) == {office.name for office in FIELD_OFFICES}
    assert {n: o.id for n, o in first.items()} == {n: o.id for n, o in second.items()}


def test_one_name_in_one_state_is_one_agency(ctx: Flask):
    first = recorded("Cedar Co. Sheriff's Office", county="Cedar County")
    again = recorded("CEDAR COUNTY SHERIFF\u2019S OFFICE")
    elsewhere = recorded("Cedar County Sheriff's Office", state="Alabama")

    assert again.id == first.id
    assert elsewhere.id != first.id
    assert (first.slug, elsewhere.slug) == ("cedar-co-sheriffs-office-ga", "cedar-county-sheriffs-office-al")


def test_two_agencies_of_one_name_in_different_counties_have_addresses_of_their_own(ctx: Flask):
    first = recorded("Cedar Police Department", county="Cedar County")
    second = recorded("Cedar Police Department", county="Dogwood County")

    assert first.id != second.id
    assert {first.slug, second.slug} == {"cedar-police-department-ga", "cedar-police-department-ga-2"}
    assert recorded("Cedar Police Department", county="Dogwood County").id == second.id


def test_an_agency_belongs_to_the_office_of_its_area(ctx: Flask):
    agency = recorded("Elm Constable Precinct 2", state="Texas", county="Harris County")

    assert session().get_one(FieldOffice, agency.office_id).name == "Houston"
    assert recorded("Elm Constable Precinct 3", state="Texas").office_id is None


def test_a_name_that_can_not_be_one_is_refused(ctx: Flask):
    assert refusal(lambda: recorded("...")) == "unfit"
    assert refusal(lambda: recorded("Cedar\0Police")) == "unfit"


# --- other names -------------------------------------------------------------------------------


def test_an_agency_is_found_by_another_name_until_it_is_taken_away(ctx: Flask):
    cedar = recorded("Cedar County Sheriff's Office")

    done = service.add_alias(cedar.id, "Cedar Detention Center", actor=PAM, **WHY)

    assert recorded("Cedar detention center").id == cedar.id
    assert other_names(cedar.id) == ["Cedar Detention Center"]
    service.undo(done.id, actor=PAM, **WHY)
    assert recorded("Cedar Detention Center").id != cedar.id


def test_a_name_another_agency_has_is_refused(ctx: Flask):
    cedar = recorded("Cedar County Sheriff's Office")
    recorded("Dogwood County Sheriff's Office")

    taken = refusal(lambda: service.add_alias(cedar.id, "Dogwood Co Sheriffs Office", actor=PAM, **WHY))

    assert taken == "taken"
    assert session().scalars(select(AgencyAlias)).all() == []


# --- merging -----------------------------------------------------------------------------------


def test_a_merge_moves_the_agreements_and_the_old_address_leads_to_the_survivor(ctx: Flask):
    office, department = (
        recorded("Cedar County Sheriff's Office"),
        recorded("Cedar County Sheriff's Department"),
    )
    kept, moved = with_agreements(office, "WSO"), with_agreements(department, "TFM", "JEM")

    service.merge(office.id, department.id, actor=PAM, **WHY)

    assert {owners()[a] for a in (*kept, *moved)} == {office.id}
    found = by_slug("cedar-county-sheriffs-department-ga")
    assert found is not None
    assert found.id == office.id
    assert family(office.id) == {office.id, department.id}
    assert recorded("Cedar County Sheriff's Department").id == office.id


def test_a_merge_taken_back_leaves_everything_as_it_was(ctx: Flask):
    office, department = (
        recorded("Cedar County Sheriff's Office"),
        recorded("Cedar County Sheriff's Department"),
    )
    with_agreements(office, "WSO", "JEM")
    with_agreements(department, "TFM")
    before, known = owners(), set(directory().called)
    done = service.merge(office.id, department.id, actor=PAM, **WHY)

    undone = service.undo(done.id, actor=PAM, **WHY)

    assert owners() == before
    assert set(directory().called) == known
    assert by_slug(department.slug) is department
    assert family(office.id) == {office.id}
    assert done.undone_by_id == undone.id
    assert [e.what for e in session().scalars(select(RegisterEvent).order_by(RegisterEvent.id))] == [
        "merge",
        "undo merge",
    ]


def test_an_agreement_signed_after_a_merge_stays_with_the_survivor(ctx: Flask):
    office, department = (
        recorded("Cedar County Sheriff's Office"),
        recorded("Cedar County Sheriff's Department"),
    )
    [old] = with_agreements(department, "TFM")
    done = service.merge(office.id, department.id, actor=PAM, **WHY)
    [new] = with_agreements(office, "WSO")

    service.undo(done.id, actor=PAM, **WHY)

    assert (owners()[old], owners()[new]) == (department.id, office.id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Cedar Police Department", "Georgia", None), ("Cedar Police Department", "Alabama", None)),
        (("Cedar Police", "Georgia", "Cedar County"), ("Cedar PD", "Georgia", "Dogwood County")),
        (("Elm Constable Precinct 2", "Texas", None), ("Elm Constable Precinct 3", "Texas", None)),
        (("Elm Constable Precinct Two", "Texas", None), ("Elm Constable Precinct 3", "Texas", None)),
    ],
    ids=["state", "county", "number", "number in words"],
)
def test_agencies_that_can_not_be_one_are_not_merged(
    ctx: Flask, one: tuple[str, str, str | None], other: tuple[str, str, str | None]
):
    first, second = (recorded(n, state=s, county=c) for n, s, c in (one, other))
    with_agreements(second, "WSO")
    before = owners()

    differ = refusal(lambda: service.merge(first.id, second.id, actor=PAM, **WHY))

    assert differ == "differ"
    assert owners() == before
    assert second.merged_into_id is None


def test_nobody_is_merged_with_themselves_or_twice(ctx: Flask):
    names = ("Cedar Police", "Cedar PD", "Cedar Police Department")
    first, second, third = (recorded(name) for name in names)
    service.merge(first.id, second.id, actor=PAM, **WHY)

    assert refusal(lambda: service.merge(first.id, first.id, actor=PAM, **WHY)) == "merged"
    assert refusal(lambda: service.merge(third.id, second.id, actor=PAM, **WHY)) == "merged"


def test_what_was_done_later_is_taken_back_first(ctx: Flask):
    names = ("Cedar Police", "Cedar PD", "Cedar Police Department")
    first, second, third = (recorded(name) for name in names)
    [agreement] = with_agreements(third, "WSO")
    earlier = service.merge(second.id, third.id, actor=PAM, **WHY)
    later = service.merge(first.id, second.id, actor=PAM, **WHY)

    assert refusal(lambda: service.undo(earlier.id, actor=PAM, **WHY)) == "later"
    service.undo(later.id, actor=PAM, **WHY)
    assert owners()[agreement] == second.id
    service.undo(earlier.id, actor=PAM, **WHY)

    assert owners()[agreement] == third.id
    assert refusal(lambda: service.undo(earlier.id, actor=PAM, **WHY)) == "undone"


# --- splitting ---------------------------------------------------------------------------------


def test_a_split_gives_chosen_agreements_to_an_agency_of_another_name(ctx: Flask):
    cedar = recorded("Cedar County Sheriff's Office", county="Cedar County")
    stays, goes = with_agreements(cedar, "WSO", "TFM")

    done = service.split(cedar.id, [goes], "Cedar County Jail", actor=PAM, **WHY)

    jail = session().get_one(Agency, done.other_id)
    assert (jail.name, jail.state, jail.county) == ("Cedar County Jail", "Georgia", "Cedar County")
    assert (owners()[stays], owners()[goes]) == (cedar.id, jail.id)


def test_a_split_taken_back_gives_the_agreements_back_and_its_address_leads_home(ctx: Flask):
    cedar = recorded("Cedar County Sheriff's Office")
    with_agreements(cedar, "WSO", "TFM")
    before = owners()
    done = service.split(cedar.id, list(before)[:1], "Cedar County Jail", actor=PAM, **WHY)
    address = session().get_one(Agency, done.other_id).slug

    service.undo(done.id, actor=PAM, **WHY)

    assert owners() == before
    assert by_slug(address) is cedar


def test_only_agreements_of_the_agency_can_be_split_off(ctx: Flask):
    cedar = recorded("Cedar County Sheriff's Office")
    foreign = with_agreements(session().get_one(Agency, ALDER), "WSO")

    def split(ids: list[int], name: str = "Cedar County Jail") -> object:
        return service.split(cedar.id, ids, name, actor=PAM, **WHY)

    assert refusal(lambda: split(foreign)) == "split"
    assert refusal(lambda: split([])) == "split"
    assert refusal(lambda: split(with_agreements(cedar, "JEM"), cedar.name)) == "split"
    assert by_slug("cedar-county-jail-ga") is None


# --- who, and why ------------------------------------------------------------------------------


def test_only_a_programme_manager_keeps_the_register_and_says_why(ctx: Flask):
    done = service.merge(ALDER, recorded("Alder Sheriff").id, actor=PAM, **WHY)
    silent: dict[str, Any] = {"reason": " ", "now": MONDAY}

    assert refusal(lambda: service.merge(ALDER, BIRCH, actor=SAM, **WHY)) == "role"
    assert refusal(lambda: service.undo(done.id, actor=SAM, **WHY)) == "role"
    assert refusal(lambda: service.split(ALDER, [1], "Alder Jail", actor=SAM, **WHY)) == "role"
    assert refusal(lambda: service.add_alias(ALDER, "Alder Jail", actor=SAM, **WHY)) == "role"
    assert refusal(lambda: service.undo(done.id, actor=PAM, **silent)) == "required"
    assert (done.actor_id, done.reason) == (PAM.id, WHY["reason"])
