"""The one list of what stands in the navigation, and for whom. A page is not made here, only named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, request, url_for

from workflow.engine.actors import Actor, Role
from workflow.web.access import mark_of, may_open
from workflow.web.login import actor_or_none

ON_CASES: Final = frozenset(
    {Role.INTAKE, Role.REVIEWER, Role.FIELD_SUPERVISOR, Role.INSPECTOR, Role.MANAGER}
    | {Role.PROGRAMME_MANAGER, Role.LIAISON, Role.AUDITOR}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation. It shows only if it exists and its access mark admits the reader."""

    label: str
    endpoint: str
    roles: frozenset[Role]


ENTRIES: Final = (
    Entry("Waiting for you", "outside.start", frozenset({Role.AGENCY_CONTACT})),
    Entry("Queue", "queue.show", ON_CASES - {Role.AUDITOR}),
    Entry("Triage", "triage.index", frozenset({Role.INTAKE, Role.REVIEWER, Role.MANAGER})),
    Entry("Letters", "complaints.letters_waiting", frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})),
    Entry("Complaints", "complaints.index", ON_CASES),
    Entry("Report a complaint", "complaints.from_agency", frozenset({Role.AGENCY_CONTACT})),
    Entry("Inspections", "inspections.index", ON_CASES | {Role.AGENCY_CONTACT}),
    Entry("Corrections", "corrective.index", ON_CASES | {Role.AGENCY_CONTACT}),
    Entry(
        "Plan",
        "planning.index",
        frozenset({Role.FIELD_SUPERVISOR, Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR}),
    ),
    Entry("Agreements", "agreements.index", ON_CASES),
    Entry("Agencies", "agencies.index", ON_CASES),
    Entry("Contacts", "contacts.index", frozenset({Role.LIAISON})),
    Entry("Figures", "figures.index", frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR})),
    Entry("Policy", "policy.index", frozenset({Role.PROGRAMME_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR})),
    Entry("Exports", "exports.index", frozenset({Role.PROGRAMME_MANAGER, Role.AUDITOR})),
    Entry("People", "people.index", frozenset({Role.ADMINISTRATOR})),
)

#: Pages reached another way, by endpoint, each with the way.
ELSEWHERE: Final = {
    "start.index": "the name of the product in the header",
    "queue.search": "the search box in the header",
    "outside.choose": "the header, for a contact of several agencies",
    "signing.sign_in": "the header, for visitors",
    "account.show": "one's own name in the header",
    "account.leave": "one's own account",
    "health.health": "probes",
    "health.ready": "probes",
    "intake.report": "the public start page",
    "intake.status": "the public start page",
    "intake.documents": "the questions of the public report",
    "intake.check": "the questions of the public report",
    "intake.received": "the public form, once it was sent",
    "complaints.search": "the pages Complaints and Search",
    "complaints.new": "the header, and the key t",
    "complaints.openings": "one's own account, and the page Figures",
    "complaints.paper": "the page of a call",
    "complaints.agencies": "the page of a call, while an agency is typed",
    "complaints.check_ins": "the page Complaints",
    "complaints.endings": "the page Complaints",
    "complaints.sent_out": "the page Complaints",
    "intake.leave": "the head of every public page",
    "intake.add_documents": "the page a code opens",
    "inspections.calendar": "the page Inspections",
    "inspections.causes": "the page Plan",
    "inspections.versions": "the page Inspections",
    "inspections.new_draft": "the page Checklists",
    "inspections.compare_versions": "the page Checklists",
    "figures.closure": "the page Figures",
    "planning.feed": "programs for calendars, by the address one's own account makes",
    "planning.proposal": "the page Plan",
    "planning.covered": "the page Figures",
    "planning.coverage_paper": "the page Coverage",
    "recusals.index": "the page Figures",
    "people.invite": "the page People",
    "people.invite_many": "the page People",
    "people.export": "the page People",
}


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as this reader sees it."""

    label: str
    href: str
    current: bool


def links(actor: Actor | None) -> list[Link]:
    """The entries this reader may open, in their fixed order."""
    app: Any = current_app
    if actor is None:
        return []
    here = (request.blueprint or "", request.endpoint or "")
    return [
        Link(entry.label, url_for(entry.endpoint), _is_current(entry.endpoint, *here))
        for entry in ENTRIES
        if entry.endpoint in app.view_functions
        and entry.roles & actor.roles
        and may_open(actor.roles, mark_of(app, entry.endpoint))
    ]


def can_open(endpoint: str) -> bool:
    """Whether there is such a page and its access mark admits the reader."""
    app: Any = current_app
    actor = actor_or_none()
    return has_page(endpoint) and may_open(actor.roles if actor else None, mark_of(app, endpoint))


def has_page(endpoint: str) -> bool:
    """Whether a page of that name is part of this application."""
    return endpoint in current_app.view_functions


def _is_current(entry: str, blueprint: str, endpoint: str) -> bool:
    if entry == endpoint:
        return True
    listed = {other.endpoint for other in ENTRIES}
    same_room = entry.rsplit(".", 1)[0] == blueprint
    return same_room and endpoint not in listed and entry.endswith(".index")
