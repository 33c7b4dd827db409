"""Agreements of the tests: registered by the step of their life, one call each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cast import ALDER, MONDAY, PAM
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import register_by_hand
from workflow.cases.kinds import House

Registered = Callable[..., AgreementLife]


@pytest.fixture
def registered(house: House) -> Registered:
    """Enter an agreement in force of the made-up Alder County, or of another agency."""

    def enter(
        model: str = "WSO", *, agency_id: int = ALDER, signed_on: date = date(2025, 3, 3)
    ) -> AgreementLife:
        return register_by_hand(
            house,
            agency_id=agency_id,
            model=model,
            signed_on=signed_on,
            template=None,
            source="The memorandum",
            actor=PAM,
            now=MONDAY,
        )

    return enter
