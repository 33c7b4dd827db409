"""The life of a corrective action: its states, tasks, clocks and promises. `steps` has its rows."""

from __future__ import annotations

from typing import Final

from workflow.corrective.facts import FINAL, CorrectiveFacts, State
from workflow.corrective.steps import STEPS
from workflow.engine.actors import Role
from workflow.engine.effects import ByClock, Limit, Within, Work
from workflow.engine.machine import ClockRule, Guarded, Hold, Machine, Stage, not_recused

_THE_AGENCY: Final = "the agency"

MACHINE: Final[Machine[State, CorrectiveFacts]] = Machine(
    kind="corrective",
    title="Corrective action",
    states=State,
    stages=(
        Stage(
            State.OPEN,
            "Open",
            Work(
                "Hand in a plan",
                Role.AGENCY_CONTACT,
                Within(Limit("corrective.plan")),
                "submit_plan",
                waiting_for=_THE_AGENCY,
            ),
        ),
        Stage(
            State.DISPUTED,
            "Disputed",
            Work("Decide the dispute", Role.MANAGER, Within(Limit("corrective.decide")), "uphold_finding"),
        ),
        # A manager's where the deficiency is critical: the reaction to the step hands the task over.
        Stage(
            State.PLAN_SUBMITTED,
            "Plan submitted",
            Work("Review the plan", Role.FIELD_SUPERVISOR, Within(Limit("corrective.review")), "accept_plan"),
        ),
        Stage(
            State.PLAN_ACCEPTED,
            "Plan accepted",
            Work(
                "Correct it",
                Role.AGENCY_CONTACT,
                ByClock("correct"),
                "claim_corrected",
                waiting_for=_THE_AGENCY,
            ),
        ),
        # An inspector's task, since the supervisor has usually accepted the plan and may not verify.
        Stage(
            State.CORRECTED,
            "Corrected",
            Work("Verify the correction", Role.INSPECTOR, Within(Limit("corrective.verify")), "verify"),
        ),
        Stage(State.VERIFIED, "Verified"),
        Stage(State.WITHDRAWN, "Withdrawn"),
        Stage(State.RISK_ACCEPTED, "Risk accepted"),
        Stage(State.LAPSED, "Lapsed"),
        Stage(State.VOIDED, "Voided"),
    ),
    final=FINAL,
    transitions=STEPS,
    clocks=(
        ClockRule("correct", "Correct it", Limit("corrective.correct")),
        ClockRule("interim", "Interim fix", Limit("corrective.interim")),
    ),
    always=(not_recused,),
    guarded=(
        Guarded(frozenset({"submit_plan"}), "accept_plan"),
        Guarded(frozenset({"correct_on_site", "claim_corrected"}), "verify"),
        Guarded(frozenset({"accept_plan", "correct_on_site"}), "verify"),
    ),
    holds=(Hold(State.DISPUTED, frozenset({"uphold_finding", "withdraw_finding", "lapse"})),),
)
