"""The one form of triage: everything that is said about a new complaint, on one page."""

from __future__ import annotations

from typing import Any, Final

from wtforms.fields import HiddenField

from workflow.complaints.facts import JURISDICTION, RANKS, SUBJECTS, TIERS
from workflow.complaints.triage import Seen
from workflow.web.forms import NumberField, choice, choices, line, text, yes
from workflow.web.free_text import FreeTextForm

#: What is asked by the step itself; the rest of the form is written beside it.
_ASKED: Final = (
    "tier",
    "tier_reasons",
    "subject",
    "rank",
    "agreement",
    "jurisdiction",
    "protected",
    "recusal_checked",
    "duplicates_checked",
)


class TriageForm(FreeTextForm):
    """`place` is where the complaint stood in the list when the page was drawn."""

    seen = NumberField("", [], least=0, most=999_999_999)
    form_key = HiddenField()
    place = HiddenField()
    kinds = choices("What else it is about", [])
    tier = choice("Tier", TIERS, radio=True)
    tier_reasons = text(
        "Reasons and remarks",
        required=False,
        rows=3,
        key="c",
        hint="Needed where the tier is not the one that is suggested.",
    )
    subject = choice("Whom it is about", SUBJECTS)
    rank = choice("Rank at the time", RANKS, required=False)
    agency_words = line("Look for another agency", required=False, most=100, hint="Name, county or state.")
    agency = choice("Agency", [], required=False, radio=True)
    agreement = choice(
        "Agreement it is mainly about",
        [],
        required=False,
        hint="Sets the model and the rules; until one is set, the strictest rules count.",
    )
    agreements = choices("Other agreements it is about as well", [])
    jurisdiction = choice("Is it ours?", JURISDICTION, required=False, radio=True)
    protected = yes(
        "A protected person is involved",
        hint="Somebody whose information 8 USC 1367 protects, or a minor. Never ask the complainant.",
    )
    recusal_checked = yes("I have looked who must not touch this")
    duplicates_checked = yes("I have looked for duplicates")

    def answers_so_far(self) -> dict[str, Any]:
        """What is answered as it was written, blanks left out: before it was checked, too."""
        given = {name: self._fields[name].data for name in _ASKED}
        return {name: value for name, value in given.items() if value not in (None, "", False)}

    def answers(self) -> dict[str, Any]:
        """What the step takes: the agreement as a number."""
        kept = self.answers_so_far()
        return {name: int(value) if name == "agreement" else value for name, value in kept.items()}

    def saw(self) -> Seen:
        """Everything that was said."""
        return Seen(
            answers=self.answers(),
            kinds=tuple(dict.fromkeys(self.kinds.data or ())),
            agency_id=int(self.agency.data) if self.agency.data else None,
            agreement_ids=tuple(int(i) for i in self.agreements.data or ()),
        )
