"""Reprisal: complainants are asked again after a contact and after the outcome, and nothing ends that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import ANN, BOB, LEO, MAX, MONDAY, RAY, RUTH
from tests.complaints.test_inquiry_referrals import days_until
from tests.complaints.walk import CONTACT, complaint, complaint_at, go, received
from tests.house.test_sealed_words import leaks
from tests.pages import PageClient
from workflow.cases import followups, undoing
from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.complaints import inquiry, reprisal, sealed
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.complaints.outstanding import check_ins, checked
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused


def day(number: int):
    return MONDAY + timedelta(days=number)


def owed(reference: str) -> list[int]:
    rows = followups.open_ones(complaint(reference), "check_in")
    return [days_until(f.due_at) for f in rows]


def call(house: House, reference: str, *, reached: bool = True) -> None:
    heard = inquiry.Heard(
        kind="contact", part="complainant", way="telephone", at=MONDAY, reached=reached, said="She is well."
    )
    inquiry.log(house, reference, ANN, heard, seen=complaint(reference).version, now=MONDAY)


def answer(house: House, reference: str, result: str, actor: Actor = ANN, *, nth: int = 0) -> str:
    row = followups.open_ones(complaint(reference), "check_in")[nth]
    return reprisal.check_in(
        house,
        reference,
        actor,
        row.number,
        result,
        "Her visits were cancelled.",
        seen=complaint(reference).version,
        now=day(31),
    )


def test_after_the_outcome_whoever_can_be_reached_is_asked_after_30_and_90_days(house: House):
    reached, anonymous = (complaint_at(house, State.DECIDED, contact=c) for c in (CONTACT, {}))

    for reference in (reached, anonymous):
        go(house, reference, "notify")

    assert owed(reached) == [30, 90]
    assert owed(anonymous) == []


def test_after_a_contact_too_unless_somebody_will_ask_anyway(house: House):
    reference = received(house, contact=CONTACT)

    call(house, reference, reached=False)
    assert owed(reference) == []
    call(house, reference)
    call(house, reference)

    assert owed(reference) == [30, 90]


@pytest.mark.parametrize("verbs", [("close",), ("close", "appeal"), ("close", "reopen")])
def test_closing_appealing_and_reopening_end_no_check_in(house: House, verbs: tuple[str, ...]):
    reference = complaint_at(house, State.NOTIFIED, contact=CONTACT)

    go(house, reference, *verbs)

    assert owed(reference) == [30, 90]


def test_merging_ends_no_check_in(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    call(house, reference)

    go(house, reference, "merge")

    assert owed(reference) == [30, 90]


def test_nobody_cancels_a_check_in_and_a_late_one_is_seen(
    house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.CLOSED, contact=CONTACT)
    [first, _] = followups.open_ones(complaint(reference), "check_in")

    seen = complaint(reference).version
    with pytest.raises(Refused) as refused:
        followups.cancel(house, reference, first.number, MAX, "No time.", seen=seen, now=day(31))
    page = sign_in(MAX).get(f"/cases/{reference}/follow-ups/{first.number}/cancel")

    assert [r.code for r in refused.value.refusals] == ["must_be_kept"]
    assert page.status_code == 404
    assert [(row.reference, row.is_late) for row in check_ins(ANN, now=day(31))] == [
        (reference, True),
        (reference, False),
    ]
    assert check_ins(BOB, now=day(31)) == []


def test_undoing_the_telling_takes_both_check_ins_back(house: House):
    reference = complaint_at(house, State.NOTIFIED, contact=CONTACT)

    undoing.undo(house, reference, ANN, reason="Not sent yet.", seen=complaint(reference).version, now=day(1))

    assert owed(reference) == []
    assert complaint(reference).state == State.DECIDED


def test_no_reprisal_and_nobody_reached_are_written_down_and_nothing_else_happens(house: House):
    reference = complaint_at(house, State.CLOSED, contact=CONTACT)

    answer(house, reference, "no_reprisal")
    answer(house, reference, "not_reached")

    assert owed(reference) == []
    assert checked(SYSTEM) == {"no_reprisal": 1, "not_reached": 1}
    assert len(complaint(reference).allegations) == 1
    assert leaks("visits were cancelled") == set()


def test_reprisal_is_an_allegation_of_its_own_while_nothing_is_decided(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    call(house, reference)

    told = answer(house, reference, "reprisal")

    case = complaint(reference)
    assert told == reference
    assert [a.code for a in case.allegations] == ["interpreter", "retaliation"][-len(case.allegations) :]
    assert case.allegations[-1].code == "retaliation"
    assert case.fears_reprisal
    assert "Retaliation was alleged: look at the tier" in [t.title for t in case.tasks if t.closed_at is None]


def test_reprisal_after_the_decision_is_a_complaint_of_its_own_that_can_be_answered(house: House):
    reference = received(house, contact=CONTACT)
    go(house, reference, "triage", protected=True)
    go(house, reference, "assign", "begin", "submit_report", "decide", "notify", "close")

    told = answer(house, reference, "reprisal")

    new = complaint(told)
    assert told != reference
    assert (new.state, new.suggested_tier, new.agency_id) == (
        State.RECEIVED,
        1,
        complaint(reference).agency_id,
    )
    assert [a.code for a in new.allegations] == ["retaliation"]
    assert sealed.contact_of(new, house.keyring) == CONTACT
    assert new.caused_by_id == complaint(reference).id
    assert new.is_protected
    assert complaint(reference).state == State.CLOSED
    assert owed(reference) == [90]


def test_whoever_is_recused_from_a_complaint_sees_nothing_of_the_reprisal_for_it(house: House):
    reference = complaint_at(house, State.CLOSED, contact=CONTACT)
    with transaction() as s:
        key = complaint(reference).id
        s.add(Recusal(case_id=key, person_id=RUTH.id, reason="relative", declared_by_id=MAX.id, at=MONDAY))

    told = answer(house, reference, "reprisal")

    with pytest.raises(NotThere):
        case_for(RUTH, told)
    assert case_for(RAY, told).reference == told
    assert complaint(told).events[-1].verb == "recuse"


def test_only_those_who_may_reach_the_complainant_write_it_down(house: House):
    reference = complaint_at(house, State.CLOSED, contact=CONTACT)

    for actor in (RUTH, RAY, MAX, LEO):
        with pytest.raises(Refused):
            answer(house, reference, "no_reprisal", actor)
    with pytest.raises(Refused):
        answer(house, reference, "rather not say")
    assert owed(reference) == [30, 90]


def test_the_page_leads_to_the_complaint_that_alleges_it(
    app, house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.CLOSED, contact=CONTACT)
    [first, _] = followups.open_ones(complaint(reference), "check_in")
    app.extensions["clock"].now = day(31)
    browser, page = sign_in(ANN), f"/complaints/{reference}/check-ins/{first.number}"
    seen = str(complaint(reference).version)

    empty = browser.send(page, {"seen": seen, "result": "reprisal", "words": ""})
    kept = browser.send(page, {"seen": seen, "result": "reprisal", "words": "The visits were cancelled."})
    listed = browser.get("/complaints/check-ins")

    session().expire_all()
    new = session().query(Complaint).filter(Complaint.caused_by_id.is_not(None)).one()
    assert empty.status_code == 422
    assert kept.location == f"/complaints/{new.reference}"
    assert "they suffered for it" in listed.text
