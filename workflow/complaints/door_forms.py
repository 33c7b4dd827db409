"""The forms of the doors inside: a call as it is told, what comes on paper. The public one is in `forms`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from wtforms.fields import HiddenField

from workflow.cases.calendars import in_zone
from workflow.complaints import matters
from workflow.complaints.facts import (
    CHANNELS,
    INTERPRETER,
    NOT_AT_THE_DESK,
    TOLD,
)
from workflow.complaints.models import Complaint
from workflow.complaints.queries import agencies_named
from workflow.complaints.safe_ways import WAYS
from workflow.complaints.service import Told
from workflow.register.models import Agency
from workflow.web.forms import BaseForm, NumberField, choice, choices, day, line, offer, text, yes
from workflow.web.identifiers import looks_like_identifier
from workflow.web.moments import moment

#: How somebody who is there now can tell something.
SPOKEN: Final = ("telephone", "walk_in")
#: How something comes that is entered afterwards; the rest of what is not the public door.
WRITTEN: Final = tuple(c for c in CHANNELS if c[0] not in NOT_AT_THE_DESK)
DANGER: Final = (("yes", "Yes"), ("no", "No"))


class DoorForm(BaseForm):
    """What is taken down, in the order in which it is asked. Nothing is required: a call can end."""

    seen = NumberField("", [], least=0, most=999_999_999)
    form_key = HiddenField()
    danger = choice("Is somebody in danger now?", DANGER, required=False, radio=True)
    reach = line(
        "How can we call back safely, should we be cut off?",
        required=False,
        hint="A telephone number or an address. They can stay anonymous: leave this and the name empty.",
    )
    safe = line("When and how is it safe?", required=False, hint="Such as: only in the evening, no message.")
    phone_safe = yes(WAYS["phone_safe"])
    letter_safe = yes(WAYS["letter_safe"])
    mail_safe = yes(
        WAYS["mail_safe"],
        hint="When a letter waits one line goes there: a link to the page for the code, nothing else.",
    )
    page_only = yes(WAYS["page_only"], hint="Then no other way is used, whatever is ticked.")
    name = line("Name", required=False)
    interpreter = choice("Interpreter", INTERPRETER, required=False)
    language = line("Language", required=False, most=40)
    agency = line(
        "Which agency",
        required=False,
        hint="The police or sheriff's agency and its county or state, as they say it.",
    )
    agency_id = choice("Is it one of these?", [], required=False, radio=True)
    narrative = text("What happened", most=20_000, required=False, rows=10)
    when = line("When", required=False, hint="A day, a month, or about when.")
    where = line("Where", required=False)
    who = text("Who was involved", most=5_000, required=False, rows=3)
    kinds = choices("What it is about", [])
    reprisal = yes("They are afraid that somebody will make them suffer for this")
    _only: int | None = None
    remedy = text("What they would like to happen", most=5_000, required=False, rows=2)

    def offer_kinds(self, on: date, complaint: Complaint | None = None) -> None:
        """Offer what it can be about on a day, and what a complaint is about already."""
        kept = [a.code for a in complaint.allegations] if complaint else ()
        offer(self.kinds, matters.offered_with_tiers(on, kept=kept))

    def look_for(self, chosen: Agency | None = None) -> list[Agency]:
        """Offer the agencies of the register that what was typed may mean. One query."""
        offer(self.interpreter, INTERPRETER, none="Not said yet")
        found = agencies_named(self.agency.data or "", limit=8)
        if chosen is not None and chosen.id not in {a.id for a in found}:
            found = [chosen, *found]
        known = {str(a.id) for a in found}
        self._only = found[0].id if len(found) == 1 else None
        if self.agency_id.data not in known:
            self.agency_id.data = None
        offer(self.agency_id, [(str(a.id), f"{a.name}, {a.county or a.state}, {a.state}") for a in found])
        return found

    def _agency(self, *, is_typing: bool) -> int | None:
        """The agency that was chosen, or the only one that what was typed can mean once it is typed."""
        if self.agency_id.data:
            return int(self.agency_id.data)
        return self._only if not is_typing else None

    @property
    def holds_number(self) -> bool:
        """Whether anything that was told looks like a number or a birth date of a person."""
        return any(looks_like_identifier(self[name].data or "") for name in TOLD)

    def is_empty(self) -> bool:
        """Whether nothing is written and nothing chosen yet, but how it came."""
        asked = [name for name in self._fields if name not in ("seen", "form_key", "channel", "received_on")]
        return not any(self[name].data for name in asked)

    def told(self, *, channel: str, is_typing: bool = False) -> Told:
        """What the form says. While one types, boxes may still be ticked by mistake: those wait."""
        words = {name: self[name].data for name in TOLD if self[name].data}
        contact = {name: self[name].data for name in ("name", "reach", "safe") if self[name].data}
        if self.reach.data or any(self[way].data for way in WAYS):
            # Said as a whole, so that a box ticked by mistake can be taken back.
            contact |= {way: "yes" if self[way].data else "" for way in WAYS}
        afraid = bool(self.reprisal.data) and not is_typing
        kinds = () if is_typing else (self.kinds.data or ())
        return Told(
            channel=channel,
            words=words,
            contact=contact,
            allegations=tuple(dict.fromkeys((*kinds, *(("retaliation",) if afraid else ())))),
            agency_id=self._agency(is_typing=is_typing),
            fears_reprisal=afraid,
            in_danger={"yes": True, "no": False}.get(self.danger.data or ""),
            interpreter=self.interpreter.data or None,
        )


class CallForm(DoorForm):
    """Somebody is on the line, or at the desk."""

    channel = choice("How", [c for c in CHANNELS if c[0] in SPOKEN], required=False)


class PaperForm(DoorForm):
    """Something that came, and is entered now."""

    channel = choice("How it reached us", WRITTEN)
    received_on = day(
        "When it reached us",
        hint="The day on the stamp, such as 2026-01-31. Every date counts from there, not from today.",
    )
    knew_at = moment(
        "From an agency: when did it know of this?",
        in_zone("America/New_York").zone,
        required=False,
        hint="It had 48 hours to tell us. Leave this empty if it is not known: that is counted apart.",
    )


class ReadBackForm(BaseForm):
    """The end of a call."""

    seen = NumberField("", [], least=0, most=999_999_999)
    form_key = HiddenField()
    corrected = yes("Something had to be put right")


def as_kept(complaint: Complaint, words: dict[str, str], *, closed: frozenset[str]) -> dict[str, Any]:
    """What the form shows of a complaint that exists. The contact is not: it is opened for a purpose.

    What is closed to this person stands empty, and sending it empty leaves what is known.
    """
    danger = {True: "yes", False: "no"}.get(complaint.in_danger) if complaint.in_danger is not None else None
    return {
        **words,
        "seen": complaint.version,
        "danger": None if "in_danger" in closed else danger,
        "interpreter": None if "interpreter" in closed else complaint.interpreter,
        "reprisal": complaint.fears_reprisal,
        "agency_id": str(complaint.agency_id) if complaint.agency_id else None,
        "kinds": [a.code for a in complaint.allegations],
    }
