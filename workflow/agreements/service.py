"""Opening the life of an agreement by hand: an application, or an agreement that is in force already."""

from __future__ import annotations

from datetime import date, datetime

from workflow.agreements.entering import Entry, enter_all, title_of
from workflow.agreements.facts import UNFINISHED, State
from workflow.agreements.kind import KIND
from workflow.agreements.models import AgreementLife
from workflow.cases.access import hidden
from workflow.cases.kinds import House
from workflow.cases.perform import Done, start
from workflow.cases.references import mint
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import in_force
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.register.queries import agreements_of, family


def file_application(
    house: House, *, agency_id: int, model: str, facility: str, contact: str, actor: Actor, now: datetime
) -> Done:
    """Open the application of an agency for a model. Raises `Refused`.

    The template is the one now signed for the model, until the signed document says otherwise.
    """
    with transaction() as s:
        agency = _agency(agency_id, actor)
        policy_id, book = in_force(now.date())
        template = book.template_for(model, now.date())
        if book.model(model) is None or template is None:
            raise Refused(Refusal("unknown", "There is no such model, or no template of it.", "model"))
        _refuse_second(
            actor, agency, model, {State.APPLIED, State.UNDER_REVIEW, State.APPROVED, State.SIGNED}
        )
        record = Agreement(
            reference=mint(KIND.letter, now.year),
            agency_id=agency.id,
            model=model,
            template=template.revision,
            template_inferred=True,
            office_id=agency.office_id,
            county=agency.county,
            status=State.APPLIED,
        )
        s.add(record)
        s.flush()
        life = AgreementLife(
            reference=record.reference,
            title=title_of(agency.name, model),
            agreement_id=record.id,
            agency_id=agency.id,
            agency=agency,
            office_id=agency.office_id,
            office=s.get(FieldOffice, agency.office_id) if agency.office_id else None,
            model=model,
            template=template.revision,
            policy_id=policy_id,
        )
        return start(house, life, "apply", actor, {"facility": facility, "contact": contact}, now=now)


def register_by_hand(
    house: House,
    *,
    agency_id: int,
    model: str,
    signed_on: date,
    template: str | None,
    source: str,
    actor: Actor,
    now: datetime,
) -> AgreementLife:
    """Enter an agreement that is in force but on no list; without a template it is inferred."""
    with transaction() as s:
        agency = _agency(agency_id, actor)
        policy_id, book = in_force(now.date())
        inferred = book.template_for(model, signed_on)
        if book.model(model) is None or (template is None and inferred is None):
            raise Refused(Refusal("unknown", "There is no such model, or no template for that day.", "model"))
        _refuse_second(actor, agency, model, UNFINISHED)
        entry = Entry(
            agency=agency,
            model=model,
            template=template or (inferred.revision if inferred else ""),
            inferred=template is None,
            signed_on=signed_on,
            office=s.get(FieldOffice, agency.office_id) if agency.office_id else None,
            county=agency.county,
            source=source,
        )
        [life] = enter_all(house, [entry], policy_id=policy_id, now=now, actor=actor)
        return life


def _agency(agency_id: int, actor: Actor) -> Agency:
    agency = session().get(Agency, agency_id)
    outside = Role.AGENCY_CONTACT in actor.roles and agency_id not in actor.agencies
    if agency is None or agency.merged_into_id is not None or outside:
        raise Refused(Refusal("unknown", "There is no such agency.", "agency"))
    return agency


def _refuse_second(actor: Actor, agency: Agency, model: str, statuses: frozenset[State] | set[State]) -> None:
    """One agency applies once for a model, and has one agreement of it in force unless it is replaced."""
    for known in agreements_of(family(agency.id)):
        if known.model == model and known.status in statuses:
            named = "an agreement" if hidden(actor, [known.reference]) else known.reference
            raise Refused(Refusal("known", f"{agency.name} has {named} for {model} already.", "model"))
