"""Contacts of agencies, for the liaison: who is invited, whose link ran out, a new link, a new contact."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.people import queries, service
from workflow.people.contacts import contacts, is_contact
from workflow.people.forms import InviteContactForm
from workflow.people.models import Person
from workflow.register.queries import by_slug
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import looked_for
from workflow.web.login import actor

bp = Blueprint("contacts", __name__, url_prefix="/contacts")
LIAISON = open_to(Role.LIAISON)


@bp.get("")
@LIAISON
def index() -> ResponseReturnValue:
    """Every contact of an agency and how far the invitation came."""
    words = looked_for(request.args.get("words"))
    return render_template(
        "people/contacts.html", contacts=contacts(words=words, now=now()), words=words, now=now()
    )


@bp.post("/<int:person_id>/invitation")
@LIAISON
def renew(person_id: int) -> ResponseReturnValue:
    """A new one-time link for a contact who has no password yet; earlier ones stop working."""
    person = queries.person_or_none(person_id) if person_id < 2**31 else None
    if person is None or person.password is not None or not is_contact(person_id):
        abort(404)
    return _link_page(person, service.renew_invitation(person_id, by=actor(), now=now()))


@bp.route("/invite/<slug>", methods=["GET", "POST"])
@LIAISON
def invite(slug: str) -> ResponseReturnValue:
    """Invite a contact of an agency; an administrator confirms that they are one."""
    agency = by_slug(slug) or abort(404)
    form = InviteContactForm()
    if request.method == "POST" and form.validate():
        try:
            person, token = service.invite(
                form.email.data,
                form.name.data,
                [Role.AGENCY_CONTACT],
                agencies=[agency.id],
                until=form.until.data,
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return _link_page(person, token)
    page = render_template("people/invite_contact.html", form=form, agency=agency)
    return page, 422 if request.method == "POST" else 200


def _link_page(person: Person, token: str) -> str:
    link = url_for("signing.invitation", token=token, _external=True)
    waits = Role.AGENCY_CONTACT not in person.held
    return render_template("people/link.html", person=person, link=link, waits=waits)
