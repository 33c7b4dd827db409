"""Messages with the complainant on the side of the office: read, marked as read, written."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import HiddenField

from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints import mailbox
from workflow.complaints.kind import READERS
from workflow.complaints.mailbox import CORRESPONDS
from workflow.complaints.notes import MESSAGES
from workflow.complaints.views import bp, complaint_or_404
from workflow.engine.machine import Refused, Stale
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import NumberField, text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor


class WriteForm(FreeTextForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    form_key = HiddenField()
    message = text(
        "Your message",
        most=10_000,
        hint="Whoever has the code reads it: write plainly, and nothing that could harm them in other hands.",
    )


@bp.route("/<reference>/messages", methods=["GET", "POST"])
@open_to(*READERS)
def messages(reference: str) -> ResponseReturnValue:
    """Everything that was written between the office and the complainant, and a form to write."""
    complaint = complaint_or_404(reference)
    form = WriteForm(data={"seen": complaint.version, "form_key": new_key()})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.validate():
        try:
            mailbox.write_to_complainant(
                house(),
                reference,
                actor(),
                form.message.data,
                seen=form.seen.data or 0,
                key=(form.form_key.data or "")[:64] or None,
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            status, complaint = 409, complaint_or_404(reference)
            form.outdated(complaint.version)
        else:
            flash("The message waits for the complainant on the page their code opens.")
            return redirect(url_for("complaints.messages", reference=reference))
    page = render_template(
        "complaints/messages.html",
        complaint=complaint,
        form=form,
        mailbox=mailbox.part_of(complaint, actor(), house()),
        kinds=dict(MESSAGES),
        writes=bool(actor().roles & CORRESPONDS),
        can_write=mailbox.has_mailbox(complaint),
    )
    return page, status


@bp.post("/<reference>/messages/read")
@open_to(*CORRESPONDS)
def read_messages(reference: str) -> ResponseReturnValue:
    """Mark what the complainant wrote as read."""
    complaint = complaint_or_404(reference)
    seen = request.form.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    marked = mailbox.mark_read(house(), complaint.reference, actor(), seen=number, now=now())
    flash("Marked as read." if marked else "There was nothing new.")
    return redirect(url_for("complaints.messages", reference=reference))
