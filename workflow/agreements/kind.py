"""Agreements as the substrate sees them: machine, table, the picture for rules, lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow.agreements import capacity, contacts, waivers
from workflow.agreements.facts import IN_FORCE, MEASURED, AgreementFacts, State
from workflow.agreements.machine import MACHINE
from workflow.agreements.models import AgreementLife
from workflow.agreements.notes import NOTES
from workflow.agreements.officer_watch import PROMISES, watch
from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import Beside, CaseKind, Choices, Common
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.calendar import day_words
from workflow.engine.machine import Ask
from workflow.engine.spans import Span
from workflow.people.queries import holding
from workflow.policy import queries as policy
from workflow.policy.book import Book
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agreement

_OFFICE_CODES: Final = frozenset(office.code for office in FIELD_OFFICES)


def facts_of(life: AgreementLife, common: Common) -> AgreementFacts:
    """The picture of an agreement. Three queries more than the common ones, none for a new one."""
    book = policy.book(life.policy_id)
    spans: Mapping[str, Span] = {limit.name: span_for(life, book, limit) for limit in MEASURED}
    return AgreementFacts(
        state=State(life.state),
        calendar=calendar_of(life.office_id),
        spans=spans,
        owner_id=life.owner_id,
        capacity=life.capacity,
        operational_on=life.operational_on,
        effective_on=life.effective_on,
        suspended_until=life.suspended_until,
        templates=frozenset(t.revision for t in book.templates if t.model == life.model),
        offices=_OFFICE_CODES,
        successors=frozenset(a.id for a in successors(life)) if common["version"] else frozenset(),
        contacts=frozenset(number for number, _ in _contacts(life)) if common["version"] else frozenset(),
        duties=frozenset(duty for duty, _ in _duties(life, book)),
        waived=frozenset(number for number, _ in _waivers(life, book)) if common["version"] else frozenset(),
        **common,
    )


def successors(life: AgreementLife) -> list[Agreement]:
    """Other agreements of the same agency under the same model, signed or in force."""
    if life.state not in (State.ACTIVE, State.SUSPENDED):
        return []
    own = select(Agreement.agency_id).where(Agreement.id == life.agreement_id).scalar_subquery()
    found = (
        select(Agreement)
        .where(
            Agreement.agency_id == own,
            Agreement.model == life.model,
            Agreement.id != life.agreement_id,
            Agreement.status.in_({State.SIGNED, *IN_FORCE}),
        )
        .order_by(Agreement.id)
    )
    return list(session().scalars(found))


def choices(case: Case | None, ask: Ask) -> Choices:
    """What can be chosen on this agreement."""
    if not isinstance(case, AgreementLife):
        return []
    match ask.of:
        case "templates":
            book = policy.book(case.policy_id)
            return [(t.revision, f"Template {t.revision}") for t in book.templates if t.model == case.model]
        case "offices":
            return [(office.code, office.name) for office in FIELD_OFFICES]
        case "successors":
            return [(str(a.id), _called(a)) for a in successors(case)]
        case "contacts":
            return _contacts(case)
        case "duties":
            return _duties(case, policy.book(case.policy_id))
        case "waivers":
            return _waivers(case, policy.book(case.policy_id))
        case Role.FIELD_SUPERVISOR:
            return _supervisors(case.office_id)
    return []


def _contacts(life: AgreementLife) -> Choices:
    """The contacts that count, by number. None of another state than in force is looked for."""
    if life.state not in IN_FORCE:
        return []
    return [
        (str(row.number), f"{contacts.KINDS[row.kind]}, {day_words(row.held_on)}")
        for row in contacts.counting(life.agreement_id)
    ]


def _duties(life: AgreementLife, book: Book) -> Choices:
    """The duties of the policy that are owed under the model."""
    return [
        (duty.name, duty.title)
        for duty in book.duties
        if life.model and life.model not in duty.exempt_models and book.cadence(duty.name, life.model)
    ]


def _waivers(life: AgreementLife, book: Book) -> Choices:
    """The waivers that have not ended, by number."""
    if life.state not in IN_FORCE:
        return []
    titles = {duty.name: duty.title for duty in book.duties}
    return [
        (str(row.number), f"{titles.get(row.duty, row.duty)}, until {day_words(row.until_on)}")
        for row in waivers.not_ended(life.agreement_id)
    ]


def _called(agreement: Agreement) -> str:
    signed = f", signed {day_words(agreement.signed_on)}" if agreement.signed_on else ""
    return f"{agreement.reference}{signed}"


def _supervisors(office_id: int | None) -> Choices:
    """The supervisors of the office; where it has none, all of them."""
    everybody = holding(Role.FIELD_SUPERVISOR)
    here = [p for p in everybody if office_id in {place.office_id for place in p.offices}]
    return [(str(p.id), p.name) for p in here or everybody]


def life_of(agreement_id: int) -> AgreementLife | None:
    """The life of a record, whoever asks: for services that write it."""
    found = (
        select(AgreementLife)
        .where(AgreementLife.agreement_id == agreement_id)
        .options(joinedload(AgreementLife.agency))
    )
    return session().scalar(found)


def beside(life: AgreementLife, verb: str, now: datetime) -> Beside | None:
    """Where an application is decided: what the field office oversees already."""
    if verb not in capacity.ASKED_AT:
        return None
    today = calendar_of(life.office_id).day_of(now)
    return capacity.in_words(capacity.capacity_for(life, policy.in_force(today)[1], today))


KIND: Final = CaseKind(
    machine=MACHINE,
    model=AgreementLife,
    facts_of=facts_of,
    letter="G",
    endpoint="agreements.show",
    choices=choices,
    notes=NOTES,
    promises=PROMISES,
    as_time_passes=watch,
    beside=beside,
)
