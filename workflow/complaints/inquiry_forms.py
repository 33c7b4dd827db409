"""Forms of an investigation, of referrals and of checking in. Steps draw their own."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from workflow.complaints.inquiry_facts import (
    ANSWERS,
    CHECKED,
    DECISIONS,
    ENTRY_KINDS,
    INTERIM,
    PARTS,
    REQUESTED,
    STATEMENTS,
    WAYS,
)
from workflow.web.forms import NumberField, choice, day, line, text, yes
from workflow.web.free_text import FreeTextForm
from workflow.web.moments import moment


class SeenForm(FreeTextForm):
    """The version of the page travels along."""

    seen = NumberField("", [], least=0, most=999_999_999)


class PlanForm(SeenForm):
    questions = text("Questions to answer", most=10_000, hint="What has to be found out, one a line.")
    people = text("People to hear", required=False, rows=3, hint="By their part in it, not by name.")
    records = text("Records to get", required=False, rows=3, hint="Logs, footage, forms: from whom.")
    report_by = day("Report by")


class LogForm(SeenForm):
    """One line of the log. `log_form` adds when it was, in the zone of the office."""

    kind = choice("What it was", ENTRY_KINDS, radio=True)
    part = choice("With whom", PARTS)
    who = line("Who exactly", required=False, hint="Only if it is needed: it is sealed, and in no list.")
    way = choice("How", WAYS)
    not_reached = yes("It was an attempt: nobody was reached")
    statement = choice("Is it a statement?", STATEMENTS, radio=True)
    said = text("What was said, in short", required=False)
    corrects = NumberField("It corrects line", [], least=1, most=9999)


def log_form(zone: ZoneInfo) -> type[Any]:
    return type("DrawnLogForm", (LogForm,), {"at": moment("When it was", zone)})


class RequestForm(SeenForm):
    what = choice("What is asked for", REQUESTED)
    asked = text("In words", hint="Only what the agency needs to know: never who complained.")
    due_on = day("By which day")


class AnswerForm(SeenForm):
    outcome = choice("What came", ANSWERS, radio=True)
    answer = text("In words")


class ChaseForm(SeenForm):
    words = text("How they were asked again, and what they said", rows=4)


class InterimForm(SeenForm):
    action = choice("What should happen meanwhile", INTERIM, radio=True)
    why = text("Why it cannot wait")


class DecideInterimForm(SeenForm):
    decision = choice("Decision", DECISIONS, radio=True)
    reasons = text("Reasons")


class AcknowledgeForm(SeenForm):
    on = day("When they acknowledged it")
    their_reference = line("Their reference", required=False)
    resolved_on = day(
        "When the agency's own inquiry ended",
        required=False,
        hint="Only for the agency's internal affairs: its result is due so long after.",
    )


class CheckInForm(SeenForm):
    result = choice("What came of it", CHECKED, radio=True)
    words = text("What they said, or how it was tried")
