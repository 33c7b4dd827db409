"""The roster: who may act, whose training lapsed, and what time does about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.agreements import walk
from tests.cast import ALDER, CARL, IRIS, MAX, MONDAY, PAM, RUTH, SAM
from tests.pages import PageClient
from workflow.agreements.models import AgreementLife
from workflow.agreements.officer_history import import_officers_command
from workflow.agreements.officer_watch import AHEAD, RESTRICT, watch
from workflow.agreements.officers import enter_officer, record_officer
from workflow.agreements.service import register_by_hand
from workflow.cases.access import NotThere, case_for
from workflow.cases.calendars import in_zone
from workflow.cases.followups import open_ones
from workflow.cases.kinds import House
from workflow.db.session import session
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused, Stale
from workflow.policy.standard import BOOK
from workflow.register.models import Officer
from workflow.register.training import (
    ORDER,
    Course,
    Record,
    Stage,
    course_of,
    expires_on,
    standing,
    wrong_order,
)

SignIn = Callable[[Actor], PageClient]
TODAY = MONDAY.date()
NEW_YORK = in_zone("America/New_York")
JEM = Course(12, 24)


def life_of(house: House, model: str = "JEM", agency: int = ALDER) -> str:
    return register_by_hand(
        house,
        agency_id=agency,
        model=model,
        signed_on=date(2021, 5, 4),
        template=None,
        source="The memorandum",
        actor=PAM,
        now=MONDAY,
    ).reference


def version(reference: str) -> int:
    session().expire_all()
    return case_for(SYSTEM, reference).version


def entered(house: House, life: str, *, number: str = "7", by: Actor = SAM, **more: Any) -> int:
    given: dict[str, Any] = {"name": "Pat Example", "nominated_on": date(2024, 1, 2), **more}
    return enter_officer(house, life, by, number=number, seen=version(life), now=MONDAY, **given)


def happened(
    house: House, life: str, officer: int, what: str, on: date, *, by: Actor = SAM, **more: Any
) -> None:
    record_officer(house, life, officer, by, what, on, seen=version(life), now=MONDAY, **more)


def authorised(house: House, life: str, *, number: str = "7", on: date = date(2025, 6, 1)) -> int:
    officer = entered(house, life, number=number)
    for what in ("cleared_on", "training_from", "certified_on", "authorised_on"):
        happened(house, life, officer, what, on)
    return officer


def open_kinds(life: str) -> list[tuple[str, int | None]]:
    session().expire_all()
    return [(row.kind, row.about) for row in open_ones(case_for(SYSTEM, life))]


# --- how one stands, without a database -------------------------------------------------------


def record(*passed: tuple[str, date], **days: date) -> Record:
    until = days.pop("until", None)
    return Record(days, until, passed)


FULL = {name: date(2025, 3, 1) for name in ORDER}


@pytest.mark.parametrize(
    ("who", "stage"),
    [
        (record(), Stage.UNKNOWN),
        (record(nominated_on=date(2025, 1, 1)), Stage.NOMINATED),
        (record(nominated_on=date(2027, 1, 1)), Stage.UNKNOWN),
        (record(**{**FULL, "authorised_on": date(2027, 1, 1)}), Stage.CERTIFIED),
        (record(**FULL), Stage.AUTHORISED),
        (record(**FULL, until=TODAY), Stage.EXPIRED),
        (record(**FULL, revoked_on=date(2025, 4, 1)), Stage.REVOKED),
        (record(**FULL, revoked_on=date(2025, 4, 1), left_on=date(2025, 5, 1)), Stage.LEFT),
    ],
)
def test_an_officer_stands_where_the_days_say(who: Record, stage: Stage):
    assert standing(who, JEM, TODAY).stage is stage


def test_training_lapses_on_the_day_after_it_was_due():
    who = record(**{name: date(2025, 1, 5) for name in ORDER})

    assert standing(who, JEM, date(2026, 1, 5)).is_current
    late = standing(who, JEM, date(2026, 1, 6))
    assert late.lapses == ("annual training was due on 5 January 2026",)
    assert not late.is_current


def test_only_some_models_ask_for_a_refresher_or_end_an_authorisation():
    assert course_of(BOOK, "JEM") == Course(12, 24, None)
    assert course_of(BOOK, "WSO") == Course(12, None, None)
    assert course_of(BOOK, "TFM") == Course(12, None, 24)
    assert expires_on(record(**FULL), course_of(BOOK, "TFM")) == date(2027, 3, 1)
    assert expires_on(record(**FULL), JEM) is None


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_more_training_never_makes_anybody_lapse(passed: date, later: int):
    on = date(2030, 6, 1)
    before = standing(record(**FULL), JEM, on)
    after = standing(record(("annual", passed), **FULL), JEM, on + timedelta(days=later))

    assert len(standing(record(("annual", passed), **FULL), JEM, on).lapses) <= len(before.lapses)
    assert after.stage is Stage.AUTHORISED


def test_days_in_a_wrong_order_are_named_at_their_field():
    assert dict(wrong_order({"certified_on": TODAY})).keys() == {"certified_on"}
    upside_down = {"nominated_on": date(2025, 5, 1), "training_from": date(2025, 4, 1)}
    assert dict(wrong_order(upside_down)) == {
        "training_from": "It would lie before the officer was nominated (1 May 2025)."
    }
    assert dict(wrong_order({**FULL, "left_on": date(2025, 2, 1)})).keys() == {"left_on"}
    assert list(wrong_order(FULL)) == []


# --- keeping the roster -----------------------------------------------------------------------


@pytest.mark.usefixtures("ctx")
def test_what_happens_to_an_officer_is_an_event_without_a_name(house: House):
    life = life_of(house)
    officer = authorised(house, life)

    found = case_for(SYSTEM, life)
    assert isinstance(found, AgreementLife)
    noted = [e for e in found.events if e.verb == "record_officer"]
    assert [e.codes["what"] for e in noted] == [
        "nominated_on",
        "cleared_on",
        "training_from",
        "certified_on",
        "authorised_on",
    ]
    assert {e.codes["officer"] for e in noted} == {officer}
    assert all(b"Example" not in e.canon for e in noted)


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize(
    ("what", "on", "more", "field"),
    [
        ("cleared_on", date(2023, 1, 1), {}, "on"),
        ("certified_on", date(2026, 2, 1), {}, "on"),
        ("authorised_on", date(2025, 1, 1), {}, "on"),
        ("certified_on", date(2025, 1, 1), {"score": 69}, "score"),
        ("annual", date(2025, 1, 1), {}, "on"),
        ("failed", date(2025, 1, 1), {}, "on"),
        ("promoted", date(2025, 1, 1), {}, "what"),
        ("cleared_on", date(2025, 1, 1), {"until": date(2026, 6, 1)}, "until"),
    ],
)
def test_what_cannot_have_happened_is_refused_at_its_field(
    house: House, what: str, on: date, more: dict[str, Any], field: str
):
    life = life_of(house)
    officer = entered(house, life)

    with pytest.raises(Refused) as refused:
        happened(house, life, officer, what, on, **more)

    assert [r.field for r in refused.value.refusals] == [field]


@pytest.mark.usefixtures("ctx")
def test_two_examinations_that_were_not_passed_end_the_course(house: House):
    life = life_of(house)
    officer = entered(house, life)
    happened(house, life, officer, "training_from", date(2025, 1, 6))
    happened(house, life, officer, "failed", date(2025, 2, 1), score=55)
    happened(house, life, officer, "failed", date(2025, 2, 8), score=61)

    with pytest.raises(Refused, match="course is over"):
        happened(house, life, officer, "certified_on", date(2025, 3, 1), score=90)


@pytest.mark.usefixtures("ctx")
def test_a_number_stands_once_on_a_roster_and_a_stale_page_is_told(house: House):
    life = life_of(house)
    entered(house, life)

    with pytest.raises(Refused, match="on the roster already"):
        entered(house, life, name="Somebody Else")
    with pytest.raises(Stale):
        enter_officer(
            house, life, SAM, number="8", name="X", nominated_on=date(2024, 1, 2), seen=1, now=MONDAY
        )


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize(("who", "wrong"), [(IRIS, Refused), (CARL, NotThere), (RUTH, Refused)])
def test_others_keep_no_roster(house: House, who: Actor, wrong: type[Exception]):
    life = life_of(house)

    with pytest.raises(wrong):
        entered(house, life, by=who)


# --- what time does ---------------------------------------------------------------------------


@pytest.mark.usefixtures("ctx")
def test_a_reminder_opens_ninety_days_ahead_and_ends_when_trained(house: House):
    life = life_of(house)
    officer = authorised(house, life, on=date(2025, 3, 1))

    assert watch(house, datetime(2025, 11, 30, 17, tzinfo=UTC)) == 0
    assert watch(house, datetime(2025, 12, 1, 17, tzinfo=UTC)) == 1
    [row] = open_ones(case_for(SYSTEM, life))
    assert (row.kind, NEW_YORK.day_of(row.due_at)) == (AHEAD, date(2026, 1, 30))
    assert watch(house, datetime(2025, 12, 2, 17, tzinfo=UTC)) == 0

    happened(house, life, officer, "annual", date(2026, 1, 3))
    watch(house, MONDAY)
    assert open_kinds(life) == []


@pytest.mark.usefixtures("ctx")
def test_lapsed_training_opens_one_task_to_restrict_each_officer(house: House):
    life = life_of(house, "WSO")
    one = authorised(house, life, on=date(2024, 3, 1))
    authorised(house, life, number="8", on=date(2025, 11, 1))

    watch(house, MONDAY)
    watch(house, MONDAY + timedelta(days=7))
    assert open_kinds(life) == [(RESTRICT, one)]

    happened(house, life, one, "revoked_on", TODAY)
    watch(house, MONDAY + timedelta(days=8))
    assert open_kinds(life) == []


@pytest.mark.usefixtures("ctx")
def test_a_suspension_ends_the_task_to_restrict_and_coming_back_opens_it_again(house: House):
    life = life_of(house, "WSO")
    one = authorised(house, life, on=date(2024, 3, 1))
    watch(house, MONDAY)

    walk.go(house, life, "suspend")
    watch(house, MONDAY)
    assert open_kinds(life) == []
    walk.go(house, life, "vacate")
    watch(house, MONDAY)

    assert open_kinds(life) == [(RESTRICT, one)]


# --- pages and import -------------------------------------------------------------------------


def test_a_supervisor_keeps_the_roster_on_its_pages(house: House, sign_in: SignIn):
    life = life_of(house)
    client = sign_in(SAM)

    page = client.get(f"/agreements/{life}/officers")
    assert "Nobody is on the roster here" in page.text
    wrong = client.send(
        f"/agreements/{life}/officers/new",
        {"number": "a b", "name": "Pat Example", "nominated_on": "2024-01-02"},
    )
    assert wrong.status_code == 422
    assert "Pat Example" in wrong.text
    client.send(
        f"/agreements/{life}/officers/new",
        {"number": "77", "name": "Pat Example", "nominated_on": "2024-01-02"},
    )
    shown = client.get(f"/agreements/{life}/officers")
    assert "Pat Example" in shown.text
    assert "nominated" in shown.text
    officer = session().scalars(select(Officer.id)).one()
    old = client.send(
        f"/agreements/{life}/officers/{officer}", {"what": "cleared_on", "on": "2024-02-02", "seen": 1}
    )
    assert old.status_code == 409
    assert "2024-02-02" in old.text
    assert client.get(f"/agreements/{life}/officers/999999").status_code == 404


@pytest.mark.parametrize("who", [CARL])
def test_an_agencys_contact_has_no_page_of_rosters(house: House, sign_in: SignIn, who: Actor):
    life = life_of(house)

    assert sign_in(who).get(f"/agreements/{life}/officers").status_code == 404


def test_a_roster_is_brought_in_and_taken_back(ctx: Flask, house: House, tmp_path: Any):
    life = life_of(house)
    (tmp_path / "roster.csv").write_text(
        "Id,Agreement,Officer,Nominated,Cleared,Training start,Certified,Authorized,Annual\n"
        f"1,{life},Pat Example,2024-01-02,2024-01-09,2024-02-01,2024-03-01,2024-03-05,2025-02-01\n"
        f"2,{life},Sam Example,2024-01-02,,2023-02-01,,,\n"
        f"3,{life},Kim Example,,,,2024-03-01,,\n"
        f"4,{life},Lee Example,2024-01-02,,,,,2024-05-01\n"
        "5,G-2020-NOTHERE0-0,Jo Example,2024-01-02,,,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "roster.toml").write_text(
        '[source]\nname="old"\n[columns]\nreference="Id"\nagreement="Agreement"\nname="Officer"\n'
        'nominated_on="Nominated"\ncleared_on="Cleared"\ntraining_from="Training start"\n'
        'certified_on="Certified"\nauthorised_on="Authorized"\nannual_on="Annual"\n',
        encoding="utf-8",
    )
    session().rollback()

    def run(*arguments: str) -> str:
        return ctx.test_cli_runner().invoke(import_officers_command, arguments, catch_exceptions=False).output

    files = (str(tmp_path / "roster.csv"), "--mapping", str(tmp_path / "roster.toml"))
    told = run(*files)

    assert "5 rows: 1 created, 0 unchanged, 4 refused." in told
    assert "Refused row 3, Training start “2023-02-01”: It would lie before the officer was nominated" in told
    assert "Refused row 4, Certified “2024-03-01”: Nobody is certified who was not nominated" in told
    assert (
        "Refused row 5, Annual “2024-05-01”: Nobody repeats a training before the first certificate." in told
    )
    assert "There is no agreement of this reference." in told
    assert "Example" not in told.replace("Officer", "")
    assert "1 unchanged" in run(*files)
    officer = session().scalars(select(Officer)).one()
    assert officer.name == "Pat Example"
    session().rollback()
    assert "1 officers voided." in run("--void", "1", "--why", "The wrong roster")
    assert session().scalars(select(Officer.voided_at)).one() is not None


def test_managers_keep_it_too(house: House, ctx: Flask):
    assert entered(house, life_of(house), by=MAX) > 0
