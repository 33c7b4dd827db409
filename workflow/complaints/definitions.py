"""What each disposition and closing reason means, in one line, and which of them say little. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workflow.complaints.facts import CLOSING_REASONS, DISPOSITIONS, STANDARDS_OF_PROOF

#: Shown wherever a disposition is chosen or stands.
DISPOSITION_MEANS: Final = {
    "sustained": "it happened as alleged, and it was against the rules",
    "not_sustained": "the evidence neither proves nor disproves it",
    "unfounded": "the evidence shows that it did not happen",
    "exonerated": "it happened, and it was within the rules",
    "inconclusive": "it could not be examined far enough to say; say what was missing",
    "policy_or_training": "it happened, and the fault lies with a rule or with training",
    "no_finding": "nothing was found either way, for a reason named beside it",
}
CLOSING_MEANS: Final = {
    "no_jurisdiction": "another authority is responsible, and the complainant was told which",
    "insufficient_information": "too little is known, and the complainant could not be reached twice",
    "withdrawn": "the complainant took it back freely, and it is not grave enough to go on",
    "subject_unidentified": "who did it could not be found out",
    "duplicate": "the same matter is decided in another complaint",
    "transferred": "another authority decides it, and its outcome is not awaited here",
    "administrative": "none of the other reasons fits; the reasons say why",
    "void": "it was no complaint: a test, or entered by mistake",
}
STANDARD_MEANS: Final = {
    "preponderance": "more likely than not",
    "clear_and_convincing": "highly likely",
    "none": "only where no finding was made",
}
#: Endings that say little: counted, and never by one person alone.
CATCH_ALL_DISPOSITIONS: Final = frozenset({"inconclusive"})
CATCH_ALL_REASONS: Final = frozenset(
    {"administrative", "insufficient_information", "subject_unidentified", "transferred", "void"}
)
CATCH_ALL_TYPES: Final = frozenset({"other"})


def is_catch_all(code: str, disposition: str | None, closing_reason: str | None) -> bool:
    """Whether it says little what an allegation is about, or how it ended."""
    return (
        code in CATCH_ALL_TYPES
        or disposition in CATCH_ALL_DISPOSITIONS
        or closing_reason in CATCH_ALL_REASONS
    )


def defined(listed: Iterable[tuple[str, str]], means: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The same list with its definitions, to choose from: "Sustained: it happened as alleged …"."""
    return tuple((value, f"{label}: {means[value]}") for value, label in listed)


DEFINED_DISPOSITIONS: Final = defined(DISPOSITIONS, DISPOSITION_MEANS)
DEFINED_REASONS: Final = defined(CLOSING_REASONS, CLOSING_MEANS)
DEFINED_STANDARDS: Final = defined(STANDARDS_OF_PROOF, STANDARD_MEANS)
