"""Pages of complaints: list, triage, one complaint, the staff door. Every answer is checked by the client."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import ADA, ALDER, ANN, AUDRA, BIRCH, BOB, CARL, HAL, MAX, MONDAY, PAM, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints import queries
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.web.paging import decode

SignIn = Callable[[Actor], PageClient]
TOLD = {"narrative": "They laughed at the question.", "reach": "wren@nest.test", "safe": "after six"}


# --- the staff door ---------------------------------------------------------------------------


def test_a_call_is_taken_in_and_lands_in_triage(sign_in: SignIn, ctx: Flask):
    ann = sign_in(ANN)
    answer = ann.send(
        "/complaints/new",
        {**TOLD, "channel": "telephone", "agency": "alder county", "kinds": ["courtesy", "interpreter"]},
    )

    case = session().scalars(select(Complaint)).one()
    assert answer.status_code == 200
    assert (case.channel, case.agency_id, case.tier) == ("telephone", ALDER, 3)
    assert case.reference in answer.text
    assert case.reference in sign_in(RUTH).get("/complaints/triage").text


def test_words_that_fit_several_agencies_name_none(sign_in: SignIn, ctx: Flask):
    paper = {**TOLD, "channel": "mail", "received_on": "2026-01-02", "agency": "Georgia sheriff"}
    sign_in(ANN).send("/complaints/paper", paper)

    assert session().scalars(select(Complaint)).one().agency_id is None


@pytest.mark.parametrize("actor", [SAM, MAX, PAM, AUDRA, ADA, CARL], ids=lambda a: a.name)
def test_the_doors_inside_are_for_those_who_work_on_complaints(sign_in: SignIn, actor: Actor):
    browser = sign_in(actor)

    shut = 404 if actor is CARL else 403
    for path in ("/complaints/new", "/complaints/paper", "/complaints/agencies-named"):
        assert browser.get(path).status_code == shut, path


# --- list and triage --------------------------------------------------------------------------


def test_triage_shows_the_most_urgent_first(sign_in: SignIn, house: House):
    mild = received(house, allegations=("courtesy",), now=MONDAY - timedelta(days=2))
    grave = received(house, allegations=("safety",))
    done = complaint_at(house, State.TRIAGED)

    text = sign_in(RUTH).get("/complaints/triage").text

    assert text.index(grave) < text.index(mild)
    assert done not in text


def test_the_list_is_narrowed_ordered_and_paged(sign_in: SignIn, house: House):
    old = received(house, now=MONDAY - timedelta(days=9), channel="mail")
    new = received(house, agency_id=BIRCH, allegations=("force",))
    ruth = sign_in(RUTH)

    assert order(ruth, "", old, new) == [new, old]
    assert order(ruth, "sort=oldest", old, new) == [old, new]
    assert order(ruth, "words=birch", old, new) == [new]
    assert order(ruth, f"words={old}", old, new) == [old]
    assert order(ruth, "tier=2", old, new) == [new]
    assert order(ruth, "channel=mail", old, new) == [old]
    assert order(ruth, "state=closed", old, new) == []
    assert order(ruth, "office=3", old, new) == []
    assert order(ruth, "model=WSO", old, new) == []
    assert order(ruth, "tier=x&office=y&state=z&sort=up&after=%21", old, new) == [new, old]
    assert order(ruth, "words=%25", old, new) == []


def order(client: PageClient, query: str, *references: str) -> list[str]:
    text = client.get(f"/complaints?{query}").text
    text = text[text.index("</form>", text.index('name="filter"')) :]
    return sorted((r for r in references if r in text), key=text.index)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_follow_one_another_without_a_gap(house: House, sort: str):
    wanted = queries.Wanted(sort=queries.Sort(sort))
    made = [received(house, now=MONDAY - timedelta(days=n // 2)) for n in range(5)]
    seen: list[str] = []
    after = None

    while True:
        page = queries.listed(RUTH, wanted, after=after, limit=2)
        seen += [c.reference for c in page.rows]
        if page.after is None:
            break
        after = decode(page.after, queries.CURSOR)

    assert sorted(seen) == sorted(made)
    moments = [complaint(r).received_at for r in seen]
    assert moments == sorted(moments, reverse=sort == "newest")
    assert queries.how_many(RUTH, wanted) == 5


# --- one complaint ----------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_the_page_of_a_complaint_in_every_state(sign_in: SignIn, house: House, state: State):
    reference = complaint_at(house, state)

    page = sign_in(RUTH).get(f"/complaints/{reference}")

    assert page.status_code == 200
    assert house.kinds["complaint"].machine.stage(state).label in page.text


def test_hidden_and_missing_are_the_same(sign_in: SignIn, house: House):
    reference = received(house)
    browser = sign_in(BOB)

    hidden, missing = (browser.get(f"/complaints/{r}") for r in (reference, "C-2026-ZZZZZZZZ-Z"))

    # The number of the error, and the form's token, which holds the second it was made in.
    number = re.compile(r'(?<=name="csrf_token" value=")[^"]*|[0-9A-HJKMNP-TV-Z]{8}')
    assert hidden.status_code == missing.status_code == 404
    assert number.sub("", hidden.text) == number.sub("", missing.text)


def test_a_case_of_another_kind_is_no_complaint(sign_in: SignIn, house: House):
    assert sign_in(RUTH).get("/complaints/G-2026-ZZZZZZZZ-Z").status_code == 404


def test_headquarters_managers_see_what_has_no_office(sign_in: SignIn, house: House):
    reference = received(house, agency_id=None)

    assert sign_in(HAL).get(f"/complaints/{reference}").status_code == 200
    assert sign_in(MAX).get(f"/complaints/{reference}").status_code == 404
