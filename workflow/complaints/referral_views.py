"""The pages of what other authorities were sent, and of asking complainants again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.followup_views import follow_up_or_404
from workflow.cases.views import house
from workflow.complaints import outstanding, referrals, reprisal
from workflow.complaints.due_bands import banded, narrowed, offices_of
from workflow.complaints.endings import endings as endings_of
from workflow.complaints.facts import DESTINATIONS
from workflow.complaints.inquiry_facts import CHECK_IN, CHECKED
from workflow.complaints.inquiry_forms import AcknowledgeForm, CheckInForm
from workflow.complaints.views import STATES, bp, complaint_or_404, write
from workflow.engine.actors import Role
from workflow.policy.queries import closed_channels
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

LOOKS = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON, Role.MANAGER, Role.AUDITOR})


def asked_destination() -> str | None:
    """The authority the list is narrowed to; one there is none of is not asked."""
    to = request.args.get("to", "")
    return to if to in dict(DESTINATIONS) else None


@bp.get("/referrals")
@open_to(*LOOKS)
def sent_out() -> ResponseReturnValue:
    """What other authorities have, by whom and how long; what is late first."""
    to = asked_destination()
    wanted = narrowed(request.args)
    rows = outstanding.open_referrals(actor(), to, wanted, now=now())
    return render_template(
        "complaints/referrals.html",
        table=outstanding.by_destination(actor(), wanted, now=now()),
        bands=banded(rows, now=now()),
        destinations=dict(DESTINATIONS),
        to=to,
        wanted=wanted,
        offices=offices_of(actor()),
        closed={code: (on, why) for code, (on, why) in closed_channels().items() if on <= now().date()},
    )


@bp.route("/<reference>/referrals/<int:number>", methods=["GET", "POST"])
@open_to(*referrals.FOLLOWERS)
def acknowledge_referral(reference: str, number: int) -> ResponseReturnValue:
    """An authority said that it has the matter."""
    complaint = complaint_or_404(reference)
    rows = referrals.of_complaint(complaint)
    if not any(r.number == number and r.ended_as is None for r in rows):
        abort(404)
    form = AcknowledgeForm(data={"seen": complaint.version})

    def act() -> None:
        referrals.acknowledged(
            house(),
            reference,
            actor(),
            number,
            on=form.on.data,
            their_reference=form.their_reference.data or "",
            resolved_on=form.resolved_on.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    return write(complaint, form, f"Acknowledged: referral {number}", act)


@bp.get("/check-ins")
@open_to(*LOOKS)
def check_ins() -> ResponseReturnValue:
    """Complainants who are asked again, those who are late first."""
    wanted = narrowed(request.args)
    rows = outstanding.check_ins(actor(), wanted, now=now())
    return render_template(
        "complaints/check_ins.html",
        bands=banded(rows, now=now()),
        counts=outstanding.checked(actor(), wanted),
        wanted=wanted,
        offices=offices_of(actor()),
        results=(("open", "Still to be asked"), *CHECKED),
        states=dict(STATES),
        can_ask=bool(actor().roles & reprisal.ASKS),
    )


@bp.get("/endings")
@open_to(*LOOKS)
def endings() -> ResponseReturnValue:
    """What each ending means and how often it was given, those that say little marked."""
    return render_template("complaints/endings.html", tables=endings_of(actor()))


@bp.route("/<reference>/check-ins/<int:number>", methods=["GET", "POST"])
@open_to(*reprisal.ASKS)
def check_in(reference: str, number: int) -> ResponseReturnValue:
    """Ask a complainant whether they suffered for it, and write down what they said."""
    complaint = complaint_or_404(reference)
    _, row = follow_up_or_404(reference, number)
    if row.kind != CHECK_IN:
        abort(404)
    form = CheckInForm(data={"seen": complaint.version})
    told = [reference]

    def act() -> None:
        given = (number, form.result.data, form.words.data)
        seen = form.seen.data or 0
        told[0] = reprisal.check_in(house(), reference, actor(), *given, seen=seen, now=now())

    answer = write(complaint, form, "Ask whether they suffered for it", act)
    if told[0] != reference:
        flash(f"The retaliation is a complaint of its own now: {told[0]}.")
        return redirect(url_for("complaints.show", reference=told[0]))
    return answer
