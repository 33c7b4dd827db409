"""A page that is older than the case: nothing is saved, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import MAX, MONA, MONDAY, RAY, RUTH
from tests.complaints.walk import complaint, complaint_at, go, received, waiting
from tests.pages import PageClient, hidden_fields
from workflow.cases import corrections, undoing
from workflow.cases.kinds import House
from workflow.cases.task_moves import move
from workflow.complaints.facts import State
from workflow.engine.actors import Actor
from workflow.web.forms import OUTDATED

SignIn = Callable[[Actor], PageClient]


def do(house: House, actor: Actor, reference: str, verb: str, **answers: object) -> None:
    """Move the first task of a complaint."""
    task = complaint(reference).tasks[0]
    move(house, actor, reference, task.number, verb, answers, seen=task.move_count, now=MONDAY)


def test_a_correction_keeps_its_reason(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.ASSIGNED)
    browser = sign_in(RUTH)
    page = browser.get(f"/cases/{reference}/corrections/")
    go(house, reference, "acknowledge")
    address = f"/cases/{reference}/corrections/undo"

    answer = browser.submit(page, {"undo-reason": "The wrong case."}, to=address)

    assert answer.status_code == 409
    assert OUTDATED in answer.text
    assert "The wrong case." in answer.text
    assert complaint(reference).state == State.ASSIGNED


def test_declining_what_was_answered_meanwhile_keeps_the_reason(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.CLOSED)
    undoing.undo(house, reference, MAX, reason="Too early", seen=complaint(reference).version, now=MONDAY)
    asked = waiting(reference, "void")
    mona = sign_in(MONA)
    address = f"/cases/{reference}/confirm/void"
    page = mona.get(address)
    assert page.status_code == 200
    seen = complaint(reference).version
    corrections.agree(house, asked.id, MONA, seen=seen, payload_hash=asked.payload_hash, now=MONDAY)

    answer = mona.submit(page, {"decline": "yes", "reason": "It can be found out."}, to=address)

    assert answer.status_code == 409
    assert "It can be found out." in answer.text


def test_a_proposal_that_still_waits_is_shown_again_with_the_reason(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.CLOSED)
    undoing.undo(house, reference, MAX, reason="Too early", seen=complaint(reference).version, now=MONDAY)
    mona = sign_in(MONA)
    address = f"/cases/{reference}/confirm/void"
    page = mona.get(address)
    old = {**hidden_fields(page.text), "seen": "1"}

    answer = mona.post(address, data={**old, "decline": "yes", "reason": "Typed at length."})

    assert answer.status_code == 409
    assert OUTDATED in answer.text
    assert "Typed at length." in answer.text
    assert mona.submit(answer, {"decline": "yes", "reason": "No."}, to=address).status_code == 302


@pytest.mark.parametrize("quicker", [RUTH, MAX])
def test_a_move_of_a_task_keeps_its_reason(sign_in: SignIn, house: House, quicker: Actor):
    """Both where the task is claimed anew meanwhile and where a manager has given it to somebody else."""
    reference = received(house)
    do(house, RUTH, reference, "claim")
    ruth = sign_in(RUTH)
    address = f"/cases/{reference}/tasks/1/give_back"
    page = ruth.get(address)
    assert page.status_code == 200
    if quicker == MAX:
        do(house, MAX, reference, "hand_over", holder=RAY.id, reason="Away")
    else:
        do(house, RUTH, reference, "begin")

    answer = ruth.submit(page, {"reason": "Typed at length."}, to=address)

    assert answer.status_code == 409
    assert "Somebody else was quicker" in answer.text
    assert "Typed at length." in answer.text
