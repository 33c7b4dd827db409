"""The forms of inspections that are not steps: a section of the checklist, a finding, opening one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from wtforms.fields import HiddenField

from workflow.inspections.answers import LONGEST, Given
from workflow.inspections.checklist import Item
from workflow.inspections.facts import ANSWERS, CLASSES, RESULTS, TRIGGERS
from workflow.inspections.findings import Draft
from workflow.inspections.models import ChecklistAnswer, Finding
from workflow.inspections.sealed import Words
from workflow.web import forms
from workflow.web.forms import NumberField
from workflow.web.free_text import FreeTextForm

NO_NAMES: Final = "No name, birth date or number of a person: number the files of a sample."


class SectionForm(FreeTextForm):
    """Base of a section's form: for each item an answer, a remark, and the answer the page had shown."""

    codes: tuple[str, ...] = ()

    def given(self) -> dict[str, Given]:
        """What was answered, item by item; items without an answer are left out."""
        return {
            code: Given(
                answer=str(self.data[code]),
                comment=self.data[f"{code}_remark"] or None,
                was=self.data[f"{code}_was"] or None,
            )
            for code in self.codes
            if self.data[code]
        }


def section_form(
    items: Iterable[Item], known: Mapping[str, ChecklistAnswer], remarks: Mapping[str, str]
) -> SectionForm:
    """The form of a section, filled with what was answered and remarked so far."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for item in items:
        answer = known.get(item.code)
        fields[item.code] = forms.choice(
            f"{item.code}. {item.words}", ANSWERS, required=False, hint=item.clause, radio=True
        )
        fields[f"{item.code}_remark"] = forms.line(f"Remark on {item.code}", most=LONGEST, required=False)
        fields[f"{item.code}_was"] = HiddenField()
        if answer is not None:
            data |= {
                item.code: answer.answer,
                f"{item.code}_remark": remarks.get(item.code, ""),
                f"{item.code}_was": answer.answer,
            }
    codes = tuple(name for name in fields if not name.endswith(("_remark", "_was")))
    drawn: type[SectionForm] = type("DrawnSection", (SectionForm,), {**fields, "codes": codes})
    return drawn(data=data)


class FindingForm(FreeTextForm):
    """Base of the form of a finding; its items are those of the inspection."""

    seen = NumberField("", [], least=0, most=999_999_999)

    def draft(self) -> Draft:
        """What was written."""
        given = {name: value or None for name, value in self.data.items()}
        return Draft(
            item=str(given["item"] or ""),
            result=str(given["result"] or ""),
            clause=given["clause"],
            class_code=given["class_code"],
            evidence=given["evidence"],
            comment=given["comment"],
        )


def finding_form(
    items: Iterable[Item], seen: int, known: tuple[Finding, Words] | None, item: str = ""
) -> FindingForm:
    """The form of a new finding (about an item, if one is named) or of one that is changed."""
    fields: dict[str, Any] = {
        "item": forms.choice("Item of the checklist", [(i.code, f"{i.code}. {i.words}") for i in items]),
        "result": forms.choice("What was established", RESULTS, radio=True),
        "class_code": forms.choice(
            "Class", CLASSES, required=False, hint="For a deficiency. A critical one is cited at once."
        ),
        "clause": forms.line("Provision", required=False, hint="Left empty, that of the item."),
        "evidence": forms.text("Evidence", most=10_000, required=False, hint=NO_NAMES),
        "comment": forms.text(
            "Note for the office", most=10_000, required=False, rows=3, hint="The agency does not see it."
        ),
    }
    data = {"seen": seen, "item": item} if known is None else _of(*known, seen)
    drawn: type[FindingForm] = type("DrawnFinding", (FindingForm,), fields)
    return drawn(data=data)


def _of(finding: Finding, words: Words, seen: int) -> dict[str, Any]:
    names = ("item", "result", "class_code", "clause")
    written = {name: getattr(finding, name) for name in names}
    return {"seen": seen, **written, "evidence": words.evidence, "comment": words.comment}


class PlanForm(FreeTextForm):
    """Planning an inspection by hand."""

    due_on = forms.day("Due on")
    basis = forms.line("Why it is due then")
    kind_of = forms.choice(
        "Which", [("routine", "Routine"), ("follow_up", "Follow-up of an earlier one")], radio=True
    )


class CauseForm(FreeTextForm):
    """Opening an inspection for cause."""

    trigger = forms.choice("Cause", TRIGGERS)
    explanation = forms.text("What happened, in a sentence", most=2000, rows=3)
