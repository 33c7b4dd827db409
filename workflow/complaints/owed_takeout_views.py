"""Lists of what is owed about complaints as files, and how complaints ended. Never a name, never words."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.takeout_views import HQ, Columns, narrowed_to, whole, yes
from workflow.complaints import letter_lists, outstanding
from workflow.complaints.due_bands import narrowed
from workflow.complaints.endings import endings
from workflow.complaints.facts import DESTINATIONS
from workflow.complaints.letters import WRITES
from workflow.complaints.referral_views import LOOKS, asked_destination
from workflow.complaints.views import STATES, bp
from workflow.engine.actors import Role
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

#: Who looks at these lists, but for auditors: they read what was taken out.
TAKE: Final = LOOKS - {Role.AUDITOR}
REFERRALS: Final[Columns] = {
    "reference": ("Reference", lambda r: r.reference),
    "about": ("About", lambda r: r.title),
    "to": ("Authority", lambda r: dict(DESTINATIONS)[r.destination]),
    "days": ("Days since it was sent", lambda r: r.days),
    "acknowledged": ("Acknowledged", lambda r: HQ.day_of(r.acknowledged_at) if r.acknowledged_at else None),
    "acknowledge_by": ("To be acknowledged by", lambda r: HQ.day_of(r.acknowledgement_due_at)),
    "outcome_by": ("Outcome due", lambda r: HQ.day_of(r.outcome_due_at)),
    "late": ("Late", lambda r: yes(r.is_late or r.acknowledgement_is_late)),
}
CHECK_INS: Final[Columns] = {
    "reference": ("Reference", lambda r: r.reference),
    "about": ("About", lambda r: r.title),
    "state": ("State", lambda r: dict(STATES)[r.state]),
    "due": ("Due", lambda r: HQ.day_of(r.due_at)),
    "late": ("Late", lambda r: yes(r.is_late)),
}
LETTERS: Final[Columns] = {
    "reference": ("Reference", lambda r: r.complaint.reference),
    "about": ("About", lambda r: r.complaint.title),
    "letter": ("Letter", lambda r: r.label),
    "to": ("To", lambda r: r.party),
    "since": ("Waits since", lambda r: HQ.day_of(r.made_at)),
}
ENDINGS: Final[Columns] = {
    "table": ("Table", lambda r: r[0]),
    "what": ("What", lambda r: r[1].title),
    "means": ("What it means", lambda r: r[1].means),
    "number": ("How often", lambda r: r[1].number),
    "share": ("Share", lambda r: r[1].share),
    "says_little": ("Says little", lambda r: yes(r[1].says_little)),
}


@bp.post("/referrals/export")
@open_to(*TAKE)
def export_referrals() -> ResponseReturnValue:
    """What other authorities have, as it is narrowed, as a file."""
    to, wanted = asked_destination(), narrowed(request.args)
    rows = outstanding.open_referrals(actor(), to, wanted, now=now(), limit=exports.MOST + 1)
    filters = {**narrowed_to(wanted), **({"to": to} if to else {})}
    return whole("referrals", REFERRALS, rows, filters, back="complaints.sent_out")


@bp.post("/check-ins/export")
@open_to(*TAKE)
def export_check_ins() -> ResponseReturnValue:
    """Complainants who are to be asked again, never by name, as a file."""
    wanted = narrowed(request.args)
    rows = outstanding.check_ins(actor(), wanted, now=now(), limit=exports.MOST + 1)
    return whole("check_ins", CHECK_INS, rows, narrowed_to(wanted), back="complaints.check_ins")


@bp.post("/letters/export")
@open_to(*WRITES)
def export_letters() -> ResponseReturnValue:
    """Letters that wait, never what they say, as a file."""
    wanted = narrowed(request.args)
    rows = letter_lists.waiting(actor(), wanted, limit=exports.MOST + 1)
    return whole("letters", LETTERS, rows, narrowed_to(wanted), back="complaints.letters_waiting")


@bp.post("/endings/export")
@open_to(*TAKE)
def export_endings() -> ResponseReturnValue:
    """How complaints ended, as a file."""
    rows = [(heading, ending) for heading, of in endings(actor()) for ending in of]
    return whole("endings", ENDINGS, rows, {}, back="complaints.endings")
