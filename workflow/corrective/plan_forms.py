"""The forms of a plan and of its review: as many rows of questions as the plan has parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import request
from wtforms.fields import Field, HiddenField

from workflow.cases.forms import StepForm, new_key, step_form
from workflow.corrective.facts import POSITIONS
from workflow.corrective.plan import Part, Reviewed
from workflow.corrective.plan_service import MOST, Said, named
from workflow.corrective.steps import claim_corrected
from workflow.web import forms
from workflow.web.forms import NumberField
from workflow.web.free_text import FreeTextForm
from workflow.web.moments import moment

ASKED: Final = ("position", "action", "responsible", "target_on")
VERDICTS: Final = (("accept", "Yes: accept it"), ("return", "No: return it"))
MISSING: Final = "This part was begun: answer this too, or empty the part."
WHY: Final = "Say what is not good enough, and what would be."


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one part, with the part they are about or started from."""

    number: int
    fields: tuple[Field, ...]
    part: Reviewed | None


class PlanForm(StepForm):
    """A plan of one or more parts. A part after the first that is left empty is none."""

    parts = HiddenField()
    count: int = 1

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Every check of the fields, then whether each part that was begun is whole."""
        is_valid = super().validate(*args, **kwargs)
        for number in self._begun():
            for name in ASKED:
                field = self[named(name, number)]
                if not field.data and not field.errors:
                    field.errors = [MISSING]
                    is_valid = False
        return is_valid

    def given(self) -> list[Part]:
        """The parts as they were answered."""
        return [Part(**{name: self[named(name, n)].data for name in ASKED}) for n in (1, *self._begun())]

    def rows(self, before: Sequence[Reviewed]) -> list[Row]:
        """The fields by part, each with the part of the plan before that it started from."""
        known = {part.number: part for part in before}
        return [
            Row(n, tuple(self[named(name, n)] for name in ASKED), known.get(n))
            for n in range(1, self.count + 1)
        ]

    def _begun(self) -> list[int]:
        rest = range(2, self.count + 1)
        return [n for n in rest if any(self[named(name, n)].data for name in ASKED)]


def plan_form(zone: ZoneInfo, version: int, before: Sequence[Reviewed]) -> PlanForm:
    """The form of a plan: as many parts as were sent or stood before, one more where that was asked for."""
    count = _count(len(before))
    fields: dict[str, Any] = {}
    for n in range(1, count + 1):
        fields |= {named(name, n): field for name, field in _asked(required=n == 1).items()}
    fields["occurred_at"] = moment(
        "When it happened", zone, required=False, hint="Leave empty if it happens now."
    )
    fields["late_reason"] = forms.line(
        "Why it is entered only now", required=False, hint="Needed when it would count as on time."
    )
    data: dict[str, Any] = {"seen": version, "form_key": new_key(), "parts": count}
    for part in before:
        data |= {named(name, part.number): getattr(part, name) for name in ASKED}
    form: PlanForm = type("DrawnPlanForm", (PlanForm,), {**fields, "count": count})(data=data)
    form.parts.data = str(count)
    return form


def _count(before: int) -> int:
    """How many parts are asked for: 1 to `MOST`, whatever was sent."""
    if request.method != "POST":
        return max(1, before)
    sent = request.form.get("parts", "")
    count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= len(str(MOST)) else 1
    return max(1, min(MOST, count + ("more" in request.form)))


def _asked(*, required: bool) -> dict[str, Any]:
    """The questions about one part."""
    return {
        "position": forms.choice("Does the agency agree", POSITIONS, required=required, radio=True),
        "action": forms.text("What will be done", most=2000, required=required, rows=4),
        "responsible": forms.line(
            "Who is responsible, by post", required=required, hint="A post, such as the captain of the jail."
        ),
        "target_on": forms.day("By when", required=required, hint="As 2026-01-31 or 01/31/2026."),
    }


class ReviewForm(FreeTextForm):
    """What is said of each part of a plan, and a note to the agency where all of it is accepted."""

    seen = NumberField("", [], least=0, most=999_999_999)
    form_key = HiddenField()
    note = forms.text("Note to the agency", most=10_000, required=False, rows=4)
    numbers: tuple[int, ...] = ()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Every check of the fields, then whether each part that is returned says why."""
        is_valid = super().validate(*args, **kwargs)
        for number in self.numbers:
            reason = self[named("reason", number)]
            if self[named("verdict", number)].data == "return" and not reason.data and not reason.errors:
                reason.errors = [WHY]
                is_valid = False
        return is_valid

    def said(self) -> list[Said]:
        """What was said of each part."""
        return [
            Said(n, self[named("verdict", n)].data == "accept", self[named("reason", n)].data or "")
            for n in self.numbers
        ]

    def rows(self, plan: Sequence[Reviewed]) -> list[Row]:
        """The fields by part, each with the part."""
        asked = ("verdict", "reason")
        return [Row(p.number, tuple(self[named(name, p.number)] for name in asked), p) for p in plan]


def review_form(version: int, plan: Sequence[Reviewed]) -> ReviewForm:
    """The form that asks about every part of a plan."""
    fields: dict[str, Any] = {"numbers": tuple(part.number for part in plan)}
    for part in plan:
        fields[named("verdict", part.number)] = forms.choice("Is this part good enough", VERDICTS, radio=True)
        why = forms.text("Why it is returned", most=2000, required=False, rows=3)
        fields[named("reason", part.number)] = why
    data = {"seen": version, "form_key": new_key()}
    form: ReviewForm = type("DrawnReviewForm", (ReviewForm,), fields)(data=data)
    return form


def claim_form(zone: ZoneInfo, version: int) -> StepForm:
    """The form in which a correction is reported; its files travel beside it."""
    form: StepForm = step_form(claim_corrected, zone, {})(data={"seen": version, "form_key": new_key()})
    return form
