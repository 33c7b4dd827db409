"""The pages of agreements: the list, one agreement, and the two ways to open one by hand."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.agreements import contacts, queries
from workflow.agreements.capacity import ASKED_IN
from workflow.agreements.forms import ApplyForm, RegisterForm
from workflow.agreements.kind import KIND
from workflow.agreements.machine import MACHINE
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import file_application, register_by_hand
from workflow.cases import for_cause, story
from workflow.cases.lacking import lacking
from workflow.cases.views import case_or_404, house
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.policy import queries as policy
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency
from workflow.register.queries import by_slug, surviving, training_compliance
from workflow.web.access import mark_of, may_open, open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import decode

bp = Blueprint("agreements", __name__, url_prefix="/agreements")

PAGE = 50
#: Where inspections of an agreement are opened by hand.
INSPECT: Final = (
    ("Plan an inspection", "inspections.plan"),
    ("Open an inspection for cause", "inspections.for_cause"),
)


@bp.get("")
@open_to(*ON_CASES)
def index() -> ResponseReturnValue:
    """The agreements this person may see."""
    wanted = wanted_of()
    cursor = decode(request.args.get("after"), (str, int))
    after = (str(cursor[0]), int(cursor[1])) if cursor and None not in cursor else None
    page = queries.listed(actor(), wanted, after=after, limit=PAGE)
    book = policy.in_force(now().date())[1]
    return render_template(
        "agreements/index.html",
        page=page,
        wanted=wanted,
        labels={stage.state.value: stage.label for stage in MACHINE.stages},
        models=[(m.code, m.code) for m in book.models],
        lacking=lacking(actor(), book),
        offices=[*((o.code, o.name) for o in FIELD_OFFICES), ("none", "No office")],
        states=[(s, s) for s in queries.states()],
        kept={k: v for k, v in request.args.items() if v and k != "after"},
        may_open=Role.PROGRAMME_MANAGER in actor().roles,
    )


@bp.get("/<reference>")
@open_to(*ON_CASES)
def show(reference: str) -> ResponseReturnValue:
    """One agreement: its record, its life, what it is owed, what was found."""
    life = case_or_404(reference, actor())
    if not isinstance(life, AgreementLife):
        abort(404)
    record = queries.record_of(life)
    book = policy.in_force(now().date())[1]
    agency = surviving(session().get_one(Agency, record.agency_id))
    return render_template(
        "agreements/show.html",
        page=story.page(house(), life, actor(), now=now()),
        life=life,
        record=record,
        agency=agency,
        model=book.model(record.model),
        inferred_from=queries.inferred_from(book, record),
        owed=queries.duties(book, record, now().date()),
        contacts=contacts.lines(life, house().keyring, reads=KIND.reads(actor(), life)),
        running=queries.waivers_of(
            book, life, now().date(), house().keyring, reads=KIND.reads(actor(), life)
        ),
        training=training_compliance([record.id], now().date(), book)[record.id],
        reads_roster=may_open(actor().roles, mark_of(_application(), "agreements.officers")),
        under=queries.under(life, actor()),
        causes=for_cause.proposals(house(), actor(), agreement_id=record.id),
        came_of=for_cause.PROMISES,
        beside=KIND.beside(life, "vet", now()) if life.state in ASKED_IN else None,
        ways_to_inspect=[] if life.closed_at else _ways_to_inspect(),
    )


def _ways_to_inspect() -> list[tuple[str, str]]:
    """The pages on which this person can open an inspection of an agreement: (label, endpoint)."""
    app = _application()
    return [(said, page) for said, page in INSPECT if may_open(actor().roles, mark_of(app, page))]


def _application() -> Any:
    return current_app


@bp.route("/apply/<slug>", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def apply(slug: str) -> ResponseReturnValue:
    """Open the application of an agency."""
    agency = by_slug(slug) or abort(404)
    form = ApplyForm(models=_models())
    if request.method == "POST" and form.validate():
        try:
            done = file_application(
                house(),
                agency_id=agency.id,
                model=form.model.data,
                facility=form.facility.data or "",
                contact=form.contact.data or "",
                actor=actor(),
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        else:
            flash("The application is open.")
            return redirect(url_for("agreements.show", reference=done.reference))
    return _form_page(agency, form, "Application for an agreement", "Open the application")


@bp.route("/register/<slug>", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def register(slug: str) -> ResponseReturnValue:
    """Enter an agreement that is in force but on no list."""
    agency = by_slug(slug) or abort(404)
    form = RegisterForm(models=_models(), templates=_templates())
    if request.method == "POST" and form.validate():
        try:
            life = register_by_hand(
                house(),
                agency_id=agency.id,
                model=form.model.data,
                signed_on=form.signed_on.data,
                template=form.template.data or None,
                source=form.source.data or "",
                actor=actor(),
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        else:
            flash("The agreement is in the register.")
            return redirect(url_for("agreements.show", reference=life.reference))
    return _form_page(agency, form, "Agreement in force", "Enter it")


def _form_page(agency: Agency, form: BaseForm, heading: str, submit: str) -> ResponseReturnValue:
    page = render_template("agreements/open.html", agency=agency, form=form, heading=heading, submit=submit)
    return page, 422 if request.method == "POST" else 200


def _models() -> list[tuple[str, str]]:
    return [(m.code, f"{m.code}: {m.title}") for m in policy.in_force(now().date())[1].models]


def _templates() -> list[tuple[str, str]]:
    """Every revision there is; which of them a model has is refused or taken by the step."""
    keys = policy.in_force(now().date())[1].template_keys()
    return [(revision, f"Template {revision}") for revision in sorted({revision for _, revision in keys})]


def wanted_of() -> queries.Wanted:
    """The filters of the address."""

    def given(name: str) -> str:
        return request.args.get(name, "").replace("\0", "").strip()[:100]

    return queries.Wanted(
        model=given("model"),
        office=given("office"),
        state=given("state"),
        status=given("status"),
        vanished=given("vanished") == "yes",
        words=given("words"),
    )
