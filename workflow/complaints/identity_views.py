"""Pages about sealed identities: the witnesses of a complaint, and who opened which identity and what for."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases.views import house
from workflow.complaints import openings as looks
from workflow.complaints import witnesses
from workflow.complaints.facts import WITNESS_PURPOSES, WITNESS_ROLES
from workflow.complaints.service import READS_CONTACT
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.people.queries import person_or_none
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm, NumberField, choice, line
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
