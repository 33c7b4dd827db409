"""Opening what is sealed of a corrective action: the deficiency, and the agency's plan. Steps close it."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.cases import sealed
from workflow.corrective.models import CorrectiveAction
from workflow.db.seal import Keyring


@dataclass(frozen=True, slots=True)
class Words:
    """What was found, what will be done about it, and which post at the agency answers for it."""

    deficiency: str | None
    action: str | None
    responsible: str | None


def words_of(corrective: CorrectiveAction, keyring: Keyring) -> Words:
    """The words of a corrective action, opened."""

    def read(column: str) -> str | None:
        place = sealed.place_of(corrective, column)
        return sealed.read(corrective, place, getattr(corrective, column), keyring)

    return Words(read("deficiency"), read("action"), read("responsible"))
