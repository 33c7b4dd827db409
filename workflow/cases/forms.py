"""Forms drawn from a step's questions. What each question means is declared in the machine."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from wtforms.fields import Field, HiddenField

from workflow.cases.access import hidden
from workflow.cases.kinds import Choices
from workflow.cases.references import named_in
from workflow.engine.actors import Actor
from workflow.engine.machine import Ask, AskKind, Transition
from workflow.web import forms
from workflow.web.forms import NumberField
from workflow.web.free_text import FreeTextForm
from workflow.web.moments import moment

#: Kinds whose answer is an id chosen from a list.
_IDS = frozenset({AskKind.PERSON, AskKind.AGENCY, AskKind.AGREEMENT})
_OURS = frozenset({"seen", "form_key", "occurred_at", "late_reason", "no_person"})


class StepForm(FreeTextForm):
    """Base of every drawn form: `seen` carries the version of the page, `form_key` makes it count once."""

    seen = NumberField("", [], least=0, most=999_999_999)
    form_key = HiddenField()

    #: Questions whose answers are ids, and all questions of the step.
    id_names: frozenset[str] = frozenset()

    def answers(self) -> dict[str, Any]:
        """What was answered, as the step takes it: ids as numbers, blanks left out."""
        given = {
            name: value
            for name, value in self.data.items()
            if name not in _OURS and value not in (None, "", False)
        }
        return {name: int(value) if name in self.id_names else value for name, value in given.items()}


def step_form(
    step: Transition[Any, Any], zone: ZoneInfo, options: dict[str, Choices], *, late_entry: bool = True
) -> type[StepForm]:
    """The form class of a step. `options` are the choices of the questions that depend on the case."""
    fields: dict[str, Any] = {ask.name: _field(ask, zone, options.get(ask.name, [])) for ask in step.asks}
    if late_entry and not step.is_entry:
        fields["occurred_at"] = moment(
            "When it happened", zone, required=False, hint="Leave empty if it happens now."
        )
        fields["late_reason"] = forms.line(
            "Why it is entered only now", required=False, hint="Needed when it would count as on time."
        )
    fields["id_names"] = frozenset(ask.name for ask in step.asks if ask.kind in _IDS)
    return type("DrawnForm", (StepForm,), fields)


def only_seen(options: Choices, actor: Actor) -> Choices:
    """What can be chosen, without what names a case this person may not see. At most one query."""
    named = {value: named_in(f"{value} {label}") for value, label in options}
    unseen = hidden(actor, set().union(*named.values()))
    return [(value, label) for value, label in options if not named[value] & unseen]


def new_key() -> str:
    """A key for one showing of a form."""
    return secrets.token_urlsafe(24)


def _field(ask: Ask, zone: ZoneInfo, options: Choices) -> Field | Any:
    match ask.kind:
        case AskKind.LINE:
            return forms.line(ask.label, required=ask.required, hint=ask.help)
        case AskKind.TEXT:
            return forms.text(ask.label, most=10_000, required=ask.required, hint=ask.help)
        case AskKind.CHOICE:
            listed = list(ask.choices) or options
            return forms.choice(
                ask.label,
                listed,
                required=ask.required,
                hint=ask.help,
                radio=ask.required and len(listed) <= 5,
            )
        case AskKind.PERSON | AskKind.AGENCY | AskKind.AGREEMENT:
            return forms.choice(ask.label, options, required=ask.required, hint=ask.help)
        case AskKind.DAY:
            return forms.day(ask.label, required=ask.required, hint=ask.help)
        case AskKind.MOMENT:
            return moment(ask.label, zone, required=ask.required, hint=ask.help)
        case AskKind.NUMBER:
            return forms.number(ask.label, required=ask.required, hint=ask.help)
        case AskKind.YES:
            return forms.yes(ask.label, hint=ask.help)


def is_ours(field: Field) -> bool:
    """Whether a field belongs to the frame of every step, not to its questions."""
    return field.name in _OURS
