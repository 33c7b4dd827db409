"""What a complainant is told: where it stands, what follows by when, and their own answers read back.

Only words and dates, nothing that could turn out false. No page here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workflow.complaints import wizard
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.complaints.visits import Draft
from workflow.complaints.wizard_forms import FORMS, NONE_OF_THEM, SAFE_WAYS
from workflow.db.session import session
from workflow.register.models import Agency
from workflow.web.language import _, lazy, public_day

#: Where it stands, by state: nothing of how it is looked at, nothing that could turn out false.
IN_WORK: Final = lazy("We are looking into it.")
PUBLIC_WORDS: Final[dict[State, Any]] = {
    State.RECEIVED: lazy("We have received what you told us. Somebody will read it."),
    State.TRIAGED: lazy("Somebody has read it and is deciding what happens next."),
    State.AWAITING_OIG: lazy("We have asked another authority whether it takes this up."),
    State.REFERRED_OUT: lazy("Another authority is looking at it. We ask them what came of it."),
    State.ASSIGNED: IN_WORK,
    State.INVESTIGATING: IN_WORK,
    State.ON_HOLD: IN_WORK,
    State.IN_REVIEW: IN_WORK,
    State.DECIDED: lazy("A decision has been made. We will tell you what it is."),
    State.NOTIFIED: lazy("A decision has been made."),
    State.APPEALED: lazy("You asked for a review. Somebody who was not involved is looking at it."),
    State.CLOSED: lazy("This has ended."),
    State.MERGED: lazy("We look at this together with another report about the same."),
    State.VOIDED: lazy(
        "This was entered by mistake, and nobody works on it. If it matters to you, tell us again."
    ),
}
ERASED: Final = lazy(
    "This has ended, and what you told us was erased. Nothing more can be written here."
    " If something matters to you, tell us again."
)
TOGETHER_ENDED: Final = lazy("We looked at this together with another report about the same. That has ended.")


def where_it_stands(complaint: Complaint) -> str:
    """The words for a complaint as it is now. One query more for one that was merged."""
    state = State(complaint.state)
    if state is State.MERGED and _parent_has_ended(complaint):
        return str(TOGETHER_ENDED)
    return str(PUBLIC_WORDS[state])


def _parent_has_ended(complaint: Complaint) -> bool:
    parent = select(Complaint.closed_at).where(Complaint.reference == complaint.parent_reference)
    return session().scalar(parent) is not None


@dataclass(frozen=True, slots=True)
class Expected:
    """What follows, and by which day in the office's calendar; None where nothing is promised."""

    read_by: date | None
    answered_by: date | None
    decided_by: date | None


def dates_of(reference: str, *, zone: str) -> Expected:
    """What follows for a new complaint. Three queries."""
    complaint = session().scalars(select(Complaint).where(Complaint.reference == reference)).one()
    return _dates(complaint, zone)


def what_follows(complaint: Complaint, *, zone: str, now: datetime) -> str:
    """The next thing that was promised and by when, in words; nothing where nothing is. Two queries."""
    dates, today = _dates(complaint, zone), day_of(now, zone)
    told = (
        (dates.read_by, _("Somebody reads it by %(day)s, sooner if somebody is in danger.")),
        (dates.answered_by, _("We tell you by %(day)s that we have it, in the way you chose.")),
        (dates.decided_by, _("We aim to finish by %(day)s. If it takes longer, we say so.")),
    )
    coming = [(day, words) for day, words in told if day is not None and day >= today]
    if coming:
        day, words = min(coming, key=lambda each: each[0])
        return words % {"day": public_day(day)}
    if dates.decided_by is None:
        return ""
    return _("We aimed to finish by %(day)s. It takes longer.", day=public_day(dates.decided_by))


def _dates(complaint: Complaint, zone: str) -> Expected:
    running = [clock for clock in complaint.clocks if clock.stopped_at is None]
    due = {clock.name: clock.due_at for clock in running if clock.due_at is not None}
    triage = [t.due_at for t in complaint.tasks if t.kind == State.RECEIVED and t.closed_at is None]
    return Expected(
        read_by=_due(triage[0] if triage else None, zone),
        answered_by=_due(due.get("ack"), zone),
        decided_by=_due(due.get("resolve"), zone),
    )


def _due(moment: datetime | None, zone: str) -> date | None:
    return None if moment is None else day_of(moment, zone)


def day_of(moment: datetime, zone: str) -> date:
    """The day of a moment in the zone of the office."""
    return moment.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True)
class Row:
    """A question as the last look shows it."""

    number: int
    heading: str
    said: list[str]
    is_half_typed: bool
    holds_number: bool
    is_needed: bool


def answered(draft: Draft) -> list[Row]:
    """Every question that was asked, with its answer in words. One query for an agency that was chosen."""
    return [
        Row(
            number=number,
            heading=str(FORMS[each.name].heading),
            said=_said(each, draft.answers),
            is_half_typed=each.name in draft.unsaved,
            holds_number=wizard.holding_number(each, draft.answers),
            is_needed=each.name == "what",
        )
        for number, each in enumerate(wizard.QUESTIONS, start=1)
        if each.name != "documents" and each.applies(draft.answers)
    ]


def _said(question: wizard.Question, answers: wizard.Answers) -> list[str]:
    match question.name:
        case "when":
            return [piece for piece in (_dated(answers), answers.get("about", "")) if piece]
        case "agency":
            return _agency(answers)
        case "reprisal":
            return _chosen(
                answers, "reprisal", {"yes": _("Yes"), "no": _("No"), "unsaid": _("I would rather not say")}
            )
        case "contact":
            chosen = _chosen(
                answers, "reachable", {"yes": _("You may reach me"), "no": _("I stay anonymous")}
            )
            return (chosen or [_("I stay anonymous")]) + [
                said for name in ("name", "reach") if (said := answers.get(name, ""))
            ]
        case "safe":
            ways = [str(words) for way, words in SAFE_WAYS.items() if answers.get(way)]
            return [*ways, *([answers["safe"]] if answers.get("safe") else [])]
        case "language":
            named = {"en": "English", "es": "Español", "other": answers.get("other_language", "")}
            return _chosen(answers, "language", named)
        case _:
            return [said for name in question.fields if (said := answers.get(name, ""))]


def _dated(answers: wizard.Answers) -> str:
    """The date as exactly as it is known, in the language of the page."""
    day, about = wizard.day_of(answers)
    return "" if day is None else public_day(day, about)


def _agency(answers: wizard.Answers) -> list[str]:
    chosen = answers.get("agency_id", "")
    found = session().get(Agency, int(chosen)) if chosen.isdigit() else None
    if found is not None:
        return [f"{found.name}, {found.state}"]
    said = [answers["agency"]] if answers.get("agency") else []
    return said + ([_("It is none of these, or I am not sure")] if chosen == NONE_OF_THEM else [])


def _chosen(answers: wizard.Answers, name: str, words: dict[str, str]) -> list[str]:
    said = words.get(answers.get(name, ""))
    return [said] if said else []
