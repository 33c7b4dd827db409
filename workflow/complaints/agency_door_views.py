"""The agency's door: its contact reports a complaint the agency received, and gets a number, nothing more.

Nothing that was reported is shown to any agency again; staff see how late it was told, and why.
"""

from __future__ import annotations

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases.calendars import calendar_of
from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints import matters
from workflow.complaints.agency_door_forms import AgencyReportForm, agency_report_form
from workflow.complaints.notice import compare, notice_of, rule_of
from workflow.complaints.service import Told, receive
from workflow.complaints.views import bp, complaint_or_404
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.calendar import OfficeCalendar, day_words
from workflow.engine.machine import Refusal, Refused
from workflow.engine.spans import words
from workflow.policy.queries import in_force
from workflow.register.models import Agency, Agreement
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import offer
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES


@bp.route("/from-agency", methods=["GET", "POST"])
@open_to(Role.AGENCY_CONTACT)
def from_agency() -> ResponseReturnValue:
    """Report a complaint the agency received; the answer is a number and whether it was told in time."""
    agencies = _own_agencies() or abort(404)
    calendar = calendar_of(agencies[0].office_id)
    form = agency_report_form(calendar.zone)(data={"form_key": new_key(), "agency": str(agencies[0].id)})
    agreements = _living([a.id for a in agencies])
    offer(form.agency, [(str(a.id), a.name) for a in agencies])
    offer(form.agreements, [(str(a.id), _called(a)) for a in agreements])
    offer(form.kinds, matters.offered(now().date()))
    if request.method == "POST" and _is_fit(form):
        try:
            return _received(form, agreements, calendar)
        except Refused as refused:
            form.show(refused.refusals)
    page = render_template("complaints/from_agency.html", form=form, help=matters.meanings())
    return page, 422 if request.method == "POST" else 200


@bp.get("/<reference>/notice")
@open_to(*ON_CASES)
def notice(reference: str) -> ResponseReturnValue:
    """Why an agency's notice counts as late or in time, day by day."""
    complaint = complaint_or_404(reference)
    found = notice_of(complaint)
    return render_template(
        "complaints/notice.html",
        complaint=complaint,
        notice=found,
        rule_words=words(found.rule.span) if found and found.rule else "",
        zone=str(calendar_of(complaint.office_id).zone),
    )


def _is_fit(form: AgencyReportForm) -> bool:
    is_fit: bool = form.validate()
    refusals = form.knew()
    form.show(refusals)
    return is_fit and not refusals


def _received(
    form: AgencyReportForm, agreements: list[Agreement], calendar: OfficeCalendar
) -> ResponseReturnValue:
    agency_id, knew_at = int(form.agency.data), form["knew_at"].data
    if knew_at is not None and knew_at > now():
        raise Refused(Refusal("future", "This cannot lie in the future.", "knew_at"))
    about = [a for a in agreements if str(a.id) in (form.agreements.data or ())]
    if any(a.agency_id != agency_id for a in about):
        raise Refused(Refusal("agreement", "This agreement is another agency's.", "agreements"))
    told = Told(
        channel="agency",
        words={"narrative": form.narrative.data},
        allegations=tuple(form.kinds.data or ()),
        agency_id=agency_id,
        agreement_ids=tuple(a.id for a in about),
        agency_knew_at=knew_at,
        own_inquiry=form.own_inquiry.data,
    )
    done = receive(
        house(),
        told,
        actor(),
        pepper=current_app.extensions["settings"].pepper,
        form_key=f"{actor().id}:{(form.form_key.data or new_key())[:80]}",
        now=now(),
        gives_code=False,
    )
    lead = about[0] if about else None
    only = [a for a in agreements if a.agency_id == agency_id]
    lead = lead or (only[0] if len(only) == 1 else None)
    rule = rule_of(in_force(done.at.date())[1], lead.model if lead else None, lead.template if lead else None)
    told_when = compare(knew_at, done.at, rule, calendar)
    return render_template("complaints/from_agency_received.html", reference=done.reference, notice=told_when)


def _own_agencies() -> list[Agency]:
    """The agencies this contact answers for, by name."""
    found = select(Agency).where(Agency.id.in_(actor().agencies), Agency.merged_into_id.is_(None))
    return list(session().scalars(found.order_by(Agency.name, Agency.id)))


def _living(agency_ids: list[int]) -> list[Agreement]:
    found = select(Agreement).where(Agreement.agency_id.in_(agency_ids), Agreement.ended_on.is_(None))
    return list(session().scalars(found.order_by(Agreement.agency_id, Agreement.id)))


def _called(agreement: Agreement) -> str:
    signed = f", signed {day_words(agreement.signed_on)}" if agreement.signed_on else ""
    return agreement.model + signed
