"""The conditions on steps of a corrective action, in the words shown to whom they stop, with their source."""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow.corrective.facts import CRITICAL, DISPUTE, ENDED, MINOR, RISK, TIER_OF_CLASS
from workflow.engine.actors import Role
from workflow.engine.machine import Rule, Situation, at_most, not_by_whoever

CIGIE: Final = "Quality Standards for Inspection and Evaluation (CIGIE, December 2020)"
OIG: Final = "OIG-18-67, ICE's Inspections and Monitoring Do Not Lead to Sustained Compliance (2018)"
DHS_077: Final = "DHS Directive 077-1: action, responsible party and target date for each recommendation"
ODO: Final = "ICE Office of Detention Oversight inspection reports"


def _day(s: Situation, name: str) -> date | None:
    found = s.answers.get(name)
    return found if isinstance(found, date) else None


def _today(s: Situation) -> date:
    day: date = s.facts.calendar.day_of(s.now)
    return day


def _target_ahead(s: Situation) -> bool:
    day = _day(s, "target_on")
    return day is None or day >= _today(s)


# --- citing and planning ------------------------------------------------------------------------

repeat_is_higher = Rule(
    "repeat_is_higher",
    lambda s: not s.facts.is_repeat or TIER_OF_CLASS.get(s.answers.get("class", "")) != MINOR,
    "What was deficient in the last two cycles already is one class higher: at least major.",
    source=ODO,
    field="class",
)
is_critical = Rule(
    "is_critical",
    lambda s: s.facts.tier == CRITICAL,
    "An interim fix within 24 hours is asked for critical deficiencies only.",
)
target_ahead = Rule(
    "target_ahead",
    _target_ahead,
    "The target date has passed already.",
    source=DHS_077,
    field="target_on",
)
not_own_plan = not_by_whoever(
    "submit_plan", says="Whoever handed in the plan does not accept it.", source=CIGIE
)
manager_if_critical = Rule(
    "manager_if_critical",
    lambda s: s.facts.tier != CRITICAL or Role.MANAGER in s.actor.roles,
    "The plan for a critical deficiency is accepted by a manager.",
)

# --- a dispute ----------------------------------------------------------------------------------


def _in_time(s: Situation) -> bool:
    return s.facts.cited_at is None or s.now <= s.facts.moment_after(DISPUTE, s.facts.cited_at)


dispute_in_time = Rule("dispute_in_time", _in_time, "The time in which a finding can be disputed has passed.")
disputed_once = at_most(1, "dispute", "This finding was disputed and decided already.")
not_involved = not_by_whoever(
    "cite",
    "correct_on_site",
    "reject_unplanned",
    "submit_plan",
    "return_plan",
    "accept_plan",
    "extend",
    "accept_risk",
    says="A dispute is decided by a manager who was not involved before.",
    source=CIGIE,
)
did_not_issue = Rule(
    "did_not_issue",
    lambda s: s.actor.id not in s.facts.issued_by,
    "Whoever wrote, read or issued the report does not decide a dispute about it.",
    source=CIGIE,
)

# --- correcting and verifying -------------------------------------------------------------------

never_planned = Rule(
    "never_planned",
    lambda s: not s.facts.is_planned,
    "A plan was accepted: send it back to that plan.",
)
was_planned = Rule(
    "was_planned",
    lambda s: s.facts.is_planned,
    "No plan was accepted: send it back for one.",
)
independent = not_by_whoever(
    "accept_plan",
    "correct_on_site",
    "claim_corrected",
    says="Whoever accepted the plan or handed in the evidence does not verify the correction.",
    source=OIG,
)
gave_no_evidence = Rule(
    "gave_no_evidence",
    lambda s: s.actor.id not in s.facts.evidence_by,
    "Whoever added a document as evidence does not verify the correction.",
    source=OIG,
)
extended_twice = at_most(2, "extend", "A correction is extended twice at most.")

# --- other ends ---------------------------------------------------------------------------------

never_critical = Rule(
    "never_critical",
    lambda s: s.facts.tier != CRITICAL,
    "The risk of a critical deficiency is never accepted.",
)


def _risk_ends(s: Situation) -> bool:
    day = _day(s, "risk_until_on")
    return day is None or _today(s) < day <= s.facts.last_day(RISK, _today(s))


risk_ends = Rule(
    "risk_ends",
    _risk_ends,
    "A risk is accepted until a day in the next twelve months, not longer.",
    field="risk_until_on",
)
risk_is_over = Rule(
    "risk_is_over",
    lambda s: s.facts.risk_until_on is not None and s.facts.risk_until_on < _today(s),
    "The risk is still accepted.",
)
agreement_goes_on = Rule(
    "agreement_goes_on",
    lambda s: s.facts.agreement_status not in ENDED,
    "The agreement has ended: nothing is corrected under it any more.",
)
agreement_ended = Rule(
    "agreement_ended",
    lambda s: s.facts.agreement_status in ENDED,
    "The agreement has not ended.",
)
#: The entry steps of an import.
IMPORTED: Final = frozenset({"import_as_verified", "import_as_open"})

untouched = Rule(
    "untouched",
    # That somebody asked for voiding it is no use of it.
    lambda s: {v for v in s.facts.times if not v.startswith("void_import.")} <= IMPORTED,
    "Only an import that nobody has touched can be voided.",
)
