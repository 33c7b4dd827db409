"""The card of one agreement: each duty with its rule, when it was last met, when it is due, if it is late."""

from __future__ import annotations

from datetime import date

from workflow.agreements.queries import Owed
from workflow.engine.spans import words
from workflow.planning.cadence import next_due
from workflow.planning.occurrences import Occurrences, occurrences
from workflow.policy.book import Book, CadenceRule, DutyRule
from workflow.policy.duties import BY_NAME, NO_RULE, OWING, has_rule
from workflow.register.models import Agreement


def card(book: Book, record: Agreement, as_of: date) -> list[Owed]:
    """What an agreement is owed by the policy, duty by duty. Three queries.

    A model without any rule has one line, which says so.
    """
    if not has_rule(book, record.model):
        return [Owed("Oversight", f"{NO_RULE} for {record.model}", "", is_missing=True)]
    seen = occurrences(as_of, record.id)
    return [_line(duty, book.cadence(duty.name, record.model), record, seen, as_of) for duty in book.duties]


def _line(
    duty: DutyRule, rule: CadenceRule | None, record: Agreement, seen: Occurrences, as_of: date
) -> Owed:
    if record.model in duty.exempt_models:
        return Owed(duty.title, f"exempt: {duty.why_exempt}", duty.source, is_exempt=True)
    if rule is None:
        return Owed(duty.title, f"no rhythm is set for {record.model}", duty.source, is_missing=True)
    last = seen.last(record.id, duty.name)
    due = next_due(
        rule,
        signed_on=record.signed_on,
        operational_on=record.operational_on,
        last=last,
        thing=BY_NAME[duty.name].thing if duty.name in BY_NAME else duty.title,
    )
    waiver = seen.waiver(record.id, duty.name)
    return Owed(
        title=duty.title,
        rhythm=_rhythm(rule),
        source=rule.source,
        last_on=last,
        due_on=due.on if due and record.status in OWING else None,
        overdue_days=due.overdue_days(as_of) if due and record.status in OWING else None,
        has_history=last is not None,
        is_met=last is not None and rule.every is None,
        is_postponed=record.status not in OWING,
        waived_until=waiver.until_on if waiver else None,
    )


def _rhythm(rule: CadenceRule) -> str:
    """How often it is owed, in words."""
    if rule.every is None:
        return f"once, within {words(rule.first)}"
    if rule.first == rule.every:
        return f"every {words(rule.every)}"
    return f"first after {words(rule.first)}, then every {words(rule.every)}"
