"""The life of an inspection: its states and their tasks, its clocks and promises.

Its rows are in `steps` (up to the visit) and `reporting` (after it).
"""

from __future__ import annotations

from typing import Final

from workflow.engine.actors import Role
from workflow.engine.effects import Before, ByClock, Limit, On, When, Within, Work
from workflow.engine.machine import ClockRule, Guarded, Hold, Machine, Stage, not_recused
from workflow.inspections import reporting, steps
from workflow.inspections.facts import InspectionFacts, State

UNANNOUNCED: Final = When("unannounced", lambda inspection: bool(inspection.unannounced))

_STAGES: Final = (
    Stage(
        State.PLANNED,
        "Planned",
        Work(
            "Schedule it",
            Role.FIELD_SUPERVISOR,
            Before("due_on", Limit("inspection.schedule_ahead")),
            "schedule",
        ),
    ),
    Stage(
        State.SCHEDULED,
        "Scheduled",
        Work(
            "Send the notice",
            Role.INSPECTOR,
            Before("scheduled_on", Limit("inspection.notice")),
            "notify",
            holder="owner_id",
            # Nothing is sent before an unannounced visit: its lead goes there on the day.
            instead=(UNANNOUNCED, Work("Be there", Role.INSPECTOR, On("scheduled_on"), "begin", "owner_id")),
        ),
    ),
    Stage(
        State.NOTIFIED,
        "Notified",
        Work("Be there", Role.INSPECTOR, On("scheduled_on"), "begin", holder="owner_id"),
    ),
    Stage(
        State.POSTPONED,
        "Postponed",
        Work("Schedule anew", Role.FIELD_SUPERVISOR, Within(Limit("inspection.postponed")), "reschedule"),
    ),
    # Three days on site, thirty for an assisted self-inspection: `within_window` measures what is scheduled.
    Stage(
        State.IN_PROGRESS,
        "In progress",
        Work("Finish", Role.INSPECTOR, On("until_on"), "complete_fieldwork", holder="owner_id"),
    ),
    Stage(
        State.FIELDWORK_COMPLETE,
        "Fieldwork complete",
        Work(
            "Draft the findings",
            Role.INSPECTOR,
            Within(Limit("inspection.draft")),
            "draft_findings",
            holder="owner_id",
        ),
    ),
    Stage(
        State.FINDINGS_DRAFTED,
        "Findings drafted",
        Work(
            "Read it a second time",
            Role.INSPECTOR,
            Within(Limit("inspection.second_reading")),
            "pass_review",
            holder="second_reader_id",
        ),
    ),
    Stage(
        State.WITH_AGENCY,
        "With the agency",
        Work(
            "Comment on the facts",
            Role.AGENCY_CONTACT,
            Within(Limit("inspection.comments")),
            "take_comments",
            waiting_for="the agency",
        ),
    ),
    Stage(
        State.READY_TO_ISSUE,
        "Ready to issue",
        Work("Issue the report", Role.MANAGER, ByClock("report"), "issue_report"),
    ),
    Stage(
        State.REPORT_ISSUED,
        "Report issued",
        Work(
            "Close it, or ask for corrections",
            Role.MANAGER,
            Within(Limit("inspection.settle")),
            "request_correction",
        ),
    ),
    Stage(
        State.CORRECTIVE_ACTION,
        "Corrective action",
        Work("Follow the corrections", Role.FIELD_SUPERVISOR, On("next_correction_on"), "all_settled"),
    ),
    Stage(
        State.ESCALATED,
        "Escalated",
        Work(
            "Decide on late corrections",
            Role.PROGRAMME_MANAGER,
            Within(Limit("inspection.escalated")),
            "return_to_correction",
        ),
    ),
    Stage(
        State.VERIFIED,
        "Verified",
        Work("Close", Role.MANAGER, Within(Limit("inspection.close")), "close"),
    ),
    Stage(State.CLOSED, "Closed"),
    Stage(State.CANCELLED, "Cancelled"),
    Stage(State.VOIDED, "Voided"),
)

MACHINE: Final[Machine[State, InspectionFacts]] = Machine(
    kind="inspection",
    title="Inspection",
    states=State,
    stages=_STAGES,
    final=frozenset({State.CLOSED, State.CANCELLED, State.VOIDED}),
    transitions=(*steps.STEPS, *reporting.STEPS),
    clocks=(
        # The day comes from the cadence of the model and is kept with its basis in words, so the clock
        # begins and ends on it.
        ClockRule("due", "Inspection due", Limit("inspection.due"), since="due_on"),
        ClockRule("schedule", "Schedule for cause", Limit("inspection.for_cause")),
        ClockRule("documents", "Documents from the agency", Limit("inspection.documents"), anew=True),
        ClockRule("report", "Report", Limit("inspection.report")),
    ),
    always=(not_recused,),
    guarded=(
        Guarded(frozenset({"draft_findings"}), "pass_review"),
        Guarded(frozenset({"draft_findings"}), "issue_report"),
    ),
    holds=(Hold(State.POSTPONED, frozenset({"reschedule", "cancel", "lapse"})),),
)
