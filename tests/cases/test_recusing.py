"""Recusal always wins: declared, derived, passed on so that nothing stalls, taken back by another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.cases.recused import alone, let_in, open_tasks, recuse
from tests.cases.test_history import bare
from tests.cast import ANN, CARL, MAX, MONA, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.pages import PageClient
from workflow.cases import recusing
from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.models import Approval, Event
from workflow.cases.perform import confirm, perform
from workflow.cases.recusals import Recusal
from workflow.cases.story import pending
from workflow.cases.verify import verify
from workflow.cases.worklist import Wanted, worklist
from workflow.complaints.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import Refused, Stale

SignIn = Callable[[Actor], PageClient]


# --- declared -------------------------------------------------------------------------------------


def test_who_recuses_themselves_sees_the_case_nowhere_any_more(house: House, sign_in: SignIn):
    reference = received(house)
    browser = sign_in(RUTH)

    answer = browser.send(f"/cases/{reference}/recusals/new", {"reason": "relative"})

    assert answer.status_code == 302
    for path in ("/queue", "/complaints", f"/search?q={reference}", "/triage"):
        main = browser.get(path, follow_redirects=True).text.split("<main", 1)[1]
        assert f"/{reference}" not in main, path
    for path in ("", "/contact", "/told", "/read-back", "/notice"):
        assert browser.get(f"/complaints/{reference}{path}").status_code == 404, path
    for path in ("", "/triage", "/recusals/new", "/documents/new", "/corrections/"):
        assert browser.get(f"/cases/{reference}{path}").status_code == 404, path


def test_a_manager_says_it_of_somebody_and_nobody_else_does(house: House):
    reference = received(house)

    with pytest.raises(Refused):
        recuse(house, reference, ANN, RUTH)
    with pytest.raises(Refused):
        recuse(house, reference, MAX, CARL)
    recuse(house, reference, MAX, RUTH)

    with pytest.raises(NotThere):
        case_for(RUTH, reference)


def test_saying_it_twice_is_one_recusal(house: House):
    reference = received(house)

    recuse(house, reference, MAX, RUTH)
    recuse(house, reference, MAX, RUTH, "witness")

    assert [r.reason for r in session().scalars(select(Recusal))] == ["other_interest"]


def test_the_history_says_who_and_stays_whole(house: House):
    reference = received(house)

    recuse(house, reference, MAX, RUTH, "witness")

    event = session().scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.verb, event.codes) == ("recuse", {"person": RUTH.id, "why": "witness"})
    assert verify().breaks == ()


# --- derived --------------------------------------------------------------------------------------


def test_whoever_investigated_is_recused_once_the_decision_is_appealed(house: House):
    reference = complaint_at(house, State.APPEALED)

    rows = {(r.person_id, r.reason, r.declared_by_id) for r in session().scalars(select(Recusal))}

    assert rows == {(RAY.id, "investigated_before", SYSTEM.id)}
    with pytest.raises(NotThere):
        case_for(RAY, reference)
    assert complaint(reference).owner_id is None
    assert verify().breaks == ()


def test_a_supervisor_whose_own_supervision_is_questioned_is_let_in_by_nobody(house: House):
    reference = received(house)
    with transaction():
        complaint(reference).supervised_by_id = SAM.id
    recuse(house, reference, MAX, SAM, "other_interest")

    with pytest.raises(Refused, match="nobody is ever let in"):
        let_in(house, reference, SAM)


# --- nothing stalls -------------------------------------------------------------------------------


def test_what_the_investigator_had_goes_back_and_a_manager_is_asked_to_give_it_to_somebody(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    due = next(t.due_at for t in open_tasks(reference) if t.kind == State.INVESTIGATING)

    recuse(house, reference, MAX, RAY)

    tasks = {t.title: t for t in open_tasks(reference)}
    assert complaint(reference).owner_id is None
    assert (tasks["Report"].holder_id, tasks["Report"].due_at) == (None, due)
    asked = tasks["Give this to somebody else"]
    assert (asked.role, asked.verb) == (Role.MANAGER, "reassign")
    go(house, reference, "reassign", investigator=RUTH.id)
    assert complaint(reference).owner_id == RUTH.id


def test_the_recused_are_not_offered_and_not_taken_as_investigators(house: House):
    reference = complaint_at(house, State.TRIAGED)
    recuse(house, reference, MAX, RAY)

    with pytest.raises(Refused) as refused:
        go(house, reference, "assign")

    assert "not_recused_investigator" in {r.code for r in refused.value.refusals}


def test_where_nobody_is_left_headquarters_is_told(house: House):
    reference = alone(house)

    asked = [t for t in open_tasks(reference) if t.role == Role.PROGRAMME_MANAGER]

    assert [t.title for t in asked] == [recusing.NOBODY_LEFT]
    assert reference in {row.reference for row in worklist(PAM, Wanted(), now=MONDAY).rows}


def test_what_a_recused_manager_asked_for_is_confirmed_by_nobody(house: House):
    reference = received(house)
    answers = {"closing_reason": "administrative", "reason": "Sent by mistake."}
    seen = complaint(reference).version
    perform(house, reference, "close_without_finding", MAX, answers, seen=seen, now=MONDAY)
    approval = pending(complaint(reference), "close_without_finding")
    assert approval is not None
    hashed = approval.payload_hash

    recuse(house, reference, MONA, MAX)

    assert session().get_one(Approval, approval.id).outcome == "lapsed"
    assert [t.title for t in open_tasks(reference) if t.approval_id] == []
    with pytest.raises(Stale):
        confirm(house, approval.id, MONA, seen=complaint(reference).version, payload_hash=hashed, now=MONDAY)
    assert complaint(reference).state == State.RECEIVED


# --- taken back -----------------------------------------------------------------------------------


def test_another_manager_takes_it_back_and_both_stay_on_record(house: House):
    reference = received(house)
    recuse(house, reference, MAX, RUTH)

    recusing.withdraw(house, reference, MONA, RUTH.id, seen=complaint(reference).version, now=MONDAY)

    assert case_for(RUTH, reference).reference == reference
    [row] = session().scalars(select(Recusal)).all()
    assert (row.withdrawn_by_id, row.reason) == (MONA.id, "other_interest")
    session().rollback()
    recuse(house, reference, MAX, RUTH)
    assert len(session().scalars(select(Recusal)).all()) == 2
    with pytest.raises(NotThere):
        case_for(RUTH, reference)


def test_nobody_takes_back_their_own_or_without_being_a_manager(house: House):
    reference = received(house)
    recuse(house, reference, MAX, RUTH)
    seen = complaint(reference).version
    recuse(house, reference, MONA, MAX)

    with pytest.raises(NotThere):
        recusing.withdraw(house, reference, MAX, MAX.id, seen=seen + 1, now=MONDAY)
    with pytest.raises(Refused):
        recusing.withdraw(house, reference, ANN, RUTH.id, seen=seen + 1, now=MONDAY)


def test_the_database_wants_two_people_and_keeps_every_row(house: House):
    reference = received(house)
    recuse(house, reference, MAX, RUTH)

    for statement in (
        f"UPDATE recusal SET withdrawn_at = '2026-01-05 15:00:00', withdrawn_by_id = {RUTH.id}",
        "UPDATE recusal SET reason = 'witness'",
        f"UPDATE recusal SET person_id = {RAY.id}",
        "DELETE FROM recusal",
    ):
        with pytest.raises(DBAPIError):
            bare(statement)
