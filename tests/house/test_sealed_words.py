"""What people write about a case can be read in no table, in no address and in no log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import pytest
from sqlalchemy import JSON, String, select

from tests.agreements.walk import WAYS as OF_AGREEMENTS
from tests.agreements.walk import agreement_at
from tests.cast import CARL, IRIS, MAX, MONDAY, RAY, SAM
from tests.complaints.walk import WAYS as OF_COMPLAINTS
from tests.complaints.walk import complaint_at
from tests.corrective.walk import WAYS as OF_CORRECTIONS
from tests.corrective.walk import corrective_at
from tests.house.looking import WORDS, Looking
from tests.house.test_visibility_words import READERS
from tests.inspections import walk as inspections
from tests.inspections.walk import WAYS as OF_INSPECTIONS
from tests.inspections.walk import inspection_at
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.cases.sealed import reasons
from workflow.cases.story import pending
from workflow.cases.task_moves import move
from workflow.complaints.facts import State as Complaint
from workflow.corrective.facts import State as Corrective
from workflow.db.base import Base
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.effects import Keep
from workflow.engine.machine import AskKind
from workflow.factory import KINDS as KINDS_OF_CASE
from workflow.inspections.facts import State as Inspection

#: What the walks answer to whatever asks for words.
TYPED: Final = (
    "As it was",
    "They would not let her",
    "about Easter",
    "Dolores Canary",
    "555 0142",
    "after six",
    "The log of the night",
    "two witnesses agree",
    "No poster hangs",
    "The findings beside",
    "It does not come",
    "Six posters in two",
    "The captain",
    "Send a photograph",
)
AT: Final[dict[str, tuple[Callable[..., str], Any]]] = {
    "complaint": (complaint_at, OF_COMPLAINTS),
    "inspection": (inspection_at, OF_INSPECTIONS),
    "corrective": (corrective_at, OF_CORRECTIONS),
    "agreement": (agreement_at, OF_AGREEMENTS),
}
#: Every column wide enough for a sentence, and why its words need no key. Whatever people write about a case
#: is sealed; a new column is sealed too, or has its reason here.
_REGISTER: Final = "what agencies and agreements are called: public"
_COPIED: Final = "a title made of the agency and the model, never typed"
_DECLARED: Final = "words of a machine, never typed"
PLAIN: Final = {
    "agency.name": _REGISTER,
    "agency.slug": _REGISTER,
    "agency.comparable": _REGISTER,
    "agency.county": _REGISTER,
    "agency_alias.name": _REGISTER,
    "agency_alias.slug": _REGISTER,
    "agency_alias.comparable": _REGISTER,
    "agreement.county": _REGISTER,
    "agreement.moa_url": _REGISTER,
    "register_event.reason": "how somebody knows that two records are one agency; no case hangs on it",
    "register_event.moved": "ids of what was moved",
    "officer.name": "who an agency designated: of the register, and looked at by nobody else",
    "case_file.title": _COPIED,
    "task.case_title": _COPIED,
    "export_log.columns": "codes of columns",
    "export_log.filters": "codes: of words that were looked for, how many",
    "word_index.tokens": "keyed fingerprints of words, in no order",
    "task.agency_name": _REGISTER,
    "task.title": _DECLARED,
    "follow_up.later": "moments at which it falls due again",
    "clock_event.why": _DECLARED,
    "case_event.codes": "codes and ids: words are answers, and sealed",
    "outbox.codes": "codes and ids",
    "outbox.dedupe_key": "a reference and the name of a letter",
    "outbox.problem": "what the mail server said about a colleague's mailbox; of others, nothing",
    "inspection.basis": "why it is due then: a cadence and a date, shown in lists and to the agency",
    "finding.clause": "a provision: it names a text, and lists show it",
    "corrective_action.clause": "a provision: it names a text, and lists show it",
    "checklist_operation.base": "numbers of operations",
    "finding.documents": "numbers of documents",
    "sampled_file.marks": "codes of answers to questions of the checklist",
    "checklist_version.note": "what changed in the office's own questions",
    "checklist_revision.body": "the questions the office asks agencies",
    "policy_version.note": "what changed in the office's own rules",
    "policy_limit.source": "where a rule of the office comes from",
    "policy_rule.body": "a rule of the office",
    "office.name": "the office itself",
    "office.address": "the office itself",
    "office.contact": "the office itself",
    "person.email": "an account",
    "person.name": "an account",
    "person.password": "a hash",
}
WIDE: Final = 100


def leaks(*words: str) -> set[str]:
    """The columns in which any of these words can be read by whoever has the database."""
    return {
        f"{table.name}.{column}"
        for table in Base.metadata.sorted_tables
        for row in session().execute(table.select()).mappings()
        for column, value in row.items()
        for text in (value.decode("latin-1") if isinstance(value, bytes) else str(value),)
        if any(word in text for word in words)
    }


# --- nothing in the open --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, (_, ways) in AT.items() for state in ways], ids=str
)
def test_nothing_that_is_answered_on_the_way_to_a_state_can_be_read(house: House, kind: str, state: Any):
    AT[kind][0](house, state)

    assert leaks(*TYPED) == set()


def test_nothing_that_is_written_beside_the_steps_can_be_read(looking: Looking):
    with looking.app.app_context():
        assert leaks(*WORDS) == set()


def test_a_column_that_takes_a_sentence_is_sealed_or_has_its_reason():
    wide = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON)
        or (isinstance(column.type, String) and (column.type.length or WIDE) >= WIDE)
    }

    assert wide == set(PLAIN), "seal it (cases/sealed.py), or say in PLAIN why its words need no key"


#: Answers in a line that a column keeps in the open: provisions, and what other systems called a rating.
KEPT: Final = {
    "inspection.basis",
    "inspection.rating",
    "inspection.rating_scale",
    "corrective.clause",
}


def test_no_step_keeps_more_words_in_the_open_than_these():
    kept = {
        f"{kind.machine.kind}.{effect.column}"
        for kind in KINDS_OF_CASE.values()
        for step in kind.machine.transitions
        for effect in step.effects
        if isinstance(effect, Keep)
        and any(a.name == effect.answer and a.kind in (AskKind.TEXT, AskKind.LINE) for a in step.asks)
    }

    assert kept == KEPT


@pytest.mark.parametrize("person", READERS, ids=lambda p: p.name)
def test_no_search_finds_a_case_by_what_was_written_in_it(looking: Looking, person: Any):
    found = {word: looking.at(person, f"/search?q={quote(word)}").cases for word in WORDS}

    assert {word: cases for word, cases in found.items() if cases} == {}


# --- a task and its log ---------------------------------------------------------------------------


def blocked(house: House) -> Task:
    """A task of a correction that Carl has, with a reason in its log."""
    reference = corrective_at(house, Corrective.OPEN)
    task = session().scalars(select(Task).where(Task.reference == reference)).one()
    for verb, answers in (("claim", {}), ("block", {"waiting_for": "person", "reason": "Wren is away."})):
        move(house, CARL, reference, task.number, verb, answers, seen=task.move_count, now=MONDAY)
    return task


def test_the_reason_of_a_move_is_read_back_and_lies_nowhere_else(house: House):
    task = blocked(house)

    assert list(reasons(task, house.keyring).values()) == ["Wren is away."]
    assert task.waiting_for == "somebody who was asked"
    assert task.move_count == len(task.moves)
    assert leaks("Wren") == set()


def test_a_reason_put_to_another_move_reads_as_erased(house: House):
    task = blocked(house)
    before = task.moves[-1].reason
    with transaction():
        move(house, CARL, task.reference, task.number, "unblock", seen=task.move_count, now=MONDAY)
        task.moves[-1].reason = before

    assert reasons(task, house.keyring)[task.moves[-1].id] == "erased"


def test_what_waits_for_a_second_person_cannot_be_guessed_from_its_hash(house: House):
    asked = []
    for model in ("WSO", "JEM"):
        reference = inspection_at(house, Inspection.PLANNED, model=model)
        inspections.ask(house, reference, "cancel", reason="No")
        asked.append(pending(inspections.inspection(reference), "cancel"))

    first, second = (approval.payload_hash for approval in asked if approval is not None)
    assert first != second, "the same answers, under two keys"


# --- addresses and logs ---------------------------------------------------------------------------

CANARY: Final = "zxcanaryzx"
#: Who types where: the case, the address under it, the field, and what else is asked.
SENT: Final[tuple[tuple[str, Any, Actor, str, str, dict[str, str]], ...]] = (
    ("complaint", Complaint.ASSIGNED, RAY, "/cases/{}/begin", "questions", {"report_by": "2026-03-02"}),
    ("complaint", Complaint.INVESTIGATING, RAY, "/cases/{}/refer_new_matter", "reason", {}),
    (
        "complaint",
        Complaint.INVESTIGATING,
        RAY,
        "/complaints/{}/allegations/1/finding",
        "evidence",
        {"proposed": "sustained"},
    ),
    ("inspection", Inspection.WITH_AGENCY, CARL, "/cases/{}/take_comments", "comments", {}),
    (
        "inspection",
        Inspection.IN_PROGRESS,
        IRIS,
        "/inspections/{}/checklist/complaints",
        "G1_remark",
        {"G1": "no"},
    ),
    ("corrective", Corrective.PLAN_SUBMITTED, SAM, "/cases/{}/return_plan", "reason", {}),
    ("corrective", Corrective.OPEN, CARL, "/cases/{}/dispute", "grounds", {}),
    ("complaint", Complaint.INVESTIGATING, RAY, "/cases/{}/tasks/{}/give_back", "reason", {}),
    ("complaint", Complaint.INVESTIGATING, MAX, "/cases/{}/corrections/undo", "undo-reason", {}),
)


@pytest.mark.parametrize(
    ("kind", "state", "actor", "address", "field", "others"), SENT, ids=[f"{a[3]}:{a[4]}" for a in SENT]
)
def test_neither_an_address_nor_a_log_nor_a_table_holds_what_was_typed(
    house: House,
    sign_in: Callable[[Actor], PageClient],
    caplog: pytest.LogCaptureFixture,
    kind: str,
    state: Any,
    actor: Actor,
    address: str,
    field: str,
    others: dict[str, str],
):
    caplog.set_level(logging.DEBUG)
    reference = AT[kind][0](house, state)
    tasks = session().scalars(select(Task).where(Task.reference == reference, Task.closed_at.is_(None)))
    path = address.format(reference, max(t.number for t in tasks))
    page = path.replace("/corrections/undo", "/corrections/")
    browser = sign_in(actor)

    taken = browser.send(page, {**others, field: CANARY}, to=path)
    old = browser.send(page, {**others, field: CANARY, "seen": "1"}, to=path)

    assert taken.status_code == 302
    assert not any(CANARY in str(answer.headers) for answer in (taken, old))
    assert [r.getMessage() for r in caplog.records if CANARY in r.getMessage()] == []
    session().remove()
    assert leaks(CANARY) == set()
