"""What every answer says to the browser, and which requests are not even looked at. No roles here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.middleware.proxy_fix import ProxyFix

from workflow.settings import Settings

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

MEGABYTE: Final = 1024 * 1024
#: Bytes of a request, unless its view says otherwise with `takes`.
LARGEST: Final = MEGABYTE
MOST_FIELDS: Final = 1000
MOST_PARAMETERS: Final = 200
LONGEST_ADDRESS: Final = 8000

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
}
#: Without a request for so long a session is over; `people.signing` ends every one after twelve hours.
IDLE: Final = timedelta(hours=1)


def config(settings: Settings) -> dict[str, Any]:
    """Flask's own settings that are about safety."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": LARGEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST,
        "MAX_FORM_PARTS": MOST_FIELDS,
        "SESSION_COOKIE_NAME": "__Host-plumbline" if settings.is_https else "plumbline",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": IDLE,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "WTF_CSRF_SSL_STRICT": False,  # it reads the Referer, which our policy withholds
    }


def init_security(app: Flask, settings: Settings) -> None:
    """Refuse broken and oversized requests, then forged ones; give every answer its headers."""
    app.before_request(_not_too_much)
    app.before_request(_no_broken_text)
    app.before_request(_no_nameless_field)
    CSRFProtect(app)
    app.after_request(_headers)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0
        )


def takes(megabytes: int) -> Callable[[View], View]:
    """Mark a view as taking larger requests than others do."""

    def put(view: View) -> View:
        view.__takes__ = megabytes * MEGABYTE  # type: ignore[attr-defined]
        return view

    return put


def _not_too_much() -> None:
    if len(request.full_path) > LONGEST_ADDRESS or request.query_string.count(b"&") >= MOST_PARAMETERS:
        abort(400)
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    larger = getattr(current_app.view_functions.get(request.endpoint or ""), "__takes__", None)
    if larger is not None:
        request.max_content_length = larger
    if request.mimetype == "application/x-www-form-urlencoded":
        body = request.get_data(cache=True)
        if body.count(b"&") >= MOST_FIELDS:
            abort(413)


def _no_broken_text() -> None:
    """NUL and half characters break a database; in an address they are nobody's honest question."""
    if _is_broken([request.path]):
        abort(404)
    if _is_broken(piece for pair in request.args.items(multi=True) for piece in pair):
        abort(400)


def _no_nameless_field() -> None:
    """A part of a form without a name answers no question, and whoever looks for a token stumbles over it."""
    if request.method == "POST" and None in request.form:
        abort(400)


def _is_broken(texts: Iterable[str]) -> bool:
    return any(c == "\0" or "\ud800" <= c <= "\udfff" or c == "\ufffd" for text in texts for c in text)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint is None or g.get("actor") is not None or request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache, private")
    if request.scheme == "https":
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
