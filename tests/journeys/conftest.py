"""A desk for each person of a journey: forms filled as people fill them, every page looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser import DESK, Screen, barriers, chromium, new_page, picture, served
from tests.cast import PASSWORD, email_of
from workflow.engine.actors import Actor

__all__ = ["chromium", "new_page"]

Desks = Callable[..., "Desk"]


class Desk:
    """Somebody at a screen. Every page that is opened has to be free of barriers."""

    def __init__(self, page: Page, person: Actor | None, *, eyes: Page | None = None) -> None:
        """`eyes`: another page, with script, that looks for barriers where this one has none."""
        self.page = page
        self.eyes = eyes
        if person is not None:
            self.open("/login")
            self.fill(email=email_of(person), password=PASSWORD)
            self.send()

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        self.look()

    def sign_in_again(self, person: Actor) -> None:
        """After days away nobody is signed in any more."""
        self.page.goto("/queue")
        if "/login" in self.page.url:
            self.open("/login")
            self.fill(email=email_of(person), password=PASSWORD)
            self.send()

    def look(self) -> None:
        if self.eyes is None:
            assert barriers(self.page) == [], self.page.url
            return
        shown = self.page.content()
        self.eyes.route(self.page.url, lambda route: route.fulfill(body=shown, content_type="text/html"))
        self.eyes.goto(self.page.url)
        self.eyes.unroute(self.page.url)
        assert barriers(self.eyes) == [], self.page.url

    def fill(self, **answers: Any) -> None:
        """Answer the questions of the page by their names; True ticks a box."""
        for name, value in answers.items():
            field = self.page.locator(f"main [name='{name}']")
            kind = field.first.get_attribute("type")
            if kind == "radio" or (kind == "checkbox" and isinstance(value, str)):
                self._tick(f"main [name='{name}'][value='{value}']")
            elif kind == "checkbox":
                self._tick(f"main [name='{name}']")
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def _tick(self, selector: str) -> None:
        """Press the label: the design system hides the box itself from sight."""
        box = self.page.locator(selector)
        self.page.locator(f"label[for='{box.get_attribute('id')}']").click()
        assert box.is_checked()

    def send(self, button: str | None = None) -> None:
        """Press the button of the form, and look at the page that follows."""
        found = self.page.get_by_role("button", name=button, exact=True) if button else None
        with self.page.expect_navigation():
            (found or self.page.locator("main form[name=form] button").first).click()
        self.look()

    def tab_to(self, *names: str) -> None:
        """Move the focus on with the tabulator to a field of that name, or a button that says it."""
        for _ in range(120):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(
                "[document.activeElement.name, document.activeElement.innerText?.trim(),"
                " document.activeElement.closest('main') !== null]"
            )
            if found[2] and set(found[:2]) & set(names):
                return
        raise AssertionError(f"none of {names} is reached with the tabulator on {self.page.url}")

    def press(self, *names: str) -> None:
        """Press a button by keyboard alone, and look at the page that follows."""
        self.tab_to(*names)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def take(self, reference: str, verb: str, **answers: Any) -> None:
        """Take a step of a case on its page."""
        self.open(f"/cases/{reference}/{verb}")
        self.fill(**answers)
        self.send()
        assert not self.page.url.endswith(f"/{verb}"), self.said()

    def confirm(self, reference: str, verb: str) -> None:
        """Confirm what somebody else asked for."""
        self.open(f"/cases/{reference}/confirm/{verb}")
        self.send("Confirm")

    def said(self) -> str:
        return self.page.locator("main").inner_text()

    def keep(self, name: str, *, whole: bool = True) -> None:
        picture(self.page, name, whole=whole)


@pytest.fixture
def desks(app: Flask, new_page: Callable[..., Page]) -> Iterator[Desks]:
    """The application served, and a way to seat people: `desks(RUTH)`; nobody signs in at `desks(None)`."""
    seated: dict[int, Desk] = {}
    with served(app) as address:

        def seat(person: Actor | None, screen: Screen = DESK, *, scripts: bool = True) -> Desk:
            if person is None:
                eyes = None if scripts else new_page(address, screen)
                return Desk(new_page(address, screen, scripts=scripts), None, eyes=eyes)
            if person.id not in seated:
                seated[person.id] = Desk(new_page(address, screen, scripts=scripts), person)
            return seated[person.id]

        yield seat
