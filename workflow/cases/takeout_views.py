"""Any list as a file: allow-listed columns of what its reader sees; taking it out is recorded first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, TypeAlias

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.engine.actors import Role
from workflow.web import sheets
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import Page

#: What a file can have, by code: heading and value. There is nothing else.
Columns: TypeAlias = Mapping[str, tuple[str, Callable[[Any], sheets.Cell]]]
#: Who takes lists out: whoever works on cases. Auditors read what was taken out instead.
TAKERS: Final = tuple(sorted(ON_CASES - {Role.AUDITOR}))
#: In whose days a file is written.
HQ: Final = in_zone(HEADQUARTERS_ZONE)


def taken_out(what: str, columns: Columns, page: Page[Any], wanted: Any, *, back: str) -> ResponseReturnValue:
    """A list as it is narrowed, whole; one that is too long leads back to its page, `back`."""
    return (
        _too_long(back)
        if page.after is not None
        else handed_out(what, columns, page.rows, narrowed_to(wanted))
    )


def whole(
    what: str, columns: Columns, rows: Sequence[Any], filters: Mapping[str, Any], *, back: str
) -> ResponseReturnValue:
    """The same for a list that has no pages: more than `exports.MOST` rows are too many."""
    return _too_long(back) if len(rows) > exports.MOST else handed_out(what, columns, rows, filters)


def _too_long(back: str) -> ResponseReturnValue:
    flash(too_many())
    kept: dict[str, Any] = {k: v[:2000] for k, v in request.args.items() if v and k != "after"}
    return redirect(url_for(back, **kept))


def too_many() -> str:
    """What is said where a list is longer than a file may be."""
    return f"A file has at most {exports.MOST:,} rows. Narrow the list, then take it out."


def handed_out(what: str, columns: Columns, things: Sequence[Any], filters: Mapping[str, Any]) -> Response:
    """Things as the file that was asked for; that it is taken out is recorded first."""
    form = request.form.get("form", "csv")
    if form not in sheets.TYPES:
        abort(400)
    rows = [[value(thing) for _, value in columns.values()] for thing in things]
    content = sheets.built(form, [heading for heading, _ in columns.values()], rows)
    exports.record(
        actor(), what, form, content, filters=filters, columns=[*columns], rows=len(rows), now=now()
    )
    name = f"{what.replace('_', '-')}-{HQ.day_of(now()).isoformat()}.{form}"
    said = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=sheets.TYPES[form], headers=said)


def yes(said: bool) -> str:
    """Whether something is so, in a cell."""
    return "Yes" if said else "No"


def narrowed_to(wanted: Any) -> dict[str, Any]:
    """The filters as they are recorded; of words that were looked for, how many."""
    filters = {name: value for name, value in asdict(wanted).items() if value}
    if "words" in filters:
        filters["words"] = len(filters["words"].split())
    return filters
