"""A mistake is put right openly: undone, superseded or moved, by whoever could have made it, both kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import ANN, MAX, MONA, MONDAY, RAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, received, waiting
from tests.inspections.walk import planned
from tests.pages import PageClient
from workflow.cases import corrections, undoing
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.cases.story import page
from workflow.cases.tasks import open_tasks
from workflow.cases.verify import verify
from workflow.complaints.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale

SignIn = Callable[[Actor], PageClient]


def undo(house: House, reference: str, actor: Actor, reason: str = "Taken on the wrong case"):
    seen = complaint(reference).version
    return undoing.undo(house, reference, actor, reason=reason, seen=seen, now=MONDAY)


def agree(house: House, reference: str, actor: Actor, verb: str = "void"):
    asked = waiting(reference, verb)
    seen = complaint(reference).version
    return corrections.agree(house, asked.id, actor, seen=seen, payload_hash=asked.payload_hash, now=MONDAY)


def codes(refused) -> list[str]:
    return [r.code for r in refused.value.refusals]


def test_undoing_a_step_brings_back_the_state_its_task_and_its_date(house: House):
    reference = complaint_at(house, State.ASSIGNED)
    [routing] = [t for t in complaint(reference).tasks if t.kind == State.TRIAGED]

    undo(house, reference, RUTH)

    case = complaint(reference)
    [again] = open_tasks(case, State.TRIAGED)
    assert case.state == State.TRIAGED
    assert (again.title, again.due_at) == (routing.title, routing.due_at)
    assert [e.verb for e in case.events][-2:] == ["assign", "void"]
    assert verify().breaks == ()


def test_an_undone_step_no_longer_moves_a_clock(house: House):
    reference = complaint_at(house, State.ON_HOLD)
    assert next(c for c in complaint(reference).clocks if c.name == "in_hand").paused_at

    undo(house, reference, MAX)

    assert next(c for c in complaint(reference).clocks if c.name == "in_hand").paused_at is None


def test_who_could_not_have_taken_a_step_does_not_undo_it(house: House):
    reference = complaint_at(house, State.DECIDED)

    with pytest.raises(Refused) as refused:
        undo(house, reference, RAY)

    assert codes(refused) == ["not_yours"]
    assert complaint(reference).state == State.DECIDED


def test_undoing_a_closing_changes_a_figure_and_takes_two(house: House):
    reference = complaint_at(house, State.CLOSED)
    closed = next(i for i in complaint(reference).intervals if i.state == State.CLOSED).entered_at

    done = undo(house, reference, MAX)
    with pytest.raises(Refused) as refused:
        agree(house, reference, MAX)
    assert codes(refused) == ["second"]
    assert done.awaits_second
    agree(house, reference, MONA)

    case = complaint(reference)
    assert (case.state, case.closed_at) == (State.NOTIFIED, None)
    assert next(i for i in case.intervals if i.state == State.CLOSED).entered_at == closed


def test_a_case_that_was_only_received_cannot_be_undone(house: House):
    reference = received(house)

    with pytest.raises(Refused) as refused:
        undo(house, reference, MAX)

    assert codes(refused) == ["nothing_to_undo"]


def test_a_stale_correction_changes_nothing(house: House):
    reference = complaint_at(house, State.ASSIGNED)

    with pytest.raises(Stale):
        undoing.undo(house, reference, RUTH, reason="x", seen=1, now=MONDAY)

    assert complaint(reference).state == State.ASSIGNED


def test_a_superseded_answer_is_kept_beside_the_right_one(house: House):
    reference = complaint_at(house, State.ASSIGNED)
    case = complaint(reference)
    version = next(e.version for e in case.events if e.verb == "assign")

    corrections.supersede(
        house,
        reference,
        RUTH,
        version=version,
        name="why",
        value="the least open work",
        reason="wrong words",
        seen=case.version,
        now=MONDAY,
    )

    event = complaint(reference).events[-1]
    assert (event.verb, event.codes) == ("supersede", {"of": version, "name": "why"})
    assert sorted(a.name for a in event.answers) == ["reason", "value"]
    assert verify().breaks == ()


def test_an_entry_is_moved_by_a_pointer_on_both_cases(house: House):
    wrong, right = received(house), received(house)
    version = next(e.version for e in complaint(wrong).events if e.verb == "allege")

    corrections.move_entry(
        house,
        wrong,
        ANN,
        version=version,
        to_reference=right,
        reason="meant for the other",
        seen=complaint(wrong).version,
        now=MONDAY,
    )

    assert complaint(wrong).events[-1].codes["to"] == right
    assert complaint(right).events[-1].codes["from"] == wrong


def test_an_entry_of_a_complaint_is_moved_to_no_case_of_another_kind(house: House):
    wrong, inspection = received(house), planned(house)

    with pytest.raises(Refused) as refused:
        corrections.move_entry(
            house,
            wrong,
            MAX,
            version=2,
            to_reference=inspection,
            reason="It is about the visit",
            seen=complaint(wrong).version,
            now=MONDAY,
        )

    assert codes(refused) == ["unmovable"]


def test_whoever_is_recused_from_one_of_two_cases_does_not_read_which_it_was(house: House):
    wrong, right = received(house), received(house)
    corrections.move_entry(
        house,
        wrong,
        MAX,
        version=2,
        to_reference=right,
        reason="Meant for the other",
        seen=complaint(wrong).version,
        now=MONDAY,
    )
    with transaction() as s:
        hidden = complaint(right).id
        s.add(
            Recusal(case_id=hidden, person_id=RUTH.id, declared_by_id=RUTH.id, reason="relative", at=MONDAY)
        )

    pages = {person: page(house, complaint(wrong), person, now=MONDAY) for person in (MAX, RUTH)}
    read = {person: {said for e in seen.entries for said in e.answers} for person, seen in pages.items()}

    assert ("To", right) in read[MAX]
    assert ("To", "another case") in read[RUTH]
    assert ("To", right) not in read[RUTH]


def test_supervision_learns_no_word_of_a_complaint_from_the_page_of_corrections(
    house: House, sign_in: SignIn
):
    reference = complaint_at(house, State.DECIDED)
    session().rollback()

    page = sign_in(SAM).get(f"/cases/{reference}/corrections/")

    assert page.status_code == 200
    assert "Reasons" not in page.text
    assert "The decision and its reasons" not in page.text


def test_what_waits_for_a_second_person_is_shown_to_who_can_confirm_it(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.CLOSED)
    undo(house, reference, MAX, reason="closed by the wrong hand")
    session().rollback()

    seen = {
        p.name: sign_in(p).get(f"/cases/{reference}/confirm/void").status_code for p in (MONA, MAX, RUTH, SAM)
    }

    assert seen == {MONA.name: 200, MAX.name: 200, RUTH.name: 404, SAM.name: 404}


def test_a_manager_undoes_a_step_on_the_page(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.ASSIGNED)
    session().rollback()
    browser = sign_in(MAX)
    page = browser.get(f"/cases/{reference}/corrections/")

    empty = browser.submit(page, {"undo-reason": ""}, to=f"/cases/{reference}/corrections/undo")
    done = browser.submit(page, {"undo-reason": "too early"}, to=f"/cases/{reference}/corrections/undo")

    assert (empty.status_code, done.status_code) == (422, 302)
    session().expire_all()
    assert complaint(reference).state == State.TRIAGED
