"""Pages about sealed identities: who complained, the witnesses, and who opened which of them and what for."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import calendar_of
from workflow.cases.views import house
from workflow.complaints import contacts, witnesses
from workflow.complaints import openings as looks
from workflow.complaints.contacts import read_contact
from workflow.complaints.facts import WITNESS_PURPOSES, WITNESS_ROLES
from workflow.complaints.forms import ContactForm, PurposeForm
from workflow.complaints.models import Complaint
from workflow.complaints.service import READS_CONTACT
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.people.queries import person_or_none
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.filters import moment
from workflow.web.forms import BaseForm, NumberField, choice, line, offer
from workflow.web.login import actor
from workflow.web.paging import decode

#: Who looks at what others opened; they open nothing themselves.
OVERSEES = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR})


class WitnessForm(BaseForm):
    """Who saw or heard something. Nothing but how they come into it is shown without a purpose."""

    seen = NumberField("", [], least=0, most=999_999_999)
    role = choice("How they come into it", WITNESS_ROLES)
    name = line("Name", required=False)
    reach = line("How to reach them", required=False, hint="A telephone number or an address.")
    safe = line("When and how it is safe", required=False)


class WitnessPurposeForm(BaseForm):
    purpose = choice("What do you need it for?", WITNESS_PURPOSES, radio=True)


@bp.route("/<reference>/contact", methods=["GET", "POST"])
@open_to(*READS_CONTACT)
def contact(reference: str) -> ResponseReturnValue:
    """Who complained and how to reach them safely; every look is recorded with what it was for."""
    complaint = complaint_or_404(reference)
    form, shown = _purpose_form(complaint), None
    if request.method == "POST" and form.validate():
        asked = form.version.data if "version" in form else None
        before = int(asked) if asked else None
        try:
            shown = read_contact(house(), reference, actor(), form.purpose.data, earlier=before, now=now())
        except Refused as refused:
            form.show(refused.refusals)
    rules = shown is not None and not ("version" in form and form.version.data)
    known = {**shown, "seen": complaint.version} if shown is not None and rules else None
    change = ContactForm(fresh=True, data=known) if known else None
    page = render_template(
        "complaints/contact.html", complaint=complaint, form=form, contact=shown, change=change
    )
    return page, 422 if request.method == "POST" and shown is None else 200


def _purpose_form(complaint: Complaint) -> PurposeForm:
    """What for; and which contact, where the one on record has a past."""
    form, zone = PurposeForm(), str(calendar_of(complaint.office_id).zone)
    if past := contacts.earlier(complaint):
        listed = [(str(c.version), f"{moment(c.at, zone)}, by {c.by}") for c in past]
        offer(form.version, listed, none="The one that is on record now")
    else:
        del form.version
    return form


@bp.route("/<reference>/contact/change", methods=["GET", "POST"])
@open_to(*READS_CONTACT)
def change_contact(reference: str) -> ResponseReturnValue:
    """Another way to reach the complainant, in the place of the one on record; empty takes it away."""
    complaint = complaint_or_404(reference)
    form = ContactForm(data={"seen": complaint.version})

    def act() -> None:
        said = form.contact()
        contacts.change_contact(house(), reference, actor(), said, seen=form.seen.data or 0, now=now())

    return write(complaint, form, "Change the contact", act)


@bp.route("/<reference>/witnesses", methods=["GET", "POST"])
@open_to(*READS_CONTACT)
def witness(reference: str) -> ResponseReturnValue:
    """Add somebody who saw or heard something."""
    complaint = complaint_or_404(reference)
    form = WitnessForm(data={"seen": complaint.version})

    def act() -> None:
        who = {part: form[part].data for part in witnesses.PARTS if form[part].data}
        witnesses.add_witness(
            house(), reference, actor(), form.role.data, who, seen=form.seen.data or 0, now=now()
        )

    return write(complaint, form, "Add a witness", act)


@bp.route("/<reference>/witnesses/<int:number>", methods=["GET", "POST"])
@open_to(*READS_CONTACT)
def open_witness(reference: str, number: int) -> ResponseReturnValue:
    """Who a witness is; every look is recorded with what it was for."""
    complaint = complaint_or_404(reference)
    found = witnesses.witness_of(complaint, number) if number < 2**31 else None
    if found is None:
        abort(404)
    form, shown = WitnessPurposeForm(), None
    if request.method == "POST" and form.validate():
        try:
            shown = witnesses.read_witness(house(), reference, actor(), number, form.purpose.data, now=now())
        except Refused as refused:
            form.show(refused.refusals)
    page = render_template(
        "complaints/witness.html",
        complaint=complaint,
        number=number,
        role=dict(WITNESS_ROLES)[found.role],
        form=form,
        shown=shown,
    )
    return page, 422 if request.method == "POST" and shown is None else 200


@bp.get("/identities-opened")
@open_to(*READS_CONTACT, *OVERSEES)
def openings() -> ResponseReturnValue:
    """What one opened oneself; for managers and auditors, what anybody did."""
    oversees = bool(actor().roles & OVERSEES)
    asked = request.args.get("person") or ""
    named = int(asked) if oversees and asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    person = person_or_none(actor().id if named is None else named) or abort(404)
    cursor = decode(request.args.get("after"), looks.CURSOR)
    page = looks.of_person(actor(), person.id, after=None if cursor and None in cursor else cursor)
    return render_template(
        "complaints/openings.html",
        page=page,
        person=person,
        is_own=person.id == actor().id,
        lookers=looks.lookers(actor()) if oversees else [],
        kept={"person": person.id} if named is not None else {},
    )
