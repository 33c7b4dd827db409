"""A model without a rhythm for a duty is told wherever its agreements are listed, to whom sees one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import BIRCH, BOB, SAM
from tests.inspections.walk import agreement
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.lacking import lacking
from workflow.cli import main
from workflow.engine.actors import Actor
from workflow.policy.standard import BOOK

SignIn = Callable[[Actor], PageClient]
WORDS = "TFM: no inspection cadence set: 1 agreement"


@pytest.fixture(autouse=True)
def one_of_a_model_without_rules(house: House) -> None:
    agreement(house, "TFM", agency_id=BIRCH)


@pytest.mark.parametrize("path", ["/agreements", "/inspections", "/planning"])
def test_lists_say_it_above_their_rows(sign_in: SignIn, path: str):
    assert WORDS in sign_in(SAM).get(path).text


@pytest.mark.usefixtures("app")
def test_it_is_told_to_whom_sees_such_an_agreement():
    assert WORDS in [gap.words for gap in lacking(SAM, BOOK)]
    assert lacking(BOB, BOOK) == ()


def test_the_proofs_are_silent_and_tell_it_beside(app: Flask):
    result = app.test_cli_runner().invoke(main, ["machines", "check"])

    assert (result.exit_code, result.stdout) == (0, "")
    assert WORDS in result.stderr.splitlines()
