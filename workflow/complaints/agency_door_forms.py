"""The form of the agency's door: a complaint an agency received and has to tell the office of."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from wtforms.fields import HiddenField

from workflow.complaints.facts import OWN_INQUIRY
from workflow.engine.machine import Refusal
from workflow.web.forms import choice, choices, text, yes
from workflow.web.free_text import FreeTextForm
from workflow.web.moments import moment

NO_NAMES = (
    "Say what is alleged, not who alleges it: leave out the complainant's and any witness's name, number, "
    "address and family. You cannot read this report here again."
)


class AgencyReportForm(FreeTextForm):
    """When the agency knew, what it is about, and what it does itself. Never who complained."""

    form_key = HiddenField()
    agency = choice("Which agency", [], radio=True)
    agreements = choices("Which agreement is it about?", [], hint="Leave this open if you are not sure.")
    kinds = choices("What it is about", [])
    narrative = text("What is alleged", most=20_000, rows=8, hint=NO_NAMES)
    not_known = yes("It is not known when the agency knew")
    own_inquiry = choice("Does the agency look into it itself?", OWN_INQUIRY, radio=True)

    def knew(self) -> tuple[Refusal, ...]:
        """What is wrong with when the agency knew: one of the two answers is needed, not both."""
        said = self._fields["knew_at"]
        if bool(said.data) == bool(self.not_known.data) and not said.errors:
            words = "Say when the agency knew, or that this is not known."
            return (Refusal("required", words, "knew_at"),)
        return ()


def agency_report_form(zone: ZoneInfo) -> type[AgencyReportForm]:
    """The form in the zone of the agency's field office."""
    asked = moment(
        "When did the agency know of it?",
        zone,
        required=False,
        hint="When anybody of the agency first heard of it. It has 48 hours to tell us, without weekends.",
    )
    return type("AgencyReport", (AgencyReportForm,), {"knew_at": asked})
