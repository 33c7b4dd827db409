"""What should never be typed into the pages of the office, typed anyway: refused at its field, kept there.

Every form that takes words is sent every text of `tests/data/bad/hard.json` with its other questions open, so
that it can never be taken: what was typed has to stand in it again. Doors are sent whole forms too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import bad
from tests.cast import ALDER, ANN, CARL, LEO, MAX, RAY, RUTH
from tests.complaints.inside import LETTER, SignIn, how_many, only
from tests.complaints.letter_ways import with_letter
from tests.complaints.walk import WAYS, actor_for, complaint, complaint_at, received
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.complaints import sealed
from workflow.complaints.facts import State
from workflow.complaints.machine import COMPLAINT
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import AskKind
from workflow.web.errors import shown
from workflow.web.forms import clean

WORDS: Final = (AskKind.TEXT, AskKind.LINE)
#: What a field does not keep at its ends.
BLANKS: Final = "\u200b\u2060\ufeff \t\u00a0"


def events() -> int:
    return session().scalar(select(func.count()).select_from(Event)) or 0


def assert_stands_again(html: str, name: str, value: Any, where: str) -> None:
    """What was typed is in its field, as far as a page can show it."""
    found = bad.stands_in(html, name)
    if isinstance(value, dict) and "raw" in value:
        return  # what cannot be read cannot be shown again; it was answered
    typed = bad.text_of(value)
    forms = {shown(typed)}
    with suppress(ValueError):
        forms.add(clean(typed, lines=True) or "")
    same = {text.replace("\r\n", "\n").strip(BLANKS + "\n") for text in forms}
    if found is None:  # the step is over: what was typed stands there to be copied
        assert any(text[:200] in unescape(html) for text in same), f"{where}: {name} is lost"
    else:
        kept = found.replace("\r\n", "\n").strip(BLANKS + "\n")
        assert kept in same, f"{where}: {name} shows {kept[:60]!r}"


def send(browser: PageClient, page: str, path: str, bad_one: str, value: Any, **more: Any) -> Any:
    """A form as a browser sends it, with one bad field."""
    fields = {k: v for k, v in {**hidden_fields(page), **more}.items() if k != bad_one}
    return browser.post(path, data=bad.body(fields, bad_one, value), content_type=bad.FORM)


def assert_survives(browser: PageClient, path: str, names: list[str]) -> None:
    """Every hard text in each of these fields, and nothing else answered."""
    page = browser.get(path)
    assert page.status_code == 200, path
    browser.checks = False
    before = events()
    for name in names:
        for label, value, _ in bad.listed("hard"):
            answered = send(browser, page.text, path, name, value, no_person="")
            assert answered.status_code == 422, (path, name, label, answered.status_code)
            assert_stands_again(answered.text, name, value, f"{path} {label}")
    browser.checks = True
    assert send(browser, page.text, path, names[0], "<b>{{7*7}}</b>").status_code == 422
    assert events() == before


# --- steps ----------------------------------------------------------------------------------------


def worded(state: State) -> Iterator[tuple[str, list[str]]]:
    """The steps of a state that people take and answer in words."""
    for step in COMPLAINT.leaving(state):
        names = [ask.name for ask in step.asks if ask.kind in WORDS]
        if names and not step.is_entry and step.by - {Role.SYSTEM, Role.PUBLIC}:
            yield step.verb, names


@pytest.mark.parametrize("state", list(WAYS))
def test_the_form_of_every_step_keeps_what_was_typed(sign_in: SignIn, house: House, state: State):
    reference = complaint_at(house, state)
    case = complaint(reference)
    version, asked = case.version, 0
    for verb, names in worded(state):
        browser = sign_in(actor_for(house, case, verb))
        path = f"/cases/{reference}/{verb}"
        page = browser.get(path)
        if page.status_code != 200 or bad.stands_in(page.text, names[0]) is None:
            continue  # a rule closes it here; it says why instead of asking
        browser.checks = False
        for label, value, _ in bad.listed("hard"):
            answered = send(browser, page.text, path, names[0], value, seen="999999999")
            assert answered.status_code in (409, 422), (path, label, answered.status_code)
            assert_stands_again(answered.text, names[0], value, f"{path} {label}")
        asked += 1

    assert asked or state is State.MERGED
    assert complaint(reference).version == version


# --- the other forms inside -----------------------------------------------------------------------

#: Who writes, in which state, where, and the fields with words.
FORMS: Final[dict[str, tuple[Actor, State, str, list[str]]]] = {
    "plan": (RAY, State.INVESTIGATING, "/complaints/{}/plan", ["questions", "people", "records"]),
    "log": (RAY, State.INVESTIGATING, "/complaints/{}/log/new", ["who", "said"]),
    "request": (RAY, State.INVESTIGATING, "/complaints/{}/requests/new", ["asked"]),
    "interim": (RAY, State.INVESTIGATING, "/complaints/{}/interim/new", ["why"]),
    "finding": (RAY, State.INVESTIGATING, "/complaints/{}/allegations/1/finding", ["evidence"]),
    "disposition": (MAX, State.IN_REVIEW, "/complaints/{}/allegations/1/disposition", ["rationale"]),
    "triage": (RUTH, State.RECEIVED, "/complaints/{}/triage", ["tier_reasons", "words"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_other_form_inside_keeps_what_was_typed(sign_in: SignIn, house: House, form: str):
    person, state, path, names = FORMS[form]
    reference = complaint_at(house, state)
    browser = sign_in(person)
    page = browser.get(path.format(reference))
    present = [name for name in names if bad.stands_in(page.text, name) is not None]

    assert present
    assert_survives(browser, path.format(reference), present)


@pytest.mark.parametrize(("value", "fate"), bad.rows("hard"))
def test_a_message_is_sent_or_shown_again(sign_in: SignIn, house: House, value: Any, fate: str):
    reference = received(house, by=ANN)
    browser = sign_in(RUTH)
    path = f"/complaints/{reference}/messages"
    page = browser.get(path).text
    before = events()
    browser.checks = False

    answered = send(browser, page, path, "message", value)

    expected = {"fits": (302,), "any": (302, 422)}.get(fate, (422,))
    assert answered.status_code in expected
    assert events() - before == (answered.status_code == 302)
    if answered.status_code == 422:
        assert_stands_again(answered.text, "message", value, fate)


@pytest.mark.parametrize(("value", "fate"), bad.rows("hard"))
def test_the_paragraph_of_a_letter_is_printed_or_shown_again(
    sign_in: SignIn, house: House, value: Any, fate: str
):
    reference, number = with_letter(house)
    browser = sign_in(ANN)
    path = f"/complaints/{reference}/letters/{number}"
    page = browser.get(path).text
    browser.checks = False

    looked = send(browser, page, path, "paragraph", value, act="look", language="en")
    paper = send(browser, page, path, "paragraph", value, act="paper", language="en")

    assert (looked.status_code, paper.status_code) in ((200, 200), (422, 422))
    assert (paper.mimetype == "application/pdf") == (paper.status_code == 200)
    if looked.status_code == 422:
        assert fate != "blank"
        assert_stands_again(looked.text, "paragraph", value, fate)
        assert "usa-error-message" in looked.text


@pytest.mark.parametrize("path", ["/complaints/{}/contact/change", "/complaints/{}/witnesses"])
@pytest.mark.parametrize(("value", "is_taken"), bad.rows("contacts"))
def test_how_somebody_is_reached_is_kept_as_it_was_typed_or_shown_again(
    sign_in: SignIn, house: House, path: str, value: Any, is_taken: bool
):
    reference = received(house)
    browser = sign_in(LEO)
    at = path.format(reference)
    page = browser.get(at).text

    answered = send(browser, page, at, "reach", value, name="Somebody", role="saw_it")

    if is_taken:
        assert answered.status_code in (200, 302), answered.text
    else:
        assert answered.status_code == 422
        assert_stands_again(answered.text, "reach", value, at)
        assert 'id="reach-error"' in answered.text


# --- doors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["narrative", "remedy", "reach", "agency"])
@pytest.mark.parametrize("path", ["/complaints/new", "/complaints/paper"])
@pytest.mark.parametrize(("value", "fate"), bad.rows("hard"))
def test_a_door_takes_what_was_said_or_shows_it_again(
    sign_in: SignIn, house: House, path: str, field: str, value: Any, fate: str
):
    browser = sign_in(ANN)
    page = browser.get(path).text
    browser.checks = False

    answered = send(
        browser, page, path, field, value, **{**LETTER, "channel": ""} if "new" in path else LETTER
    )

    if answered.status_code == 422:
        assert fate in ("refused", "long", "any")
        assert how_many() == 0
        assert_stands_again(answered.text, field, value, path)
        assert f'id="{field}-error"' in answered.text
    else:
        assert fate not in ("refused", "long")
        assert answered.status_code in (200, 302)
        kept = sealed.words_of(only(), house.keyring) | (sealed.contact_of(only(), house.keyring) or {})
        if isinstance(value, str):
            assert kept.get(field, "") == (clean(value, lines=True) or "")


@pytest.mark.parametrize(("value", "fate"), bad.rows("hard"))
def test_an_agencys_report_is_taken_or_shown_again(sign_in: SignIn, ctx: Flask, value: Any, fate: str):
    browser = sign_in(CARL)
    page = browser.get("/complaints/from-agency").text
    browser.checks = False
    report = {"agency": str(ALDER), "knew_at": "2026-01-02T16:00", "own_inquiry": "yes"}

    answered = send(browser, page, "/complaints/from-agency", "narrative", value, **report)

    assert answered.status_code in ({"fits": (200,), "any": (200, 422)}.get(fate, (422,)))
    assert how_many() == (answered.status_code == 200)
    if answered.status_code == 422:
        assert_stands_again(answered.text, "narrative", value, fate)


@pytest.mark.parametrize(("written", "is_taken"), bad.rows("days"))
def test_the_day_on_the_stamp_is_taken_or_shown_again_at_its_field(
    sign_in: SignIn, ctx: Flask, written: Any, is_taken: bool
):
    browser = sign_in(ANN)
    page = browser.get("/complaints/paper").text
    browser.checks = False

    answered = send(browser, page, "/complaints/paper", "received_on", written, **LETTER)

    assert answered.status_code == (302 if is_taken else 422)
    assert how_many() == is_taken
    if not is_taken:
        assert 'id="received_on-error"' in answered.text
        assert "Nobody wrote back." in answered.text
        assert_stands_again(answered.text, "received_on", written, "paper")


@pytest.mark.parametrize(("written", "is_taken"), bad.rows("moments"))
def test_when_an_agency_knew_is_taken_or_shown_again_at_its_field(
    sign_in: SignIn, ctx: Flask, written: Any, is_taken: bool
):
    browser = sign_in(CARL)
    page = browser.get("/complaints/from-agency").text
    browser.checks = False
    report = {"agency": str(ALDER), "narrative": "A person says they were pushed.", "own_inquiry": "yes"}

    answered = send(browser, page, "/complaints/from-agency", "knew_at", written, **report)

    assert answered.status_code == (200 if is_taken else 422)
    assert how_many() == is_taken
    if not is_taken:
        assert 'id="knew_at-error"' in answered.text
        assert "they were pushed" in answered.text
        assert_stands_again(answered.text, "knew_at", written, "from an agency")
