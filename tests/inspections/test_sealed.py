"""What people write about inspections and corrections is read by those who may, and by nobody in a table."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import LargeBinary, select, update

from tests.cast import CARL, IRIS, IVAN, MAX, MONDAY, PAM, SAM
from tests.complaints.test_identity import stored
from tests.inspections.walk import (
    answer_all,
    ask,
    corrections,
    find,
    go,
    inspection,
    inspection_at,
    standing,
)
from tests.pages import PageClient
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey, Event
from workflow.cases.perform import perform
from workflow.cases.verify import verify
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.sealed import words_of as words_of_correction
from workflow.db.base import Base
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.facts import State
from workflow.inspections.report_comments import answer_comment
from workflow.inspections.report_text import Text, write_text
from workflow.inspections.sealed import remarks, words_by_number

SignIn = Callable[[Actor], PageClient]
CANARY = "zxcanaryzx"
EVIDENCE, COMMENT, REMARK = (f"{CANARY} {what}" for what in ("evidence", "comment", "remark"))
ACTION, POST, PROOF = (f"{CANARY} {what}" for what in ("action", "post", "proof"))
SEALED = {
    "finding.evidence",
    "finding.comment",
    "checklist_answer.comment",
    "checklist_operation.comment",
    "corrective_action.deficiency",
    "corrective_action.action",
    "corrective_action.responsible",
}


def written(house: House) -> tuple[str, str]:
    """An inspection and its correction with words wherever words can be written; their references."""
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "G1", "major", evidence=EVIDENCE, comment=COMMENT)
    answer_all(house, reference)
    answer_items(
        house, reference, IRIS, {"G1": Given("no", REMARK, base=standing(reference, "G1"))}, now=MONDAY
    )
    ask(house, reference, "complete_fieldwork", exit_briefing=CANARY)
    text = Text(CANARY, CANARY, CANARY)
    write_text(house, reference, IRIS, text, seen=0, now=MONDAY)
    go(house, reference, "draft_findings", summary=CANARY)
    go(house, reference, "pass_review", note=CANARY)
    go(house, reference, "take_comments", comments=CANARY)
    answer_comment(house, reference, 1, IRIS, outcome="kept", answer=CANARY, now=MONDAY)
    go(house, reference, "issue_report", conclusion=CANARY)
    go(house, reference, "request_correction")
    [correction] = corrections(reference)
    plan = {"position": "agree", "action": ACTION, "responsible": POST, "target_on": date(2026, 2, 2)}
    for verb, actor, answers in (
        ("submit_plan", CARL, plan),
        ("accept_plan", SAM, {"note": CANARY, "verdict": "accept"}),
        ("claim_corrected", CARL, {"evidence": PROOF}),
        ("verify", IVAN, {"checked": CANARY}),
    ):
        seen = case_for(SYSTEM, correction.reference).version
        perform(house, correction.reference, verb, actor, answers, seen=seen, now=MONDAY)
    return reference, correction.reference


def opened(house: House, reference: str, correction: str) -> list[str | None]:
    """Every sealed word of both cases, in one order."""
    case, found = inspection(reference), case_for(SYSTEM, correction)
    assert isinstance(found, CorrectiveAction)
    about = words_by_number(case, house.keyring)[1]
    plan = words_of_correction(found, house.keyring)
    return [
        about.evidence,
        about.comment,
        remarks(case, house.keyring)["G1"],
        plan.deficiency,
        plan.action,
        plan.responsible,
    ]


def test_every_column_people_write_in_holds_bytes():
    found = {f"{t.name}.{c.name}": c.type for t in Base.metadata.sorted_tables for c in t.columns}

    assert {name for name in SEALED if isinstance(found[name], LargeBinary)} == SEALED


def test_no_table_holds_what_was_written_in_the_open(house: House):
    written(house)

    leaks = [name for name, rows in stored().items() if CANARY in rows]

    assert leaks == []
    assert not any(CANARY.encode() in canon for canon in session().scalars(select(Event.canon)))


def test_what_was_written_is_read_back_as_it_was(house: House):
    said = opened(house, *written(house))

    assert said == [EVIDENCE, COMMENT, REMARK, EVIDENCE, ACTION, POST]
    assert verify().breaks == ()


def test_words_cannot_be_moved_to_another_place(house: House):
    reference, _ = written(house)
    case = inspection(reference)
    [finding] = case.findings

    with transaction():
        finding.evidence, finding.comment = finding.comment, finding.evidence

    swapped = words_by_number(inspection(reference), house.keyring)[1]
    assert (swapped.evidence, swapped.comment) == ("erased", "erased")


def test_destroying_the_key_of_a_case_erases_its_words_and_leaves_the_chain_whole(
    house: House, sign_in: SignIn
):
    reference, correction = written(house)
    ids = [case_for(SYSTEM, r).id for r in (reference, correction)]

    with transaction() as s:
        s.execute(update(CaseKey).where(CaseKey.case_id.in_(ids)).values(wrapped=None, erased_at=MONDAY))
    session().expunge_all()

    assert opened(house, reference, correction) == ["erased"] * 6
    assert verify().breaks == ()
    browser = sign_in(MAX)
    for address in (
        f"/inspections/{reference}",
        f"/inspections/{reference}/checklist",
        f"/corrective/{correction}",
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert CANARY not in page.text
        assert "erased" in page.text


@pytest.mark.parametrize("actor", [IRIS, SAM, MAX, PAM], ids=lambda a: a.name)
def test_neither_lists_nor_the_search_read_what_was_written(sign_in: SignIn, house: House, actor: Actor):
    reference, correction = written(house)
    browser = sign_in(actor)

    for address in ("/inspections", "/corrective", "/queue", "/agencies"):
        assert CANARY not in browser.get(address).text, address
    # The search box gives back what was typed into it.
    found = browser.get(f"/search?q={CANARY}").text
    assert reference not in found
    assert correction not in found


def test_the_office_reads_all_of_it_and_the_agency_what_was_meant_for_it(sign_in: SignIn, house: House):
    reference, correction = written(house)
    office, agency = sign_in(MAX), sign_in(CARL)

    inside = office.get(f"/inspections/{reference}").text + office.get(f"/corrective/{correction}").text
    inside += office.get(f"/inspections/{reference}/checklist").text
    outside = agency.get(f"/inspections/{reference}").text + agency.get(f"/corrective/{correction}").text

    assert [w for w in (EVIDENCE, COMMENT, REMARK, ACTION, POST) if w not in inside] == []
    assert [w for w in (EVIDENCE, ACTION, POST) if w not in outside] == []
    assert COMMENT not in outside
    assert REMARK not in outside


def test_neither_an_address_nor_a_log_holds_what_was_typed(
    sign_in: SignIn, house: House, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    finding = {"item": "G1", "result": "deficiency", "class_code": "minor", "evidence": CANARY}

    answers = [
        browser.send(f"/inspections/{reference}/findings/new", finding),
        browser.send(f"/inspections/{reference}/findings/new", {**finding, "class_code": ""}),
        browser.send(f"/inspections/{reference}/checklist/complaints", {"G1": "no", "G1_remark": CANARY}),
    ]

    assert [a.status_code for a in answers] == [302, 422, 302]
    assert not any(CANARY in str(a.headers) for a in answers)
    assert [r.getMessage() for r in caplog.records if CANARY in r.getMessage()] == []


def test_a_finding_that_is_changed_opens_with_what_stood_there(sign_in: SignIn, house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "G1", "minor", evidence=EVIDENCE, comment=COMMENT)
    answer_items(house, reference, IRIS, {"G1": Given("no", REMARK)}, now=MONDAY + timedelta(hours=1))
    browser = sign_in(IRIS)

    form = browser.get(f"/inspections/{reference}/findings/1").text
    section = browser.get(f"/inspections/{reference}/checklist/complaints").text

    assert EVIDENCE in form
    assert COMMENT in form
    assert REMARK in section
