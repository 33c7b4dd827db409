"""What an allegation can be about: the types of the policy, for lists, forms and checks. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import allegation_types, types_offered


def titles() -> dict[str, str]:
    """What each type is called, by its code; retired ones too, as old complaints have them."""
    return {code: known.title for code, known in allegation_types().items()}


def meanings() -> dict[str, str]:
    """One line for each type, by its code."""
    return {code: known.means for code, known in allegation_types().items()}


def tiers() -> dict[str, int]:
    """The tier each type suggests, by its code; a person decides."""
    return {code: known.tier for code, known in allegation_types().items()}


def offered(on: date, *, kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Codes and titles to choose from on a day, and those that a complaint has already."""
    open_now = {known.code for known in types_offered(on)}.union(kept)
    return [(code, title) for code, title in titles().items() if code in open_now]


def offered_with_tiers(on: date, *, kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The same, each with the tier it suggests."""
    suggested = tiers()
    return [(c, f"{title} (suggests tier {suggested[c]})") for c, title in offered(on, kept=kept)]


def check(code: str, on: date, *, kept: Iterable[str] = ()) -> None:
    """Raises `Refused` for what is no type, or was retired by that day."""
    if code not in dict(offered(on, kept=kept)):
        raise Refused(Refusal("unfit", "Choose one of the list.", "code"))
