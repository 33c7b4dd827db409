"""Triage: the list of what is new, and one page to read a complaint and triage it, beside what is known."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases import exports
from workflow.cases.forms import new_key, only_seen
from workflow.cases.takeout_views import too_many
from workflow.cases.views import house
from workflow.complaints import floods, matters, sealed, triage_list
from workflow.complaints import takeout_views as takeout
from workflow.complaints.facts import CHANNELS, SUBJECTS, State
from workflow.complaints.floods import PUTS_BACK
from workflow.complaints.kind import KIND, agreement_options
from workflow.complaints.models import Complaint, ComplaintSeen
from workflow.complaints.queries import agencies_named, complaint_for
from workflow.complaints.routing import LABELS, VERBS, Route
from workflow.complaints.triage import LOOKS, TRIAGES, mark_seen, suggestion_for, triage
from workflow.complaints.triage_forms import TriageForm
from workflow.complaints.triage_list import Wanted, place_of
from workflow.db.session import session
from workflow.engine.machine import Refused, Stale
from workflow.overview.triage_panel import panel
from workflow.people.service import set_keys
from workflow.policy.queries import closed_channels
from workflow.register.models import Agency, FieldOffice
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import looked_for, offer
from workflow.web.login import actor
from workflow.web.paging import decode, encode

bp = Blueprint("triage", __name__, url_prefix="/complaints")

NOT_KNOWN: Final = ("none", "Not known")
TIERS: Final = [*((str(n), str(n)) for n in (1, 2, 3, 4)), NOT_KNOWN]
STAGES: Final = (("received", "To triage"), ("triaged", "To route"))
FILTERS: Final = ("stage", "office", "tier", "channel", "agency", "unread", "apart")
MOST_FOUND: Final = 8


@bp.get("/triage")
@open_to(*LOOKS)
def index() -> ResponseReturnValue:
    """New complaints, most urgent first."""
    wanted = _wanted()
    cursor = decode(request.args.get("after"), triage_list.CURSOR)
    after = None if cursor and None in cursor else cursor
    page = triage_list.rows(actor(), wanted, now=now(), after=after)
    offices = [(str(o.id), o.name) for o in session().scalars(select(FieldOffice).order_by(FieldOffice.name))]
    total, apart = triage_list.how_many_and_apart(actor(), wanted)
    first = 0 if after is None else triage_list.before(actor(), wanted, after) + 1
    return render_template(
        "triage/index.html",
        page=page,
        first=first,
        total=total,
        apart=apart,
        wanted=wanted,
        kept=_kept(),
        stages=STAGES,
        tiers=TIERS,
        channels=CHANNELS,
        offices=[*offices, ("none", "No office")],
        chips=_chips(wanted, dict(offices)),
        types=matters.titles(),
        routes={route.value: label for route, label in LABELS.items()},
    )


@bp.post("/triage/export")
@open_to(*LOOKS)
def export() -> ResponseReturnValue:
    """The list of the address, whole, as a file; what it was narrowed to is recorded as codes."""
    page = triage_list.rows(actor(), _wanted(), now=now(), limit=exports.MOST)
    if page.after is not None:
        flash(too_many())
        return redirect(url_for("triage.index", **_kept()))
    return takeout.handed_out("triage", [row.complaint for row in page.rows], _kept())


@bp.get("/<reference>/triage")
@open_to(*LOOKS)
def show(reference: str) -> ResponseReturnValue:
    """One new complaint: what was told, what is known beside it, and the form of triage."""
    complaint = _complaint_or_404(reference)
    return _screen(complaint, _form(complaint), place_of(complaint))


@bp.post("/<reference>/triage")
@open_to(*TRIAGES)
def save(reference: str) -> ResponseReturnValue:
    """Triage it; or look for an agency, with everything kept that was typed."""
    complaint = _complaint_or_404(reference)
    form = _form(complaint)
    place = _place(form) or place_of(complaint)
    if "look" in request.form:
        return _screen(complaint, form, place)
    status = 422
    if form.validate():
        try:
            triage(
                house(),
                reference,
                actor(),
                form.saw(),
                seen=form.seen.data or 0,
                form_key=(form.form_key.data or "")[:64] or None,
                closed=_closed(),
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            status, complaint = 409, _complaint_or_404(reference)
            form.outdated(complaint.version)
        else:
            return _onward(_complaint_or_404(reference), place)
    return _screen(complaint, form, place, status=status)


@bp.post("/<reference>/read")
@open_to(*LOOKS)
def mark(reference: str) -> ResponseReturnValue:
    """Say that one has looked at it (or not after all), and go on."""
    complaint = _complaint_or_404(reference)
    unread = "unread" in request.form
    mark_seen(reference, actor(), now=now(), unread=unread)
    following = triage_list.neighbour(actor(), _wanted(), place_of(complaint))
    if "next" in request.form and following is not None:
        return redirect(url_for("triage.show", reference=following, **_kept()))
    return redirect(url_for("triage.index", **_kept()))


@bp.post("/<reference>/triage/put-back")
@open_to(*PUTS_BACK)
def put_back(reference: str) -> ResponseReturnValue:
    """Put a report that was set apart among the others, and go on with those that are."""
    complaint = _complaint_or_404(reference)
    if floods.put_back(house(), reference, actor(), now=now()):
        flash(f"{complaint.reference} is among the others now.")
    return redirect(url_for("triage.index", **_kept()))


@bp.post("/triage/keys")
@open_to(*LOOKS)
def keys() -> ResponseReturnValue:
    """Switch the single keys off for oneself, or on again."""
    off = "off" in request.form
    set_keys(actor().id, off=off, now=now())
    flash("Single keys are off." if off else "Single keys work again.")
    return redirect(url_for("triage.index", **_kept()))


# --- what the pages are made of ---------------------------------------------------------------


def _complaint_or_404(reference: str) -> Complaint:
    return complaint_for(actor(), reference) or abort(404)


def _form(complaint: Complaint) -> TriageForm:
    """The form, filled with what is recorded; its choices follow the agency that is chosen on it."""
    links = [str(link.agreement_id) for link in complaint.agreements if not link.is_lead]
    form = TriageForm(
        data={
            "seen": complaint.version,
            "form_key": new_key(),
            "place": encode(place_of(complaint)),
            "subject": complaint.subject,
            "agreement": str(complaint.agreement_id or ""),
            "agreements": links,
            "jurisdiction": complaint.jurisdiction or "ours",
            "protected": complaint.is_protected,
        }
    )
    recorded = {a.code for a in complaint.allegations}
    offer(form.kinds, [(c, title) for c, title in matters.offered(now().date()) if c not in recorded])
    offer(form.agency, [(str(a.id), f"{a.name}, {a.state}") for a in _agencies(form)])
    options = only_seen(agreement_options(_chosen(form) or complaint.agency_id), actor())
    offer(form.agreement, options, none="None is set")
    offer(form.agreements, options)
    return form


def _agencies(form: TriageForm) -> list[Agency]:
    """What was looked for, and what was chosen of it before."""
    found = agencies_named(form.agency_words.data or "", limit=MOST_FOUND)
    key = _chosen(form)
    if key is not None and key not in {a.id for a in found}:
        before = session().get(Agency, key)
        found = [*([before] if before and before.merged_into_id is None else []), *found]
    return found


def _chosen(form: TriageForm) -> int | None:
    """The agency that is chosen on the form; what is no number at all is refused with the rest of it."""
    written = form.agency.data or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _screen(
    complaint: Complaint, form: TriageForm, place: tuple[Any, ...], *, status: int = 200
) -> ResponseReturnValue:
    who, wanted = actor(), _wanted()
    reads = KIND.reads(who, complaint)
    words = sealed.words_of(complaint, house().keyring) if reads else {}
    seen = session().get(ComplaintSeen, (complaint.id, who.id))
    said = form.answers_so_far()
    suggested = suggestion_for(complaint, said, kinds=form.kinds.data or (), closed=_closed())
    page = render_template(
        "triage/show.html",
        complaint=complaint,
        form=form,
        words=words,
        panel=panel(complaint, who, house().keyring, words),
        suggestion=suggested[1] if suggested else None,
        types=matters.titles(),
        help=matters.meanings(),
        subjects=dict(SUBJECTS),
        channels=dict(CHANNELS),
        kept=_kept(),
        is_unread=seen is None,
        can_triage=bool(who.roles & TRIAGES) and complaint.state == State.RECEIVED,
        is_new=complaint.state == State.RECEIVED,
        number=triage_list.before(who, wanted, place) + 1,
        total=triage_list.how_many(who, wanted),
        following=triage_list.neighbour(who, wanted, place),
        previous=triage_list.neighbour(who, wanted, place, back=True),
    )
    return page, status


def _onward(complaint: Complaint, place: tuple[Any, ...]) -> ResponseReturnValue:
    """Where saving leads: the next of the list, the step that follows, or the complaint."""
    route = Route(complaint.suggested_route) if complaint.suggested_route else None
    said = f"{complaint.reference} is triaged." + (f" Suggested: {LABELS[route]}." if route else "")
    flash(said)
    if "next" in request.form:
        following = triage_list.neighbour(actor(), _wanted(), place)
        if following is not None:
            return redirect(url_for("triage.show", reference=following, **_kept()))
        flash("That was the last one of this list.")
        return redirect(url_for("triage.index", **_kept()))
    step = KIND.machine.step(VERBS[route]) if route and "route" in request.form else None
    if step is not None and step.by & actor().roles:
        return redirect(url_for("cases.take_step", reference=complaint.reference, verb=step.verb))
    if "assign" in request.form:
        return redirect(url_for("cases.take_step", reference=complaint.reference, verb="assign"))
    return redirect(url_for("complaints.show", reference=complaint.reference))


def _place(form: TriageForm) -> tuple[Any, ...] | None:
    found = decode(form.place.data, triage_list.CURSOR)
    return None if found is None or None in found else found


def _closed() -> tuple[str, ...]:
    """Authorities that take no referrals today, by the policy."""
    today = now().date()
    return tuple(code for code, (on, _) in closed_channels().items() if on <= today)


def _wanted() -> Wanted:
    asked = request.args
    office, agency = asked.get("office", ""), looked_for(asked.get("agency"), most=120)
    is_office = office == "none" or (office.isascii() and office.isdigit() and len(office) < 9)
    return Wanted(
        stage=asked["stage"] if asked.get("stage") in dict(STAGES) else "received",
        office=office if is_office else "",
        tier=asked["tier"] if asked.get("tier") in dict(TIERS) else "",
        channel=asked["channel"] if asked.get("channel") in dict(CHANNELS) else "",
        agency=agency,
        unread=asked.get("unread") == "yes",
        apart=asked.get("apart") == "yes",
    )


def _kept() -> dict[str, Any]:
    """The filters of the address, to be carried along."""
    said = {k: looked_for(v, most=400) for k, v in request.args.items() if k in FILTERS}
    return {k: v for k, v in said.items() if v}


def _chips(wanted: Wanted, offices: dict[str, str]) -> list[tuple[str, str]]:
    """What is filtered, each with the address that takes it away."""
    none = wanted.agency == "none"
    said = {
        "office": offices.get(wanted.office, "no office") if wanted.office else None,
        "tier": f"tier {dict(TIERS)[wanted.tier].lower()}" if wanted.tier else None,
        "channel": dict(CHANNELS).get(wanted.channel),
        "agency": ("agency not known" if none else f"agency {wanted.agency}") if wanted.agency else None,
        "unread": "unread" if wanted.unread else None,
        "apart": "set apart" if wanted.apart else None,
    }
    kept = _kept()
    return [
        (words, url_for("triage.index", **{k: v for k, v in kept.items() if k != name}))
        for name, words in said.items()
        if words
    ]
