"""The plan over a small register: who owes what, for whom it is shown, as command and as page."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import ALDER, AUDRA, BIRCH, BOB, CARL, MONDAY, PAM, RUTH, SAM
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import register_by_hand
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import perform
from workflow.cli import main
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM
from workflow.inspections.service import plan as open_inspection
from workflow.planning.queries import Plan, plan
from workflow.policy import queries as policy

TODAY = MONDAY.date()


def inspections_owed(**narrowed: Any) -> Plan:
    """The plan as far as it is about inspections; the other duties have a test file of their own."""
    return plan(SYSTEM, as_of=TODAY, kind="routine", **narrowed)


def enter(house: House, agency_id: int, model: str, signed_on: date) -> AgreementLife:
    return register_by_hand(
        house,
        agency_id=agency_id,
        model=model,
        signed_on=signed_on,
        template=None,
        source="The memorandum",
        actor=PAM,
        now=MONDAY,
    )


@pytest.fixture
def lives(house: House) -> dict[str, str]:
    """Four agreements of two made-up agencies, by a name for the test."""
    return {
        "late": enter(house, ALDER, "WSO", date(2020, 5, 4)).reference,
        "next": enter(house, ALDER, "JEM", date(2025, 2, 28)).reference,
        "none": enter(house, BIRCH, "TFM", date(2025, 3, 1)).reference,
        "birch": enter(house, BIRCH, "WSO", date(2025, 4, 30)).reference,
    }


def test_every_agreement_owes_by_the_cadence_of_its_model(lives: dict[str, str]):
    made = inspections_owed()

    owed = {o.agreement: o.due_on for o in made.obligations}
    assert owed == {
        lives["late"]: date(2021, 5, 4),
        lives["birch"]: date(2026, 4, 30),
        lives["next"]: date(2027, 2, 28),
    }
    assert [o.due_on for o in made.obligations] == sorted(owed.values())
    assert (made.by_model["WSO"].past_cadence, made.by_model["WSO"].overdue) == (1, 0)
    assert (made.by_model["TFM"].agreements, made.by_model["TFM"].obligations) == (1, 0)
    assert made.by_office["Atlanta"].agreements == 4


def test_a_suspension_postpones_and_is_counted(house: House, lives: dict[str, str]):
    from_jem = lives["next"]
    answers = {
        "reasons": "A breach.",
        "from_on": TODAY,
        "until_on": date(2026, 3, 1),
        "how_to_answer": "In writing",
    }
    asked = perform(house, from_jem, "suspend", PAM, answers, seen=1, now=MONDAY)
    assert asked.awaits_second
    assert len(inspections_owed().obligations) == 3


@pytest.mark.usefixtures("lives")
def test_until_and_model_narrow_the_plan():
    assert len(inspections_owed(until=date(2026, 4, 30)).obligations) == 2
    assert [o.model for o in inspections_owed(model="JEM").obligations] == ["JEM"]
    assert inspections_owed(office_id=3).obligations == ()


@pytest.mark.usefixtures("lives")
def test_a_plan_shows_only_what_its_reader_may_see():
    seen = {a.name: len(plan(a, as_of=TODAY, kind="routine").obligations) for a in (SAM, BOB, AUDRA, CARL)}

    assert seen == {SAM.name: 3, BOB.name: 0, AUDRA.name: 3, CARL.name: 0}


@pytest.mark.usefixtures("lives")
def test_an_agreement_signed_later_owes_nothing_on_an_earlier_day():
    assert [o.model for o in plan(SYSTEM, as_of=date(2025, 1, 1), kind="routine").obligations] == ["WSO"]


# --- the command ------------------------------------------------------------------------------


def command(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(main, ["plan", "--kind", "routine", *arguments])


@pytest.mark.usefixtures("lives")
def test_the_document_has_the_form_others_read(app: Flask):
    result = command(app, "--as-of", "2026-01-05", "--json")

    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert {"as_of", "until", "obligations", "by_model", "by_office"} <= set(document)
    first = document["obligations"][0]
    assert {
        "agreement", "agency", "state", "model", "office",
        "kind", "due_on", "overdue_days", "basis", "history",
    } <= set(first)  # fmt: skip
    assert (first["due_on"], first["overdue_days"], first["history"]) == ("2021-05-04", None, False)


@pytest.mark.usefixtures("lives")
def test_people_read_sums_gaps_and_lines(app: Flask):
    said = command(app, "--as-of", "2026-01-05", "--model", "wso", "--office", "atlanta").stdout

    assert "Alder County Sheriff's Office" in said
    assert "no inspection on record here" in said


@pytest.mark.parametrize("wrong", [("--model", "XYZ"), ("--office", "Atlantis"), ("--as-of", "soon")])
def test_unknown_names_and_days_are_bad_usage(app: Flask, wrong: tuple[str, str]):
    assert command(app, *wrong).exit_code == 2


def test_without_a_policy_the_command_says_what_to_do_first(app: Flask):
    with app.app_context():
        policy.forget()

    result = command(app, "--as-of", "2001-01-01")

    assert result.exit_code == 1
    assert "init" in result.stderr


@pytest.mark.usefixtures("lives")
def test_inspections_are_opened_once_and_only_on_request(app: Flask):
    command(app, "--as-of", "2026-01-05")
    assert inspections(app) == []

    first = command(app, "--as-of", "2026-01-05", "--until", "2026-12-31", "--open", "--json")
    second = command(app, "--as-of", "2026-01-05", "--open", "--json")

    assert "2 inspections opened" in first.stderr
    assert "1 inspections opened" in second.stderr
    assert inspections(app) == ["planned"] * 3
    opened = [o["opened"] for o in json.loads(second.stdout)["obligations"]]
    assert len(set(opened)) == 3
    assert None not in opened


def inspections(app: Flask) -> list[str]:
    with app.app_context():
        return list(session().scalars(select(Case.state).where(Case.kind == "inspection")))


def test_a_completed_inspection_is_the_history_the_next_one_counts_from(house: House, lives: dict[str, str]):
    owed = next(o for o in inspections_owed().obligations if o.agreement == lives["late"])
    with transaction() as s:
        done = open_inspection(house, owed.agreement_id, due_on=owed.due_on, basis=owed.basis, now=MONDAY)
        done.occupies_agreement_id = None
        done.fieldwork_completed_on = date(2022, 6, 1)
        s.flush()

    [late] = [o for o in inspections_owed().obligations if o.agreement == lives["late"]]

    assert (late.due_on, late.has_history) == (date(2025, 6, 1), True)
    assert late.overdue_days == (TODAY - date(2025, 6, 1)).days
    assert late.basis == "36 months after the last inspection (1 June 2022)"
    assert inspections_owed().by_model["WSO"].overdue == 1


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("lives")
def test_the_page_lists_what_is_owed_and_what_has_no_rule(sign_in: Any):
    page = sign_in(SAM).get("/planning")

    assert page.status_code == 200
    assert "TFM: no inspection cadence set: 1 agreement" in page.text
    assert "Birch County" in page.text
    assert "not opened yet" in page.text


@pytest.mark.usefixtures("lives")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("when=past", 1),
        ("when=none", 3),
        ("when=overdue", 0),
        ("when=soon", 0),
        ("when=unplanned", 1),
        ("model=JEM", 1),
    ],
)
def test_the_page_can_be_narrowed(sign_in: Any, query: str, shown: int):
    page = sign_in(SAM).get(f"/planning?kind=routine&{query}")

    assert page.text.count("not opened yet") == shown
    assert "remove this filter" in page.text


def test_nonsense_in_the_address_is_left_aside(sign_in: Any):
    page = sign_in(SAM).get("/planning?office=999&model=ABC&when=x&after=zzz")

    assert page.status_code == 200
    assert "owes anything" in page.text


def test_a_reviewer_does_not_plan(sign_in: Any):
    assert sign_in(RUTH).get("/planning").status_code == 403
