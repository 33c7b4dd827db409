"""The arrested are not in it: whatever people of the office and of agencies type is looked through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from wtforms.fields import HiddenField, PasswordField, StringField

from tests.cast import PAM
from tests.pages import PageClient
from workflow.cases.forms import step_form
from workflow.cases.task_machine import TASK
from workflow.engine.actors import Actor
from workflow.engine.machine import Ask, AskKind, Machine, Transition
from workflow.factory import KINDS
from workflow.web.forms import BaseForm, NumberField
from workflow.web.free_text import FreeTextForm
from workflow.web.identifiers import HOLDS_NUMBER

MACHINES: Final[tuple[Machine[Any, Any], ...]] = (*(kind.machine for kind in KINDS.values()), TASK)
WORDS: Final = (AskKind.TEXT, AskKind.LINE)
TYPED: Final = ("123-45-6789", "a file of A012345678", "born on 4 March 1990")
#: Forms with text that are not looked through, and why.
_COMPLAINANTS: Final = "a complainant's own words are never refused; the door tells them afterwards"
_ACCOUNTS: Final = "who works here: names, mail addresses and codes of accounts"
NOT: Final = {
    "DoorForm": _COMPLAINANTS,
    "CallForm": _COMPLAINANTS,
    "PaperForm": _COMPLAINANTS,
    "CodeForm": "the code on a receipt",
    "NewCodeForm": "the code on a receipt",
    **dict.fromkeys(
        (
            "WhatForm",
            "WhenForm",
            "WhereForm",
            "WhichAgencyForm",
            "OfficersForm",
            "WitnessesForm",
            "RemedyForm",
            "SafeForm",
            "LanguageForm",
            "MessageForm",
            "WithdrawForm",
            "ReviewForm",
            "SafeContactForm",
            "ReachForm",
        ),
        _COMPLAINANTS,
    ),
    "WitnessForm": "who a witness is and how they are reached; sealed, and a telephone number is one",
    "ContactForm": "how a complainant is reached; sealed, and a telephone number is one of nine digits",
    "SignInForm": _ACCOUNTS,
    "AccountForm": _ACCOUNTS,
    "InviteForm": _ACCOUNTS,
    "InviteManyForm": _ACCOUNTS,
    "InviteContactForm": _ACCOUNTS,
    "OfficesForm": "until which day a place is covered",
    "PostedForm": "on which day a letter was posted",
    "LeaveForm": "from which day to which somebody is away",
    "InForceForm": "from which day a checklist is in force",
}


def forms(of: type[BaseForm] = BaseForm) -> Iterator[type[BaseForm]]:
    for form in of.__subclasses__():
        if form.__module__.startswith("workflow."):
            yield form
        yield from forms(form)


def asked_in_words() -> list[tuple[Transition[Any, Any], Ask]]:
    """Every question of every step that is answered in words, on the pages of steps and of tasks."""
    return [
        (step, ask)
        for machine in MACHINES
        for step in machine.transitions
        if not step.is_entry
        for ask in step.asks
        if ask.kind in WORDS
    ]


def test_every_form_with_words_is_looked_through_or_has_its_reason(app: Flask):
    with app.test_request_context("/"):
        silent = {
            form.__name__
            for form in set(forms())
            if not issubclass(form, FreeTextForm)
            and any(
                issubclass(field.field_class, StringField)
                and not issubclass(field.field_class, HiddenField | PasswordField | NumberField)
                for field in fields_of(form)
            )
        }

    assert silent == set(NOT), "make it a FreeTextForm, or say in NOT why it is not looked through"


def fields_of(form: type[BaseForm]) -> list[Any]:
    """The fields a form declares, its parents' too."""
    return [field for name in dir(form) if hasattr(field := getattr(form, name), "field_class")]


@pytest.mark.parametrize(
    ("step", "ask"), asked_in_words(), ids=lambda v: v.verb if isinstance(v, Transition) else v.name
)
def test_every_answer_in_words_to_a_step_is_looked_through(app: Flask, step: Any, ask: Ask):
    for typed in TYPED:
        with app.test_request_context("/", method="POST", data={ask.name: typed, "seen": "1"}):
            form = step_form(step, ZoneInfo("America/New_York"), {})()
            form.validate()

            assert HOLDS_NUMBER in form[ask.name].errors
            assert form[ask.name].data == typed


@pytest.mark.parametrize(
    ("address", "field", "others"),
    [
        ("/agencies/alder-county-ga/names", "reason", {"name": "Alder Sheriff"}),
        ("/agreements/register/alder-county-ga", "source", {"model": "WSO", "signed_on": "2025-03-03"}),
    ],
)
def test_what_is_kept_about_agencies_is_looked_through_and_can_be_kept(
    sign_in: Callable[[Actor], PageClient], address: str, field: str, others: dict[str, str]
):
    browser = sign_in(PAM)

    pointed_out = browser.send(address, {**others, field: TYPED[0]})
    kept = browser.send(address, {**others, field: TYPED[0], "no_person": "y"})

    assert pointed_out.status_code == 422
    assert HOLDS_NUMBER in pointed_out.text
    assert kept.status_code == 302
