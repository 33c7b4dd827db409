"""The schedule of an office and a quarter: proposed, changed by hand, accepted row by row.

Showing it writes nothing. What a planner keeps stands in the address, until they accept it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import calendar_of
from workflow.cases.views import house
from workflow.engine.actors import Role
from workflow.planning.proposal import Greedy, Kept, Lead, Proposal, Proposer
from workflow.planning.proposal_accepting import Outcome, Row, accept
from workflow.planning.proposal_reading import About, Desk, desk
from workflow.planning.quarters import Quarter, quarter_named, quarter_of
from workflow.planning.views import READERS, bp, offices_of_reader
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

#: Who takes the step that an accepted row is.
PLANNERS: Final = (Role.FIELD_SUPERVISOR,)
#: So many rows are shown, and accepted, at once.
MOST: Final = 100
#: Quarters there are to choose from: this one and those after it.
QUARTERS: Final = 5
#: Who answers the question, until something better does.
PROPOSER: Final[Proposer] = Greedy()
NOTHING: Final = Proposal((), ())


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: a visit, who and when as proposed or as typed, and what is wrong with that."""

    about: About
    lead: str
    begins: str
    why: str
    ticked: bool = True
    late_days: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for: whose quarter, and what was kept."""

    office_id: int
    quarter: Quarter
    kept: Mapping[str, Kept]


@bp.get("/planning/proposal")
@open_to(*READERS)
def proposal() -> ResponseReturnValue:
    """Who could lead which inspection when, and what found no place, each with why."""
    asking = _asking(request.args.getlist("keep"))
    if asking is None:
        return _page(None, None, NOTHING, ())
    here = desk(actor(), asking.office_id, asking.quarter, today=_today(asking.office_id), kept=asking.kept)
    made = PROPOSER.propose(here.asked)
    return _page(asking, here, made, _lines(here, made, asking.kept))


@bp.post("/planning/proposal")
@open_to(*PLANNERS)
def accept_proposal() -> ResponseReturnValue:
    """Accept what is ticked; or propose the rest anew, keeping it."""
    asking = _asking(())
    if asking is None:
        abort(404)
    today = _today(asking.office_id)
    here = desk(actor(), asking.office_id, asking.quarter, today=today)
    typed = _typed(here)
    if any(line.error for line, _, _ in typed):
        return _page(asking, here, PROPOSER.propose(here.asked), [line for line, _, _ in typed]), 422
    if request.form.get("do") == "again":
        keep = [f"{line.about.key}~{kept.lead}~{kept.begins}" for line, _, kept in typed if kept]
        return redirect(_address(asking, keep))
    rows = [
        Row(line.about, line.about.key, seen, kept.lead, kept.begins) for line, seen, kept in typed if kept
    ]
    rows += [Row(None, key, 0, 0, today) for key in _ticked() if key not in here.about]
    came = accept(house(), actor(), asking.office_id, rows, now=now())
    # Read anew: what was accepted has its days now.
    here = desk(actor(), asking.office_id, asking.quarter, today=today)
    made = PROPOSER.propose(here.asked)
    return _page(asking, here, made, _lines(here, made, {}), came)


def _today(office_id: int) -> date:
    return calendar_of(office_id).day_of(now())


def _address(asking: Asking, keep: list[str]) -> str:
    where = {"office": asking.office_id, "quarter": asking.quarter.name}
    return url_for("planning.proposal", keep=keep, **where)  # type: ignore[arg-type]


def _asking(keep: Iterable[str]) -> Asking | None:
    """What the address asks for; None as long as there is no office to choose."""
    offices = dict(offices_of_reader())
    wanted = request.args.get("office", "")
    known = [i for i in offices if str(i) == wanted] or (list(offices)[:1] if not wanted else [])
    if not known:
        return None
    quarter = quarter_named(request.args.get("quarter", "")) or quarter_of(_today(known[0])).after(1)
    kept = dict(found for one in keep if (found := _kept_in(one)) is not None)
    return Asking(known[0], quarter, kept)


def _kept_in(written: str) -> tuple[str, Kept] | None:
    """`key~lead~day` of an address; None for anything else."""
    key, _, rest = written.partition("~")
    lead, _, begins = rest.partition("~")
    on = _day(begins)
    if not key or on is None or (who := _person(lead)) is None:
        return None
    return key, Kept(who, on)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _person(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _ticked() -> list[str]:
    return request.form.getlist("tick")[:MOST]


def _typed(here: Desk) -> list[tuple[Line, int, Kept | None]]:
    """The rows as they were sent: each with its version, and what is kept of it if it is ticked."""
    ticked = set(_ticked())
    found: list[tuple[Line, int, Kept | None]] = []
    for key in request.form.getlist("row")[:MOST]:
        about = here.about.get(key)
        if about is None:
            continue
        lead, begins = (request.form.get(f"{name}-{key}", "").strip() for name in ("lead", "begins"))
        seen = _person(request.form.get(f"seen-{key}", "")) or 0
        who, on = _person(lead), _day(begins)
        kept = Kept(who, on) if key in ticked and who is not None and on is not None else None
        error = _wrong(who, on, here.asked.leads) if key in ticked else ""
        found.append((Line(about, lead, begins, "", key in ticked, error=error), seen, kept))
    return found


def _wrong(lead: int | None, begins: date | None, leads: tuple[Lead, ...]) -> str:
    if lead not in {one.id for one in leads}:
        return "Choose who leads."
    return "" if begins is not None else "Write the first day as 2026-01-31."


def _lines(here: Desk, made: Proposal, kept: Mapping[str, Kept]) -> list[Line]:
    """What is proposed, as rows; only what was kept is ticked once something was."""
    return [
        Line(
            here.about[a.visit.key],
            str(a.lead.id),
            a.begins.isoformat(),
            a.why,
            not kept or a.visit.key in kept,
            a.late_days,
        )
        for a in made.assignments
    ]


def _page(
    asking: Asking | None,
    here: Desk | None,
    made: Proposal,
    lines: Iterable[Line],
    came: Iterable[Outcome] = (),
) -> str:
    listed = list(lines)
    this = quarter_of(_today(asking.office_id)) if asking else None
    outcomes = list(came)
    return render_template(
        "planning/proposal.html",
        asking=asking,
        desk=here,
        lines=listed[:MOST],
        more=max(0, len(listed) - MOST),
        unplaced=made.unplaced,
        load=made.load,
        done=[o for o in outcomes if o.reference],
        refused=[o for o in outcomes if not o.reference],
        may_accept=actor().roles & set(PLANNERS),
        offices=offices_of_reader(),
        quarters=[(q.name, q.words) for q in (this.after(n) for n in range(QUARTERS))] if this else [],
        action=_address(asking, []) if asking else "",
    )
