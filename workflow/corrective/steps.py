"""Every step of a corrective action: the rows of its table. Where one leaves the first draft, it says why."""

from __future__ import annotations

from typing import Any, Final

from workflow.corrective import past, rules
from workflow.corrective.facts import CLASSES, CRITICAL, POSITIONS, UNSETTLED, State
from workflow.corrective.past import BOTH_CLOCKS, HEADQUARTERS, REASON, SYSTEM, Step
from workflow.engine.actors import Role
from workflow.engine.effects import (
    ExtendClock,
    Keep,
    Letter,
    Limit,
    Notify,
    PauseClock,
    ResumeClock,
    Seal,
    SendToAgency,
    Stamp,
    StartClock,
    StopClock,
    When,
)
from workflow.engine.machine import SAME, Ask, AskKind, Second, Tone

AGENCY: Final = frozenset({Role.AGENCY_CONTACT})
SUPERVISOR: Final = frozenset({Role.FIELD_SUPERVISOR})
INSPECTOR: Final = frozenset({Role.INSPECTOR})
MANAGER: Final = frozenset({Role.MANAGER})
#: The task of the office when an acceptance ended; the agency's own is that of the state.
RISK_IS_OVER: Final = "A risk is accepted no longer: see that it is corrected"


def _is_critical(case: Any) -> bool:
    return bool(case.tier == CRITICAL)


cite = Step(
    verb="cite",
    sources=frozenset(),
    target=State.OPEN,
    label="Cite the deficiency",
    by=INSPECTOR | SYSTEM,
    rules=(rules.repeat_is_higher,),
    asks=(
        Ask("clause", "Provision it is about", AskKind.LINE),
        Ask("evidence", "Evidence"),
        Ask("class", "Class", AskKind.CHOICE, choices=CLASSES),
    ),
    effects=(
        Keep("clause", "clause"),
        Seal("evidence", "deficiency"),
        Keep("class", "class_code"),
        StartClock("correct"),
        StartClock("interim", When("it is critical", _is_critical)),
        SendToAgency(),
        Letter("deficiency_cited", "agency"),
    ),
)
# --- the plan -----------------------------------------------------------------------------------

# Beyond `open` as well: a plan handed in within the 24 hours must not keep the fix from being reported.
interim_fix = Step(
    verb="interim_fix",
    sources=frozenset({State.OPEN, State.PLAN_SUBMITTED, State.PLAN_ACCEPTED}),
    target=SAME,
    label="Report the interim fix",
    by=AGENCY | SUPERVISOR,
    rules=(rules.is_critical,),
    asks=(Ask("fix", "What was done at once"),),
    effects=(StopClock("interim"),),
)
submit_plan = Step(
    verb="submit_plan",
    sources=frozenset({State.OPEN}),
    target=State.PLAN_SUBMITTED,
    label="Hand in the plan",
    by=AGENCY | SUPERVISOR,
    rules=(rules.target_ahead,),
    asks=(
        Ask("position", "Does the agency agree", AskKind.CHOICE, choices=POSITIONS),
        Ask("action", "What will be done"),
        Ask("responsible", "Who is responsible, by post", AskKind.LINE),
        Ask("target_on", "By when", AskKind.DAY),
    ),
    effects=(
        Keep("position", "position"),
        Seal("action", "action"),
        Seal("responsible", "responsible"),
        Keep("target_on", "target_on"),
    ),
    tone=Tone.MAIN,
)
return_plan = Step(
    verb="return_plan",
    sources=frozenset({State.PLAN_SUBMITTED}),
    target=State.OPEN,
    label="Return the plan",
    by=SUPERVISOR | MANAGER,
    asks=(REASON,),
    effects=(Stamp("returned_on"), Letter("plan_returned", "agency")),
    help="What comes back a second time is escalated.",
)
accept_plan = Step(
    verb="accept_plan",
    sources=frozenset({State.PLAN_SUBMITTED}),
    target=State.PLAN_ACCEPTED,
    label="Accept the plan",
    by=SUPERVISOR | MANAGER,
    rules=(rules.not_own_plan, rules.manager_if_critical),
    asks=(Ask("note", "Note to the agency", required=False),),
    effects=(Letter("plan_accepted", "agency"),),
    tone=Tone.MAIN,
)

# --- a dispute ----------------------------------------------------------------------------------

dispute = Step(
    verb="dispute",
    sources=frozenset({State.OPEN}),
    target=State.DISPUTED,
    label="Dispute the finding",
    by=AGENCY,
    rules=(rules.dispute_in_time, rules.disputed_once),
    asks=(Ask("grounds", "Grounds"),),
    effects=(PauseClock("correct", "disputed by the agency"),),
)
uphold_finding = Step(
    verb="uphold_finding",
    sources=frozenset({State.DISPUTED}),
    target=State.OPEN,
    label="Uphold the finding",
    by=MANAGER,
    rules=(rules.not_involved, rules.did_not_issue),
    asks=(REASON,),
    effects=(ResumeClock("correct"), Letter("dispute_decided", "agency")),
    tone=Tone.MAIN,
)
withdraw_finding = Step(
    verb="withdraw_finding",
    sources=frozenset({State.DISPUTED}),
    target=State.WITHDRAWN,
    label="Withdraw the finding",
    by=MANAGER,
    rules=(rules.not_involved, rules.did_not_issue),
    asks=(REASON,),
    effects=(*BOTH_CLOCKS, Letter("dispute_decided", "agency")),
    tone=Tone.GRAVE,
)

# --- the correction -----------------------------------------------------------------------------

correct_on_site = Step(
    verb="correct_on_site",
    sources=frozenset({State.OPEN}),
    target=State.CORRECTED,
    label="Corrected during the inspection",
    by=INSPECTOR,
    asks=(Ask("evidence", "Evidence"),),
    effects=(StopClock("interim"),),
)
claim_corrected = Step(
    verb="claim_corrected",
    sources=frozenset({State.PLAN_ACCEPTED}),
    target=State.CORRECTED,
    label="Report the correction",
    by=AGENCY | SUPERVISOR,
    asks=(Ask("evidence", "Evidence"),),
    effects=(StopClock("interim"),),
    tone=Tone.MAIN,
)
reject_unplanned = Step(
    verb="reject_unplanned",
    sources=frozenset({State.CORRECTED}),
    target=State.OPEN,
    label="Not corrected: ask for a plan",
    by=SUPERVISOR | INSPECTOR,
    rules=(rules.never_planned,),
    asks=(REASON,),
    effects=(Stamp("returned_on"), Letter("correction_rejected", "agency")),
)
reject_correction = Step(
    verb="reject_correction",
    sources=frozenset({State.CORRECTED}),
    target=State.PLAN_ACCEPTED,
    label="Not corrected: back to the plan",
    by=SUPERVISOR | INSPECTOR,
    rules=(rules.was_planned,),
    asks=(REASON,),
    effects=(Stamp("returned_on"), Letter("correction_rejected", "agency")),
)
verify = Step(
    verb="verify",
    sources=frozenset({State.CORRECTED}),
    target=State.VERIFIED,
    label="Verify",
    by=SUPERVISOR | INSPECTOR,
    rules=(rules.independent, rules.gave_no_evidence),
    asks=(Ask("checked", "What was seen, and how"),),
    effects=(StopClock("correct"), Letter("correction_verified", "agency")),
    tone=Tone.MAIN,
)
extend = Step(
    verb="extend",
    sources=frozenset({State.PLAN_ACCEPTED}),
    target=SAME,
    label="Extend",
    by=MANAGER,
    rules=(rules.extended_twice, rules.target_ahead),
    asks=(REASON, Ask("target_on", "New target date", AskKind.DAY)),
    effects=(
        Keep("target_on", "target_on"),
        ExtendClock("correct", Limit("corrective.extension")),
        Letter("correction_extended", "agency"),
    ),
    help="On time is still measured on the original date.",
)

# --- other ends ---------------------------------------------------------------------------------

accept_risk = Step(
    verb="accept_risk",
    sources=frozenset({State.OPEN, State.PLAN_SUBMITTED, State.PLAN_ACCEPTED, State.CORRECTED}),
    target=State.RISK_ACCEPTED,
    label="Accept the risk",
    by=HEADQUARTERS,
    rules=(rules.never_critical, rules.risk_ends),
    asks=(REASON, Ask("risk_until_on", "Until", AskKind.DAY)),
    effects=(Keep("risk_until_on", "risk_until_on"), *BOTH_CLOCKS),
    second=Second(by=HEADQUARTERS),
    escape=True,
    tone=Tone.GRAVE,
    help="Counts as not corrected in time. When the acceptance ends, the deficiency is looked at again.",
)
# The clock goes on from its first start: what was late before the acceptance is late again.
risk_ended = Step(
    verb="risk_ended",
    sources=frozenset({State.RISK_ACCEPTED}),
    target=State.OPEN,
    label="The acceptance of the risk ended",
    by=SYSTEM,
    rules=(rules.risk_is_over, rules.agreement_goes_on),
    effects=(
        StartClock("correct"),
        Notify(Role.FIELD_SUPERVISOR, RISK_IS_OVER, Limit("corrective.reopened")),
        Letter("risk_ended", "agency"),
    ),
    reopens=True,
    help="By itself, on the day after the last one on which the risk was accepted.",
)
lapse = Step(
    verb="lapse",
    sources=UNSETTLED,
    target=State.LAPSED,
    label="Lapse: the agreement ended",
    by=SYSTEM,
    rules=(rules.agreement_ended,),
    effects=BOTH_CLOCKS,
    escape=True,
)
STEPS: Final = (
    cite,
    past.import_as_verified,
    past.import_as_open,
    interim_fix,
    submit_plan,
    return_plan,
    accept_plan,
    dispute,
    uphold_finding,
    withdraw_finding,
    correct_on_site,
    claim_corrected,
    reject_unplanned,
    reject_correction,
    verify,
    extend,
    accept_risk,
    risk_ended,
    lapse,
    past.void_import,
    past.void_batch,
    past.void_open_batch,
)
