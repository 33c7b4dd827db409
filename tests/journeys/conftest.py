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
#: What sends a form, beside what only adds a part to it.
MAIN_BUTTON = "main form[name=form] button:not([name=more])"


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
            (found or self.page.locator(MAIN_BUTTON).first).click()
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

    def unfold(self, words: str) -> None:
        """Open a part of the page that is folded away, by keyboard."""
        self.page.evaluate("document.activeElement.blur()")
        self.tab_to(words)
        self.page.keyboard.press("Enter")

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


class KeyboardDesk(Desk):
    """Somebody without a mouse: every field is reached with the tabulator, every choice made with keys."""

    def fill(self, **answers: Any) -> None:
        self.page.evaluate("document.activeElement.blur()")
        for name, value in answers.items():
            kind = self.page.locator(f"main [name='{name}']").first
            tag, of = kind.evaluate("e => [e.tagName, e.type]")
            if tag == "SELECT":
                self._reach(name)
                self._choose(name, str(value), first="Home", on="ArrowDown")
            elif of == "radio":
                self._reach(name)
                self._choose(name, str(value), first="Space", on="ArrowDown")
            elif of == "checkbox":
                self._reach(name, value if isinstance(value, str) else None)
                self.page.keyboard.press("Space")
                assert self.page.evaluate("document.activeElement.checked"), name
            else:
                self._reach(name)
                self.page.keyboard.press("Control+A")
                self.page.keyboard.insert_text(str(value))

    def send(self, button: str | None = None) -> None:
        if button is None:
            first = self.page.locator(MAIN_BUTTON).first
            button = first.inner_text().strip()
        self.page.evaluate("document.activeElement.blur()")
        self.press(button)

    def _reach(self, name: str, value: str | None = None) -> None:
        for _ in range(200):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(
                "[document.activeElement.name, document.activeElement.value,"
                " document.activeElement.closest('main') !== null]"
            )
            if at[2] and at[0] == name and value in (None, at[1]):
                return
        raise AssertionError(f"{name} is not reached with the tabulator on {self.page.url}")

    def _choose(self, name: str, value: str, *, first: str, on: str) -> None:
        self.page.keyboard.press(first)
        for _ in range(60):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press(on)
        raise AssertionError(f"{value} cannot be chosen in {name} by keys on {self.page.url}")


@pytest.fixture
def desks(app: Flask, new_page: Callable[..., Page]) -> Iterator[Desks]:
    """The application served, and a way to seat people: `desks(RUTH)`; nobody signs in at `desks(None)`."""
    seated: dict[int, Desk] = {}
    with served(app) as address:

        def seat(
            person: Actor | None, screen: Screen = DESK, *, scripts: bool = True, keys: bool = False
        ) -> Desk:
            at = KeyboardDesk if keys else Desk
            if person is None:
                eyes = None if scripts else new_page(address, screen)
                return at(new_page(address, screen, scripts=scripts), None, eyes=eyes)
            if person.id not in seated:
                seated[person.id] = at(new_page(address, screen, scripts=scripts), person)
            return seated[person.id]

        yield seat
