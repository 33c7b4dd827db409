"""Follow-ups: work on a case that is no state's task, kept or cancelled, and never lost by closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.cast import ANN, IRIS, LEO, MAX, MONDAY, RAY, RUTH
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.house.test_sealed_words import leaks
from tests.pages import PageClient
from workflow.cases import followups, undoing
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.cases.promises import FollowUp
from workflow.cases.worklist import Wanted, worklist
from workflow.complaints.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refused, Stale

IN_30, IN_60, IN_90 = (MONDAY + timedelta(days=n) for n in (30, 60, 90))


def promised(
    house: House, reference: str, *, later: tuple[datetime, ...] = (), holder_id: int | None = None
) -> int:
    """A follow-up for the liaison, due in 30 days; its number."""
    with transaction():
        row = followups.promise(
            house,
            complaint(reference),
            "letter",
            "Ask again for the letter",
            Role.LIAISON,
            due_at=IN_30,
            now=MONDAY,
            later=later,
            holder_id=holder_id,
        )
        return row.number


def keep(house: House, reference: str, number: int, actor: Actor = LEO, *, result: str = "done") -> None:
    followups.keep(
        house,
        reference,
        number,
        actor,
        result,
        "It lay in the wrong pile.",
        seen=complaint(reference).version,
        now=IN_30,
    )


def owed(reference: str) -> list[tuple[datetime, str | None]]:
    return [(f.due_at, f.outcome) for f in followups.of_case(complaint(reference))]


def test_what_was_promised_is_work_in_a_queue_beside_the_task_of_the_state(house: House):
    reference = complaint_at(house, State.TRIAGED)

    promised(house, reference)

    work = {t.kind for t in complaint(reference).tasks if t.closed_at is None and t.kind != "notice"}
    assert work == {"triaged", "follow:letter"}
    queued = worklist(LEO, Wanted(), now=MONDAY).rows
    assert [w.title for w in queued if w.is_follow_up] == ["Ask again for the letter"]


def test_closing_the_case_does_not_end_what_was_promised(house: House):
    reference = received(house)
    promised(house, reference)

    go(house, reference, "triage", "assign", "begin", "submit_report", "decide", "notify", "close")

    case = complaint(reference)
    assert case.state == State.CLOSED
    assert "follow:letter" in [t.kind for t in case.tasks if t.closed_at is None]
    assert (IN_30, None) in owed(reference)


def test_merging_the_case_does_not_end_what_was_promised(house: House):
    reference = complaint_at(house, State.TRIAGED)
    promised(house, reference)

    go(house, reference, "merge")

    assert owed(reference) == [(IN_30, None)]


def test_a_kept_follow_up_says_what_came_of_it_and_is_not_kept_twice(house: House):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference)

    keep(house, reference, number)

    [row] = followups.of_case(complaint(reference))
    assert (row.outcome, row.result, row.ended_by_id, row.ended_at) == ("kept", "done", LEO.id, IN_30)
    assert followups.words_of(house, complaint(reference), row) == "It lay in the wrong pile."
    assert complaint(reference).events[-1].verb == "keep_follow_up"
    assert leaks("wrong pile") == set()
    with pytest.raises(Stale):
        keep(house, reference, number)


def test_a_series_goes_on_until_something_has_come(house: House):
    reference = complaint_at(house, State.TRIAGED)
    first = promised(house, reference, later=(IN_90, IN_60))

    keep(house, reference, first, result="nothing_yet")
    [_, second] = followups.of_case(complaint(reference))
    keep(house, reference, second.number, result="done")

    assert owed(reference) == [(IN_30, "kept"), (IN_60, "kept")]


def test_a_series_is_asked_once_more_each_time_nothing_came(house: House):
    reference = complaint_at(house, State.TRIAGED)
    promised(house, reference, later=(IN_60, IN_90))

    for _ in range(3):
        [row] = followups.open_ones(complaint(reference), "letter")
        keep(house, reference, row.number, result="nothing_yet")

    assert owed(reference) == [(IN_30, "kept"), (IN_60, "kept"), (IN_90, "kept")]


def test_only_its_role_or_holder_keeps_a_follow_up(house: House):
    reference = complaint_at(house, State.TRIAGED)
    anybodys, leos = promised(house, reference), promised(house, reference, holder_id=LEO.id)

    for number, actor in ((anybodys, ANN), (anybodys, RUTH), (leos, ANN), (anybodys, IRIS)):
        with pytest.raises(NotThere):
            keep(house, reference, number, actor)

    keep(house, reference, leos, LEO)


def test_an_old_page_keeps_nothing(house: House):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference)
    seen = complaint(reference).version
    go(house, reference, "assign")

    with pytest.raises(Stale):
        followups.keep(house, reference, number, LEO, "done", "Words.", seen=seen, now=IN_30)


def test_only_a_manager_cancels_and_says_why(house: House):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference, later=(IN_60,))

    def cancel(actor: Actor, why: str) -> None:
        seen = complaint(reference).version
        followups.cancel(house, reference, number, actor, why, seen=seen, now=IN_30)

    for actor, why in ((LEO, "It came."), (MAX, "  ")):
        with pytest.raises(Refused):
            cancel(actor, why)
    cancel(MAX, "The letter had come already.")

    assert owed(reference) == [(IN_30, "cancelled")]
    assert complaint(reference).events[-1].verb == "cancel_follow_up"


def test_undoing_the_step_takes_back_what_it_promised_and_nothing_else(house: House):
    reference = complaint_at(house, State.TRIAGED)
    promised(house, reference)
    go(house, reference, "assign")
    by_the_step = promised(house, reference)

    undoing.undo(
        house, reference, RUTH, reason="The wrong one.", seen=complaint(reference).version, now=MONDAY
    )

    rows = {f.number: f.outcome for f in followups.of_case(complaint(reference))}
    assert rows.pop(by_the_step) == "cancelled"
    assert list(rows.values()) == [None]
    assert complaint(reference).state == State.TRIAGED


def test_the_database_keeps_what_became_of_a_promise(house: House):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference)

    with pytest.raises(DBAPIError), transaction():
        session().execute(text("UPDATE follow_up SET due_at = promised_at"))
    keep(house, reference, number)
    for statement in ("UPDATE follow_up SET outcome = NULL", "DELETE FROM follow_up"):
        with pytest.raises(DBAPIError), transaction():
            session().execute(text(statement))

    session().expire_all()
    assert owed(reference) == [(IN_30, "kept")]


def test_its_page_asks_what_came_of_it_and_keeps_what_was_typed(
    house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference)
    page = f"/cases/{reference}/follow-ups/{number}"
    browser = sign_in(LEO)

    shown = browser.get(page)
    seen = str(complaint(reference).version)
    refused = browser.send(page, {"seen": seen, "words": "They mislaid it"})
    old = browser.send(page, {"seen": "1", "result": "done", "words": "They mislaid it"})
    kept = browser.send(page, {"seen": seen, "result": "done", "words": "They mislaid it"})

    assert "Ask again for the letter" in shown.text
    assert (refused.status_code, old.status_code, kept.status_code) == (422, 409, 302)
    assert "They mislaid it" in refused.text
    assert "They mislaid it" in old.text
    assert owed(reference) == [(IN_30, "kept")]


def test_its_page_is_missing_for_whom_it_is_no_work(house: House, sign_in: Callable[[Actor], PageClient]):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference)

    for actor in (ANN, RAY, IRIS):
        assert sign_in(actor).get(f"/cases/{reference}/follow-ups/{number}").status_code == 404
    assert sign_in(LEO).get(f"/cases/{reference}/follow-ups/{number + 50}").status_code == 404


def test_there_is_a_row_for_each_promise_and_its_task_says_the_same(house: House):
    reference = complaint_at(house, State.TRIAGED)
    number = promised(house, reference)

    row = session().get_one(FollowUp, followups.of_case(complaint(reference))[0].id)

    assert (row.task.number, row.task.due_at, row.task.kind) == (number, IN_30, "follow:letter")
