"""The two forms of a roster: somebody new, and what happened to somebody on it."""

from __future__ import annotations

from workflow.agreements.officers import WHAT
from workflow.register.training import PASSING
from workflow.web.forms import NumberField, choice, day, line, number
from workflow.web.free_text import FreeTextForm


class EnterForm(FreeTextForm):
    """Somebody the agency nominated."""

    seen = NumberField("", [], least=0, most=999_999_999)
    number = line(
        "Number on the roster", most=20, hint="As the agency's roster has it: letters, digits, hyphens."
    )
    name = line("Name", most=120)
    nominated_on = day("Nominated on")


class RecordForm(FreeTextForm):
    """What happened to an officer, or the right day of what is on record already."""

    seen = NumberField("", [], least=0, most=999_999_999)
    what = choice("What happened", WHAT)
    on = day("On", hint="Recorded again, a day replaces the one before; the history keeps both.")
    score = number(
        "Lowest score, in per cent",
        required=False,
        hint=f"Of a certificate or an examination: {PASSING} and more is passed.",
    )
    until = day("Authorised until", required=False, hint="Only where the authorisation names an end.")
