"""The earliest receipt rules a group: in triage and in the queue; and a group is answered from its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from tests.cast import ANN, MAX, MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, go, propose, received
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.cases.worklist import Wanted as WantedWork
from workflow.cases.worklist import counts, worklist
from workflow.complaints import groups
from workflow.complaints.facts import State
from workflow.complaints.triage_list import Wanted, place_of, rows
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.figures.standing import standing
from workflow.messages.models import Outbox

SignIn = Callable[[Actor], PageClient]
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


def join(house: House, reference: str, into: int | None = None) -> int:
    seen = complaint(reference).version
    groups.join(house, reference, RUTH, into, "The same letter.", seen=seen, now=FRIDAY)
    found = complaint(reference).group_id
    assert found is not None
    return found


def leave(house: House, reference: str) -> None:
    groups.leave(house, reference, RUTH, "Another day.", seen=complaint(reference).version, now=FRIDAY)


def in_triage() -> list[str]:
    return [row.complaint.reference for row in rows(RUTH, Wanted(), now=FRIDAY).rows]


def queued() -> list[str]:
    return [item.reference for item in worklist(RUTH, WantedWork(), now=FRIDAY).rows]


def work(reference: str) -> Task:
    found = select(Task).where(Task.reference == reference, Task.closed_at.is_(None))
    return session().scalars(found).one()


def test_a_late_letter_of_an_early_group_stands_before_what_came_between(house: House):
    early, between, late = received(house), received(house, now=TUESDAY), received(house, now=FRIDAY)
    assert in_triage() == queued() == [early, between, late]
    due = work(late).due_at

    join(house, late, join(house, early))

    assert in_triage() == queued() == [early, late, between]
    assert (work(late).due_at, work(late).original_due_at) == (due, due)
    assert complaint(late).received_at == FRIDAY
    assert place_of(complaint(late))[1] == MONDAY


def test_an_earlier_one_that_joins_later_moves_those_that_are_there(house: House):
    early, between, late = received(house), received(house, now=TUESDAY), received(house, now=FRIDAY)

    join(house, early, join(house, late))

    assert in_triage() == queued() == [early, late, between]


def test_who_leaves_stands_where_they_stood_and_so_do_those_left_behind(house: House):
    early, between, late = received(house), received(house, now=TUESDAY), received(house, now=FRIDAY)
    join(house, late, join(house, early))

    leave(house, early)

    assert in_triage() == queued() == [early, between, late]
    assert {complaint(r).counts_from for r in (early, late)} == {MONDAY, FRIDAY}
    assert work(late).sort_at == work(late).due_at


def test_work_of_a_later_stage_keeps_the_place_of_the_group(house: House):
    early, late = received(house), received(house, now=FRIDAY)
    join(house, late, join(house, early))

    go(house, late, "triage", now=FRIDAY)

    [task] = [t for t in complaint(late).tasks if t.kind == "triaged"]
    assert task.due_at is not None
    assert task.due_at - task.sort_at == FRIDAY - MONDAY


def test_the_queue_says_why_something_stands_early_and_figures_measure_its_own_date(house: House):
    early, late = received(house), received(house, now=FRIDAY)
    join(house, late, join(house, early))
    past_the_group = work(late).sort_at + timedelta(hours=1)

    [item] = [i for i in worklist(RUTH, WantedWork(), now=past_the_group).rows if i.reference == late]

    assert item.is_late
    assert "its group came earlier" in item.due_words
    assert counts(RUTH, WantedWork(), now=past_the_group)["late"] == 2
    assert sum(row.late for row in standing(MAX, now=past_the_group)) == 1


# --- answered from its page -----------------------------------------------------------------------


def act(browser: PageClient, group_of: str, verb: str, answers: dict[str, str]) -> str:
    """What the group's page leads to, answered as it was shown."""
    shown = browser.get(f"/complaints/{group_of}/group").text
    [link] = re.findall(rf'href="(/complaints/bulk/{verb}\?[^"]+)"', shown)
    page = browser.get(link.replace("&amp;", "&"))
    chosen = re.findall(r'name="case"\s+value="([^"]+)"', page.text)
    return browser.post(
        f"/complaints/bulk/{verb}", data={**hidden_fields(page.text), "case": chosen, **answers}
    ).text


def test_a_group_is_decided_at_once_from_its_page_with_one_letter_each_and_one_can_leave(
    house: House, sign_in: SignIn
):
    members = [complaint_at(house, State.INVESTIGATING) for _ in range(3)]
    group_id = join(house, members[0])
    for reference in members[1:]:
        join(house, reference, group_id)
    for reference in members:
        propose(house, reference)
        go(house, reference, "submit_report")
    leave(house, members[2])
    given = {"disposition": "sustained", "standard_of_proof": "preponderance", "rationale": "The log."}

    decided = act(sign_in(MAX), members[0], "decide", {"decision": "Sustained.", **given})
    told = act(sign_in(ANN), members[0], "notify", {"letters": "To each.", "checked": "y"})

    assert ["2 of 2 complaints done" in " ".join(said.split()) for said in (decided, told)] == [True, True]
    assert [complaint(r).state for r in members] == ["notified", "notified", "in_review"]
    letters = select(Outbox.reference).where(Outbox.name == "outcome", Outbox.recipient == "complainant")
    assert sorted(session().scalars(letters)) == sorted(members[:2])
    for reference in members[:2]:
        steps = [e.verb for e in complaint(reference).events]
        assert [steps.count(verb) for verb in ("dispose", "decide", "notify")] == [1, 1, 1]
