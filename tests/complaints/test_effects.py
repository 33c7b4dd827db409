"""What each step leaves in the database: clocks, tasks, letters, columns, row by row of the reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.aftermath import answered
from tests.cast import ALDER, ATLANTA, HAL, MAX, MONA, MONDAY, RUTH, SAM, SUE
from tests.complaints.reference import ROWS, TASKS, Row
from tests.complaints.test_silence import SILENT_FROM
from tests.complaints.walk import (
    ANSWERS,
    agree,
    ask,
    complaint,
    complaint_at,
    go,
    imported,
    received,
    waiting,
)
from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.models import StageInterval
from workflow.cases.perform import start
from workflow.cases.promises import is_follow_up
from workflow.complaints.facts import State
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.models import Complaint
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM
from workflow.messages.models import Outbox
from workflow.register.models import Agreement

TUESDAY = MONDAY + timedelta(days=1)
MOVES = [(row, source) for row in ROWS for source in row.source.split()]
SIGNS = {"+": "running", "-": "stopped", "~": "paused", "^": "running"}


def clocks_of(case: Complaint) -> dict[str, str]:
    return {
        c.name: "stopped" if c.stopped_at else "paused" if c.paused_at else "running" for c in case.clocks
    }


def told_by(case: Complaint) -> list[str]:
    """Letters and notices written by the latest step."""
    verbs = {step.verb for step in COMPLAINT.transitions}
    version = next(e.version for e in reversed(case.events) if e.verb.partition(".")[0] in verbs)
    prefix = f"{case.reference}:{version}:"
    rows = session().scalars(select(Outbox).where(Outbox.reference == case.reference))
    return sorted(
        f"{o.name}>{o.recipient}" if o.kind == "letter" else f"notice>{o.recipient}"
        for o in rows
        if o.dedupe_key.startswith(prefix)
    )


def at_source(house: House, row: Row, source: str) -> str:
    if row.verb.startswith("void_"):
        return imported(house, source)
    return complaint_at(house, State(source))


@pytest.mark.parametrize(("row", "source"), MOVES, ids=lambda v: v if isinstance(v, str) else v.verb)
def test_a_step_leaves_behind_exactly_what_its_row_says(house: House, row: Row, source: str):
    reference = at_source(house, row, source)
    before = complaint(reference)
    clocks, dues = clocks_of(before), {c.name: c.due_at for c in before.clocks}
    version, intervals = before.version, len(before.intervals)

    go(house, reference, row.verb, now=SILENT_FROM if row.verb == "oig_silent" else TUESDAY)

    case = complaint(reference)
    target = source if row.to == "SAME" else row.to
    assert case.state == target
    assert case.version > version
    assert len(case.intervals) == intervals + (row.to != "SAME")
    assert (case.closed_at is None) == (target in TASKS)
    for sign, name in ((c[0], c[1:]) for c in row.clocks.split()):
        if sign in SIGNS and (name in clocks or sign == "+"):
            clocks[name] = SIGNS[sign]
        if sign == "*":
            assert case.clocks[1].due_at == (dues[name] or MONDAY) + timedelta(days=45)
            assert case.clocks[1].original_due_at == dues[name]
    assert clocks_of(case) == clocks
    assert told_by(case) == sorted(t.partition(":")[0] for t in row.tells.split())
    _has_the_task_of(case, row)


def _has_the_task_of(case: Complaint, row: Row) -> None:
    """The one task of the state, and a notice where the row tells somebody by a date."""
    is_open = [t for t in case.tasks if t.closed_at is None and not is_follow_up(t)]
    work = [t for t in is_open if t.kind != "notice"]
    if case.state not in TASKS:
        assert is_open == []
        return
    verb, role, limit, holder, waits = TASKS[case.state]
    [task] = work
    assert (task.verb, task.role, task.kind, task.waiting_for or "") == (verb, role, case.state, waits)
    assert task.holder_id == (case.owner_id if holder else None)
    assert task.due_at is not None
    if limit.startswith("clock"):
        assert task.due_at == next(c.due_at for c in case.clocks if c.name == "resolve")
    notices = [t for t in case.tasks if t.kind == "notice" and t.opened_at == TUESDAY]
    told = [t for t in row.tells.split() if t.startswith("notice>")]
    assert [f"notice>{t.role}" for t in notices] == [t.partition(":")[0] for t in told]


@pytest.mark.parametrize("row", [r for r in ROWS if r.columns and r.source], ids=lambda row: row.verb)
def test_a_step_writes_its_columns(house: House, row: Row):
    reference = at_source(house, row, row.source.split()[0])
    asked = house.step("complaint", row.verb).asks
    seen_at_triage = {"protected": True, "rank": "sergeant", "jurisdiction": "ours"}
    extra: dict[str, Any] = dict(seen_at_triage) if row.verb == "triage" else {}
    extra |= {"investigator": RUTH.id} if row.verb in ("assign", "reassign") else {}

    go(house, reference, row.verb, now=TUESDAY, **extra)

    case = complaint(reference)
    answers = ANSWERS | seen_at_triage | extra
    by_column = {
        "tier_code": "tier",
        "subject_kind": "subject",
        "subject_rank": "rank",
        "jurisdiction": "jurisdiction",
        "is_protected": "protected",
        "owner_id": "investigator",
        "referred_to": "destination",
        "closing_reason": "closing_reason",
    }
    for column in row.columns.split():
        name, fixed, value = column.partition("=")
        if fixed:
            assert getattr(case, name) == (None if value == "None" else value)
        elif name.endswith("_at"):
            assert getattr(case, name) == TUESDAY
        elif name == "parent_reference":
            parent = case.parent_reference
            assert parent is not None
            assert complaint(parent).agency_id == case.agency_id
        elif name != "lead_agreement_id":
            assert getattr(case, name) == answers[by_column[name]], (name, [a.name for a in asked])


def test_receipt_starts_three_clocks_and_remembers_the_channel(house: House):
    case = complaint(received(house, channel="walk_in"))

    assert case.channel == "walk_in"
    assert clocks_of(case) == {"ack": "running", "resolve": "running", "in_hand": "running"}
    assert {c.started_at for c in case.clocks} == {MONDAY}


def test_receipt_is_acknowledged_within_five_business_days(house: House):
    case = complaint(received(house))

    [ack] = [c for c in case.clocks if c.name == "ack"]
    assert ack.due_at is not None
    assert ack.due_at.astimezone(ZoneInfo("America/New_York")).date() == date(2026, 1, 12)


def test_who_cannot_be_answered_has_no_date_for_an_answer(house: House):
    case = complaint(received(house, contact={}))

    assert clocks_of(case) == {"resolve": "running", "in_hand": "running"}


@pytest.mark.parametrize("state", ["received", "triaged", "assigned", "closed"])
def test_an_import_lands_in_its_state_and_tells_nobody(house: House, state: str):
    case = complaint(imported(house, state))

    assert case.state == state
    assert told_by(case) == []
    assert set(clocks_of(case)) == (set() if state == "closed" else {"resolve", "in_hand"})
    assert [t.kind for t in case.tasks if t.closed_at is None and not is_follow_up(t)] == (
        [] if state == "closed" else [state]
    )


def test_an_import_counts_from_when_the_matter_was_received(house: House):
    row = Complaint(title="Complaint about Alder County Sheriff's Office", agency_id=ALDER, tier=3)
    row.received_at = MONDAY - timedelta(days=40)

    done = start(house, row, "import_as_received", SYSTEM, {"provenance": "the old list"}, now=MONDAY)

    resolve = next(c for c in complaint(done.reference).clocks if c.name == "resolve")
    assert resolve.due_at is not None
    assert (resolve.due_at - row.received_at).days == 90


@pytest.mark.parametrize(("tier", "days"), [("1", 45), ("2", 60), ("3", 90), ("4", 90)])
def test_the_date_by_which_it_is_resolved_hangs_on_the_tier(house: House, tier: str, days: int):
    reference = received(house)

    go(house, reference, "triage", now=TUESDAY, tier=tier)

    resolve = next(c for c in complaint(reference).clocks if c.name == "resolve")
    assert resolve.due_at is not None
    assert (resolve.due_at - MONDAY).days == days


def test_another_tier_moves_the_date_and_keeps_the_old_one(house: House):
    reference = complaint_at(house, State.TRIAGED)

    go(house, reference, "reclassify", now=TUESDAY, tier="1")

    resolve = next(c for c in complaint(reference).clocks if c.name == "resolve")
    assert resolve.due_at is not None
    assert (resolve.due_at - MONDAY).days == 45
    assert [(e.what, e.amount) for e in resolve.events] == [
        ("started", 90),
        ("redefined", 90),
        ("redefined", 45),
    ]


def test_assigning_anew_moves_the_task_and_no_date(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    dues = {c.name: c.due_at for c in complaint(reference).clocks}

    go(house, reference, "reassign", now=TUESDAY, investigator=RUTH.id)

    case = complaint(reference)
    [task] = [t for t in case.tasks if t.kind == "investigating"]
    assert task.holder_id == RUTH.id
    assert {c.name: c.due_at for c in case.clocks} == dues


def test_time_with_others_is_not_ours_but_total_age_goes_on(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)
    resolve = next(c for c in complaint(reference).clocks if c.name == "resolve")
    due = resolve.due_at

    go(house, reference, "take_back", now=MONDAY + timedelta(days=20))

    clocks = {c.name: c for c in complaint(reference).clocks}
    assert clocks["resolve"].due_at == due
    assert [e.what for e in clocks["in_hand"].events] == ["started", "paused", "resumed"]


def test_taken_out_of_the_group_receipt_is_still_to_be_acknowledged(house: House):
    unanswered, acknowledged = received(house), received(house)
    go(house, acknowledged, "acknowledge")
    for reference in (unanswered, acknowledged):
        go(house, reference, "triage", "merge", "unmerge", now=TUESDAY)

    assert clocks_of(complaint(unanswered))["ack"] == "running"
    assert clocks_of(complaint(acknowledged))["ack"] == "stopped"


def test_what_came_in_by_import_is_acknowledged_from_its_receipt_once_it_stands_alone(house: House):
    row = Complaint(title="Complaint about Alder County Sheriff's Office", agency_id=ALDER, tier=3)
    row.received_at, row.contact_possible = MONDAY - timedelta(days=40), True
    done = start(house, row, "import_as_triaged", SYSTEM, {"provenance": "the old list"}, now=MONDAY)
    earlier = received(house, now=MONDAY - timedelta(days=60))

    go(house, done.reference, "merge", "unmerge", now=TUESDAY, parent=earlier)

    [ack] = [c for c in complaint(done.reference).clocks if c.name == "ack"]
    assert ack.started_at == MONDAY - timedelta(days=40)


def test_what_follows_is_kept_with_the_closing(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    go(house, reference, "close", follow_up="The supervisor asks again in March.")

    assert answered(complaint(reference).events[-1]) == {"follow_up"}


@pytest.fixture
def agreement(house: House) -> int:
    """An agreement of Alder County, overseen by Sam."""
    with transaction() as s:
        made = Agreement(
            reference="A-2020-TESTTEST-0",
            agency_id=ALDER,
            model="JEM",
            template="2020",
            signed_on=date(2020, 6, 1),
            office_id=ATLANTA,
            supervisor_id=SAM.id,
        )
        s.add(made)
        s.flush()
        return made.id


def test_the_agreement_it_is_about_brings_its_rules_along(house: House, agreement: int):
    reference = received(house, agency_id=None)

    go(house, reference, "triage", agreement=agreement)

    case = complaint(reference)
    assert (case.agreement_id, case.model, case.template) == (agreement, "JEM", "2020")
    assert case.office_id == ATLANTA
    assert [(a.agreement_id, a.is_lead) for a in case.agreements] == [(agreement, True)]
    assert {t.model for t in case.tasks if t.closed_at is None} == {"JEM"}


def test_a_complaint_about_our_own_supervision_is_kept_from_that_supervisor(house: House, agreement: int):
    reference = received(house)
    assert case_for(SAM, reference).agency_id == ALDER

    go(house, reference, "triage", subject="field_supervisor", agreement=agreement)

    assert complaint(reference).supervised_by_id == SAM.id
    with pytest.raises(NotThere):
        case_for(SAM, reference)
    assert case_for(SUE, reference).supervised_by_id == SAM.id


@pytest.mark.parametrize("verb", ["close_without_finding", "reject_no_jurisdiction", "reopen"])
def test_what_needs_two_people_waits_for_the_second(house: House, verb: str):
    state = State.CLOSED if verb == "reopen" else State.TRIAGED
    reference = complaint_at(house, state)

    done = ask(house, reference, verb, now=TUESDAY)

    case = complaint(reference)
    assert done.awaits_second
    assert case.state == state
    assert told_by(case) == []
    assert [t.role for t in case.tasks if t.kind == f"confirm:{verb}"] == ["manager"]
    assert waiting(reference, verb).requested_by_id == (
        MAX.id if verb != "reject_no_jurisdiction" else RUTH.id
    )

    agree(house, reference, verb, now=TUESDAY)

    case = complaint(reference)
    assert case.state == ("triaged" if verb == "reopen" else "decided")
    assert case.events[-1].second_id == MONA.id


def test_reopening_and_closing_leave_the_first_closing_as_it_was(house: House):
    reference = complaint_at(house, State.CLOSED)
    closing = _kept(complaint(reference))

    go(house, reference, "reopen", now=TUESDAY)

    case = complaint(reference)
    assert _kept(case)[: len(closing) - 1] == closing[:-1]
    assert case.received_at == MONDAY
    assert case.intervals[-2].entered_at == MONDAY
    assert case.intervals[-2].left_at == TUESDAY


def _kept(case: Complaint) -> list[tuple[str, object, object]]:
    rows = session().scalars(
        select(StageInterval).where(StageInterval.case_id == case.id).order_by(StageInterval.entered_version)
    )
    return [(i.state, i.entered_at, i.left_at) for i in rows]


@pytest.mark.parametrize("way", [("reopen",), ("appeal", "remand")], ids=" ".join)
def test_taken_up_again_it_is_no_longer_closed_for_a_reason(house: House, way: tuple[str, ...]):
    reference = received(house)
    go(house, reference, "close_without_finding", "notify", "close")
    assert complaint(reference).closing_reason == "administrative"
    # Max and Mona closed it, so somebody else of the office hears the appeal.
    third = replace(MAX, id=HAL.id)

    for verb in way:
        if verb == "remand":
            ask(house, reference, verb, by=third, now=TUESDAY)
        else:
            go(house, reference, verb, now=TUESDAY)

    assert complaint(reference).state == "triaged"
    assert complaint(reference).closing_reason is None
