"""The pages of corrective actions: the list, and one of them. Every step is taken on the page of steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases import story
from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import words_of as why_of
from workflow.cases.document_views import part_of
from workflow.cases.tasks import open_tasks
from workflow.cases.views import case_or_404, house
from workflow.corrective import queries
from workflow.corrective.facts import CLASSES
from workflow.corrective.machine import MACHINE
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.plan import plan_of
from workflow.corrective.sealed import words_of
from workflow.corrective.sent import sent
from workflow.db.session import session
from workflow.engine.actors import STAFF, Role
from workflow.engine.prose import role_words
from workflow.people.queries import names
from workflow.policy import queries as policy
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency
from workflow.web.access import open_to, open_to_signed_in
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import decode

bp = Blueprint("corrective", __name__, url_prefix="/corrective")

PAGE = 50
#: Whose turn it can be.
TURNS = (
    (Role.AGENCY_CONTACT, "The agency"),
    (Role.FIELD_SUPERVISOR, "A field supervisor"),
    (Role.INSPECTOR, "An inspector"),
    (Role.MANAGER, "A manager"),
)


@bp.get("")
@open_to(*ON_CASES, Role.AGENCY_CONTACT)
def index() -> ResponseReturnValue:
    """The corrective actions this person may see, what is due first on top; a contact sees its own."""
    labels = {stage.state.value: stage.label for stage in MACHINE.stages}
    if not actor().roles & STAFF:
        return render_template("corrective/sent_index.html", rows=queries.sent_to(actor()), labels=labels)
    wanted = wanted_of()
    cursor = decode(request.args.get("after"), (datetime, int))
    after = (cursor[0], cursor[1]) if cursor and None not in cursor else None
    return render_template(
        "corrective/index.html",
        page=queries.listed(actor(), wanted, now=now(), after=after, limit=PAGE),
        total=queries.counted(actor(), wanted, now=now()),
        wanted=wanted,
        classes=CLASSES,
        labels=labels,
        models=[(m.code, m.code) for m in policy.in_force(now().date())[1].models],
        turns=TURNS,
        offices=[*((o.code, o.name) for o in FIELD_OFFICES), ("none", "No office")],
        kept={k: v for k, v in request.args.items() if v and k != "after"},
        now=now(),
    )


@bp.get("/<reference>")
@open_to_signed_in
def show(reference: str) -> ResponseReturnValue:
    """One corrective action; its agency's contact sees what was sent and its own plan."""
    corrective = case_or_404(reference, actor())
    if not isinstance(corrective, CorrectiveAction):
        abort(404)
    source = queries.source_of(corrective, actor())
    if not actor().roles & STAFF:
        part = sent(house(), corrective, actor(), now=now())
        return render_template("corrective/sent.html", sent=part, source=source)
    page = story.page(house(), corrective, actor(), now=now())
    return render_template(
        "corrective/show.html",
        page=page,
        corrective=corrective,
        words=words_of(corrective, house().keyring) if page.reads else None,
        plan=plan_of(corrective, house().keyring) if page.reads else [],
        documents=part_of(corrective),
        risk=(risk := queries.risk_of(corrective)),
        why=why_of(risk.event, corrective, house().keyring).get("reason") if risk and page.reads else None,
        next=next_of(corrective),
        due_on=due_on(corrective),
        agency=session().get(Agency, corrective.agency_id) if corrective.agency_id else None,
        source=source,
        earlier=queries.earlier_of(corrective, actor()),
        hands=queries.hands(corrective),
        classes=dict(CLASSES),
    )


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: what, whose turn it is, until when."""

    what: str
    who: str
    due_at: datetime | None
    words: str
    is_late: bool


def next_of(corrective: CorrectiveAction) -> Next | None:
    """The task of the state it stands in; None once it is settled."""
    task = next((t for t in open_tasks(corrective, corrective.state)), None)
    if task is None:
        return None
    role = Role(task.role)
    who = "the agency" if role is Role.AGENCY_CONTACT else role_words(role)
    if task.holder_id is not None:
        who = names({task.holder_id}).get(task.holder_id, who)
    words = calendar_of(corrective.office_id).phrase(task.due_at, now()) if task.due_at else ""
    return Next(task.title, who, task.due_at, words, task.due_at is not None and task.due_at < now())


def due_on(corrective: CorrectiveAction) -> date | None:
    """The day by which it has to be corrected, extensions and all."""
    clock = next((c for c in corrective.clocks if c.name == "correct"), None)
    return calendar_of(corrective.office_id).day_of(clock.due_at) if clock and clock.due_at else None


def wanted_of() -> queries.Wanted:
    """The filters of the address."""

    def given(name: str) -> str:
        return request.args.get(name, "").replace("\0", "").strip()[:40]

    return queries.Wanted(
        model=given("model"),
        office=given("office"),
        state=given("state"),
        class_code=given("class"),
        standing=given("standing"),
        repeat=given("repeat") == "yes",
        waits=given("waits"),
    )
