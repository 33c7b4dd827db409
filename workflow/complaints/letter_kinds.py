"""Letters of a complaint, declared: which there are, to whom, in which wording, with which places. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workflow.messages.wording import FREE

LETTERS: Final = (
    ("acknowledgement", "Receipt acknowledged"),
    ("need_more", "Asking for more"),
    ("delay", "It takes longer"),
    ("referral", "Referred to another authority"),
    ("outcome", "Outcome"),
    ("closed_without_finding", "Closed without a finding"),
    ("no_jurisdiction", "No jurisdiction"),
    ("withdrawal", "Withdrawn"),
    ("appeal_affirmed", "Review: the decision stays"),
    ("appeal_remanded", "Review: worked on again"),
)
PARTIES: Final = (
    ("complainant", "the complainant"),
    ("subject", "whom it is about"),
    ("agency", "the agency"),
)
#: Letters that somebody asks for by hand; the others follow from a step, or from time.
BY_HAND: Final = tuple((name, label) for name, label in LETTERS if name in ("need_more", "delay"))
#: Letters whose one free paragraph is what they are written for.
SAYS_SOMETHING: Final = frozenset({"need_more"})
#: A complainant is owed the answer: these are sent, unless there is no way at all.
OWED: Final = frozenset(name for name, _ in LETTERS) - {"acknowledgement", "need_more", "delay"}

_EVERYBODY: Final = frozenset({"reference", "agency", "outcomes", FREE})
#: What may stand in a letter, by party. Whoever a complaint is about learns no day, and nothing told.
PLACES: Final = {
    "complainant": _EVERYBODY
    | {"received_on", "days_open", "expected_by", "allegations", "closing_reason"}
    | {"where_instead", "referred_to", "review_days", "status_page"},
    "subject": _EVERYBODY | {"decided_month"},
    "agency": _EVERYBODY | {"received_month", "decided_month"},
}


def wording_for(name: str, recipient: str, dispositions: Iterable[str | None]) -> str:
    """Which wording a letter has: of an outcome, each party has its own.

    Where nothing was sustained the subject is told so, and that nothing goes to the file (8 CFR 287.10).
    """
    if recipient == "complainant":
        return name
    nothing = recipient == "subject" and "sustained" not in set(dispositions)
    return f"{name}_{recipient}{'_unsupported' if nothing else ''}"
