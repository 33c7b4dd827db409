"""Principles 8 to 14 of the product, each held to by a test here or by the one it names.

9, 10: `test_code` (no such column), `test_free_text` (what is typed is looked through). 13: `tests/cases/
test_corrections`. 14: `tests/people/test_first_run` (no page poses as an official one).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.cast import CARL, CAST, LEO, MONDAY, SAM
from tests.complaints.walk import complaint, complaint_at, go, received
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.complaints import contacts
from workflow.complaints.facts import PURPOSES, State
from workflow.complaints.matters import tiers
from workflow.demo import names
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refused
from workflow.figures.closure_times import By
from workflow.policy.queries import in_force
from workflow.register.agreement_list import agreements_in
from workflow.register.names import comparable
from workflow.register.workbook import read_table

ROOT = Path(__file__).resolve().parents[2]
REAL_LIST = ROOT.parent / "shared/data/agreements/participatingAgencies05182026am.xlsx"
#: What is never asked about anybody at any door.
NEVER_ASKED = re.compile(
    r"immigra|alien|\ba-?number|birth|born|country of|citizenship|nationality|social sec|passport|visa\b",
    re.IGNORECASE,
)
#: What no figure, order, weight or score may be made of.
NEVER_COUNTED = re.compile(r"arrest|detainer|encounter|removal", re.IGNORECASE)


def asked(house: House) -> Iterator[str]:
    """Every question of every step, as it is put to people."""
    for kind in house.kinds.values():
        for step in kind.machine.transitions:
            yield from (f"{kind.machine.kind}.{step.verb}: {ask.label} {ask.help or ''}" for ask in step.asks)


# --- 8: no invented facts about real agencies -------------------------------------------------------


def test_no_county_of_the_demonstration_is_one_of_a_real_agency(app: Flask):
    if not REAL_LIST.exists():
        assert os.environ.get("CI") != "true", "the shared data is missing"
        pytest.skip("the public list of agencies is not here")
    with app.app_context():
        book = in_force(MONDAY.date())[1]
    models = {alias: m.code for m in book.models for alias in (m.code, m.title, *m.aliases)}
    listed = agreements_in(
        read_table(REAL_LIST), as_of=MONDAY.date().replace(year=2027), models=models, model_since={}
    )
    real = {comparable(row.agency_name) for row in listed.rows}

    made_up = {comparable(f"{county} County Sheriff's Office") for county in names.COUNTIES}

    assert len(real) > 1000
    assert made_up & real == set()


# --- 9: never a tool of enforcement -----------------------------------------------------------------


def test_no_step_asks_what_is_never_asked(house: House):
    questions = list(asked(house))

    assert len(questions) > 100
    assert [q for q in questions if NEVER_ASKED.search(q)] == []


def test_no_purpose_to_look_at_an_identity_is_one_of_enforcement():
    assert [code for code, _ in PURPOSES] == ["acknowledge", "ask", "tell", "protect", "correct", "read_back"]


@pytest.mark.parametrize(
    "person", [p for p in CAST if Role.FIELD_SUPERVISOR in p.roles], ids=lambda p: p.name
)
def test_a_field_supervisor_never_opens_an_identity(house: House, person: Actor):
    reference = complaint_at(house, State.TRIAGED)

    with pytest.raises((Refused, LookupError)):
        contacts.read_contact(house, reference, person, "tell", now=MONDAY)


# --- 11: nothing rewards arrests --------------------------------------------------------------------


def test_nothing_is_counted_by_what_would_reward_arrests(app: Flask):
    with app.app_context():
        book = in_force(MONDAY.date())[1]
    counted = [
        *(by.value for by in By),
        *(limit.name for limit in book.limits),
        *(duty.title for duty in book.duties),
        *(cadence.duty for cadence in book.cadences),
    ]

    assert [name for name in counted if NEVER_COUNTED.search(name)] == []


# --- 12: reprisal is expected and answered ----------------------------------------------------------


def test_reprisal_is_an_allegation_of_its_own_and_of_the_first_tier(house: House):
    reference = received(house, fears_reprisal=True, allegations=("retaliation", "posters"))

    assert tiers()["retaliation"] == 1
    assert complaint(reference).suggested_tier == 1


@pytest.mark.parametrize("left_out", ["risk", "consent"])
def test_the_agency_is_not_told_before_the_risk_is_weighed_and_consent_asked(house: House, left_out: str):
    reference = complaint_at(house, State.TRIAGED)
    answers = {
        "destination": "agency",
        "sent": "The nature of it.",
        "reason": "Theirs.",
        "risk": "Low; she has left the county.",
        "consent": "She agrees.",
    }
    del answers[left_out]

    with pytest.raises(Refused) as refused:
        perform(house, reference, "refer_out", LEO, answers, seen=complaint(reference).version, now=MONDAY)

    assert [r.field for r in refused.value.refusals] == [left_out]


def test_who_can_be_reached_is_asked_again_after_the_outcome_also_when_it_is_closed(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    go(house, reference, "close")

    waiting = [t for t in complaint(reference).tasks if t.closed_at is None]
    assert len(waiting) >= 2
    assert all(t.due_at is not None and (t.due_at - MONDAY).days >= 29 for t in waiting)


def test_neither_agency_nor_supervisor_reads_what_a_complainant_told(house: House):
    reads = house.kinds["complaint"].reads
    case = complaint(received(house))

    assert [p.name for p in (CARL, SAM) if reads(p, case)] == []
