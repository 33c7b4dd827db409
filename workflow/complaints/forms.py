"""Forms of the doors and of allegations. Steps draw their own."""

from __future__ import annotations

from workflow.complaints.definitions import (
    DEFINED_DISPOSITIONS,
    DEFINED_REASONS,
    DEFINED_STANDARDS,
)
from workflow.complaints.facts import (
    PURPOSES,
    SUBJECTS,
)
from workflow.complaints.safe_ways import WAYS
from workflow.web.forms import BaseForm, NumberField, choice, choices, line, text, yes
from workflow.web.free_text import FreeTextForm


class AgencyForm(BaseForm):
    """One agency of those that were found."""

    seen = NumberField("", [], least=0, most=999_999_999)
    agency = choice("Agency", [], radio=True)


class PurposeForm(BaseForm):
    """What the contact is needed for, and which one where there were several."""

    version = choice("Which contact", [], required=False)
    purpose = choice("What do you need it for?", PURPOSES, radio=True)


class ContactForm(BaseForm):
    """How to reach the complainant from now on."""

    seen = NumberField("", [], least=0, most=999_999_999)
    name = line("Name", required=False)
    reach = line(
        "How to reach them",
        required=False,
        hint="A telephone number or an address. Left empty, nothing is sent; the one before is kept.",
    )
    safe = line("When and how it is safe", required=False)
    phone_safe = yes("Calling is safe")
    letter_safe = yes("Letters are safe")
    page_only = yes(
        "Only the page for the code is safe", hint="Then no other way is used, whatever is ticked."
    )
    mail_safe = yes(
        "E-mail to that address is safe",
        hint="When a letter waits one line goes there: a link to the page for the code, nothing else.",
    )

    def contact(self) -> dict[str, str]:
        """What there is to keep."""
        given = {"name": self.name.data, "reach": self.reach.data, "safe": self.safe.data}
        ways = {way: "yes" if self[way].data else "" for way in WAYS}
        return {k: v for k, v in {**given, **ways}.items() if v}


class AllegationForm(BaseForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    code = choice("What it is about", [])
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
