"""The life of an agreement as data: its states with their one task, and its steps in order.

Which spans the limits mean for which model and template is policy; no model is named here.
"""

from __future__ import annotations

from typing import Final

from workflow.agreements import joining, oversight, running
from workflow.agreements.facts import UNFINISHED, State
from workflow.agreements.steps import Step
from workflow.engine.actors import Role
from workflow.engine.effects import Limit, On, Within, Work
from workflow.engine.machine import Guarded, Hold, Machine, Stage, not_recused

__all__ = ["MACHINE", "Step"]

_WRAP_UP: Final = "Return credentials, tell the public"

STAGES: Final = (
    Stage(
        State.APPLIED,
        "Applied",
        Work("Complete the file", Role.PROGRAMME_MANAGER, Within(Limit("agreement.complete")), "vet"),
    ),
    Stage(
        State.UNDER_REVIEW,
        "Under review",
        Work(
            "Decide on the application",
            Role.PROGRAMME_MANAGER,
            Within(Limit("agreement.decide")),
            "recommend",
        ),
    ),
    Stage(
        State.APPROVED,
        "Approved",
        Work("Get it signed", Role.PROGRAMME_MANAGER, Within(Limit("agreement.sign")), "sign"),
    ),
    Stage(
        State.SIGNED,
        "Signed, not operational",
        Work(
            "Certify the first class",
            Role.FIELD_SUPERVISOR,
            Within(Limit("agreement.first_class")),
            "certify_first_class",
            holder="owner_id",
        ),
    ),
    Stage(
        State.ACTIVE,
        "Active",
        Work(
            "Keep the next contact",
            Role.FIELD_SUPERVISOR,
            On("next_contact_on"),
            "record_contact",
            holder="owner_id",
        ),
        help="What it is owed, and when, is shown by the plan.",
    ),
    Stage(
        State.SUSPENDED,
        "Suspended",
        Work("Review the suspension", Role.PROGRAMME_MANAGER, On("suspended_until"), "vacate"),
    ),
    Stage(
        State.TERMINATING,
        "Ending",
        Work(_WRAP_UP, Role.PROGRAMME_MANAGER, On("effective_on"), "end"),
    ),
    Stage(
        State.TERMINATING_SUSPENDED,
        "Ending, suspended",
        Work(_WRAP_UP, Role.PROGRAMME_MANAGER, On("effective_on"), "end"),
    ),
    Stage(State.DECLINED, "Declined"),
    Stage(State.WITHDRAWN, "Withdrawn"),
    Stage(State.TERMINATED, "Ended"),
    Stage(State.SUPERSEDED, "Replaced"),
    Stage(State.VOIDED, "Voided"),
)

MACHINE: Final = Machine(
    kind="agreement",
    title="Life of an agreement",
    states=State,
    stages=STAGES,
    final=frozenset(State) - UNFINISHED,
    transitions=(
        joining.apply,
        joining.register,
        joining.vet,
        joining.recommend,
        joining.decline,
        joining.sign,
        joining.certify_first_class,
        joining.withdraw,
        oversight.record_contact,
        oversight.correct_contact,
        oversight.waive_duty,
        oversight.end_waiver,
        running.assign_office,
        running.assign_supervisor,
        running.correct_record,
        running.suspend,
        running.prolong,
        running.vacate,
        running.give_notice,
        running.rescind,
        running.give_notice_suspended,
        running.rescind_suspended,
        running.end,
        running.supersede,
        joining.void_import,
    ),
    always=(not_recused,),
    guarded=(
        Guarded(frozenset({"vet"}), "recommend"),
        Guarded(frozenset({"suspend"}), "vacate"),
    ),
    holds=(
        Hold(State.SUSPENDED, frozenset({"vacate", "give_notice_suspended", "supersede"})),
        Hold(State.TERMINATING_SUSPENDED, frozenset({"rescind_suspended", "end"})),
    ),
)
