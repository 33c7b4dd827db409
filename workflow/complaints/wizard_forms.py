"""One form for each question of the public report. Their order and what they say is in `wizard`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from wtforms.fields import HiddenField

from workflow.complaints.queries import agencies_named
from workflow.web.forms import BaseForm, choice, line, offer, text, yes
from workflow.web.language import LANGUAGES, _, lazy, months

_DIGITS: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
#: How many agencies are offered to choose from, and what says that it is none of them.
OFFERED: Final = 10
NONE_OF_THEM: Final = "none"


class PublicForm(BaseForm):
    """A form of somebody who is not signed in. What they write is never refused for what it says."""

    #: Fields whose labels are questions of their own are under this one.
    heading: Any = ""
    hint: Any = ""

    def prepare(self, *, now: datetime) -> None:
        """Fill in what can be chosen, and what is compared with today."""

    @property
    def is_asking_on(self) -> bool:
        """Whether nothing is wrong, and yet there is something more to choose on the same page."""
        return False

    def answers(self) -> dict[str, str]:
        """What was answered, by field."""
        said = {name: "yes" if field.data is True else field.data for name, field in self._fields.items()}
        return {name: str(value or "") for name, value in said.items()}


class WhatForm(PublicForm):
    heading = lazy("What happened?")
    hint = lazy(
        "Write it in your own words, in any language. This is the only question that needs an answer."
    )
    narrative = text(
        lazy("Tell us what happened"),
        most=20_000,
        rows=10,
        hint=lazy("Do not write numbers of identity papers."),
    )


class WhenForm(PublicForm):
    heading = lazy("When did it happen?")
    hint = lazy("Fill in what you know. You can leave any of it empty.")
    month = choice(lazy("Month"), [], required=False)
    day = line(lazy("Day"), required=False, most=20, inputmode="numeric", autocomplete="off")
    year = line(lazy("Year"), required=False, most=20, inputmode="numeric", autocomplete="off")
    about = line(
        lazy("Or say it in your own words"),
        required=False,
        hint=lazy("Such as: about Easter, or every Friday since June."),
    )

    def prepare(self, *, now: datetime) -> None:
        offer(self.month, months(), none=_("Not sure"))
        # Somewhere it is tomorrow already.
        self.latest = (now + timedelta(hours=14)).date()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check of a field, then whether there is such a day and it has come."""
        is_valid: bool = super().validate(extra_validators)
        problem = self._problem() if is_valid else None
        if problem is not None:
            field, says = problem
            self[field].errors = [says]
        return is_valid and problem is None

    def _problem(self) -> tuple[str, str] | None:
        year, month, number = (self[name].data or "" for name in ("year", "month", "day"))
        for name, said in (("year", year), ("day", number)):
            if said and not _DIGITS.fullmatch(said):
                return name, _("Write it in digits.")
        if number and not month:
            return "month", _("Choose the month, or leave the day empty.")
        if month and not year:
            return "year", _("Write the year, or leave the month and the day empty.")
        if not year:
            return None
        if not 1900 <= int(year) <= self.latest.year:
            return "year", _("Write a year that has been, with four digits.")
        try:
            when = date(int(year), int(month or 1), int(number or 1))
        except ValueError:
            return "day", _("There is no such day in that month.")
        return ("day" if number else "month", _("This has not come yet.")) if when > self.latest else None


class WhereForm(PublicForm):
    heading = lazy("Where did it happen?")
    place = line(
        lazy("Town, county, road or jail"),
        required=False,
        most=500,
        hint=lazy("You can leave this empty."),
    )


class WhichAgencyForm(PublicForm):
    heading = lazy("Which police or sheriff's agency was it?")
    agency = line(
        lazy("Name of the agency, or of its town or county"),
        required=False,
        hint=lazy("You can leave this empty if you are not sure."),
    )
    agency_id = choice(lazy("Is it one of these?"), [], required=False, radio=True)

    def prepare(self, *, now: datetime) -> None:
        found = agencies_named(self.agency.data or "", limit=OFFERED)
        offered = [(str(a.id), f"{a.name}, {a.county or a.state}, {a.state}") for a in found]
        last = [(NONE_OF_THEM, _("It is none of these, or I am not sure"))] if offered else []
        offer(self.agency_id, [*offered, *last])
        if not offered:
            self.agency_id.data = None

    @property
    def is_asking_on(self) -> bool:
        return bool(self.agency_id.choices) and not self.agency_id.data


class OfficersForm(PublicForm):
    heading = lazy("Which officers were there?")
    officers = text(
        lazy("Names, badge numbers, cars, or what they looked like"),
        required=False,
        rows=5,
        hint=lazy("You can leave this empty."),
    )


class WitnessesForm(PublicForm):
    heading = lazy("Did somebody else see it?")
    witnesses = text(
        lazy("Who saw it, and how we could ask them safely"),
        required=False,
        rows=5,
        hint=lazy("You can leave this empty. Do not write what could harm them."),
    )


class ReprisalForm(PublicForm):
    heading = lazy("Are you afraid that somebody will make you suffer for telling us?")
    hint = lazy("If so, we treat your report as urgent.")
    reprisal = choice(
        lazy("Are you afraid of that?"),
        [("yes", lazy("Yes")), ("no", lazy("No")), ("unsaid", lazy("I would rather not say"))],
        required=False,
        radio=True,
    )


class RemedyForm(PublicForm):
    heading = lazy("What would you like to happen?")
    remedy = text(
        lazy("What should change, or be put right?"),
        required=False,
        rows=4,
        hint=lazy("You can leave this empty. We cannot promise it."),
    )


class DocumentsForm(PublicForm):
    """The files themselves are staged by the view; nothing of them is a field."""

    heading = lazy("Do you have pictures or papers about it?")


class ReachForm(PublicForm):
    heading = lazy("May we know how to reach you?")
    hint = lazy(
        "You can stay anonymous. You then come back here with a code, and read our questions and our answer."
    )
    reachable = choice(
        lazy("How do you want it?"),
        [("no", lazy("I stay anonymous")), ("yes", lazy("You may reach me"))],
        required=False,
        radio=True,
    )
    name = line(lazy("Your name, or what we may call you"), required=False, autocomplete="off")
    reach = line(
        lazy("Telephone number, e-mail or address"),
        required=False,
        hint=lazy("Needed if we may reach you."),
        autocomplete="off",
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check of a field, then whether what was chosen and what was written fit together."""
        is_valid: bool = super().validate(extra_validators)
        written = bool(self.name.data or self.reach.data)
        if is_valid and self.reachable.data == "yes" and not self.reach.data:
            self.reach.errors = [_("Write how we can reach you, or choose to stay anonymous.")]
            return False
        if is_valid and self.reachable.data != "yes" and written:
            self.reachable.errors = [
                _("You wrote something below. Choose whether we may use it to reach you.")
            ]
            return False
        return is_valid


#: The ways that are safe, in the words of complainants.
SAFE_WAYS: Final[dict[str, Any]] = {
    "phone_safe": lazy("Telephone: you may call me"),
    "mail_safe": lazy("E-mail: nobody else reads it, you may write to it"),
    "letter_safe": lazy("Letter: nobody else opens it, you may send it by mail"),
    "page_only": lazy("Only this site: write to me here, where I come with my code, and nowhere else"),
}


class SafeWaysForm(PublicForm):
    """Wherever a complainant says which ways are safe; the fields stand where each form has them."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check of a field, then whether the ways do not contradict one another."""
        is_valid: bool = super().validate(extra_validators)
        ticked = [way for way in SAFE_WAYS if self[way].data]
        if "page_only" in ticked and len(ticked) > 1:
            self["page_only"].errors = [_("Tick this one alone, or the other ways that are safe.")]
            return False
        return is_valid


class SafeForm(SafeWaysForm):
    heading = lazy("When and how is it safe to reach you?")
    hint = lazy("Tick every way that is safe. We use no other one.")
    phone_safe = yes(SAFE_WAYS["phone_safe"])
    mail_safe = yes(SAFE_WAYS["mail_safe"])
    letter_safe = yes(SAFE_WAYS["letter_safe"])
    page_only = yes(SAFE_WAYS["page_only"])
    safe = line(
        lazy("Days, hours, and anything we must not do"),
        required=False,
        most=500,
        hint=lazy("Such as: only after six, do not leave a message."),
    )


class LanguageForm(PublicForm):
    heading = lazy("In which language should we answer you?")
    language = choice(
        lazy("Language"), [*LANGUAGES, ("other", lazy("Another language"))], required=False, radio=True
    )
    other_language = line(lazy("Which other language?"), required=False, most=40)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check of a field, then whether another language was named."""
        is_valid: bool = super().validate(extra_validators)
        if is_valid and self.language.data == "other" and not self.other_language.data:
            self.other_language.errors = [_("Write which language.")]
            return False
        return is_valid


class SendForm(PublicForm):
    """The last page: it makes the report count once."""

    form_key = HiddenField()


#: The form of each question, by the question's name.
FORMS: Final[dict[str, type[PublicForm]]] = {
    "what": WhatForm,
    "when": WhenForm,
    "where": WhereForm,
    "agency": WhichAgencyForm,
    "officers": OfficersForm,
    "witnesses": WitnessesForm,
    "reprisal": ReprisalForm,
    "remedy": RemedyForm,
    "documents": DocumentsForm,
    "contact": ReachForm,
    "safe": SafeForm,
    "language": LanguageForm,
}
