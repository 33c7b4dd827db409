"""A browser without script that checks every page it is shown: one title, labels, names, no empty links."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, email_of
from workflow.db.session import session
from workflow.engine.actors import Actor

_NEEDS_LABEL = {"input", "select", "textarea"}
_NO_LABEL = {"hidden", "submit", "button"}


class PageClient(FlaskClient):
    """Flask's client, with every HTML answer checked, and forms that are sent as they were shown."""

    #: Switched off where pages are timed.
    checks = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            session().rollback()  # what the test read before is not what it reads after
        with self.application.app_context():  # a request has its own, whatever the test stands in
            answer = super().open(*args, **kwargs)
        if self.checks and answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303):
            faults = page_faults(answer.text)
            assert faults == [], f"{answer.request.path}: {faults}"
        return answer

    def sign_in(self, person: Actor) -> None:
        """Sign in through the page, as the person would."""
        answer = self.send("/login", {"email": email_of(person), "password": PASSWORD})
        assert answer.status_code == 302, answer.text

    def send(
        self, path: str, answers: dict[str, Any], *, form: int = 0, to: str | None = None
    ) -> TestResponse:
        """Open a page, fill in a form of it (hidden fields as they stand) and send it."""
        page = self.get(path)
        assert page.status_code == 200, f"{path}: {page.status_code}"
        return self.submit(page, answers, to=to or path)

    def submit(self, page: TestResponse, answers: dict[str, Any], *, to: str) -> TestResponse:
        """Send the main form of a page that was shown."""
        return self.post(to, data={**hidden_fields(page.text), **answers})


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of the form of a page, the search and sign-out forms of the frame aside."""
    tree = parsed(html)
    main = next(e for e in tree.iter() if e.tag == "main")
    return {
        e.get("name", ""): e.get("value", "")
        for e in main.iter("input")
        if e.get("type") == "hidden" and e.get("name")
    }


def parsed(html: str) -> Element:
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return tree


def page_faults(html: str) -> list[str]:
    """What is wrong with a page, in words."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    faults = [f"not valid HTML: {error[1]}" for error in parser.errors if error[1] not in _TOLERATED]
    headings = [_words(e) for e in tree.iter("h1")]
    title = _words(next(tree.iter("title"))).partition(" · ")[0]
    if len(headings) != 1:
        faults.append(f"{len(headings)} headings of the first rank")
    elif headings[0] != title:
        faults.append(f"title {title!r}, heading {headings[0]!r}")
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    faults += [f"id {i!r} twice" for i in {i for i in ids if ids.count(i) > 1}]
    labelled = {e.get("for") for e in tree.iter("label")}
    for element in tree.iter():
        faults += _element_faults(element, labelled, set(ids))
    return faults


#: html5lib knows HTML5 of 2014.
_TOLERATED = frozenset({"expected-doctype-but-got-chars"})


def _element_faults(e: Element, labelled: set[str | None], ids: set[str | None]) -> list[str]:
    found = []
    is_field = e.tag in _NEEDS_LABEL and e.get("type") not in _NO_LABEL
    if is_field and e.get("id") not in labelled and not e.get("aria-label"):
        found.append(f"no label for {e.tag} {e.get('name')!r}")
    if e.tag in ("a", "button") and not _words(e) and not e.get("aria-label"):
        found.append(f"empty {e.tag}")
    if (
        e.tag == "a"
        and e.get("href", "").startswith("#")
        and e.get("href") != "#"
        and e.get("href", "")[1:] not in ids
    ):
        found.append(f"link to {e.get('href')} leads nowhere")
    if e.tag == "form" and not e.get("name") and e.get("role") != "search":
        found.append("a form without a name")
    if e.tag == "img" and e.get("alt") is None:
        found.append("a picture without words")
    missing = [d for d in (e.get("aria-describedby") or "").split() if d not in ids]
    return found + [f"described by {d!r}, which is not there" for d in missing]


def _words(e: Element) -> str:
    return re.sub(r"\s+", " ", "".join(e.itertext())).strip()
