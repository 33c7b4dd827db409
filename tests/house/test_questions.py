"""Rules about the questions of steps: their forms carry fields of their own, and codes are not words."""

from __future__ import annotations

import pytest

from workflow.cases.forms import StepForm
from workflow.cases.task_machine import TASK
from workflow.engine.machine import AskKind
from workflow.factory import KINDS

MACHINES = [*(kind.machine for kind in KINDS.values()), TASK]
#: Fields of every step's form, and of the pages around it.
TAKEN = {"seen", "form_key", "payload", "csrf_token", "occurred_at", "late_reason"}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.kind)
def test_no_question_has_the_name_of_a_field_that_travels_along(machine):
    asked = {f"{step.verb}.{ask.name}" for step in machine.transitions for ask in step.asks}

    taken = {a for a in asked if (name := a.partition(".")[2]) in TAKEN or hasattr(StepForm, name)}

    assert taken == set(), "Name these questions otherwise: the form would read the one for the other."


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.kind)
def test_every_choice_has_something_to_choose_from(machine):
    listless = [
        f"{step.verb}.{ask.name}"
        for step in machine.transitions
        for ask in step.asks
        if ask.kind is AskKind.CHOICE and not ask.choices and not ask.of
    ]

    assert listless == [], "Give these questions choices, or a list of the slice by `of`."
