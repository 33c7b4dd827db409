"""The door inside: a call while it is told, and reading back. Paper and agencies have their own.

A complaint exists from the first save. The receipt's code is made anew from the form while its page is open
and stands in no cookie, no address and no message.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import calendar_of
from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints import matters, sealed, telling
from workflow.complaints.contacts import read_contact
from workflow.complaints.door_forms import CallForm, DoorForm, ReadBackForm, as_kept
from workflow.complaints.facts import INTERPRETER, TOLD, UNDECIDED
from workflow.complaints.kind import KIND
from workflow.complaints.models import Complaint
from workflow.complaints.safe_ways import WAYS, said
from workflow.complaints.service import receive
from workflow.complaints.telling import TAKERS
from workflow.complaints.views import bp, complaint_or_404
from workflow.engine.machine import Refused, Stale
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import looked_for
from workflow.web.login import actor


@bp.route("/new", methods=["GET", "POST"])
@open_to(*TAKERS)
def new() -> ResponseReturnValue:
    """Take a call: what there is makes a complaint, and the same page goes on adding to it."""
    form = CallForm(data={"form_key": new_key(), "channel": "telephone"})
    form.look_for()
    form.offer_kinds(now().date())
    if request.method == "GET":
        return _door_page(form, None)
    if not _is_fit(form):
        return _unfit(form, None)
    told = form.told(channel=form.channel.data or "telephone", is_typing=_is_typing())
    try:
        taken = receive(house(), told, actor(), pepper=pepper(), form_key=key_of(form), now=now())
        if taken.repeated:
            telling.tell_more(house(), taken.reference, actor(), told, seen=None, now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return _unfit(form, None)
    return _kept(taken.reference, form)


@bp.route("/<reference>/told", methods=["GET", "POST"])
@open_to(*TAKERS)
def tell(reference: str) -> ResponseReturnValue:
    """Go on with what is told: later in the same call, or when they call again."""
    complaint = complaint_or_404(reference)
    if request.method == "GET":
        words, closed = sealed.words_of(complaint, house().keyring), KIND.closed(actor(), complaint)
        form = CallForm(data=as_kept(complaint, words, closed=closed))
        form.look_for(complaint.agency)
        form.offer_kinds(now().date(), complaint)
        return _door_page(form, complaint)
    form = CallForm()
    form.look_for(complaint.agency)
    form.offer_kinds(now().date(), complaint)
    if not _is_fit(form):
        return _unfit(form, complaint)
    told = form.told(channel=complaint.channel or "telephone", is_typing=_is_typing())
    try:
        telling.tell_more(house(), reference, actor(), told, seen=form.seen.data or 0, now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return _unfit(form, complaint)
    except Stale:
        return _overtaken(form, reference)
    return _kept(reference, form)


@bp.get("/agencies-named")
@open_to(*TAKERS)
def agencies() -> ResponseReturnValue:
    """The agencies a few words may mean, as a piece of the page of a call."""
    form = CallForm(data={"agency": looked_for(request.args.get("agency"))})
    form.look_for()
    return render_template("complaints/_agencies.html", form=form)


@bp.route("/<reference>/read-back", methods=["GET", "POST"])
@open_to(*TAKERS)
def read_back(reference: str) -> ResponseReturnValue:
    """Everything that is written, on one page, to be read out; then: confirmed."""
    complaint = complaint_or_404(reference)
    form = ReadBackForm(data={"seen": complaint.version})
    if request.method == "GET" or not form.validate():
        return _read_back_page(complaint, form), 422 if request.method == "POST" else 200
    if "open" in request.form:
        contact = _to_read_back(reference, form)
        return _read_back_page(complaint, form, contact=contact), 422 if contact is None else 200
    try:
        telling.confirm_read_back(
            house(),
            reference,
            actor(),
            corrected=bool(form.corrected.data),
            seen=form.seen.data or 0,
            now=now(),
        )
    except Refused as refused:
        form.show(refused.refusals)
        return _read_back_page(complaint, form), 422
    except Stale:
        complaint = complaint_or_404(reference)
        form.outdated(complaint.version)
        return _read_back_page(complaint, form), 409
    flash(f"{reference}: read back and confirmed.")
    return redirect(url_for("complaints.show", reference=reference))


# --- what comes of a form -------------------------------------------------------------------------


def _is_fit(form: DoorForm) -> bool:
    is_fit: bool = form.validate()
    if is_fit and form.is_empty():
        form.form_errors.append("Nothing is written yet. Write at least one answer.")
        return False
    return is_fit


def _kept(reference: str, form: DoorForm) -> ResponseReturnValue:
    """What is answered once it is saved: to the script, or a page to go on with."""
    complaint = complaint_or_404(reference)
    form.seen.data, form.seen.raw_data = complaint.version, None
    if _is_typing():
        return _as_data(complaint, form)
    if request.form.get("then") == "read_back":
        back = ReadBackForm(fresh=True, data={"seen": complaint.version, "form_key": form.form_key.data})
        is_given = any(form[name].data for name in ("name", "reach", "safe", *WAYS))
        opened = _to_read_back(reference, back) if is_given else None
        return _read_back_page(complaint_or_404(reference), back, contact=opened)
    return _door_page(form, complaint)


def _to_read_back(reference: str, form: ReadBackForm) -> dict[str, str] | None:
    """Who complained, to be read out; None for whom that is closed, and the form says why."""
    try:
        return read_contact(house(), reference, actor(), "read_back", now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return None


def _unfit(form: DoorForm, complaint: Complaint | None) -> ResponseReturnValue:
    if _is_typing():
        errors = [*form.form_errors, *(f"{f.label.text}: {e}" for f in form for e in f.errors)]
        return {"errors": errors}, 422
    page = _door_page(form, complaint)
    return page, 422


def _overtaken(form: DoorForm, reference: str) -> ResponseReturnValue:
    """Somebody else wrote meanwhile: what was typed stays, and is saved when it is sent again."""
    complaint = complaint_or_404(reference)
    form.outdated(complaint.version)
    if _is_typing():
        return {"errors": form.form_errors, "seen": complaint.version}, 409
    return _door_page(form, complaint), 409


def _as_data(complaint: Complaint, form: DoorForm) -> ResponseReturnValue:
    return {
        "reference": complaint.reference,
        "code": _code(complaint, form.form_key.data),
        "seen": complaint.version,
        "action": url_for("complaints.tell", reference=complaint.reference),
        "at": f"{now().astimezone(calendar_of(complaint.office_id).zone):%H:%M:%S}",
    }


def _is_typing() -> bool:
    return request.headers.get("X-Typing") == "1"


def key_of(form: Any) -> str:
    """Two people never share a receipt, whatever they send."""
    if not form.form_key.data:
        form.form_key.data = new_key()
    return f"{actor().id}:{form.form_key.data[:80]}"


def _code(complaint: Complaint, form_key: str | None) -> str | None:
    if not form_key:
        return None
    return telling.code_of(complaint, f"{actor().id}:{form_key[:80]}", pepper=pepper())


def pepper() -> bytes:
    pepper: bytes = current_app.extensions["settings"].pepper
    return pepper


# --- on paper -------------------------------------------------------------------------------------


# --- pages ----------------------------------------------------------------------------------------


def _door_page(form: DoorForm, complaint: Complaint | None) -> str:
    return render_template(
        "complaints/new.html",
        form=form,
        help=matters.meanings(),
        complaint=complaint,
        code=_code(complaint, form.form_key.data) if complaint else None,
        is_over=complaint is not None and complaint.state not in UNDECIDED,
        danger_words=current_app.extensions["settings"].danger_words,
        flagged=request.method == "POST" and form.holds_number,
        heading=f"Complaint {complaint.reference}" if complaint else "Take a call",
    )


def _read_back_page(
    complaint: Complaint, form: ReadBackForm, *, contact: dict[str, str] | None = None
) -> str:
    return render_template(
        "complaints/read_back.html",
        complaint=complaint,
        form=form,
        told=TOLD,
        words=sealed.words_of(complaint, house().keyring),
        contact=contact,
        ways=[WAYS[way] for way in said(contact or {})],
        closed=KIND.closed(actor(), complaint),
        types=matters.titles(),
        interpreters=dict(INTERPRETER),
        code=_code(complaint, form.form_key.data),
    )
