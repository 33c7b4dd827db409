"""What a step left in the database, held against the words of its row in a reference. No test lives here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tests.declared import Row
from workflow.cases import sealed
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.db.session import session
from workflow.messages.models import Outbox


@dataclass(frozen=True)
class Before:
    """How a case stood before a step."""

    version: int
    state: str
    intervals: int
    clocks: dict[str, str]
    dues: dict[str, datetime | None]
    was_sent: bool


def stand(case: Case) -> Before:
    return Before(
        version=case.version,
        state=case.state,
        intervals=len(case.intervals),
        clocks=_clocks(case),
        dues={c.name: c.due_at for c in case.clocks},
        was_sent=case.sent_to_agency_at is not None,
    )


def _clocks(case: Case) -> dict[str, str]:
    return {
        c.name: "stopped" if c.stopped_at else "paused" if c.paused_at else "running" for c in case.clocks
    }


def assert_left_behind(
    house: House,
    row: Row,
    before: Before,
    case: Case,
    *,
    today: date,
    answers: dict[str, Any],
    final: set[str],
) -> None:
    """Everything the row says happened, and nothing else did. `answers` are those given, as far as known.

    What was promised because of it comes after it, as events of its own.
    """
    target = before.state if row.to == "SAME" else row.to
    assert case.state == target
    assert case.version > before.version
    assert len(case.intervals) == before.intervals + (row.to != "SAME")
    assert (case.closed_at is not None) == (target in final)
    event = next(e for e in reversed(case.events) if e.verb == row.verb)
    assert {e.verb for e in case.events if e.version > event.version} <= {"follow_up", "keep_follow_up"}
    assert answered(event) == row.needed | (row.asked & set(answers))
    words = row.does.split()
    _clocks_as_said(words, before, case)
    _columns_as_said(words, case, today, answers)
    for answer, column in _pairs(words, ">>"):
        if answer in answers:
            place = sealed.place_of(case, column)
            assert sealed.read(case, place, getattr(case, column), house.keyring) == answers[answer], column
    assert told(case, event.version) == sorted(w for w in (_said(word) for word in words) if w)
    assert (case.sent_to_agency_at is not None) == (before.was_sent or "send" in words)


def assert_owns(case: Case, work: tuple[str, ...] | None) -> None:
    """The state a case is in has the one task of the reference, as it says, and a date by which it is due."""
    found = [t for t in case.tasks if t.closed_at is None and t.kind == case.state]
    if work is None:
        assert found == []
        return
    role, _, verb, holder, waiting_for = work
    [task] = found
    assert (task.role, task.verb, task.waiting_for or "") == (role, verb, waiting_for)
    assert task.holder_id == (getattr(case, holder) if holder else None)
    assert task.due_at is not None


def answered(event: Event) -> set[str]:
    """The questions to which an entry of the history holds an answer."""
    return set(event.codes) | {answer.name for answer in event.answers}


def _clocks_as_said(words: list[str], before: Before, case: Case) -> None:
    expected, now = dict(before.clocks), _clocks(case)
    for word in words:
        sign, name = word[0], word[1:].partition(":")[0].rstrip("?")
        if sign == "-" and name in expected:
            expected[name] = "stopped"
        elif sign in "+^" and not (word.endswith("?") and name not in now):
            expected[name] = "running"
        elif sign == "~":
            expected[name] = "paused"
        elif sign == "*":
            [clock] = [c for c in case.clocks if c.name == name]
            was = before.dues[name]
            assert clock.due_at is not None
            assert was is not None
            assert clock.due_at > was
            assert clock.original_due_at == was
    assert now == expected


def _columns_as_said(words: list[str], case: Any, today: date, answers: dict[str, Any]) -> None:
    kept = {column for answer, column in _pairs(words, ">") if answer in answers}
    for word in words:
        if word.startswith("@"):
            assert getattr(case, word[1:]) == today, word
    for answer, column in _pairs(words, ">"):
        if answer in answers:
            assert getattr(case, column) == answers[answer], column
    for column, value in _pairs(words, "="):
        if column not in kept:
            assert str(getattr(case, column)) == value, column


def _pairs(words: list[str], sign: str) -> list[tuple[str, str]]:
    plain = [w for w in words if sign in w and ":" not in w and (sign == ">>" or ">>" not in w)]
    return [(w.partition(sign)[0], w.partition(sign)[2]) for w in plain]


def _said(word: str) -> str:
    """A word about a letter or notice as `told` says it; empty for any other word."""
    if word.startswith("letter:"):
        return word
    return ":".join(word.split(":")[:2]) if word.startswith("notice:") else ""


def told(case: Case, version: int | None = None) -> list[str]:
    """The letters and notices the step of a version wrote, else the latest."""
    version = version or case.version
    rows = session().scalars(select(Outbox).where(Outbox.reference == case.reference))
    return sorted(
        f"letter:{o.name}>{o.recipient}" if o.kind == "letter" else f"notice:{o.recipient}"
        for o in rows
        if o.dedupe_key.startswith(f"{case.reference}:{version}:")
    )
