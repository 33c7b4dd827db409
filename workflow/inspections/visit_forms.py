"""The forms of what else is noted on a visit: a file of the sample, an interview, a difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from workflow.inspections import interviews, roster
from workflow.inspections.checklist import Item
from workflow.inspections.facts import ANSWERS, CLASSES, DIFFERENCES, INTERVIEWED
from workflow.web import forms
from workflow.web.forms import BaseForm, NumberField
from workflow.web.free_text import FreeTextForm

NO_NAMES: Final = "No name: neither of people in custody nor of whom you talked to."


class FileForm(BaseForm):
    """Base of the form of one file: an answer for each question."""

    seen = NumberField("", [], least=0, most=999_999)
    codes: tuple[str, ...] = ()

    def marks(self) -> dict[str, str]:
        """What was answered, by code."""
        return {code: str(self.data[code]) for code in self.codes if self.data[code]}


class InterviewForm(FreeTextForm):
    """One interview."""

    role = forms.choice("With whom, by role", INTERVIEWED)
    people = forms.number("How many people", least=1, most=interviews.PEOPLE)
    held_on = forms.day("On")
    notes = forms.text("What was learnt", most=interviews.LONGEST, required=False, hint=NO_NAMES)


class ActingForm(FreeTextForm):
    """The officers found on duty, to be held against the records."""

    acting = forms.text(
        "Numbers of the officers who act here",
        most=5000,
        rows=4,
        hint="As the agency's roster has them, one a line or separated by commas. Numbers, not names.",
    )

    def numbers(self) -> frozenset[str]:
        """The numbers, each once."""
        parts = (self.acting.data or "").replace(",", "\n").replace(";", "\n").split("\n")
        return frozenset(part.strip()[:40] for part in parts if part.strip())


class DifferenceForm(FreeTextForm):
    """Something an inspector saw that differs from the roster."""

    kind = forms.choice("What differs", DIFFERENCES)
    officers = forms.number("How many officers", least=1, most=999)
    words = forms.text("In a sentence", most=roster.LONGEST, rows=2, hint="Numbers of officers, not names.")


class DecideForm(FreeTextForm):
    """Accepting or declining a proposed finding."""

    decision = forms.choice(
        "What becomes of it",
        [
            *((code, f"A finding: deficiency, {words.lower()}") for code, words in CLASSES),
            ("area_of_concern", "A finding: area of concern"),
            ("decline", "No finding"),
        ],
        radio=True,
    )
    reason = forms.line("Why it is no finding", required=False)


def file_form(items: Iterable[Item], marks: Mapping[str, Any], seen: int) -> FileForm:
    """The form of one file, filled with what was seen in it before."""
    asked = tuple(items)
    fields: dict[str, Any] = {
        i.code: forms.choice(f"{i.code}. {i.words}", ANSWERS, hint=i.guidance, radio=True) for i in asked
    }
    codes = tuple(i.code for i in asked)
    drawn: type[FileForm] = type("DrawnFile", (FileForm,), {**fields, "codes": codes})
    return drawn(data={"seen": seen, **marks})
