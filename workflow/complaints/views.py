"""Complaint pages of the office: the list, the page of one, its agency. Identities have their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases import story
from workflow.cases.document_views import part_of
from workflow.cases.views import house
from workflow.complaints import (
    allegations,
    evidence,
    letter_lists,
    mailbox,
    matters,
    queries,
    record,
    sealed,
)
from workflow.complaints.ages import ages_of
from workflow.complaints.definitions import DEFINED_DISPOSITIONS
from workflow.complaints.door_part import how_told
from workflow.complaints.erasing import why_erased
from workflow.complaints.facts import (
    CHANNELS,
    STANDARDS_OF_PROOF,
    SUBJECTS,
    TOLD,
    UNDECIDED,
    WITNESS_ROLES,
    State,
)
from workflow.complaints.forms import (
    AgencyForm,
)
from workflow.complaints.history.origin import origin_of
from workflow.complaints.inquiry_page import inquiry_of
from workflow.complaints.kind import KIND
from workflow.complaints.letters import WRITES
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.models import Complaint
from workflow.complaints.service import PLACES, READS_CONTACT, name_agency
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.machine import Refused, Stale
from workflow.policy.queries import in_force
from workflow.register.models import FieldOffice
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm, looked_for, offer
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES, can_open
from workflow.web.paging import decode

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

STATES = [(stage.state.value, stage.label) for stage in COMPLAINT.stages]


@bp.get("")
@open_to(*ON_CASES)
def index() -> ResponseReturnValue:
    """Complaints this person may see, newest first."""
    wanted, offices = wanted_of(request.args), _offices()
    cursor = decode(request.args.get("after"), queries.CURSOR)
    page = queries.listed(actor(), wanted, after=None if cursor and None in cursor else cursor)
    kept = {k: v for k, v in request.args.items() if v and k != "after"}
    return render_template(
        "complaints/index.html",
        page=page,
        ages=ages_of(page.rows, now=now()),
        total=queries.how_many(actor(), wanted),
        wanted=wanted,
        kept=kept,
        states=STATES,
        channels=CHANNELS,
        offices=offices,
        models=[(m.code, m.code) for m in in_force(now().date())[1].models],
        labels=dict(STATES),
        chips=_chips(wanted, kept, offices),
        can_take_out=can_open("complaints.export"),
    )


@bp.get("/<reference>")
@open_to(*ON_CASES)
def show(reference: str) -> ResponseReturnValue:
    """One complaint, as a story: what was alleged, done, found and answered."""
    complaint = complaint_or_404(reference)
    reads = KIND.reads(actor(), complaint)
    how = how_told(house(), complaint, actor(), reads=reads)
    page = story.page(house(), complaint, actor(), now=now())
    documents = part_of(complaint)
    narrowed = request.args.get("shown") if request.args.get("shown") in record.SHOWN else None
    return render_template(
        "complaints/show.html",
        page=page,
        shown=record.SHOWN,
        narrowed=narrowed,
        record=record.lines(complaint, page.entries, actor(), shown=narrowed),
        complaint=complaint,
        words=how.words,
        erased=why_erased(complaint, house().keyring)
        if reads and not how.words and complaint.closed_at
        else None,
        told_as=TOLD,
        witness_roles=dict(WITNESS_ROLES),
        how=how,
        types=matters.titles(),
        subjects=dict(SUBJECTS),
        meanings=dict(DEFINED_DISPOSITIONS),
        standards=dict(STANDARDS_OF_PROOF),
        found=found_on(complaint) if reads else {},
        channels=dict(CHANNELS),
        inquiry=inquiry_of(house(), complaint, actor(), events=page.events, now=now()),
        group=queries.group_of(complaint, actor()),
        origin=origin_of(complaint, page.events),
        documents=documents,
        letters=letter_lists.part_of(house(), complaint, actor(), WRITES),
        evidence=evidence.linked(complaint) if reads and documents and documents.shown else {},
        mailbox=mailbox.part_of(complaint, actor(), house(), recused=page.recused),
        can_allege=bool(actor().roles & allegations.WRITERS) and complaint.state in UNDECIDED,
        can_place=bool(actor().roles & PLACES) and complaint.state in UNDECIDED,
        can_reach=bool(actor().roles & READS_CONTACT),
        can_take_out=can_open("complaints.take_out_case") and actor().id not in page.recused,
        can_propose=(complaint.state == State.INVESTIGATING and complaint.owner_id == actor().id)
        or (complaint.state == State.REFERRED_OUT and bool(actor().roles & allegations.REPORTERS)),
        can_dispose=complaint.state == State.IN_REVIEW and Role.MANAGER in actor().roles,
    )


@bp.route("/<reference>/agency", methods=["GET", "POST"])
@open_to(*PLACES)
def agency(reference: str) -> ResponseReturnValue:
    """Say which agency of the register it is about: look for it, then choose."""
    complaint = complaint_or_404(reference)
    words = looked_for(request.args.get("words"))
    form = AgencyForm(data={"seen": complaint.version})
    found = queries.agencies_named(words)
    offer(form.agency, [(str(a.id), f"{a.name}, {a.county or a.state}, {a.state}") for a in found])

    def act() -> None:
        name_agency(house(), reference, actor(), int(form.agency.data), seen=form.seen.data or 0, now=now())

    if request.method == "POST":
        return write(complaint, form, "Name the agency", act)
    said = sealed.words_of(complaint, house().keyring).get("agency")
    return render_template(
        "complaints/agency.html", complaint=complaint, form=form, words=words, found=found, said=said
    )


# --- what the pages are made of ---------------------------------------------------------------


def write(
    complaint: Complaint, form: BaseForm, heading: str, act: Callable[[], object], *, said: str = ""
) -> ResponseReturnValue:
    """A page with one form about a complaint, and what sending it does."""
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.validate():
        try:
            act()
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            status, complaint = 409, complaint_or_404(complaint.reference)
            form.outdated(complaint.version)
        else:
            flash("Saved.")
            return redirect(url_for("complaints.show", reference=complaint.reference))
    page = render_template(
        "complaints/write.html", complaint=complaint, form=form, heading=heading, said=said
    )
    return page, status


def complaint_or_404(reference: str) -> Complaint:
    """The complaint, if this person may see it."""
    return queries.complaint_for(actor(), reference) or abort(404)


def found_on(complaint: Complaint) -> dict[int, tuple[str, str]]:
    """Evidence and reasons of each allegation, by its number."""
    ring = house().keyring
    return {
        a.number: (
            sealed.text_of(complaint, a, "evidence", ring),
            sealed.text_of(complaint, a, "rationale", ring),
        )
        for a in complaint.allegations
    }


def _chips(
    wanted: queries.Wanted, kept: dict[str, str], offices: list[tuple[int, str]]
) -> list[tuple[str, str]]:
    """What is filtered, each with the address that takes it away."""
    said = {
        "words": f"“{wanted.words}”" if wanted.words else None,
        "state": dict(STATES).get(wanted.state or ""),
        "tier": f"tier {wanted.tier}" if wanted.tier else None,
        "office": dict(offices).get(wanted.office_id or 0),
        "model": wanted.model,
        "channel": dict(CHANNELS).get(wanted.channel or ""),
    }
    return [
        (words, url_for("complaints.index", **{k: v for k, v in kept.items() if k != name}))  # type: ignore[arg-type]
        for name, words in said.items()
        if words
    ]


def _offices() -> list[tuple[int, str]]:
    return [(o.id, o.name) for o in session().scalars(select(FieldOffice).order_by(FieldOffice.name))]


def wanted_of(asked: Mapping[str, str]) -> queries.Wanted:
    """The filters of an address; whatever is not one of the list is no filter."""
    tier, office = asked.get("tier", ""), asked.get("office", "")
    return queries.Wanted(
        state=asked.get("state") if asked.get("state") in dict(STATES) else None,
        tier=int(tier) if tier in ("1", "2", "3", "4") else None,
        office_id=int(office) if office.isascii() and office.isdigit() and len(office) < 9 else None,
        model=(asked.get("model") or "")[:12] or None,
        channel=asked.get("channel") if asked.get("channel") in dict(CHANNELS) else None,
        words=looked_for(asked.get("words")),
        sort=queries.Sort.OLDEST if asked.get("sort") == "oldest" else queries.Sort.NEWEST,
    )
