"""What nobody in an office could do is said in words, and a neighbour that covers it can do it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.agreements.walk import registered
from tests.cast import ATLANTA, BIRCH, BOB, BOSTON, HAL, IRIS, IVAN, MAX, MONA, MONDAY, PAM, PETE, SAM, SUE
from tests.planning.test_obligations import enter
from workflow.cases.access import reaches, visible
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cli import main
from workflow.db.session import session, transaction
from workflow.engine.actors import Role
from workflow.inspections.leads import LEADERS, working
from workflow.inspections.models import ModelQualification
from workflow.people.models import Person
from workflow.people.queries import actor_of
from workflow.planning.staffing import check
from workflow.register.models import Agency, Agreement

TODAY = MONDAY.date()


@pytest.fixture
def trained(house: House) -> None:
    """A WSO agreement in Atlanta, where two people know the model."""
    registered(house)
    train(IRIS.id, IVAN.id)


def train(*people: int) -> None:
    with transaction() as s:
        s.add_all(ModelQualification(person_id=p, model="WSO", since=date(2025, 1, 6)) for p in people)


def off(*people: int) -> None:
    """Switch accounts off, as far as staffing knows."""
    with transaction() as s:
        s.execute(update(Person).where(Person.id.in_(people)).values(active=False))
    session().expire_all()


def found(house: House) -> list[str]:
    session().expire_all()
    return check({name: kind.machine for name, kind in house.kinds.items()}, now=MONDAY)


def in_boston(house: House) -> str:
    """A WSO agreement of an office in which Bob, a supervisor, is alone."""
    with transaction() as s:
        s.execute(update(Agency).where(Agency.id == BIRCH).values(office_id=BOSTON))
    session().expire_all()
    return enter(house, "WSO", date(2025, 6, 1), BIRCH).reference


@pytest.mark.usefixtures("trained")
def test_an_office_with_everybody_has_no_line(house: House):
    assert found(house) == []


@pytest.mark.usefixtures("trained")
def test_a_role_that_nobody_holds_is_named_with_its_steps(house: House):
    off(MAX.id, MONA.id)

    [issue] = [said for said in found(house) if "“Issue the report”" in said]

    assert issue.startswith("Atlanta: nobody here or covering is a manager")


@pytest.mark.usefixtures("trained")
def test_a_second_person_who_is_not_there_is_missed(house: House):
    off(PETE.id)

    said = found(house)

    assert any("nobody could confirm “Suspend”" in line for line in said)
    assert not any("“Waive a duty”" in line for line in said), "a manager can still confirm that"


@pytest.mark.usefixtures("trained")
def test_one_person_who_would_do_both_of_two_steps_is_not_enough(house: House):
    off(MONA.id, PAM.id, PETE.id, SAM.id, SUE.id, IVAN.id)

    said = found(house)

    assert any("has to be somebody else's than" in line for line in said)


def test_an_office_where_nobody_knows_the_model_is_named(house: House):
    registered(house)

    assert found(house) == [
        "Atlanta: nobody is trained to lead an inspection of a WSO agreement (1 in force)."
    ]


def test_whoever_oversees_an_agreement_does_not_count_as_its_inspector(house: House):
    registered(house)
    train(SAM.id)
    with transaction() as s:
        s.execute(update(Agreement).values(supervisor_id=SAM.id))

    [said] = found(house)

    assert said.startswith("Atlanta: of 1 WSO agreements 1 can be inspected by nobody but who oversees them")


def test_a_small_office_is_seen_to_by_the_neighbour_that_covers_it(app: Flask):
    with app.app_context():
        house: House = app.extensions["house"]
        reference = in_boston(house)
        train(IRIS.id, IVAN.id)
        assert any(said.startswith("Boston: nobody here or covering is a manager") for said in found(house))

    result = app.test_cli_runner().invoke(main, ["staffing", "cover", "boston", "--by", "Atlanta"])

    assert (result.exit_code, result.stdout) == (0, "Boston is covered by Atlanta.\n")
    with app.app_context():
        assert found(house) == []
        max_, bob = actor_of(MAX.id, now=MONDAY), actor_of(BOB.id, now=MONDAY)
        assert max_.offices == {ATLANTA, BOSTON}
        assert bob.offices == {BOSTON}, "the small one does not cover the neighbour"
        seen = session().scalars(visible(max_).where(Case.reference == reference)).all()
        assert len(seen) == 1
        assert {IRIS.id, IVAN.id, SAM.id} <= set(working(BOSTON, LEADERS))


def test_a_small_office_is_seen_to_by_headquarters_that_covers_it(app: Flask):
    with app.app_context():
        house: House = app.extensions["house"]
        reference = in_boston(house)
        assert any(said.startswith("Boston: nobody here or covering is a manager") for said in found(house))

    result = app.test_cli_runner().invoke(main, ["staffing", "cover", "BOS", "--by", "Headquarters"])

    assert (result.exit_code, result.stdout) == (0, "Boston is covered by headquarters.\n")
    with app.app_context():
        assert not any("is a manager" in said for said in found(house))
        case = visible(actor_of(HAL.id, now=MONDAY)).where(Case.reference == reference)
        assert len(session().scalars(case).all()) == 1
        assert session().scalars(visible(MAX).where(Case.reference == reference)).all() == []
        assert HAL.id in working(BOSTON, (Role.MANAGER,))
        assert HAL.id not in working(ATLANTA, (Role.MANAGER,))
        assert reaches(HAL, BOSTON, by_headquarters=True)
        assert not reaches(MAX, BOSTON, by_headquarters=True)


def test_one_cover_follows_another(app: Flask):
    run = app.test_cli_runner().invoke
    run(main, ["staffing", "cover", "BOS", "--by", "headquarters"])
    run(main, ["staffing", "cover", "BOS", "--by", "Atlanta"])
    with app.app_context():
        assert HAL.id not in working(BOSTON, (Role.MANAGER,))
        assert MAX.id in working(BOSTON, (Role.MANAGER,))

    run(main, ["staffing", "cover", "BOS", "--by", "headquarters"])
    with app.app_context():
        assert MAX.id not in working(BOSTON, (Role.MANAGER,))

    assert run(main, ["staffing", "cover", "BOS", "--end"]).stdout == "No office covers Boston.\n"
    with app.app_context():
        assert HAL.id not in working(BOSTON, (Role.MANAGER,))


def test_cover_ends_with_the_command(app: Flask):
    run = app.test_cli_runner().invoke
    run(main, ["staffing", "cover", "BOS", "--by", "Atlanta"])

    assert run(main, ["staffing", "cover", "BOS", "--end"]).stdout == "No office covers Boston.\n"

    with app.app_context():
        assert actor_of(MAX.id, now=MONDAY).offices == {ATLANTA}


@pytest.mark.parametrize(
    "wrong",
    [
        ["Atlantis", "--by", "Atlanta"],
        ["Boston"],
        ["Boston", "--by", "Atlanta", "--end"],
        ["Boston", "--by", "Boston"],
    ],
)
def test_cover_that_makes_no_sense_is_bad_usage(app: Flask, wrong: list[str]):
    assert app.test_cli_runner().invoke(main, ["staffing", "cover", *wrong]).exit_code == 2


def test_cover_is_never_passed_on(app: Flask):
    run = app.test_cli_runner().invoke
    run(main, ["staffing", "cover", "Boston", "--by", "Atlanta"])

    assert run(main, ["staffing", "cover", "Chicago", "--by", "Boston"]).exit_code == 2
    assert run(main, ["staffing", "cover", "Atlanta", "--by", "Chicago"]).exit_code == 2
    assert run(main, ["staffing", "cover", "Atlanta", "--by", "headquarters"]).exit_code == 2
    run(main, ["staffing", "cover", "Miami", "--by", "headquarters"])
    assert run(main, ["staffing", "cover", "Chicago", "--by", "Miami"]).exit_code == 2


@pytest.mark.usefixtures("trained")
def test_the_command_is_silent_where_all_is_well_and_fails_where_it_is_not(app: Flask):
    run = app.test_cli_runner().invoke
    well = run(main, ["staffing", "check"])
    off(MAX.id, MONA.id)

    ill = run(main, ["staffing", "check"])

    assert (well.exit_code, well.stdout) == (0, "")
    assert ill.exit_code == 1
    assert "Atlanta: nobody" in ill.stdout


@pytest.mark.parametrize("actor", [SAM, BOB, MAX, HAL, PAM, IVAN])
@pytest.mark.parametrize("office", [ATLANTA, BOSTON, None])
def test_reach_is_what_the_queries_say(house: House, actor: Any, office: int | None):
    reference = registered(house).reference
    with transaction() as s:
        s.execute(update(Case).where(Case.reference == reference).values(office_id=office))

    sees = session().scalars(visible(actor).where(Case.reference == reference)).all()

    assert reaches(actor, office) == bool(sees)
