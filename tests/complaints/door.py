"""Somebody at the public door, page by page as a person goes. No test lives here."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.pages import PageClient
from workflow.complaints import wizard
from workflow.complaints.visits import ReportDraft
from workflow.db.session import session

CODE: Final = re.compile(r'class="reference">\s*(\S+)\s*<')

#: An answer to every question.
EVERYTHING: Final = {
    "narrative": "They laughed at her.\nTwice.",
    "about": "about Easter",
    "place": "At the county jail",
    "agency": "Alder County",
    "agency_id": "1",
    "officers": "A tall one, badge 17",
    "witnesses": "My cousin",
    "reprisal": "yes",
    "remedy": "An apology",
    "name": "Wren",
    "reach": "wren@nest.test",
    "safe": "after six",
    "language": "es",
}


def page_of(name: str) -> str:
    """The address of a question."""
    return f"/report/questions/{wizard.number_of(name)}"


def answer(client: PageClient, name: str, answers: dict[str, Any]) -> TestResponse:
    """Answer one question and go on."""
    return client.send(page_of(name), answers)


def write(client: PageClient, **answers: Any) -> None:
    """Answer every question these answers belong to, in order."""
    if "reach" in answers:
        answers = {"reachable": "yes", **answers}
    for question in wizard.QUESTIONS:
        given = {name: answers[name] for name in question.fields if name in answers}
        if given:
            gone_on = answer(client, question.name, given)
            assert gone_on.status_code == 302, (question.name, gone_on.text)


def send(client: PageClient) -> TestResponse:
    """Press the last button."""
    return client.send("/report/check", {})


def tell(client: PageClient, **answers: Any) -> tuple[str, str]:
    """Tell something from the first question to the receipt: its number and code."""
    write(client, **{"narrative": "They laughed at the question.", **answers})
    sent = send(client)
    assert (sent.status_code, sent.location) == (302, "/report/received"), sent.text
    return receipt(client)


def receipt(client: PageClient) -> tuple[str, str]:
    """The number and the code of the receipt, which is due."""
    shown = CODE.findall(client.get("/report/received").text)
    assert len(shown) == 2
    return shown[0], shown[1]


def come_back(client: PageClient, code: str) -> TestResponse:
    """Type a code, and look at the page it leads to."""
    typed = client.send("/report/status", {"code": code})
    assert typed.status_code == 302, typed.text
    return client.get("/report/status")


def act(client: PageClient, what: str, **answers: Any) -> TestResponse:
    """Send one of the forms of the page that a code opened."""
    return client.send("/report/status", {"act": what, **answers})


def drafts() -> int:
    """How many reports are being written."""
    return session().scalar(select(func.count()).select_from(ReportDraft)) or 0
