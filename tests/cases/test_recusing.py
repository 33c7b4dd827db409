"""Recusal always wins: declared, passed on, taken back by another; one narrow door that closes by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.cases.test_history import bare
from tests.cases.test_query_counts import cost
from tests.cast import ADA, ANN, AUDRA, CARL, LEO, MAX, MONA, MONDAY, PAM, PETE, RAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.conftest import Clock
from tests.pages import PageClient, hidden_fields
from workflow.cases import recusal_report, recusing
from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.models import Approval, Event, Task
from workflow.cases.perform import confirm, perform
from workflow.cases.recusals import LetIn, Recusal
from workflow.cases.story import pending
from workflow.cases.sweep import sweep
from workflow.cases.verify import verify
from workflow.cases.worklist import Wanted, worklist
from workflow.complaints import mailbox, service
from workflow.complaints.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import Refused, Stale
from workflow.people.models import PersonRole

SignIn = Callable[[Actor], PageClient]


def now_(actor: Actor, *, after: timedelta = timedelta()) -> Actor:
    """Somebody as they are known at a moment."""
    return replace(actor, at=MONDAY + after)


def recuse(house: House, reference: str, by: Actor, whom: Actor, reason: str = "other_interest") -> None:
    recusing.recuse(house, reference, by, whom.id, reason, seen=None, now=MONDAY)


def let_in(
    house: House, reference: str, whom: Actor, *, by: Actor = MAX, days: float = 5, why: str = "Nobody"
):
    seen = complaint(reference).version
    until = MONDAY + timedelta(days=days)
    recusing.let_in(house, reference, by, whom.id, why, until=until, seen=seen, now=MONDAY)


def open_tasks(reference: str) -> list[Task]:
    found = select(Task).where(Task.reference == reference, Task.closed_at.is_(None)).order_by(Task.number)
    return list(session().scalars(found))


def alone(house: House) -> str:
    """A complaint that waits for a reviewer, of whom there is only one, and who is recused."""
    reference = received(house)
    only_reviewer()
    recuse(house, reference, RUTH, RUTH)
    return reference


def only_reviewer() -> None:
    """Ray is a reviewer no more."""
    with transaction() as s:
        s.execute(update(PersonRole).where(PersonRole.person_id == RAY.id).values(ended_at=MONDAY))


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


# --- let in ---------------------------------------------------------------------------------------


def test_where_nobody_else_can_somebody_is_let_in_until_the_clock_says_no(house: House):
    reference = alone(house)

    let_in(house, reference, RUTH)

    assert case_for(now_(RUTH), reference).reference == reference
    assert case_for(now_(RUTH, after=timedelta(days=4, hours=23)), reference).reference == reference
    with pytest.raises(NotThere):
        case_for(now_(RUTH, after=timedelta(days=5)), reference)
    with pytest.raises(NotThere):
        case_for(RUTH, reference)  # for whom no moment is known


def test_who_was_let_in_can_take_the_step_and_a_day_later_cannot(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH, days=1)
    answers = {
        "tier": "3",
        "subject": "unknown",
        "recusal_checked": True,
        "duplicates_checked": True,
        "tier_reasons": "As it is.",
    }
    seen = complaint(reference).version
    later = timedelta(days=1, minutes=1)

    with pytest.raises(NotThere):
        perform(house, reference, "triage", now_(RUTH, after=later), answers, seen=seen, now=MONDAY + later)
    perform(house, reference, "triage", now_(RUTH), answers, seen=seen, now=MONDAY)

    assert complaint(reference).state == State.TRIAGED


def test_who_complained_stays_closed_to_who_was_let_in(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH)
    ruth, seen = now_(RUTH), complaint(reference).version

    with pytest.raises(Refused, match="not to learn who complained"):
        service.read_contact(house, reference, ruth, "ask", now=MONDAY)
    with pytest.raises(Refused, match="not to learn who complained"):
        service.change_contact(house, reference, ruth, {"reach": "me"}, seen=seen, now=MONDAY)
    with pytest.raises(Refused, match="not to learn who complained"):
        mailbox.mark_read(house, reference, ruth, seen=seen, now=MONDAY)

    assert mailbox.part_of(complaint(reference), ruth, house) is None


@pytest.mark.parametrize("reason", ["subject", "witness", "relative", "own_supervision"])
def test_nobody_is_let_in_to_a_case_about_themselves_or_theirs(house: House, reason: str):
    reference = received(house)
    only_reviewer()
    recuse(house, reference, RUTH, RUTH, reason)

    with pytest.raises(Refused, match="nobody is ever let in"):
        let_in(house, reference, RUTH)


def test_as_long_as_one_colleague_could_do_it_nobody_is_let_in(house: House):
    reference = received(house)
    recuse(house, reference, RUTH, RUTH)

    with pytest.raises(Refused, match="Recusal wins"):
        let_in(house, reference, RUTH)

    assert session().scalars(select(LetIn)).all() == []


def test_nobody_is_let_in_where_nothing_waits_for_them(house: House):
    reference = received(house)
    recuse(house, reference, MAX, LEO)

    with pytest.raises(Refused, match="Nothing of this case waits"):
        let_in(house, reference, LEO)


@pytest.mark.parametrize("days", [0, -1, 5.01, 400])
def test_a_door_is_open_for_five_days_at_most(house: House, days: float):
    reference = alone(house)

    with pytest.raises(Refused, match="At most 5 days"):
        let_in(house, reference, RUTH, days=days)


def test_a_door_needs_another_person_who_is_a_manager_and_a_reason(house: House):
    reference = alone(house)

    for by, why in ((ANN, "Nobody"), (MAX, "  ")):
        with pytest.raises(Refused):
            let_in(house, reference, RUTH, by=by, why=why)


def test_a_door_can_be_closed_before_its_time(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH)

    recusing.end_let_in(house, reference, MONA, RUTH.id, seen=complaint(reference).version, now=MONDAY)

    with pytest.raises(NotThere):
        case_for(now_(RUTH), reference)
    with pytest.raises(Refused):
        recusing.end_let_in(house, reference, MONA, RUTH.id, seen=complaint(reference).version, now=MONDAY)


def test_when_its_time_is_over_what_was_taken_through_a_door_goes_back(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH)
    with transaction() as s:
        s.execute(update(Task).where(Task.reference == reference).values(holder_id=RUTH.id, state="assigned"))

    for _ in range(2):
        sweep(house, now=MONDAY + timedelta(days=6))

    assert [t.holder_id for t in open_tasks(reference) if t.role == Role.REVIEWER] == [None]
    verbs = session().scalars(select(Event.verb).where(Event.verb == "end_let_in")).all()
    assert verbs == ["end_let_in"]
    assert verify().breaks == ()


def test_the_reason_for_a_door_lies_sealed(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH, why="Everybody else is at the funeral of Wren.")

    rows = session().execute(text("SELECT * FROM recusal_override")).all()
    assert "Wren" not in str(rows)
    assert "Wren" not in str([e.codes for e in session().scalars(select(Event))])


# --- pages ----------------------------------------------------------------------------------------


def test_on_the_pages_too_the_clock_closes_the_door(house: House, sign_in: SignIn, clock: Clock):
    reference = alone(house)
    let_in(house, reference, RUTH)
    session().rollback()

    before = sign_in(RUTH).get("/complaints").text
    clock.now = MONDAY + timedelta(days=5)
    after = sign_in(RUTH).get("/complaints").text

    assert (reference in before, reference in after) == (True, False)


def test_a_manager_recuses_lets_in_closes_and_takes_back_on_one_page(house: House, sign_in: SignIn):
    reference = received(house)
    only_reviewer()
    path = f"/cases/{reference}/recusals"
    browser = sign_in(MAX)
    said = {"person": str(RUTH.id)}

    browser.send(path, {**said, "reason": "other_interest"}, to=f"{path}/others")
    opened = {
        f"in-{k}": v
        for k, v in {**said, "until_on": "2026-01-08", "reason": "Nobody else.", "seen": "3"}.items()
    }
    opened["in-seen"] = str(complaint(reference).version)
    session().rollback()
    browser.send(path, opened, to=f"{path}/let-in")
    page = browser.get(path).text
    assert "Let in by Max Manager until" in page
    assert reference in sign_in(RUTH).get("/complaints").text
    for way in ("end", "withdraw"):
        seen = {"person": str(RUTH.id), "seen": str(complaint(reference).version)}
        session().rollback()
        token = {"csrf_token": hidden_fields(browser.get(path).text)["csrf_token"]}
        assert browser.post(f"{path}/{way}", data={**token, **seen}).status_code == 302, way

    assert "Withdrawn by Max Manager" in browser.get(path).text
    assert reference in sign_in(RUTH).get("/complaints").text


def test_the_list_says_who_and_why_and_how_many_and_nothing_of_what_one_must_not_see(
    house: House, sign_in: SignIn
):
    first, second = received(house), received(house)
    empty = sign_in(MAX).get("/recusals").text
    recuse(house, first, MAX, RUTH, "witness")
    recuse(house, second, MONA, MAX, "relative")
    session().rollback()

    max_, audra = sign_in(MAX).get("/recusals").text, sign_in(AUDRA).get("/recusals").text

    assert "No recusal is on record" in empty
    assert (first in max_, second in max_) == (True, False)
    assert (first in audra, second in audra) == (True, True)
    assert "Standing: 2." in audra
    for person in (ANN, RAY, SAM, ADA, CARL):
        assert sign_in(person).get("/recusals").status_code == 403, person.name


def test_the_list_costs_the_same_for_one_and_for_many(house: House, sign_in: SignIn):
    recuse(house, received(house), MAX, RUTH)
    session().rollback()
    browser = sign_in(AUDRA)

    one = cost(browser, "/recusals")
    for whom in (RUTH, RAY, ANN, LEO, SAM, PETE):
        recuse(house, received(house), MAX, whom)
    session().rollback()

    assert cost(browser, "/recusals") == one


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("new", {"reason": "because"}),
        ("new", {"reason": ""}),
        ("others", {"person": "999999", "reason": "witness"}),
        ("others", {"person": "1", "reason": "witness"}),
        ("others", {"person": "x", "reason": "witness"}),
        ("let-in", {"in-person": str(RUTH.id), "in-until_on": "2026-02-30", "in-reason": "x"}),
        ("let-in", {"in-person": str(RUTH.id), "in-until_on": "2027-01-01", "in-reason": "x"}),
        ("let-in", {"in-person": "0", "in-until_on": "2026-01-06", "in-reason": "x"}),
        ("withdraw", {"person": "9" * 40}),
        ("withdraw", {"person": "\u0661"}),
        ("end", {"person": "-1"}),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    house: House, sign_in: SignIn, path: str, answers: dict[str, str]
):
    reference = received(house)
    recuse(house, reference, MONA, RUTH)
    before = complaint(reference).version
    session().rollback()
    browser = sign_in(MAX)
    page = browser.get(f"/cases/{reference}/recusals")
    known = {**hidden_fields(page.text), "seen": str(before), "in-seen": str(before)}

    answer = browser.post(f"/cases/{reference}/recusals/{path}", data={**known, **answers})

    assert answer.status_code == 422
    assert complaint(reference).version == before


def test_a_page_that_is_old_is_shown_again(house: House, sign_in: SignIn):
    reference = received(house)
    browser = sign_in(RUTH)

    answer = browser.send(f"/cases/{reference}/recusals/new", {"reason": "witness", "seen": "0"})

    assert answer.status_code == 409
    assert session().scalars(select(Recusal)).all() == []


def test_the_rows_of_a_case_are_read_at_once(house: House):
    reference = received(house)
    for whom in (RUTH, RAY):
        recuse(house, reference, MAX, whom)

    rows = recusal_report.of_case(complaint(reference), now=MONDAY)

    assert {(r.person, r.is_own, r.until) for r in rows} == {
        (RUTH.name, False, None),
        (RAY.name, False, None),
    }


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
