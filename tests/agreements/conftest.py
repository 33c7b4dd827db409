"""Agreements of the tests: registered by the step of their life, one call each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.agreements import walk
from workflow.agreements.models import AgreementLife
from workflow.cases.kinds import House

Registered = Callable[..., AgreementLife]


@pytest.fixture
def registered(house: House) -> Registered:
    """Enter an agreement in force of the made-up Alder County, or of another agency."""
    return partial(walk.registered, house)
