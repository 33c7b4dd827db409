"""Sixteen plots to make a complaint disappear, as an insider might try them; each fails or leaves a mark."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.cast import ADA, ALDER, ANN, AUDRA, BIRCH, MAX, MONA, MONDAY, RAY, RUTH
from tests.complaints.door import tell
from tests.complaints.walk import (
    PEPPER,
    ask,
    complaint,
    complaint_at,
    dispose,
    go,
    imported,
    propose,
    received,
    waiting,
)
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock, Event, Task
from workflow.cases.perform import confirm, perform
from workflow.cases.undoing import undo
from workflow.cases.verify import verify
from workflow.complaints import floods
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.complaints.service import Told, name_agency, receive
from workflow.complaints.triage_list import Wanted, how_many_and_apart
from workflow.db.session import db, session
from workflow.engine.actors import PUBLIC, SYSTEM, Actor
from workflow.engine.machine import Refused, Stale
from workflow.figures.closure_times import closure_times
from workflow.people.service import switch_off
from workflow.web.limits import REPORTS

SignIn = Callable[[Actor], PageClient]


def due(reference: str, clock: str = "resolve") -> object:
    """When a clock of a complaint runs out."""
    found = select(Clock.due_at).join(Case, Case.id == Clock.case_id)
    return session().scalar(found.where(Case.reference == reference, Clock.name == clock))


def refused_codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code for r in refused.value.refusals}


def open_work(reference: str) -> list[Task]:
    return list(session().scalars(select(Task).where(Task.reference == reference, Task.closed_at.is_(None))))


# --- make it vanish -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["case_file", "complaint", "allegation", "case_event"])
def test_an_insider_with_a_database_console_deletes_it_and_the_database_refuses(house: House, table: str):
    complaint_at(house, State.TRIAGED)
    session().rollback()

    with db.engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(f"DELETE FROM {table}"))


def test_somebody_past_the_triggers_sets_it_closed_and_the_proof_of_history_names_it(house: House):
    reference = complaint_at(house, State.TRIAGED)
    session().rollback()
    with db.engine.connect() as connection:
        connection.execute(
            text("UPDATE case_file SET state = 'closed' WHERE reference = :r"), {"r": reference}
        )
        connection.commit()

    assert reference in {b.reference for b in verify().breaks}


def test_a_forged_address_closes_a_complaint_that_was_only_received_and_nothing_happens(
    sign_in: SignIn, house: House
):
    reference = received(house)

    answer = sign_in(RUTH).send(
        f"/complaints/{reference}/allegations/new", {}, to=f"/cases/{reference}/close"
    )

    assert answer.status_code in (409, 422)
    assert complaint(reference).state == State.RECEIVED


# --- close it quietly -----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["close_without_finding", "reject_no_jurisdiction"])
def test_one_person_alone_closes_it_without_a_finding_and_it_only_waits_for_another(house: House, verb: str):
    reference = complaint_at(house, State.TRIAGED)

    done = ask(house, reference, verb)

    assert done.awaits_second
    assert complaint(reference).state == State.TRIAGED


def test_who_asked_for_the_closing_confirms_it_too_and_is_refused(house: House):
    reference = complaint_at(house, State.TRIAGED)
    ask(house, reference, "close_without_finding", by=MAX)
    approval = waiting(reference, "close_without_finding")

    with pytest.raises(Refused):
        confirm(
            house,
            approval.id,
            MAX,
            seen=complaint(reference).version,
            payload_hash=approval.payload_hash,
            now=MONDAY,
        )

    assert complaint(reference).state == State.TRIAGED


def test_the_second_person_is_shown_one_reason_and_another_one_is_slipped_in(house: House):
    reference = complaint_at(house, State.TRIAGED)
    ask(house, reference, "close_without_finding", by=MAX)
    approval = waiting(reference, "close_without_finding")

    with pytest.raises(Stale):
        confirm(
            house,
            approval.id,
            MONA,
            seen=complaint(reference).version,
            payload_hash=b"\0" * 32,
            now=MONDAY,
        )

    assert complaint(reference).state == State.TRIAGED


def test_the_investigator_decides_over_the_own_report_and_is_refused(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    propose(house, reference)
    go(house, reference, "submit_report")

    with pytest.raises(Refused) as refused:
        dispose(house, reference, by=RAY)

    assert refused_codes(refused) & {"role", "investigator"}


def test_a_grave_complaint_is_made_a_trifle_by_one_person_and_stays_grave(house: House):
    reference = received(house, allegations=("force",))
    go(house, reference, "triage", tier="1")

    done = ask(house, reference, "reclassify", tier="4")

    assert done.awaits_second
    assert complaint(reference).tier == 1


def test_it_is_said_to_be_withdrawn_while_the_complainant_knows_nothing(house: House):
    reference = received(house, allegations=("force",))
    go(house, reference, "triage", tier="2")

    done = ask(house, reference, "withdraw", by=ANN)

    assert done.awaits_second
    assert complaint(reference).state == State.TRIAGED


# --- stall it -------------------------------------------------------------------------------------


def test_it_is_passed_to_and_fro_to_win_time_and_the_date_stays(house: House):
    reference = complaint_at(house, State.ASSIGNED)
    before = due(reference)

    for number, investigator in enumerate((RUTH, RAY, RUTH, RAY), start=1):
        ask(
            house,
            reference,
            "reassign",
            investigator=investigator.id,
            now=MONDAY + timedelta(days=10 * number),
        )

    assert due(reference) == before
    assert complaint(reference).received_at == MONDAY


def test_it_is_extended_without_end_and_the_third_time_is_refused(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    go(house, reference, "extend", "extend")

    with pytest.raises(Refused) as refused:
        ask(house, reference, "extend")

    assert any("twice" in r.text for r in refused.value.refusals)
    [clock] = [c for c in complaint(reference).clocks if c.name == "resolve"]
    assert clock.due_at is not None
    assert clock.original_due_at is not None
    assert clock.original_due_at < clock.due_at


def test_it_is_put_on_hold_for_ever_and_the_hold_comes_up_for_review(house: House):
    reference = complaint_at(house, State.ON_HOLD)
    later = MONDAY + timedelta(days=31)

    [task] = [t for t in open_work(reference) if t.kind == State.ON_HOLD]

    assert task.due_at is not None
    assert task.due_at < later
    assert due(reference) is not None


# --- hide it --------------------------------------------------------------------------------------


def test_it_is_merged_into_one_that_ended_with_nothing_and_that_is_refused(house: House):
    empty = complaint_at(house, State.TRIAGED)
    go(house, empty, "close_without_finding", "notify", "close")
    reference = complaint_at(house, State.TRIAGED, now=MONDAY + timedelta(days=1))
    case = complaint(reference)

    with pytest.raises(Refused) as refused:
        perform(
            house,
            reference,
            "merge",
            RUTH,
            {"parent": empty, "reason": "The same."},
            seen=case.version,
            now=MONDAY + timedelta(days=1),
        )

    assert [r.field for r in refused.value.refusals] == ["parent"]


def test_the_agency_floods_the_door_to_hide_one_complaint_and_it_stands_alone_in_triage(
    sign_in: SignIn, client: PageClient, house: House
):
    for n in range(REPORTS.free + 20):
        look = floods.look("192.0.2.0/24", "192.0.0.0/16", f"Nothing happened, {n}.", now=MONDAY)
        said = Told(channel="web", words={"narrative": f"Nothing happened, {n}."}, apart=look.why)
        receive(house, said, PUBLIC, pepper=PEPPER, form_key=f"flood {n}", now=MONDAY)
    session().rollback()
    real, _ = tell(client, narrative="They broke his arm.", reprisal="yes")

    triage = sign_in(RUTH).get("/complaints/triage").text

    assert how_many_and_apart(RUTH, Wanted()) == (REPORTS.free + 1, 20)
    first = re.search(r'class="reference quiet">(C-[^<]+)<', triage)
    assert first
    assert first[1] == real  # the most urgent first, whenever it came
    assert "20 came in a flood and are set apart" in triage
    assert session().scalar(select(func.count()).select_from(Complaint)) == REPORTS.free + 21


def test_the_agency_is_taken_away_so_that_no_office_sees_it_and_triage_still_does(house: House):
    reference = received(house, agency_id=ALDER)

    name_agency(house, reference, RUTH, None, seen=complaint(reference).version, now=MONDAY)

    [task] = open_work(reference)
    assert (task.office_id, task.role, task.kind) == (None, "reviewer", State.RECEIVED)
    assert complaint(reference).version == 3


def test_an_import_that_was_worked_on_is_voided_to_lose_what_was_found(house: House):
    reference = imported(house, "triaged")
    go(house, reference, "assign")
    case = complaint(reference)

    with pytest.raises(Refused):
        perform(
            house,
            reference,
            "void_import",
            SYSTEM,
            {"reason": "A mistake."},
            seen=case.version,
            now=MONDAY,
        )

    assert complaint(reference).state == State.ASSIGNED


def test_its_investigator_is_switched_off_and_the_work_is_not_lost_with_the_account(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    switch_off(RAY.id, successor_id=None, by=ADA, now=MONDAY)

    [task] = [t for t in open_work(reference) if t.kind == State.INVESTIGATING]
    assert task.holder_id != RAY.id


# --- make it look better than it is -----------------------------------------------------------------


def test_a_step_taken_late_is_dated_back_to_look_in_time_and_another_has_to_agree(house: House):
    reference = received(house)
    late = MONDAY + timedelta(days=30)
    case = complaint(reference)

    done = perform(
        house,
        reference,
        "acknowledge",
        ANN,
        {"letter": "We have it."},
        seen=case.version,
        now=late,
        occurred_at=MONDAY + timedelta(days=1),
        late_reason="I forgot to write it down.",
    )

    assert done.awaits_second


def test_hard_ones_are_left_open_so_that_the_average_of_the_closed_looks_well(app: Flask, house: House):
    quick = complaint_at(house, State.TRIAGED)
    go(house, quick, "close_without_finding", "notify", "close", now=MONDAY + timedelta(days=2))
    for _ in range(3):
        complaint_at(house, State.TRIAGED, agency_id=BIRCH)
    as_of = MONDAY + timedelta(days=200)

    [group] = closure_times(AUDRA, "complaint", as_of=as_of.date())

    assert (group.curve.n, group.curve.open) == (4, 3)
    assert group.curve.median is None
    assert group.closed_only_median == 2


def test_what_was_done_is_undone_and_the_undoing_itself_stays_in_the_history(house: House):
    reference = complaint_at(house, State.TRIAGED)

    undo(
        house,
        reference,
        RUTH,
        reason="It never happened.",
        seen=complaint(reference).version,
        now=MONDAY,
    )

    verbs = select(Event.verb).join(Case, Case.id == Event.case_id).where(Case.reference == reference)
    history = list(session().scalars(verbs.order_by(Event.version)))
    assert history[-2:] == ["triage", "void"]
    assert complaint(reference).state == State.RECEIVED
    assert [t.kind for t in open_work(reference)] == [State.RECEIVED]
