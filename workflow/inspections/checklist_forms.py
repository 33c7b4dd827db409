"""The forms of the pages on which checklists are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflow.inspections.checklist import Checklist, Item
from workflow.inspections.checklist_drafts import LONGEST
from workflow.policy.book import Book
from workflow.web import forms
from workflow.web.forms import BaseForm, NumberField
from workflow.web.free_text import FreeTextForm


class DraftForm(FreeTextForm):
    """Beginning a draft."""

    base = forms.choice("Begin from", [])
    note = forms.line("What it is to change, and why", most=LONGEST)


class SeenForm(BaseForm):
    """A button that changes a draft: the revision the page had shown."""

    seen = NumberField("", [], least=0, most=999_999)


class InForceForm(SeenForm):
    """Putting a draft in force."""

    effective_on = forms.day(
        "In force from", hint="Inspections that begin on that day or later are asked it."
    )


class SectionForm(FreeTextForm):
    """A section of a draft."""

    seen = NumberField("", [], least=0, most=999_999)
    title = forms.line("Title", most=80, hint="What the items in it are about.")


class ItemForm(FreeTextForm):
    """One item of a draft."""

    seen = NumberField("", [], least=0, most=999_999)
    area = forms.choice("Section", [])
    words = forms.line("Question", most=LONGEST, hint="A sentence that is true where all is well.")
    clause = forms.line("Provision", hint="The clause of the agreement it comes from.")
    guidance = forms.text("Guidance", most=LONGEST, rows=2, hint="How an inspector finds out.")
    evidence = forms.text(
        "Evidence wanted", most=LONGEST, rows=2, hint="What to see. Never a name or a number."
    )
    models = forms.choices("Models", [], hint="None chosen: all.")
    revisions = forms.choices("Templates", [], hint="None chosen: all.")
    critical = forms.yes("What fails it is usually critical")
    of_file = forms.yes("Asked of every file of a sample, not once")

    def item(self, code: str) -> Item:
        """The item as it was typed; a question ends with a full stop."""
        words = str(self.words.data or "")
        return Item(
            code=code,
            area=self.area.data,
            words=words if words.endswith((".", "?")) else f"{words}.",
            clause=self.clause.data or "",
            guidance=self.guidance.data or "",
            evidence=self.evidence.data or "",
            models=tuple(self.models.data or ()),
            revisions=tuple(self.revisions.data or ()),
            critical=bool(self.critical.data),
            of_file=bool(self.of_file.data),
        )


def draft_form(codes: Iterable[str], chosen: str) -> DraftForm:
    """The form of a new draft, with the versions it can begin from."""
    form = DraftForm(base=chosen)
    forms.offer(form.base, [(code, code) for code in codes])
    return form


def item_form(checklist: Checklist, book: Book, seen: int, item: Item | None) -> ItemForm:
    """The form of a new item of a draft, or of one that is changed."""
    written: dict[str, Any] = {} if item is None else {n: getattr(item, n) for n in _NAMES}
    form = ItemForm(data={"seen": seen, **written})
    forms.offer(form.area, [(a.code, a.title) for a in checklist.areas])
    forms.offer(form.models, [(m.code, m.code) for m in book.models])
    known = sorted({t.revision for t in book.templates} | set(item.revisions if item else ()))
    forms.offer(form.revisions, [(r, r) for r in known])
    return form


_NAMES = ("area", "words", "clause", "guidance", "evidence", "models", "revisions", "critical", "of_file")
