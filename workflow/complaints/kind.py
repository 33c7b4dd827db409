"""Complaints as the substrate sees them: machine, table, the picture for rules, lists to choose from."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exists, or_, select

from workflow.cases.kinds import CaseKind, Choices, Common
from workflow.cases.models import Case
from workflow.complaints.facts import ComplaintFacts, State
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.models import Allegation, Complaint
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.machine import Ask
from workflow.people.queries import holding
from workflow.register.models import Agreement

#: How many other complaints are offered to merge into.
PARENTS: Final = 30
_ENDED: Final = (State.CLOSED, State.MERGED, State.VOIDED)


def facts_of(complaint: Complaint, common: Common) -> ComplaintFacts:
    """The picture of a complaint. At most two queries more than the common ones, none for a new one."""
    rows = complaint.allegations if common["version"] else []
    mergeable = bool(common["version"]) and complaint.state == State.TRIAGED
    return ComplaintFacts(
        state=State(complaint.state),
        tier=complaint.tier,
        investigator_id=complaint.owner_id,
        supervised_by_id=complaint.supervised_by_id,
        allegations=len(rows),
        undisposed=sum(not a.is_disposed for a in rows),
        unproposed=sum(not a.is_proposed for a in rows),
        contact_possible=bool(complaint.contact_possible),
        parents=frozenset(c.reference for c in parents(complaint)) if mergeable else frozenset(),
        **common,
    )


def parents(complaint: Complaint) -> list[Complaint]:
    """Complaints this one can be merged into: same agency, open or sustained, not merged themselves."""
    if complaint.agency_id is None:
        return []
    sustained = exists().where(Allegation.complaint_id == Complaint.id, Allegation.disposition == "sustained")
    found = (
        select(Complaint)
        .where(
            Complaint.id != complaint.id,
            Complaint.agency_id == complaint.agency_id,
            or_(Complaint.state.not_in(_ENDED), (Complaint.state == State.CLOSED) & sustained),
        )
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(PARENTS)
    )
    return list(session().scalars(found))


def choices(case: Case | None, ask: Ask) -> Choices:
    """What can be chosen on this complaint."""
    if not isinstance(case, Complaint):
        return []
    match ask.name:
        case "investigator":
            return [(str(p.id), p.name) for p in holding(Role.REVIEWER)]
        case "agreement":
            return _agreements(case)
        case "parent":
            return [(c.reference, f"{c.reference}, received {c.received_at.date()}") for c in parents(case)]
        case _:
            return []


def _agreements(complaint: Complaint) -> Choices:
    if complaint.agency_id is None:
        return []
    found = session().scalars(
        select(Agreement).where(Agreement.agency_id == complaint.agency_id).order_by(Agreement.id)
    )
    return [(str(a.id), f"{a.model}, signed {a.signed_on or 'on an unknown day'}") for a in found]


KIND: Final = CaseKind(
    machine=COMPLAINT,
    model=Complaint,
    facts_of=facts_of,
    letter="C",
    endpoint="complaints.show",
    choices=choices,
)
