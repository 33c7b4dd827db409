"""Reporting a correction with its evidence: words and files in one go, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.cases.access import case_for
from workflow.cases.enclosures import VERB, enclose
from workflow.cases.handed_in import ADDED
from workflow.cases.kinds import House
from workflow.cases.perform import Done, perform
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor, Role


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that it is corrected: in words, and the staged files of one holder."""

    words: str
    tokens: Sequence[str] = ()
    holder: str = ""


@retried
def report(
    house: House,
    reference: str,
    actor: Actor,
    evidence: Evidence,
    *,
    seen: int,
    now: datetime,
    occurred_at: datetime | None = None,
    late_reason: str | None = None,
    key: str | None = None,
) -> Done:
    """Report the correction. Raises what `perform` raises; then no file was added either."""
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        if evidence.tokens and case.version == seen:
            # What a contact hands in is the agency's own, and stays to be seen on its page.
            verb = ADDED if Role.AGENCY_CONTACT in actor.roles else VERB
            enclose(house, case, evidence.tokens, holder=evidence.holder, by=actor, now=now, verb=verb)
            s.flush()
            seen = case.version
        return perform(
            house,
            reference,
            "claim_corrected",
            actor,
            {"evidence": evidence.words},
            seen=seen,
            now=now,
            occurred_at=occurred_at,
            late_reason=late_reason,
            idempotency_key=key,
        )
