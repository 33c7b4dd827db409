"""Coverage: each agreement in force stands in one place, whatever its model; on paper too."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import event, func, select

from tests.agreements.test_waivers import agree, ask
from tests.agreements.walk import go, life
from tests.cast import AUDRA, BIRCH, BOB, MAX, MONA, MONDAY, PAM, SAM
from tests.pages import PageClient
from tests.planning.test_obligations import contact, enter, inspected
from workflow.cases.kinds import House
from workflow.cli import main
from workflow.db.session import db, session
from workflow.engine.actors import SYSTEM, Actor
from workflow.people.office import office
from workflow.planning.coverage import Coverage, Stand, coverage
from workflow.planning.coverage_paper import pdf_of
from workflow.planning.waived import waived_now
from workflow.policy.queries import in_force
from workflow.register.models import Agreement

TODAY = MONDAY.date()
SignIn = Callable[[Actor], PageClient]


def stands(found: Coverage, kind: str = "routine") -> dict[str, Stand]:
    return {row.agreement: row.stand for row in found.rows[kind]}


@pytest.fixture
def each(house: House) -> dict[Stand, str]:
    """An agreement that stands in each place with its routine inspection, by that place."""
    met = enter(house, "JEM", date(2020, 3, 1))
    inspected(house, met, date(2025, 1, 1))
    late = enter(house, "WSO", date(2019, 8, 1))
    inspected(house, late, date(2022, 1, 1))
    fresh = enter(house, "WSO", date(2025, 9, 1), BIRCH)
    unknown = enter(house, "JEM", date(2020, 3, 1), BIRCH)
    unruled = enter(house, "TFM", date(2025, 3, 1))
    suspended = enter(house, "TFM", date(2025, 3, 1), BIRCH)
    go(house, suspended.reference, "suspend")
    return {
        Stand.MET: met.reference,
        Stand.OVERDUE: late.reference,
        Stand.NOT_DUE: fresh.reference,
        Stand.UNKNOWN: unknown.reference,
        Stand.NO_RULE: unruled.reference,
    }


def test_every_agreement_in_force_is_counted_once_whatever_its_model(each: dict[Stand, str]):
    found = coverage(SYSTEM, as_of=TODAY)

    assert {stand: stands(found)[reference] for stand, reference in each.items()} == {s: s for s in each}
    in_force_here = session().scalar(select(func.count()).select_from(Agreement))
    assert found.agreements == in_force_here == 6
    for kind, _ in found.duties:
        assert found.total(kind).total() == 6
        assert sum(counts.total() for counts in found.counted(kind).values()) == 6
        assert found.counted(kind)["TFM"] == {Stand.NO_RULE: 2}
    assert found.without_rule == {"TFM": 2}


def test_a_waived_one_stands_apart_from_an_overdue_one_until_the_waiver_ends(
    house: House, each: dict[Stand, str]
):
    late = each[Stand.OVERDUE]
    ask(house, late, duty="routine_inspection")
    agree(house, late, MONA)

    assert stands(coverage(SYSTEM, as_of=TODAY))[late] is Stand.WAIVED
    assert stands(coverage(SYSTEM, as_of=TODAY + timedelta(days=91)))[late] is Stand.OVERDUE
    [line] = waived_now(AUDRA, in_force(TODAY)[1], house.keyring, as_of=TODAY)
    assert (line.reference, line.by, line.confirmed_by) == (late, MAX.name, MONA.name)
    assert line.reasons == "The jail is being rebuilt."
    assert waived_now(BOB, in_force(TODAY)[1], house.keyring, as_of=TODAY) == []


def test_a_duty_of_one_model_is_exempt_under_the_other(house: House, each: dict[Stand, str]):
    contact(house, life(each[Stand.NOT_DUE]), "visit", date(2025, 10, 1))

    found = coverage(SYSTEM, as_of=TODAY)

    assert found.counted("internal_review")["WSO"] == {Stand.EXEMPT: 2}
    assert found.counted("oversight_contact")["WSO"][Stand.MET] == 1


def test_only_who_knows_of_every_one_certifies(house: House, each: dict[Stand, str]):
    assert not coverage(SYSTEM, as_of=TODAY).is_certificate

    inspected(house, life(each[Stand.UNKNOWN]), date(2025, 2, 2))

    assert coverage(SYSTEM, as_of=TODAY).is_certificate


@pytest.mark.usefixtures("house")
def test_of_nothing_nothing_is_certified():
    assert not coverage(SYSTEM, as_of=TODAY).is_certificate


def test_the_digest_is_the_same_until_a_line_changes(house: House, each: dict[Stand, str]):
    before = coverage(SYSTEM, as_of=TODAY).digest

    assert coverage(SYSTEM, as_of=TODAY).digest == before
    go(house, each[Stand.NOT_DUE], "record_contact", contact_kind="training_check")
    assert coverage(SYSTEM, as_of=TODAY).digest != before


def test_the_paper_is_one_tagged_page_that_carries_the_digest(house: House, each: dict[Stand, str]):
    found = coverage(SYSTEM, as_of=TODAY)
    book = in_force(TODAY)[1]

    made = pdf_of(found, waived_now(SYSTEM, book, house.keyring, as_of=TODAY), office(), now=MONDAY)

    assert made == pdf_of(found, [], office(), now=MONDAY), "the same words make the same bytes"
    assert each
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == "Statement of what is on record"
        tags = {str(o.get("/S")) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o}
        assert {"/H1", "/Table", "/TH"} <= tags


def test_the_page_says_what_it_counts_and_offers_the_paper(sign_in: SignIn, each: dict[Stand, str]):
    browser = sign_in(MAX)

    page = browser.get("/figures/coverage").text
    paper = browser.get("/figures/coverage/paper")

    assert "TFM: no oversight rule: 2 agreements" in page
    assert "Statement of what is on record (PDF)" in page
    assert each[Stand.OVERDUE] in page
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert browser.get("/figures/coverage?kind=nonsense").status_code == 200


def test_a_supervisor_does_not_read_the_figures(sign_in: SignIn):
    assert sign_in(SAM).get("/figures/coverage").status_code == 403


def test_somebody_of_another_office_counts_none_of_it(each: dict[Stand, str]):
    assert each
    assert coverage(BOB, as_of=TODAY).agreements == 0


@pytest.mark.usefixtures("each")
def test_the_command_prints_a_document_whose_sums_are_all_agreements(app: Flask):
    result = app.test_cli_runner().invoke(main, ["figures", "coverage", "--as-of", "2026-01-05", "--json"])

    document = json.loads(result.stdout)
    assert (document["agreements"], document["document"]) == (6, "statement")
    assert document["no_oversight_rule"] == {"TFM": 2}
    for duty in document["duties"].values():
        assert duty["total"]["agreements"] == 6
        assert sum(duty["total"][stand] for stand in Stand) == 6
    said = app.test_cli_runner().invoke(main, ["figures", "coverage", "--as-of", "2026-01-05"]).stdout
    assert "Statement of what is on record, 6 agreements in force" in said
    assert document["digest"] in said


def test_it_costs_the_same_however_many_there_are(each: dict[Stand, str]):
    assert each
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    in_force(TODAY)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        coverage(PAM, as_of=TODAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len([s for s in statements if s.startswith("SELECT")]) == 5
