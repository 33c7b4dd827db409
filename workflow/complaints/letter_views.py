"""Pages about letters: all that wait, one with what it says, its paper, posting it, setting it aside."""

from __future__ import annotations

from typing import Final

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.views import house
from workflow.complaints import letter_lists, letters
from workflow.complaints.contacts import read_contact
from workflow.complaints.due_bands import narrowed, offices_of
from workflow.complaints.letter_forms import AsideForm, AskLetterForm, LetterForm, PostedForm
from workflow.complaints.letter_kinds import LETTERS, PARTIES
from workflow.complaints.letters import WRITES, Chosen
from workflow.complaints.models import Complaint
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.engine.machine import Refused, Stale
from workflow.messages.models import Outbox, SentLetter
from workflow.messages.paper import Printed
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.papers import pdf_file

#: What the buttons under a letter do.
LOOK, PAPER, SEND = "look", "paper", "send"
ONE: Final = "/<reference>/letters/<int(min=1, max=9999):number>"


@bp.get("/letters")
@open_to(*WRITES)
def letters_waiting() -> ResponseReturnValue:
    """Every letter that waits to be sent, longest first."""
    wanted = narrowed(request.args)
    return render_template(
        "complaints/letters.html",
        groups=letter_lists.by_wait(letter_lists.waiting(actor(), wanted), now=now()),
        total=letter_lists.how_many_wait(actor(), wanted),
        wanted=wanted,
        offices=offices_of(actor()),
        cap=letter_lists.CAP,
        most=letter_lists.SHOWN,
    )


@bp.route("/<reference>/letters/new", methods=["GET", "POST"])
@open_to(*WRITES)
def ask_letter(reference: str) -> ResponseReturnValue:
    """Write to the complainant without a step that asks for it."""
    complaint = complaint_or_404(reference)
    form = AskLetterForm(data={"seen": complaint.version})

    def act() -> None:
        letters.ask_for(house(), reference, actor(), form.name.data, seen=form.seen.data or 0, now=now())

    return write(complaint, form, "Write to the complainant", act)


@bp.route(ONE, methods=["GET", "POST"])
@open_to(*WRITES)
def letter(reference: str, number: int) -> ResponseReturnValue:
    """One letter: what it says, before it is sent and after."""
    complaint, row = _letter(reference, number)
    if row.state != "queued":
        return _done(complaint, row, number), 409 if request.method == "POST" else 200
    chosen = letters.default_language(house(), complaint, row)
    form = LetterForm(data={"seen": complaint.version, "language": chosen})
    if row.recipient != "complainant" or not complaint.contact_possible:
        del form.addressed
    if request.method == "POST" and not form.validate():
        return _page(complaint, row, number, form), 422
    asked = request.form.get("act", LOOK)
    if request.method == "POST" and asked == SEND:
        return _send(complaint, row, number, form)
    made = _composed(complaint, row, form)
    if asked == PAPER and made is not None:
        return pdf_file(made.pdf, f"{reference}-letter-{number}")
    page = _page(complaint, row, number, form, made)
    return page, 422 if request.method == "POST" and made is None else 200


@bp.post(f"{ONE}/paper")
@open_to(*WRITES)
def letter_paper(reference: str, number: int) -> ResponseReturnValue:
    """A letter that was sent, as it is posted. With name and address on it this is a look at the contact."""
    complaint = complaint_or_404(reference)
    sent = letter_lists.letter_of(complaint, number) or abort(404)
    if sent.is_addressed:
        try:
            read_contact(house(), reference, actor(), "tell", now=now())
        except Refused as refused:
            flash(" ".join(refusal.text for refusal in refused.refusals))
            return redirect(url_for("complaints.letter", reference=reference, number=number))
    pdf = letter_lists.pdf_of(complaint, sent, house().keyring)
    return pdf_file(pdf, f"{reference}-letter-{number}") if pdf is not None else abort(404)


@bp.route(f"{ONE}/posted", methods=["GET", "POST"])
@open_to(*WRITES)
def post_letter(reference: str, number: int) -> ResponseReturnValue:
    """Record on which day a letter was posted by hand."""
    complaint = complaint_or_404(reference)
    sent = letter_lists.letter_of(complaint, number)
    if sent is None or sent.posted_on is not None:
        abort(404)
    form = PostedForm(data={"seen": complaint.version})

    def act() -> None:
        on, seen = form.posted_on.data, form.seen.data or 0
        letters.record_posting(house(), reference, actor(), number, on, seen=seen, now=now())

    return write(complaint, form, f"Letter {number} was posted", act)


@bp.route(f"{ONE}/aside", methods=["GET", "POST"])
@open_to(*WRITES)
def set_letter_aside(reference: str, number: int) -> ResponseReturnValue:
    """Leave a letter unsent, with the reason."""
    complaint, _ = _letter(reference, number)
    form = AsideForm(data={"seen": complaint.version})

    def act() -> None:
        reason, seen = form.reason.data, form.seen.data or 0
        letters.set_aside(house(), reference, actor(), number, reason, seen=seen, now=now())

    return write(complaint, form, f"Set letter {number} aside", act)


# --- what the pages are made of ---------------------------------------------------------------


def _letter(reference: str, number: int) -> tuple[Complaint, Outbox]:
    complaint = complaint_or_404(reference)
    rows = letter_lists.wanted(complaint)
    return (complaint, rows[number - 1]) if number <= len(rows) else abort(404)


def _chosen(complaint: Complaint, form: LetterForm) -> Chosen:
    """What the form says. Looking up the address is recorded. Raises `Refused`."""
    wanted = "addressed" in form and form.addressed.data
    address = letters.address_of(house(), complaint, actor(), now=now()) if wanted else ()
    return Chosen(form.language.data, form.paragraph.data or "", address)


def _composed(complaint: Complaint, row: Outbox, form: LetterForm) -> Printed | None:
    """The letter as the form has it now; None, with the reasons at their fields, if it cannot be one yet."""
    try:
        chosen = _chosen(complaint, form)
        made, _ = letters.compose(house(), complaint, row, chosen, base_url=_address(), now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return None
    form.payload.data = made.digest
    return made


def _send(complaint: Complaint, row: Outbox, number: int, form: LetterForm) -> ResponseReturnValue:
    shown, status = form.payload.data or "", 422
    try:
        letters.send(
            house(),
            complaint.reference,
            actor(),
            number,
            _chosen(complaint, form),
            seen=form.seen.data or 0,
            shown=shown,
            base_url=_address(),
            now=now(),
        )
    except Refused as refused:
        form.show(refused.refusals)
    except Stale:
        status, complaint = 409, complaint_or_404(complaint.reference)
        form.outdated(complaint.version)
    else:
        flash("Sent.")
        return redirect(url_for("complaints.letter", reference=complaint.reference, number=number))
    complaint, row = _letter(complaint.reference, number)
    if row.state != "queued":
        return _done(complaint, row, number), 409
    errors = {name: list(field.errors) for name, field in form._fields.items()}
    made = _composed(complaint, row, form)
    for name, said in errors.items():
        form[name].errors = said or form[name].errors
    return _page(complaint, row, number, form, made), status


def _page(
    complaint: Complaint, row: Outbox, number: int, form: LetterForm, made: Printed | None = None
) -> str:
    return render_template(
        "complaints/letter.html",
        complaint=complaint,
        number=number,
        heading=_heading(row),
        form=form,
        made=made,
        reachable=row.recipient != "complainant" or letter_lists.can_reach(complaint),
        to_complainant=row.recipient == "complainant",
    )


def _done(complaint: Complaint, row: Outbox, number: int) -> str:
    """The page of a letter nobody can change any more."""
    sent: SentLetter | None = letter_lists.letter_of(complaint, number)
    [line] = [each for each in letter_lists.lines_of(complaint) if each.number == number]
    return render_template(
        "complaints/letter_done.html",
        complaint=complaint,
        number=number,
        heading=_heading(row),
        line=line,
        sent=sent,
        text=letter_lists.text_of(complaint, sent, house().keyring) if sent else None,
    )


def _heading(row: Outbox) -> str:
    label, party = dict(LETTERS).get(row.name, row.name), dict(PARTIES).get(row.recipient, row.recipient)
    return f"Letter to {party}: {label}"


def _address() -> str:
    found: str = current_app.extensions["settings"].base_url
    return found
