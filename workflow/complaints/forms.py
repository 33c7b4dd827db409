"""Forms of the doors and of allegations. Steps draw their own."""

from __future__ import annotations

from typing import Any

from wtforms.fields import HiddenField

from workflow.complaints.definitions import (
    DEFINED_DISPOSITIONS,
    DEFINED_REASONS,
    DEFINED_STANDARDS,
)
from workflow.complaints.facts import (
    ALLEGATION_TYPES,
    PURPOSES,
    SUBJECTS,
)
from workflow.complaints.service import Told
from workflow.register.models import Agency
from workflow.web.forms import BaseForm, NumberField, choice, choices, line, text, yes
from workflow.web.free_text import FreeTextForm


class ReportForm(BaseForm):
    """The public door: one plain page, nothing required but what happened."""

    form_key = HiddenField()
    narrative = text("What happened?", most=20_000, rows=8)
    when = line("When was it?", required=False, hint="A day, a month, or about when.")
    agency = line(
        "Which agency was it?",
        required=False,
        hint="The police or sheriff's agency, and where it is. You can leave this empty if you are not sure.",
    )
    remedy = text("What would you like to happen?", required=False, rows=3)
    reprisal = yes("I am afraid that somebody will make me suffer for this")
    name = line("Your name", required=False, hint="You can stay anonymous: leave this and the next empty.")
    reach = line("How can we reach you safely?", required=False, hint="A telephone number or an address.")
    safe = line("When and how is it safe?", required=False, hint="Such as: only in the evening.")
    language = line("In which language?", required=False, most=40)


class CodeForm(BaseForm):
    code = line("The code on your receipt", most=80)


class AgencyForm(BaseForm):
    """One agency of those that were found."""

    seen = NumberField("", [], least=0, most=999_999_999)
    agency = choice("Agency", [], radio=True)


class PurposeForm(BaseForm):
    """What the contact is needed for."""

    purpose = choice("What do you need it for?", PURPOSES, radio=True)


class ContactForm(BaseForm):
    """How to reach the complainant from now on."""

    seen = NumberField("", [], least=0, most=999_999_999)
    name = line("Name", required=False)
    reach = line(
        "How to reach them",
        required=False,
        hint="A telephone number or an address. Left empty, nobody will try to reach them any more.",
    )
    safe = line("When and how it is safe", required=False)

    def contact(self) -> dict[str, str]:
        """What there is to keep."""
        given = {"name": self.name.data, "reach": self.reach.data, "safe": self.safe.data}
        return {k: v for k, v in given.items() if v}


class AllegationForm(BaseForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    code = choice("What it is about", ALLEGATION_TYPES)
    subject = choice("Whom it is about", SUBJECTS)


class EvidenceForm(BaseForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    allegations = choices("On which allegations", [])


class FindingForm(FreeTextForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    proposed = choice("Proposed finding", DEFINED_DISPOSITIONS, radio=True)
    evidence = text("Evidence")


class DispositionForm(FreeTextForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    disposition = choice("Disposition", DEFINED_DISPOSITIONS, radio=True)
    standard_of_proof = choice("Standard of proof", DEFINED_STANDARDS, radio=True)
    closing_reason = choice("Why there is no finding", DEFINED_REASONS, required=False)
    rationale = text("Reasons")


def told_in(form: Any, *, channel: str, agency: Agency | None, kinds: tuple[str, ...]) -> Told:
    """What a door's form says."""
    words = {
        "narrative": form.narrative.data,
        "when": form.when.data,
        "agency": form.agency.data,
        "remedy": form.remedy.data,
        "language": form.language.data,
    }
    contact = {"name": form.name.data, "reach": form.reach.data, "safe": form.safe.data}
    afraid = bool(form.reprisal.data)
    return Told(
        channel=channel,
        words={k: v for k, v in words.items() if v},
        contact={k: v for k, v in contact.items() if v},
        allegations=tuple(dict.fromkeys((*kinds, *(("retaliation",) if afraid else ())))),
        agency_id=agency.id if agency else None,
        fears_reprisal=afraid,
    )
