"""The demonstration has a case in every state, by real steps, and its history holds."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.cast import MONDAY
from workflow.agreements.models import AgreementLife
from workflow.cases.models import Case, Task
from workflow.cases.verify import verify
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.factory import KINDS
from workflow.messages.models import Outbox

#: States that nobody brings about at a desk: an entry undone, an agreement ended or replaced.
NOT_SHOWN = {
    "complaint": {"voided"},
    "inspection": {"voided"},
    "corrective": {"voided", "lapsed"},
    "agreement": {"voided", "superseded"},
}


def test_there_is_a_case_in_every_state(demonstration: Flask):
    found = defaultdict(set)
    for kind, state in session().execute(select(Case.kind, Case.state).distinct()):
        found[kind].add(state)

    for kind, hidden in NOT_SHOWN.items():
        states = {stage.state.value for stage in KINDS[kind].machine.stages}
        assert states - hidden - found[kind] == set(), kind


def test_its_history_holds_and_nothing_lies_ahead(demonstration: Flask):
    assert verify().breaks == ()
    moments = session().execute(select(Case.received_at, Case.state_since)).all()
    assert len(moments) > 200
    assert max(max(pair) for pair in moments) <= MONDAY


def test_most_agreements_with_a_cadence_say_when_the_next_contact_is(demonstration: Flask):
    lives = select(AgreementLife).where(AgreementLife.state == "active", AgreementLife.model != "TFM")
    dates = [life.next_contact_on for life in session().scalars(lives)]

    assert sum(day is not None for day in dates) > len(dates) * 0.9


def test_letters_of_the_last_days_wait_and_those_of_long_ago_do_not(demonstration: Flask):
    letters = select(Outbox).where(Outbox.kind == "letter", Outbox.reference.like("C-%"))
    rows = session().scalars(letters).all()
    long_ago = [row for row in rows if row.made_at < MONDAY - timedelta(days=90)]

    assert any(row.state == "queued" for row in rows)
    assert long_ago != []
    assert [row.name for row in long_ago if row.state == "queued"] == []


def test_what_somebody_was_told_of_long_ago_was_looked_at(demonstration: Flask):
    notices = (
        session().scalars(select(Task).where(Task.kind == "notice", Task.case_kind == "complaint")).all()
    )

    lying = [t for t in notices if t.closed_at is None and t.due_at and t.due_at < MONDAY - timedelta(days=4)]
    looked_at = [t for t in notices if any(m.verb == "complete" for m in t.moves)]

    assert lying == []
    assert len(looked_at) > len(notices) / 2
    assert {t.role for t in looked_at} >= {Role.LIAISON}
