"""Inspections for cause are proposed by what happened, once for each cause, and never ordered by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.cast import BOB, IRIS, MAX, MONDAY, PAM, PETE, SAM
from tests.complaints.walk import complaint_at
from tests.complaints.walk import go as complain
from tests.inspections.walk import agreement, corrections, find, go, inspection, inspection_at
from tests.inspections.walk import for_cause as opened_for_cause
from tests.pages import PageClient
from workflow.cases import for_cause
from workflow.cases.access import NotThere, case_for
from workflow.cases.for_cause import Proposal, proposals
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.cases.sweep import sweep
from workflow.cases.undoing import undo
from workflow.cases.verify import verify
from workflow.complaints.facts import State as Complaints
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.machine import Refused, Stale
from workflow.inspections.facts import State
from workflow.inspections.for_cause import accept, decline
from workflow.inspections.models import Inspection
from workflow.register.models import Agreement


def waiting(house: House) -> list[Proposal]:
    return proposals(house, MAX, is_open=True)


def refused_access(house: House) -> Proposal:
    """A routine inspection at whose door nobody was let in."""
    reference = inspection_at(house, State.NOTIFIED)
    go(house, reference, "record_attempt", attempt="access_refused")
    [found] = waiting(house)
    return found


def sustained(house: House) -> str:
    """A complaint of tier 2 about an agency with an agreement, sustained."""
    agreement(house)
    reference = complaint_at(house, Complaints.RECEIVED, allegations=("force",))
    complain(house, reference, "triage", tier="2")
    complain(house, reference, "assign", "begin", "submit_report", "decide")
    return reference


def seen(reference: str) -> int:
    return case_for(SYSTEM, reference).version


def life_goes(house: House, verb: str, **answers: object) -> None:
    """A step of the agreement's life, confirmed by another programme manager."""
    reference = session().get_one(Agreement, agreement(house)).reference
    done = perform(house, reference, verb, PAM, answers, seen=seen(reference), now=MONDAY)
    if done.awaits_second:
        life = case_for(SYSTEM, reference)
        approval = pending(life, verb)
        assert approval is not None
        how = {"seen": life.version, "payload_hash": approval.payload_hash, "now": MONDAY}
        confirm(house, approval.id, PETE, **how)  # type: ignore[arg-type]


SUSPENDED = {
    "reasons": "A breach.",
    "from_on": date(2026, 1, 5),
    "until_on": date(2026, 3, 5),
    "how_to_answer": "In writing.",
    "exigent": True,
}

# --- what gives cause ---------------------------------------------------------------------------


def test_refused_access_proposes_once_and_again_only_once_that_is_decided(house: House):
    found = refused_access(house)
    assert found.sentence == (
        f"Access was refused at inspection {found.reference}; that was recorded on 5 January 2026."
    )
    go(house, found.reference, "record_attempt", attempt="nobody_present")
    go(house, found.reference, "record_attempt", attempt="access_refused")
    assert len(waiting(house)) == 1

    decline(house, found.reference, found.number, MAX, "A flood.", seen=seen(found.reference), now=MONDAY)
    go(house, found.reference, "record_attempt", attempt="access_refused")

    assert len(waiting(house)) == 1
    assert len(proposals(house, MAX)) == 2


def test_an_inspection_for_cause_that_is_refused_proposes_no_other(house: House):
    reference = opened_for_cause(house)
    go(house, reference, "schedule")

    go(house, reference, "record_attempt", attempt="access_refused")

    assert waiting(house) == []


def test_two_repeat_deficiencies_propose_once_and_one_does_not(house: House):
    earlier = opened_for_cause(house)
    go(house, earlier, "schedule", "begin")
    for item in ("G1", "D1", "H1"):
        find(house, earlier, item, "major")
    go(house, earlier, "complete_fieldwork")
    reference = inspection_at(house, State.IN_PROGRESS)

    # A major repeat is critical, and cited at once.
    find(house, reference, "G1", "major")
    assert waiting(house) == []
    find(house, reference, "D1", "major")
    find(house, reference, "H1", "major")

    [found] = waiting(house)
    assert (found.cause, found.reference) == ("repeat_deficiencies", reference)
    assert "found before were found again" in found.sentence


def test_a_correction_late_by_the_span_of_the_policy_proposes_once(
    house: House,
):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major",))
    [correction] = corrections(reference)
    due = next(clock.original_due_at for clock in correction.clocks if clock.name == "correct")
    assert due is not None

    sweep(house, now=due + timedelta(days=29))
    assert waiting(house) == []
    sweep(house, now=due + timedelta(days=32))
    sweep(house, now=due + timedelta(days=40))

    [found] = waiting(house)
    assert (found.cause, found.reference) == ("late_correction", correction.reference)
    assert "more time that was given does not count" in found.sentence


def test_a_late_correction_waits_while_the_agreement_is_suspended(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major",))
    [correction] = corrections(reference)
    life_goes(house, "suspend", **SUSPENDED)

    sweep(house, now=MONDAY + timedelta(days=200))
    assert waiting(house) == []
    life_goes(house, "vacate", reasons="It answered.")
    sweep(house, now=MONDAY + timedelta(days=200))

    assert [row.reference for row in waiting(house)] == [correction.reference]


def test_the_sentence_after_a_complaint_names_neither_the_complaint_nor_who_complained(house: House):
    sustained(house)

    [found] = waiting(house)

    assert found.sentence == (
        "On 5 January 2026 an allegation of tier 1 or 2 concerning this agreement was sustained."
    )
    # Whoever is no manager, and a manager of another office, learns nothing.
    assert proposals(house, SAM) == proposals(house, IRIS) == proposals(house, BOB) == []


def test_undoing_the_decision_takes_the_proposal_back_and_the_next_one_makes_it_again(house: House):
    reference = sustained(house)

    undo(house, reference, MAX, reason="A wrong file.", seen=seen(reference), now=MONDAY)
    [gone] = proposals(house, MAX)
    complain(house, reference, "decide")

    assert (gone.is_open, gone.result) == (False, "undone")
    assert len(waiting(house)) == 1


# --- deciding -----------------------------------------------------------------------------------


def test_accepting_opens_the_inspection_and_ends_the_proposal_together(house: House):
    found = refused_access(house)
    given = (house, found.reference, found.number, MAX, "Nobody was let in.")

    opened = accept(*given, seen=seen(found.reference), now=MONDAY)

    assert (opened.kind_of, opened.trigger, opened.state) == ("for_cause", "access_refused", "planned")
    assert opened.events[0].cause is case_for(SYSTEM, found.reference).events[-1]
    [decided] = proposals(house, MAX)
    assert (decided.result, decided.reasons) == ("inspection_opened", "Nobody was let in.")
    with pytest.raises(Stale):
        accept(*given, seen=seen(found.reference), now=MONDAY)
    assert not verify().breaks


def test_declining_keeps_the_reasons_and_opens_nothing(house: House):
    found = refused_access(house)
    given = (house, found.reference, found.number)

    with pytest.raises(Refused):
        decline(*given, MAX, " ", seen=seen(found.reference), now=MONDAY)
    with pytest.raises(NotThere):
        decline(*given, SAM, "No need.", seen=seen(found.reference), now=MONDAY)
    decline(*given, MAX, "The captain was ill.", seen=seen(found.reference), now=MONDAY)

    [decided] = proposals(house, MAX)
    assert (decided.result, decided.reasons) == ("not_inspected", "The captain was ill.")
    assert decided.decided_by == MAX.name
    assert len(session().scalars(select(Inspection)).all()) == 1


def test_under_a_suspended_agreement_it_cannot_be_opened_and_the_proposal_stays(house: House):
    found = refused_access(house)
    life_goes(house, "suspend", **SUSPENDED)
    given = (house, found.reference, found.number, MAX, "Nobody was let in.")

    with pytest.raises(Refused):
        accept(*given, seen=seen(found.reference), now=MONDAY)
    assert len(waiting(house)) == 1
    life_goes(house, "vacate", reasons="It answered.")
    accept(*given, seen=seen(found.reference), now=MONDAY)

    assert waiting(house) == []


def test_the_end_of_the_agreement_ends_what_is_proposed(house: House):
    refused_access(house)
    ends = date(2026, 4, 10)
    life_goes(
        house,
        "give_notice",
        given_by="office",
        reasons="Both agree.",
        effective_on=ends,
        published_on=date(2026, 1, 5),
    )

    sweep(house, now=MONDAY + timedelta(days=100))

    assert [row.result for row in proposals(house, MAX)] == [for_cause.OVER]


def test_a_manager_decides_on_the_page_and_nothing_typed_is_lost(house: House, sign_in):
    found = refused_access(house)
    browser: PageClient = sign_in(MAX)
    address = f"/inspections/causes/{found.reference}/{found.number}"

    assert found.sentence in browser.get("/inspections/causes").text
    assert found.sentence in browser.get(f"/agreements/{found.agreement}").text
    assert "1 inspection for cause is proposed" in browser.get("/planning").text
    again = browser.send(address, {"words": "The captain was ill."})
    assert again.status_code == 422
    assert "The captain was ill." in again.text
    done = browser.submit(again, {"decision": "not", "words": "The captain was ill."}, to=address)

    assert done.status_code == 302
    assert "The captain was ill." in browser.get("/inspections/causes").text
    assert inspection(found.reference).state == "notified"
    supervisor = sign_in(SAM)
    assert supervisor.get(address).status_code == 403
    assert found.sentence not in supervisor.get(f"/agreements/{found.agreement}").text
