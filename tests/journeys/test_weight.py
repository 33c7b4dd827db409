"""What a first visit costs somebody on a slow line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import PHONE, weight
from tests.cast import RUTH
from tests.journeys.conftest import Desks

pytestmark = pytest.mark.journey
BYTES, REQUESTS = 60 * 1024, 6


def assert_light(page: Page, path: str) -> None:
    requests, size = weight(page, path)

    assert 0 < requests <= REQUESTS, path
    assert 0 < size <= BYTES, f"{path}: {size:,} bytes"


@pytest.mark.parametrize("path", ["/", "/login", "/report", "/report/questions/1"])
def test_a_first_visit_is_light(desks: Desks, path: str):
    assert_light(desks(None, PHONE).page, path)


@pytest.mark.parametrize("path", ["/queue", "/complaints", "/complaints/triage", "/complaints/new"])
def test_a_first_look_at_a_working_page_is_light(desks: Desks, path: str):
    page = desks(RUTH).page
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.clearBrowserCache")

    assert_light(page, path)
