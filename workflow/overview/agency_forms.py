"""Forms for keeping the names of agencies straight: merging, splitting, naming, taking back."""

from __future__ import annotations

from typing import Any

from workflow.register.models import Agency
from workflow.web.forms import choice, choices, line, offer, text
from workflow.web.free_text import FreeTextForm


class MergeForm(FreeTextForm):
    """Which record is the same agency. Those whose names look alike come first."""

    other = choice("The other record", (), hint="Same state, same county, same numbers in the name.")
    reason = text("How you know that they are one", rows=3)

    def __init__(self, possible: list[tuple[Agency, bool]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(
            self.other,
            [
                (
                    str(a.id),
                    f"{a.name}{', ' + a.county if a.county else ''}{' (looks alike)' if alike else ''}",
                )
                for a, alike in possible
            ],
        )


class SplitForm(FreeTextForm):
    """Which agreements belong to whom else."""

    agreements = choices("Agreements that belong to the other agency", (), required=True)
    name = line("Name of the other agency", most=300)
    reason = text("How you know that they are two", rows=3)

    def __init__(self, own: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self.agreements, own)


class AliasForm(FreeTextForm):
    """Another spelling that lists use."""

    name = line("Other name", most=300)
    reason = text("Where it is used", rows=3)


class UndoForm(FreeTextForm):
    """Why something is taken back."""

    reason = text("Why it is taken back", rows=3)
