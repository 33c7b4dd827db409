"""The life of a complaint: its states and their tasks, its clocks and promises. `steps` has its rows."""

from __future__ import annotations

from workflow.complaints.facts import State
from workflow.complaints.steps import STEPS
from workflow.engine.actors import Role
from workflow.engine.effects import ByClock, Limit, Within, Work
from workflow.engine.machine import ClockRule, Guarded, Hold, Machine, Stage, not_recused

COMPLAINT = Machine(
    kind="complaint",
    title="Complaint",
    states=State,
    stages=(
        Stage(
            State.RECEIVED,
            "Received",
            Work("Triage", Role.REVIEWER, Within(Limit("complaint.triage")), "triage"),
        ),
        Stage(
            State.TRIAGED,
            "Triaged",
            Work("Route it", Role.REVIEWER, Within(Limit("complaint.route")), "assign"),
        ),
        Stage(
            State.AWAITING_OIG,
            "Awaiting the inspector general",
            Work(
                "Ask the inspector general again",
                Role.LIAISON,
                Within(Limit("complaint.oig_answer")),
                "oig_retains",
                waiting_for="the inspector general",
            ),
        ),
        Stage(
            State.REFERRED_OUT,
            "Referred out",
            Work(
                "Chase the outcome",
                Role.LIAISON,
                Within(Limit("complaint.referral_outcome")),
                "record_outcome",
                waiting_for="another authority",
            ),
        ),
        Stage(
            State.ASSIGNED,
            "Assigned",
            Work(
                "Begin the investigation",
                Role.REVIEWER,
                Within(Limit("complaint.begin")),
                "begin",
                holder="owner_id",
            ),
        ),
        Stage(
            State.INVESTIGATING,
            "Investigating",
            Work("Report", Role.REVIEWER, ByClock("resolve"), "submit_report", holder="owner_id"),
        ),
        Stage(
            State.ON_HOLD,
            "On hold",
            Work(
                "Review the hold",
                Role.MANAGER,
                Within(Limit("complaint.hold_review")),
                "lift_hold",
                waiting_for="a criminal matter",
            ),
        ),
        Stage(
            State.IN_REVIEW,
            "In review",
            Work("Decide", Role.MANAGER, Within(Limit("complaint.decide")), "decide"),
        ),
        Stage(
            State.DECIDED,
            "Decided",
            Work("Tell them", Role.INTAKE, Within(Limit("complaint.notify_outcome")), "notify"),
        ),
        Stage(
            State.NOTIFIED,
            "Notified",
            Work("Close", Role.REVIEWER, Within(Limit("complaint.close")), "close"),
        ),
        Stage(
            State.APPEALED,
            "Appealed",
            Work("Decide the appeal", Role.MANAGER, Within(Limit("complaint.appeal")), "affirm"),
        ),
        Stage(State.CLOSED, "Closed"),
        Stage(State.MERGED, "Merged"),
        Stage(State.VOIDED, "Voided"),
    ),
    final=frozenset({State.CLOSED, State.MERGED, State.VOIDED}),
    transitions=STEPS,
    clocks=(
        ClockRule("ack", "Acknowledge receipt", Limit("complaint.ack"), since="received_at"),
        ClockRule("resolve", "Resolve", Limit("complaint.resolve"), since="received_at"),
        ClockRule("in_hand", "In our own hands", None),
    ),
    always=(not_recused,),
    guarded=(Guarded(frozenset({"submit_report", "record_outcome"}), "decide"),),
    holds=(Hold(State.ON_HOLD, frozenset({"lift_hold"})),),
)
