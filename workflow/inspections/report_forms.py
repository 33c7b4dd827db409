"""The forms of a report: its text, a comment of the agency on a fact, the answer to one."""

from __future__ import annotations

from typing import Any

from workflow.inspections import report_comments, report_text
from workflow.inspections.facts import COMMENT_OUTCOMES
from workflow.inspections.forms import NO_NAMES
from workflow.inspections.report_text import Text
from workflow.web import forms
from workflow.web.forms import NumberField
from workflow.web.free_text import FreeTextForm

#: What stands for the draft as a whole among its findings.
WHOLE = "whole"


class TextForm(FreeTextForm):
    """The text of a report. `seen` is the number of the text it replaces."""

    seen = NumberField("", [], least=0, most=999_999)
    summary = forms.text("Summary", most=report_text.LONGEST, rows=6, hint=f"What was found. {NO_NAMES}")
    method = forms.text(
        "How it was done",
        most=report_text.LONGEST,
        required=False,
        rows=4,
        hint="The checklist, the sample and the interviews are counted into the report by themselves.",
    )
    strengths = forms.text("What works well", most=report_text.LONGEST, required=False, rows=4)

    def text(self) -> Text:
        """What was written."""
        return Text(self.summary.data or "", self.method.data or None, self.strengths.data or None)


class CommentForm(FreeTextForm):
    """Base of the form of a comment; its findings are those of the draft."""

    words = forms.text(
        "What is not right, and what shows it",
        most=report_comments.LONGEST,
        hint="About facts. No name of a person in custody, of whoever complained or was interviewed.",
    )

    @property
    def about(self) -> int | None:
        """The number of the finding it is about."""
        chosen = str(self.data["finding"])
        return int(chosen) if chosen.isdecimal() else None


class AnswerForm(FreeTextForm):
    """What becomes of a comment."""

    outcome = forms.choice("What becomes of it", COMMENT_OUTCOMES, radio=True)
    answer = forms.text(
        "Answer", most=report_comments.LONGEST, rows=4, hint=f"The agency reads it in the report. {NO_NAMES}"
    )


def comment_form(findings: dict[int, str]) -> CommentForm:
    """The form of a comment on a draft with these findings."""
    options = [(WHOLE, "The draft as a whole")]
    options += [(str(number), f"Finding {number} ({item})") for number, item in findings.items()]
    fields: dict[str, Any] = {"finding": forms.choice("About", options)}
    drawn: type[CommentForm] = type("DrawnComment", (CommentForm,), fields)
    return drawn()


def text_form(text: Text, seen: int) -> TextForm:
    """The form of the text, filled with what stands."""
    return TextForm(data={"seen": seen, **{part: getattr(text, part) for part in report_text.PARTS}})
