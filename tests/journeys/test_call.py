"""A call taken at the keyboard, every key counted: how long it takes follows from a stated rate of typing.

What is asked is asked while the answer before is typed; only reading back is counted beside the keys.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import ALDER, ANN
from tests.complaints.inside import only
from tests.journeys.conftest import Desk, Desks
from workflow.complaints.facts import State
from workflow.complaints.sealed import contact_of, words_of

pytestmark = pytest.mark.journey

#: Forty words of five keys a minute: who types while somebody tells is slower than who copies a text.
KEYS_A_MINUTE = 200
#: Read aloud, slowly enough to be stopped.
WORDS_A_MINUTE = 130
#: A typical call: a paragraph of what happened, when, where, who, and a way to call back.
SAID = {
    "reach": "555 0142",
    "safe": "after six, no message",
    "agency": "alder county",
    "narrative": (
        "She asked for an interpreter at the booking desk twice on Friday evening. The deputy laughed and"
        " gave her a form in English. She signed without knowing what it said. Nobody told her how to"
        " complain, and when her sister asked the next day they said there was nobody to ask."
    ),
    "when": "Friday evening",
    "where": "county jail, booking desk",
    "who": "a tall deputy, badge 17; her sister saw it",
}


class CountedKeys:
    """The keyboard of a desk, with every key that is pressed counted, and every field that is filled in."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.keyboard = desk, desk.page.keyboard
        self.pressed = self.fields = 0

    def press(self, key: str) -> None:
        self.keyboard.press(key)
        self.pressed += 1

    def go_to(self, name: str, value: str = "") -> None:
        """With the tabulator to a field of that name, or one of its boxes, or a button that says it."""
        for _ in range(60):
            self.press("Tab")
            at = self.desk.page.evaluate("(e => [e.name, e.value, e.innerText])(document.activeElement)")
            if name in (at[0], at[2]) and value in ("", at[1]):
                return
        raise AssertionError(f"{name} is not reached with the tabulator")

    def write(self, name: str, text: str) -> None:
        self.go_to(name)
        self.keyboard.type(text)
        self.pressed += len(text)
        self.fields += 1

    def choose(self, name: str, key: str, value: str = "") -> None:
        self.go_to(name, value)
        self.press(key)
        self.fields += 1


def test_a_typical_call_takes_less_than_four_minutes_of_keys_and_reading_back(desks: Desks, app: Flask):
    ann = desks(ANN)
    ann.open("/queue")
    keys = CountedKeys(ann)

    with ann.page.expect_navigation():
        keys.press("t")
    ann.look()
    ann.keep("call")
    keys.choose("danger", "ArrowDown")
    for name, text in SAID.items():
        keys.write(name, text)
    keys.choose("kinds", "Space", "interpreter")
    keys.choose("kinds", "Space", "courtesy")
    keys.go_to("Save and read back")
    with ann.page.expect_navigation():
        keys.press("Enter")
    ann.look()
    read_aloud = len(ann.page.locator("main dl").inner_text().split())
    keys.go_to("Read back and confirmed")
    with ann.page.expect_navigation():
        keys.press("Enter")

    minutes = keys.pressed / KEYS_A_MINUTE + read_aloud / WORDS_A_MINUTE
    assert minutes < 4, (keys.pressed, keys.fields, read_aloud, minutes)
    assert keys.fields == 10
    with app.app_context():
        case, ring = only(), app.extensions["house"].keyring
        words = words_of(case, ring)
        assert (case.state, case.agency_id, case.in_danger) == (State.RECEIVED, ALDER, False)
        assert {a.code for a in case.allegations} == {"interpreter", "courtesy"}
        assert {name: words.get(name) for name in ("narrative", "when", "where", "who")} == {
            name: SAID[name] for name in ("narrative", "when", "where", "who")
        }
        assert contact_of(case, ring) == {"reach": SAID["reach"], "safe": SAID["safe"]}
