"""The calendar of inspections: a month, of everybody, of an office or of one lead. Adds to `views`."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.engine.calendar import months_after
from workflow.inspections.month import Shown, leads, month
from workflow.inspections.views import WORDS, bp, today
from workflow.register.field_offices import FIELD_OFFICES
from workflow.web.access import open_to
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES

OFFICES: Final = (*((office.code, office.name) for office in FIELD_OFFICES), ("none", "No office"))
#: So many months before and after the one that is shown can be chosen.
AROUND: Final = 12


@bp.get("/calendar")
@open_to(*ON_CASES)
def calendar() -> ResponseReturnValue:
    """What is held and what is due in a month, day by day."""
    first = _month(request.args.get("month", ""))
    led = dict(leads(actor(), first))
    shown, kept = _shown(led)
    return render_template(
        "inspections/calendar.html",
        month=month(actor(), first, shown, days=in_zone(HEADQUARTERS_ZONE), today=today()),
        before=months_after(first, -1),
        after=months_after(first, 1),
        months=[months_after(first, n) for n in range(-AROUND, AROUND + 1)],
        kept=kept,
        chips=_chips(shown, led, kept, first),
        leads=led,
        offices=OFFICES,
        words=WORDS,
        today=today(),
    )


def _shown(led: dict[int, str]) -> tuple[Shown, dict[str, str]]:
    """Whose month is asked for, and the filters for further addresses; what is unknown is left out."""
    office, lead = request.args.get("office", ""), request.args.get("lead", "")
    wanted = actor().id if lead == "me" else next((i for i in led if str(i) == lead), None)
    shown = Shown(office if office in dict(OFFICES) else None, wanted)
    kept = {"office": shown.office or "", "lead": lead if wanted is not None else ""}
    return shown, {name: value for name, value in kept.items() if value}


def _chips(shown: Shown, led: dict[int, str], kept: dict[str, str], first: date) -> list[tuple[str, str]]:
    said = {
        "office": dict(OFFICES).get(shown.office or ""),
        "lead": f"led by {led.get(shown.lead, actor().name)}" if shown.lead is not None else None,
    }
    here = first.isoformat()[:7]
    return [
        (
            words,
            url_for("inspections.calendar", month=here, **{k: v for k, v in kept.items() if k != name}),  # type: ignore[arg-type]
        )
        for name, words in said.items()
        if words
    ]


def _month(written: str) -> date:
    """The first day of a month written 2026-01; this month for anything else, or a year nobody plans for."""
    this = today().replace(day=1)
    try:
        found = date.fromisoformat(f"{written}-01")
    except ValueError:
        return this
    return found if abs(found.year - this.year) <= 100 else this
