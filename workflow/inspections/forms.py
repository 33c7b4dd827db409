"""The forms of inspections that are not steps: a section of the checklist, a finding, opening one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from secrets import token_hex
from typing import Any, Final

from wtforms.fields import HiddenField

from workflow.inspections.answers import LONGEST, NAME, Given, base_of
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
    """Base of a section's form: for each item an answer, a remark, what the page had shown, and its name."""

    checklist = HiddenField()
    codes: tuple[str, ...] = ()

    def given(self) -> dict[str, Given]:
        """What was answered, item by item; items without an answer are left out."""
        return {
            code: Given(
                answer=str(self.data[code]),
                comment=self.data[f"{code}_remark"] or None,
                base=base_of(self.data[f"{code}_base"] or ""),
                operation=(self.data[f"{code}_operation"] or "")[:NAME] or None,
            )
            for code in self.codes
            if self.data[code]
        }

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check, and no remark without an answer: it would be lost."""
        is_valid = super().validate(extra_validators)
        alone = [c for c in self.codes if self.data[f"{c}_remark"] and not self.data[c]]
        for code in alone:
            self[code].errors = [*self[code].errors, "Choose an answer: the remark is kept with it."]
        return is_valid and not alone


class FromPaperForm(SectionForm):
    """Base of the form of a whole checklist that was filled in on paper."""

    noted_on = forms.day("Filled in on")
    scan = HiddenField()
    form_key = HiddenField()
    #: What is wrong with the scan.
    problems: Sequence[str] = ()


def section_form(
    items: Iterable[Item], checklist: str, known: Mapping[str, ChecklistAnswer], remarks: Mapping[str, str]
) -> SectionForm:
    """The form of a section, filled with what stands so far; where two disagree nothing is chosen."""
    asked = tuple(items)
    data: dict[str, Any] = {"checklist": checklist}
    for code in (i.code for i in asked):
        data[f"{code}_operation"] = token_hex(16)
        if (answer := known.get(code)) is None:
            continue
        data[f"{code}_base"] = answer.heads
        if not answer.is_disputed:
            data |= {code: answer.answer, f"{code}_remark": remarks.get(code, "")}
    drawn: type[SectionForm] = type("DrawnSection", (SectionForm,), _fields_of(asked))
    return drawn(data=data)


def paper_form(items: Iterable[Item], checklist: str) -> FromPaperForm:
    """The form of a whole checklist, empty: whoever wrote on paper saw no other answer."""
    asked = tuple(items)
    names = {f"{i.code}_operation": token_hex(16) for i in asked}
    drawn: type[FromPaperForm] = type("DrawnPaper", (FromPaperForm,), _fields_of(asked))
    return drawn(data={"checklist": checklist, **names})


def _fields_of(items: Iterable[Item]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    codes = []
    for item in items:
        code = item.code
        codes.append(code)
        fields[code] = forms.choice(f"{code}. {item.words}", ANSWERS, required=False, radio=True)
        fields[f"{code}_remark"] = forms.text(f"Remark on {code}", most=LONGEST, required=False, rows=2)
        fields[f"{code}_base"] = HiddenField()
        fields[f"{code}_operation"] = HiddenField()
    return {**fields, "codes": tuple(codes)}


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
    items: Iterable[Item],
    seen: int,
    known: tuple[Finding, Words] | None,
    item: str = "",
    *,
    fresh: bool = False,
) -> FindingForm:
    """The form of a new finding (about an item answered no, if one is named) or of one that is changed."""
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
    asked = next((i for i in items if i.code == item), None)
    begun = {"result": "deficiency", "clause": asked.clause} if asked else {}
    data = {"seen": seen, "item": item, **begun} if known is None else _of(*known, seen)
    drawn: type[FindingForm] = type("DrawnFinding", (FindingForm,), fields)
    return drawn(data=data, fresh=fresh)


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
