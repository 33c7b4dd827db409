"""The cookies of the public door: a token for a report being written, another for a visit with a code.

Neither says anything by itself, and neither has to do with a staff sign-in. What they open is in `visits`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer

from workflow.cases.views import house
from workflow.complaints import visits
from workflow.complaints.visits import Draft, Visit
from workflow.web.clock import now

REPORT: Final = "plumbline-report"
CODE: Final = "plumbline-code"


def token_in(name: str) -> str | None:
    """The token a browser brought in this cookie."""
    return request.cookies.get(_called(name)) or None


def give(answer: Response, name: str, value: str) -> Response:
    """Have the browser keep a value until it is closed."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(_called(name), value, secure=secure, httponly=True, samesite="Strict", path="/")
    return answer


def take_away(answer: Response, *names: str) -> Response:
    """Have the browser forget."""
    for name in names:
        answer.delete_cookie(
            _called(name),
            path="/",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Strict",
        )
    return answer


def this_draft() -> Draft | None:
    """The report this browser is writing."""
    token = token_in(REPORT)
    return visits.draft_of(token, house().keyring, now=now()) if token else None


def this_visit() -> Visit | None:
    """The visit of this browser, unless it was idle for too long."""
    token = visit_token()
    return visits.visit_of(token, house().keyring, now=now()) if token else None


def visit_token() -> str | None:
    """The token of a visit that was not idle for too long."""
    try:
        value = _signer().unsign((token_in(CODE) or "").encode()).decode()
    except (BadSignature, UnicodeError):
        return None
    token, _dot, seconds = value.rpartition(".")
    seen = datetime.fromtimestamp(int(seconds), tz=now().tzinfo) if seconds.isdigit() else None
    is_fresh = seen is not None and timedelta(0) <= now() - seen + timedelta(seconds=1)
    return token if seen is not None and is_fresh and now() - seen <= visits.VISIT_IDLE else None


def keep_visiting(answer: Response, token: str) -> Response:
    """Count the idle time from now on: a page that only shows something changes nothing in the database."""
    value = _signer().sign(f"{token}.{int(now().timestamp())}").decode()
    return give(answer, CODE, value)


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="visit")


def _called(name: str) -> str:
    """A name that browsers bind to this very host, where the address allows it."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name
