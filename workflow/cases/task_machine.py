"""The life of a task. Its moves have their own log; they are not steps of the case it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from workflow.engine.actors import STAFF, Role
from workflow.engine.machine import (
    SAME,
    Ask,
    AskKind,
    CaseFacts,
    Guarded,
    Machine,
    Rule,
    Situation,
    Stage,
    Tone,
    Transition,
    not_recused,
)


class State(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    AWAITING_APPROVAL = "awaiting_approval"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class TaskFacts(CaseFacts[State]):
    """A task as its rules see it. `is_notice`: no step of the case ends it, so it is completed by itself."""

    role: Role
    holder_id: int | None = None
    is_notice: bool = False
    needs_approval: bool = False


Step: TypeAlias = Transition[State, TaskFacts]

#: Everybody who can have work.
WORKERS: Final = (STAFF - {Role.AUDITOR, Role.ADMINISTRATOR}) | {Role.AGENCY_CONTACT}
MANAGER: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})
SYSTEM: Final = frozenset({Role.SYSTEM})


def _holds_or_manages(s: Situation) -> bool:
    return s.facts.holder_id == s.actor.id or bool(s.actor.roles & (MANAGER | SYSTEM))


of_the_role = Rule(
    "of_the_role", lambda s: s.facts.role in s.actor.roles, "This task is for people of another role."
)
holds_it = Rule(
    "holds_it", lambda s: s.facts.holder_id == s.actor.id, "Only the person who has it can do this."
)
holds_or_manages = Rule(
    "holds_or_manages", _holds_or_manages, "Only the person who has it, or a manager, can do this."
)
ends_by_itself = Rule(
    "ends_by_itself",
    lambda s: s.facts.is_notice and not s.facts.needs_approval,
    "This task ends with the next step of its case.",
)
waits_for_approval = Rule(
    "waits_for_approval", lambda s: s.facts.needs_approval, "This task needs nobody's approval."
)
not_the_holder = Rule(
    "not_by_whoever:submit",
    lambda s: s.actor.id not in s.facts.done_by.get("submit", frozenset()),
    "Somebody else has to approve it.",
)

#: Whom a task can wait for. A closed list: queues show it, and a name of somebody must not stand there.
WAITING_FOR: Final = (
    ("agency", "the agency"),
    ("office", "somebody in the office"),
    ("headquarters", "headquarters"),
    ("authority", "another authority"),
    ("translation", "a translation"),
    ("person", "somebody who was asked"),
    ("other", "something else"),
)

_reason = Ask("reason", "Reason")
_HELD = frozenset({State.ASSIGNED, State.IN_PROGRESS})
_UNDONE = frozenset({State.OPEN, State.ASSIGNED, State.IN_PROGRESS, State.BLOCKED})

create = Step(verb="create", sources=frozenset(), target=State.OPEN, label="Open", by=SYSTEM)
assign = Step(
    verb="assign",
    sources=frozenset({State.OPEN}),
    target=State.ASSIGNED,
    label="Give to somebody",
    by=MANAGER | SYSTEM,
    asks=(Ask("holder", "Who takes it", AskKind.PERSON),),
)
claim = Step(
    verb="claim",
    sources=frozenset({State.OPEN}),
    target=State.ASSIGNED,
    label="Claim",
    by=WORKERS,
    rules=(of_the_role,),
    tone=Tone.MAIN,
)
give_back = Step(
    verb="give_back",
    sources=_HELD,
    target=State.OPEN,
    label="Give back",
    by=WORKERS,
    rules=(holds_it,),
    asks=(_reason,),
)
hand_over = Step(
    verb="hand_over",
    sources=frozenset({State.ASSIGNED, State.IN_PROGRESS, State.BLOCKED}),
    target=State.ASSIGNED,
    label="Hand over",
    by=WORKERS | SYSTEM,
    rules=(holds_or_manages,),
    asks=(Ask("holder", "Who takes over", AskKind.PERSON), _reason),
    help="The due date stays as it was.",
)
begin = Step(
    verb="begin",
    sources=frozenset({State.ASSIGNED}),
    target=State.IN_PROGRESS,
    label="Begin",
    by=WORKERS,
    rules=(holds_it,),
)
block = Step(
    verb="block",
    sources=_HELD,
    target=State.BLOCKED,
    label="Say that it is blocked",
    by=WORKERS,
    rules=(holds_it,),
    asks=(Ask("waiting_for", "Waiting for whom", AskKind.CHOICE, choices=WAITING_FOR), _reason),
)
unblock = Step(
    verb="unblock",
    sources=frozenset({State.BLOCKED}),
    target=State.ASSIGNED,
    label="It goes on",
    by=WORKERS,
    rules=(holds_it,),
)
submit = Step(
    verb="submit",
    sources=frozenset({State.IN_PROGRESS}),
    target=State.AWAITING_APPROVAL,
    label="Ask for approval",
    by=WORKERS,
    rules=(holds_it, waits_for_approval),
)
approve = Step(
    verb="approve",
    sources=frozenset({State.AWAITING_APPROVAL}),
    target=State.DONE,
    label="Approve",
    by=MANAGER,
    rules=(not_the_holder,),
)
send_back = Step(
    verb="send_back",
    sources=frozenset({State.AWAITING_APPROVAL}),
    target=State.IN_PROGRESS,
    label="Send back",
    by=MANAGER,
    asks=(_reason,),
)
complete = Step(
    verb="complete",
    sources=_HELD,
    target=State.DONE,
    label="Done",
    by=WORKERS,
    rules=(holds_it, ends_by_itself),
    tone=Tone.MAIN,
)
settle = Step(verb="settle", sources=_UNDONE, target=State.DONE, label="Settle", by=SYSTEM)
cancel = Step(
    verb="cancel",
    sources=_UNDONE | {State.AWAITING_APPROVAL},
    target=State.CANCELLED,
    label="Cancel",
    by=MANAGER | SYSTEM,
    rules=(
        Rule(
            "notice_or_system",
            lambda s: s.facts.is_notice or Role.SYSTEM in s.actor.roles,
            "The task of a state ends with the state; take a step of the case.",
        ),
    ),
    asks=(_reason,),
    tone=Tone.GRAVE,
    escape=True,
)
extend = Step(
    verb="extend",
    sources=_UNDONE,
    target=SAME,
    label="Give more time",
    by=MANAGER,
    asks=(Ask("until", "New due date", AskKind.DAY), _reason),
    help="The original due date stays beside the new one, and on time is measured on it.",
)

TASK = Machine(
    kind="task",
    title="Task",
    states=State,
    stages=(
        Stage(State.OPEN, "Open"),
        Stage(State.ASSIGNED, "Assigned"),
        Stage(State.IN_PROGRESS, "In progress"),
        Stage(State.BLOCKED, "Blocked"),
        Stage(State.AWAITING_APPROVAL, "Awaiting approval"),
        Stage(State.DONE, "Done"),
        Stage(State.CANCELLED, "Cancelled"),
    ),
    final=frozenset({State.DONE, State.CANCELLED}),
    transitions=(
        create,
        assign,
        claim,
        give_back,
        hand_over,
        begin,
        block,
        unblock,
        submit,
        approve,
        send_back,
        complete,
        settle,
        cancel,
        extend,
    ),
    always=(not_recused,),
    guarded=(Guarded(frozenset({"submit"}), "approve"),),
)
