"""In which language a public page speaks, and the catalogue it speaks from. Staff pages are English.

The catalogue, `translations/<language>/LC_MESSAGES/messages.po`, is read as it is: nothing is compiled.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date, format_skeleton, get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, Domain, refresh
from flask_babel import gettext as _gettext
from flask_babel import lazy_gettext as _lazy_gettext

#: The languages of public pages, each by its own name; the first is that of the sources.
LANGUAGES: Final = (("en", "English"), ("es", "Español"))
CODES: Final = tuple(code for code, _name in LANGUAGES)
#: Pages for everybody: they show nothing of whoever is signed in, and speak the reader's language.
PUBLIC_ROOM: Final = "/report"
_OURS: Final = re.compile(rf"/|{PUBLIC_ROOM}(?:/[a-z0-9-]+)*", re.ASCII)
_DOMAIN: Final = "messages"


def _(text: str, **variables: Any) -> str:
    """The text in the language of this page."""
    return str(_gettext(text, **variables))


def lazy(text: str) -> Any:
    """The same, looked up when it is shown: for labels and tables that are made once."""
    return _lazy_gettext(text)


def init_language(app: Flask, folder: Path) -> None:
    """Read the catalogues and give every template `_`, the language, and whether its page is public."""
    babel = Babel(app, locale_selector=language)
    babel.domain_instance = Domain(domain=_DOMAIN)
    babel.domain_instance.cache = {
        (code, _DOMAIN): NullTranslations() if code == CODES[0] else catalogue(folder, code) for code in CODES
    }
    app.jinja_env.globals.update(
        language=language, languages=LANGUAGES, is_public=is_public, way_back=way_back
    )
    app.jinja_env.filters["public_day"] = public_day


def catalogue(folder: Path, code: str) -> Translations:
    """One catalogue, ready to be asked."""
    with (folder / code / "LC_MESSAGES" / f"{_DOMAIN}.po").open("rb") as source:
        read = read_po(source, locale=code)
    made = BytesIO()
    write_mo(made, read)
    made.seek(0)
    return Translations(made, domain=_DOMAIN)


def language() -> str:
    """The language of this page: chosen by its reader, else the first of their browser's that we have."""
    if not has_request_context() or not is_public():
        return CODES[0]
    chosen = session.get("language")
    if chosen in CODES:
        return str(chosen)
    return request.accept_languages.best_match(CODES) or CODES[0]


def choose(code: str) -> bool:
    """Speak this language from now on; False for one we do not have."""
    if code not in CODES:
        return False
    session["language"] = code
    refresh()
    return True


def way_back(path: str) -> str:
    """Where to show a page again in another language: this path, if it is a public page's."""
    return path if _OURS.fullmatch(path) else PUBLIC_ROOM


def is_public() -> bool:
    """Whether this page is for everybody: the reporting pages, and the start of visitors."""
    here = request.path
    return here in ("/", PUBLIC_ROOM) or here.startswith(f"{PUBLIC_ROOM}/")


def public_day(day: date, about: str | None = None) -> str:
    """A day in the words of the page's language, or the month or year (`about`) of which it is the first."""
    match about:
        case "year":
            return str(day.year)
        case "month":
            return format_skeleton("yMMMM", day, locale=language())
        case _:
            return format_date(day, format="long", locale=language())


def months() -> list[tuple[str, str]]:
    """The months by number, as this page calls them."""
    names = get_month_names("wide", context="stand-alone", locale=language())
    return [(str(number), names[number].capitalize()) for number in range(1, 13)]
