"""The card of one agreement: each duty with its rule, when it was last met, when it is due, if it is late."""

from __future__ import annotations

from datetime import date

from workflow.agreements.queries import Owed
from workflow.engine.spans import words
from workflow.planning.obligations import Reckoned, reckon
from workflow.planning.occurrences import occurrences
from workflow.policy.book import Book, CadenceRule, DutyRule
from workflow.policy.duties import NO_RULE, OWING, has_rule
from workflow.register.models import Agreement


def card(book: Book, record: Agreement, as_of: date) -> list[Owed]:
    """What an agreement is owed by the policy, duty by duty. Three queries.

    A model without any rule has one line, which says so.
    """
    if not has_rule(book, record.model):
        return [Owed("Oversight", f"{NO_RULE} for {record.model}", "", is_missing=True)]
    seen = occurrences(as_of, record.id)
    return [_line(duty, reckon(record, duty, book, seen), record, as_of) for duty in book.duties]


def _line(duty: DutyRule, found: Reckoned, record: Agreement, as_of: date) -> Owed:
    if record.model in duty.exempt_models:
        return Owed(duty.title, f"exempt: {duty.why_exempt}", duty.source, is_exempt=True)
    if found.rule is None:
        return Owed(duty.title, f"no rhythm is set for {record.model}", duty.source, is_missing=True)
    due = found.due if record.status in OWING else None
    return Owed(
        title=duty.title,
        rhythm=_rhythm(found.rule),
        source=found.rule.source,
        last_on=found.last,
        due_on=due.on if due else None,
        overdue_days=due.overdue_days(as_of) if due else None,
        has_history=found.last is not None,
        is_met=found.last is not None and found.rule.every is None,
        is_postponed=record.status not in OWING,
        waived_until=found.waiver.until_on if found.waiver else None,
    )


def _rhythm(rule: CadenceRule) -> str:
    """How often it is owed, in words."""
    if rule.every is None:
        return f"once, within {words(rule.first)}"
    if rule.first == rule.every:
        return f"every {words(rule.every)}"
    return f"first after {words(rule.first)}, then every {words(rule.every)}"
