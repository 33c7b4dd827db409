"""Triage in one act: agency, allegations, agreements, the routing that is suggested, and the step itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete

from workflow.cases.idempotency import claim
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note, perform
from workflow.complaints import matters
from workflow.complaints.allegations import allege
from workflow.complaints.facts import TIERS, UNDECIDED, State, suggested_tier
from workflow.complaints.models import Complaint, ComplaintAgreement, ComplaintSeen
from workflow.complaints.routing import Inputs, Suggestion, inputs_of, suggest
from workflow.complaints.service import name_agency, open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book
from workflow.register.queries import agreements_of, family

TRIAGES: Final = frozenset({Role.REVIEWER})
#: Who looks through what is new.
LOOKS: Final = frozenset({Role.INTAKE, Role.REVIEWER, Role.MANAGER})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What triage saw: the answers of the step, and what is written beside it. None: it stays as it is."""

    answers: Mapping[str, Any]
    kinds: tuple[str, ...] = ()
    agency_id: int | None = None
    agreement_ids: tuple[int, ...] = field(default=())


@retried
def triage(
    house: House,
    reference: str,
    actor: Actor,
    saw: Seen,
    *,
    seen: int,
    form_key: str | None,
    closed: Iterable[str] = (),
    now: datetime,
) -> Done:
    """Write all of it and take the step, or nothing. Raises what each of them raises; the form counts once.

    `closed` are the channels of referral that the office has closed.
    """
    with transaction():
        if known := claim(form_key, actor):
            return Done(known.reference, known.version, repeated=True)
        if saw.agency_id is not None:
            seen = name_agency(house, reference, actor, saw.agency_id, seen=seen, now=now).version
        for code in saw.kinds:
            seen = allege(house, reference, actor, code, _subject(saw), seen=seen, now=now).version
        if saw.agreement_ids:
            seen = name_agreements(house, reference, actor, saw.agreement_ids, seen=seen, now=now).version
        seen = _keep_suggestion(house, reference, actor, saw.answers, closed, seen=seen, now=now)
        mark_seen(reference, actor, now=now)
        return perform(
            house, reference, "triage", actor, saw.answers, seen=seen, now=now, idempotency_key=form_key
        )


@retried
def name_agreements(
    house: House, reference: str, actor: Actor, agreement_ids: Iterable[int], *, seen: int, now: datetime
) -> Done:
    """Say which other agreements it is about as well; the one that leads stays, and is set by a step."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, TRIAGES, seen)
        if complaint.state not in UNDECIDED:
            raise Refused(Refusal("state", "The complaint is decided; its agreements stay as they are."))
        wanted, agency_id = set(agreement_ids), complaint.agency_id
        known = {a.id: a for a in (agreements_of(family(agency_id)) if agency_id else ())}
        if not wanted <= known.keys():
            raise Refused(Refusal("agreements", "Choose agreements of the agency it is about.", "agreements"))
        there = {link.agreement_id: link for link in complaint.agreements}
        for link in there.values():
            if link.agreement_id not in wanted and not link.is_lead:
                complaint.agreements.remove(link)
                s.delete(link)
        for agreement_id in sorted(wanted - there.keys()):
            complaint.agreements.append(ComplaintAgreement(agreement_id=agreement_id, is_lead=False))
        said = ", ".join(known[i].reference for i in sorted(wanted))
        note(house, complaint, "name_agreements", actor, codes={"agreements": said}, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


def suggestion_for(
    complaint: Complaint,
    answers: Mapping[str, Any],
    *,
    kinds: Iterable[str] = (),
    closed: Iterable[str] = (),
) -> tuple[Inputs, Suggestion] | None:
    """What routing suggests for what is recorded and what is being answered, and on which inputs.

    None while neither an answer nor an allegation gives a tier.
    """
    codes = {*(a.code for a in complaint.allegations), *kinds}
    chosen = answers.get("tier")
    known = matters.tiers()
    tier = int(chosen) if chosen in dict(TIERS) else suggested_tier(codes & known.keys(), known)
    if tier is None:
        return None
    inputs = inputs_of(
        tier=tier,
        codes=codes,
        subject=answers.get("subject") or complaint.subject,
        jurisdiction=answers.get("jurisdiction"),
        fears_reprisal=complaint.fears_reprisal,
        protected=bool(answers.get("protected")),
    )
    return inputs, suggest(inputs, closed=closed)


def mark_seen(reference: str, actor: Actor, *, now: datetime, unread: bool = False) -> None:
    """Say that one has looked at a complaint, or that one has not after all. Nothing of the case changes."""
    with transaction() as s:
        complaint = open_complaint(reference, actor, LOOKS, None)
        if unread:
            s.execute(
                delete(ComplaintSeen).where(
                    ComplaintSeen.complaint_id == complaint.id, ComplaintSeen.person_id == actor.id
                )
            )
        elif s.get(ComplaintSeen, (complaint.id, actor.id)) is None:
            s.add(ComplaintSeen(complaint_id=complaint.id, person_id=actor.id, at=now))
        s.flush()


def _keep_suggestion(
    house: House,
    reference: str,
    actor: Actor,
    answers: Mapping[str, Any],
    closed: Iterable[str],
    *,
    seen: int,
    now: datetime,
) -> int:
    """Keep as codes which rule suggested what, on which inputs; the version of the complaint after it."""
    shut = sorted(closed)
    complaint = open_complaint(reference, actor, TRIAGES, seen)
    suggested = suggestion_for(complaint, answers, closed=shut)
    if suggested is None or complaint.state != State.RECEIVED:
        return seen
    inputs, found = suggested
    complaint.suggested_route = found.route.value
    codes = {
        "route": found.route.value,
        "rule": found.rule.id,
        "policy": book(complaint.policy_id).version,
        **inputs.codes(),
        **({"closed": " ".join(shut)} if shut else {}),
    }
    note(house, complaint, "suggest_route", actor, codes=codes, now=now)
    session().flush()
    return complaint.version


def _subject(saw: Seen) -> str:
    return str(saw.answers.get("subject") or "unknown")
