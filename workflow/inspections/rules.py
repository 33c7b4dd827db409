"""The conditions on steps of an inspection, in the words shown to whom they stop, each with its source."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from workflow.engine.actors import Role
from workflow.engine.machine import Rule, Situation, only_the
from workflow.inspections.facts import (
    AT_THE_JAIL,
    ENDED,
    FOR_CAUSE,
    ROUTINE,
    STUCK,
    WINDOWS,
    State,
    days_between,
)
from workflow.policy.duties import OWING, SUSPENDED

GAO: Final = "GAO-21-186, Immigration Enforcement: ICE Can Further Enhance Its Planning and Oversight (2021)"
OIG: Final = "OIG-18-67, ICE's Inspections and Monitoring Do Not Lead to Sustained Compliance (2018)"
ODO: Final = "ICE Office of Detention Oversight inspection reports"
CIGIE: Final = "Quality Standards for Inspection and Evaluation (CIGIE, December 2020)"
MONTH: Final = timedelta(days=31)
MOA: Final = "Texts of 170 memoranda of agreement, 2019 to 2025"


def _day(s: Situation, name: str) -> date | None:
    found = s.answers.get(name)
    return found if isinstance(found, date) else None


def _today(s: Situation) -> date:
    day: date = s.facts.calendar.day_of(s.now)
    return day


# --- the agreement ------------------------------------------------------------------------------

agreement_owes = Rule(
    "agreement_owes",
    lambda s: s.facts.agreement_status in OWING,
    "Only an agreement in force is inspected; this one is not, or it is suspended.",
    source=GAO,
)
none_under_way = Rule(
    "none_under_way",
    lambda s: s.facts.kind_of != ROUTINE or s.facts.others_under_way == 0,
    "A routine inspection of this agreement is planned or under way already.",
)
not_suspended = Rule(
    "not_suspended",
    lambda s: s.facts.agreement_status not in SUSPENDED,
    "The agreement is suspended: postpone the inspection until the suspension ends.",
    source=MOA,
)
agreement_ended = Rule(
    "agreement_ended",
    lambda s: s.facts.agreement_status in ENDED,
    "The agreement has not ended.",
)
agreement_in_force = Rule(
    "agreement_in_force",
    lambda s: s.facts.agreement_status not in ENDED,
    "The agreement is in force.",
)

# --- who leads, and when ------------------------------------------------------------------------

own_inspection = only_the("owner_id", "Only the lead of this inspection can do this.")


def _may_lead(s: Situation) -> bool:
    lead = s.answers.get("lead")
    if lead is None:
        return True
    until = s.facts.staff.get(lead)
    return lead in s.facts.staff and (until is None or until >= _today(s))


def _trained(s: Situation) -> bool:
    return s.answers.get("lead") in (None, *s.facts.trained)


def _rotates(s: Situation) -> bool:
    latest = s.facts.last_leads[:2]
    return len(latest) < 2 or set(latest) != {s.answers.get("lead")}


lead_works_here = Rule(
    "lead_works_here",
    _may_lead,
    "The lead is an inspector or a supervisor of this office, or of one that covers it.",
    field="lead",
)
lead_trained = Rule(
    "lead_trained",
    _trained,
    "This person is not trained to inspect this model.",
    source=CIGIE,
    field="lead",
)
lead_not_supervisor = Rule(
    "lead_not_supervisor",
    lambda s: s.facts.supervisor_id is None or s.answers.get("lead") != s.facts.supervisor_id,
    "Whoever supervises this agreement does not inspect it.",
    source=CIGIE,
    field="lead",
)
lead_not_recused = Rule(
    "lead_not_recused",
    lambda s: s.answers.get("lead") not in s.facts.recused,
    "This person is recused from this inspection.",
    source=CIGIE,
    field="lead",
)
lead_rotates = Rule(
    "lead_rotates",
    _rotates,
    "This person led the last two inspections of this agreement: somebody else leads the third.",
    source=CIGIE,
    field="lead",
)


def _is_free(s: Situation) -> bool:
    start, until = _day(s, "scheduled_on"), _day(s, "until_on")
    if s.answers.get("mode") != AT_THE_JAIL or start is None or until is None or until < start:
        return True
    # On site a visit takes a few days; one that is longer is refused for that.
    return not s.facts.taken.get(s.answers.get("lead"), frozenset()) & days_between(
        start, min(until, start + MONTH)
    )


lead_is_free = Rule(
    "lead_is_free",
    _is_free,
    "This person is at another jail on one of these days.",
    field="lead",
)
LEAD: Final = (
    lead_works_here,
    lead_trained,
    lead_not_supervisor,
    lead_not_recused,
    lead_rotates,
    lead_is_free,
)


def _not_past(s: Situation) -> bool:
    day = _day(s, "scheduled_on")
    return day is None or day >= _today(s)


def _within_window(s: Situation) -> bool:
    start, until = _day(s, "scheduled_on"), _day(s, "until_on")
    limit = WINDOWS.get(s.answers.get("mode", ""))
    if start is None or until is None or limit is None:
        return True
    # The first day counts: three days from Tuesday are over before Friday.
    return start <= until and until < s.facts.last_day(limit, start)


scheduled_not_past = Rule(
    "scheduled_not_past", _not_past, "This day has passed already.", field="scheduled_on"
)
within_window = Rule(
    "within_window",
    _within_window,
    "Ends before it begins, or later than an inspection of this mode takes.",
    source=ODO,
    field="until_on",
)
new_day_later = Rule(
    "new_day_later",
    lambda s: (day := _day(s, "new_on")) is None or day > _today(s),
    "Postpone to a day that is still to come.",
    field="new_on",
)


def _would_miss(s: Situation) -> bool:
    day, due = _day(s, "new_on"), s.facts.due_on
    return Role.SYSTEM not in s.actor.roles and day is not None and due is not None and day > due


due_would_be_missed = Rule("due_would_be_missed", _would_miss, "The due date would be missed.", source=OIG)

announced = Rule(
    "announced",
    lambda s: not s.facts.unannounced,
    "This inspection is unannounced: nothing is sent before it begins. Begin it on its day.",
)

no_request_open = Rule(
    "no_request_open",
    lambda s: not s.facts.documents_open,
    "Documents that were asked for are still to come: note what was received before you ask for more.",
)

# --- fieldwork and findings ---------------------------------------------------------------------

told_or_unannounced = Rule(
    "told_or_unannounced",
    lambda s: s.facts.state != State.SCHEDULED or s.facts.unannounced or s.facts.kind_of == FOR_CAUSE,
    "The agency has to be told first: only an unannounced inspection begins without notice.",
    source=MOA,
)
urgent_once = Rule(
    "urgent_once",
    lambda s: s.answers.get("finding") in (None, *s.facts.urgent_open),
    "Choose a finding of this inspection that was not escalated yet.",
    field="finding",
)
has_finding_to_escalate = Rule(
    "has_finding_to_escalate",
    lambda s: bool(s.facts.urgent_open),
    "Record the finding first.",
)
all_answered = Rule(
    "all_answered",
    lambda s: s.facts.unanswered == 0,
    "Every item of the checklist that applies needs an answer.",
    source=CIGIE,
)
none_disputed = Rule(
    "none_disputed",
    lambda s: s.facts.disputed == 0,
    "Two people answered an item differently: choose which answer stands.",
    source=CIGIE,
)
every_no_found = Rule(
    "every_no_found",
    lambda s: s.facts.unfound == 0,
    "Every item answered “no” needs a finding.",
    source=CIGIE,
)
findings_whole = Rule(
    "findings_whole",
    lambda s: s.facts.unfinished == 0,
    "Every deficiency needs its clause, its evidence and its class.",
    source=CIGIE,
)

# --- what came of it ----------------------------------------------------------------------------

nothing_open = Rule(
    "nothing_open",
    lambda s: not s.facts.corrections,
    "A deficiency is still to be corrected.",
    source=OIG,
)
something_open = Rule(
    "something_open",
    lambda s: bool(s.facts.corrections),
    "No deficiency is open: close the inspection.",
)


def _stuck(s: Situation) -> bool:
    facts = s.facts
    return any(
        c.rejections >= 2 or (c.due_at is not None and facts.moment_after(STUCK, c.due_at) < s.now)
        for c in facts.corrections
    )


correction_stuck = Rule(
    "correction_stuck",
    _stuck,
    "No correction has been late long enough, and none was sent back twice.",
    source=OIG,
)
person_says_why = Rule(
    "person_says_why",
    lambda s: Role.SYSTEM in s.actor.roles or bool(s.answers.get("reason")),
    "Say why.",
    field="reason",
)
untouched = Rule(
    "untouched",
    # That somebody asked for voiding it is no use of it.
    lambda s: {v for v in s.facts.times if not v.startswith("void_import.")} <= {"import_as_closed"},
    "Only an import that nobody has touched can be voided.",
)
