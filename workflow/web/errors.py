"""The only table from an error to a status, and the page that says it. No domain rule here.

Every error page carries a reference number that stands in the log as well. Neither the page nor the
log shows a stack with values, a query or anything a person typed (the person's own page excepted).
"""

from __future__ import annotations

import logging
import secrets
import unicodedata
from datetime import timedelta
from math import ceil
from typing import Any, Final

from flask import Flask, Response, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError

from workflow.db.session import session
from workflow.engine.machine import Invalid, Refused, Stale
from workflow.web.language import _, lazy
from workflow.web.unread import texts_of

log = logging.getLogger("plumbline")

#: Letters and digits nobody confuses (Crockford).
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: status: heading, what it means and what to do.
WORDS: Final[dict[int, tuple[Any, Any]]] = {
    400: (
        lazy("This request could not be read"),
        lazy("Nothing was changed. Go back, reload the page and try again."),
    ),
    401: (lazy("Please sign in"), lazy("This page is for people with an account.")),
    403: (lazy("This page is not for your role"), lazy("Ask an administrator if you think it should be.")),
    404: (lazy("Nothing here"), lazy("There is no page at this address, or it is not one you can see.")),
    405: (
        lazy("This cannot be done here"),
        lazy("The page does not take requests of this kind. Nothing was changed."),
    ),
    409: (
        lazy("Somebody else was quicker"),
        lazy("It changed after your page was drawn. Nothing of yours was saved."),
    ),
    413: (
        lazy("This is too large"),
        lazy("The request was larger than this page takes. Nothing was changed."),
    ),
    422: (lazy("This could not be done"), lazy("Nothing was changed.")),
    429: (lazy("Too many attempts"), lazy("Please wait a little before you try again.")),
    500: (
        lazy("Something went wrong on our side"),
        lazy("It has been recorded. If you were saving something, look for it before sending it again."),
    ),
    503: (lazy("The database cannot be reached"), lazy("Nothing was changed. Please try again in a minute.")),
}

#: Domain errors, and what they are in HTTP.
STATUS: Final[dict[type[Exception], int]] = {
    Stale: 409,
    Refused: 422,
    Invalid: 422,
    CSRFError: 400,
    OperationalError: 503,
    PoolTimeout: 503,
}

#: Fields that are never shown again, by a piece of their name.
_UNSHOWN: Final = ("password", "token", "csrf", "receipt", "seen", "key", "next")


class TooMany(Exception):
    """An address or an account tried too often; `wait` is how long it has to stay away."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many attempts")
        self.wait = wait

    @property
    def seconds(self) -> int:
        """The wait in whole seconds, never less than one."""
        return max(1, ceil(self.wait.total_seconds()))

    @property
    def says(self) -> str:
        """When to try again, in a sentence."""
        if self.seconds == 1:
            return _("You can try again in a second.")
        if self.seconds < 120:
            return _("You can try again in %(count)s seconds.", count=self.seconds)
        return _("You can try again in %(count)s minutes.", count=ceil(self.seconds / 60))


class Application(Flask):
    """Flask that leaves the logging of a failure to the page about it, which gives it its reference."""

    def log_exception(self, exc_info: Any) -> None:
        """Nothing: Flask would write the values an error was about into the log."""


def init_errors(app: Flask) -> None:
    """Answer every error of this application with a page of ours."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(TooMany, _too_many)
    for error in STATUS:
        app.register_error_handler(error, _domain)


def new_reference() -> str:
    """A number somebody can read out on the telephone, and we can find in the log."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def typed(form: MultiDict[str, str] | None = None) -> list[tuple[str, str]]:
    """What the person had typed into the form just sent, to be copied out; no passwords, nothing hidden.

    Empty when another site sent the form. `form` is given where the request itself was not taken.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        return []
    return [
        (shown(name.replace("_", " ").capitalize()), shown(value))
        for name, value in (request.form if form is None else form).items(multi=True)
        if value.strip() and not any(piece in name.casefold() for piece in _UNSHOWN)
    ][:100]


def shown(text: str) -> str:
    """Text as a page may show it back to whoever typed it: a sign in place of what no page can hold."""
    return "".join(
        "\ufffd" if unicodedata.category(c) in _UNPRINTABLE and c not in "\r\n\t" else c for c in text
    )


_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Cn"})


def traced(error: BaseException) -> str:
    """Where an error came from, in one line, without the values it was about."""
    pieces: list[str] = []
    at: BaseException | None = error
    while at is not None and len(pieces) < 5:
        frames = at.__traceback__
        places = []
        while frames is not None:
            code = frames.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{frames.tb_lineno}:{code.co_name}")
            frames = frames.tb_next
        pieces.append(f"{type(at).__qualname__} [{' > '.join(places[-8:])}]")
        at = at.__cause__ or at.__context__
    return " from ".join(pieces)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    original = error.original_exception if isinstance(error, InternalServerError) else None
    # What somebody wrote for a case that is not theirs any more (another agency chosen, a recusal) is theirs.
    written = typed() if error.code == 404 else typed(texts_of(request)) if error.code == 413 else []
    answer = make_response(
        _page(error.code, original or error, reasons=_how_large(error.code), typed=written)
    )
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _how_large(status: int) -> list[str]:
    """How much the page takes, where that was too little."""
    most = request.max_content_length
    return [f"At most {most // 1_048_576} MB can be sent at once."] if status == 413 and most else []


def _domain(error: Exception) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    reasons = [refusal.text for refusal in error.refusals] if isinstance(error, Refused) else []
    if isinstance(error, CSRFError):
        reasons = [_("The form was open for too long, or came from another page than ours.")]
    answer = make_response(
        _page(status, error, reasons=reasons, typed=typed() if status in {400, 409, 422, 503} else [])
    )
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _too_many(error: TooMany) -> ResponseReturnValue:
    answer = make_response(_page(429, error, reasons=[error.says]))
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def too_early(error: TooMany, page: str) -> Response:
    """Answer with the sender's own form instead, what was typed still in it; it says when to try again."""
    log.info("refused reference=- status=429 method=%s endpoint=%s", request.method, request.endpoint or "-")
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _page(
    status: int,
    error: BaseException,
    *,
    reasons: list[str] | None = None,
    typed: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    heading, meaning = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    reference = new_reference()
    place = (reference, status, request.method, request.endpoint or "-")
    shown: dict[str, Any] = {
        "heading": heading,
        "meaning": meaning,
        "reasons": reasons or [],
        "typed": typed or [],
        "reference": reference,
    }
    if request_ctx.url_adapter is None:  # the host is not ours, so no page has an address
        log.info("refused reference=%s status=%s method=%s endpoint=%s", *place)
        return render_template("errors/bare.html", **shown), status
    if status < 500:
        log.info("refused reference=%s status=%s method=%s endpoint=%s", *place)
        return render_template("errors/error.html", **shown), status
    log.error("error reference=%s status=%s method=%s endpoint=%s cause=%s", *place, traced(error))
    try:
        session().rollback()
        return render_template("errors/error.html", **shown), status
    except SQLAlchemyError:
        return render_template("errors/bare.html", **shown), status
