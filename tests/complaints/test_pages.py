"""The pages of complaints: list, triage, one complaint, both doors. Every answer is checked by the client."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import ADA, ALDER, ANN, AUDRA, BIRCH, BOB, CARL, HAL, MAX, MONDAY, PAM, RUTH, SAM
from tests.complaints.walk import WAYS, complaint, complaint_at, go, received
from tests.conftest import Clock
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.complaints import queries
from workflow.complaints.allegations import allege
from workflow.complaints.facts import State
from workflow.complaints.intake_views import BUSY, IN_WORK, PUBLIC_WORDS, TOO_MANY_CODES
from workflow.complaints.models import Complaint
from workflow.complaints.service import name_agency
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.web.limits import PUBLIC_FORM
from workflow.web.paging import decode

SignIn = Callable[[Actor], PageClient]
TOLD = {"narrative": "They laughed at the question.", "reach": "wren@nest.test", "safe": "after six"}


def receipt_of(client: PageClient, **more: Any) -> tuple[str, str]:
    """Tell something at the public door; the number and code of the receipt."""
    answer = client.send("/report", {**TOLD, **more})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/report/received")
    shown = re.findall(r'class="reference">\s*(\S+)\s*<', client.get("/report/received").text)
    assert len(shown) == 2
    return shown[0], shown[1]


# --- the public door --------------------------------------------------------------------------


def test_anybody_can_tell_something_and_come_back_with_the_code(client: PageClient, ctx: Flask):
    reference, code = receipt_of(client)

    answer = client.send("/report/status", {"code": code.lower()})

    assert answer.status_code == 200
    assert "We have received what you told us" in answer.text
    assert complaint(reference).channel == "web"


def test_nothing_but_what_happened_needs_an_answer(client: PageClient, ctx: Flask):
    refused = client.send("/report", {"remedy": "An apology"})
    assert refused.status_code == 422
    assert "An apology" in refused.text

    sent = client.submit(refused, {"narrative": "They laughed."}, to="/report")

    assert sent.status_code == 302
    case = session().scalars(select(Complaint)).one()
    assert (case.contact_possible, case.agency_id, case.title) == (
        False,
        None,
        "Complaint, agency not yet known",
    )


def test_a_receipt_is_shown_once(client: PageClient):
    reference, code = receipt_of(client)

    again = client.get("/report/received")

    assert again.status_code == 200
    assert code not in again.text
    assert reference not in again.text


def test_pressing_twice_is_one_complaint_and_one_receipt(client: PageClient, ctx: Flask):
    page = client.get("/report")
    client.submit(page, TOLD, to="/report")
    first = client.get("/report/received").text

    client.submit(page, TOLD, to="/report")
    second = client.get("/report/received").text

    codes = [re.findall(r'class="reference">\s*(\S+)\s*<', text) for text in (first, second)]
    assert codes[0] == codes[1]
    assert len(session().scalars(select(Case.id)).all()) == 1


def test_a_form_that_is_not_ours_makes_no_receipt(client: PageClient, ctx: Flask):
    answer = client.send("/report", {**TOLD, "form_key": "mine"})

    assert answer.status_code == 422
    assert TOLD["narrative"] in answer.text
    assert session().scalars(select(Case.id)).all() == []
    assert client.submit(answer, TOLD, to="/report").status_code == 302


def test_a_report_that_has_to_wait_comes_back_whole_and_can_be_sent_then(
    client: PageClient, ctx: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    everything = {
        "narrative": "They laughed at her.\nTwice.",
        "when": "about Easter",
        "agency": "Alder County",
        "remedy": "An apology",
        "reprisal": "y",
        "name": "Wren",
        "reach": "wren@nest.test",
        "safe": "after six",
        "language": "Spanish",
    }
    sent = [client.send("/report", TOLD).status_code for _ in range(PUBLIC_FORM.free)]

    slowed = client.send("/report", everything)

    assert sent == [302] * PUBLIC_FORM.free
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "10")
    assert f"{BUSY} You can try again in 10 seconds." in slowed.text
    assert [v for name, v in everything.items() if name != "reprisal" and v not in slowed.text] == []
    assert re.search(r'<input[^>]*checked[^>]*name="reprisal"', slowed.text)
    assert not [r for r in caplog.records if "Easter" in r.getMessage() or "nest.test" in r.getMessage()]
    before = len(session().scalars(select(Case.id)).all())
    clock.now += timedelta(seconds=10)
    assert client.submit(slowed, everything, to="/report").status_code == 302
    assert len(session().scalars(select(Case.id)).all()) == before + 1


def test_fear_of_reprisal_is_asked_and_makes_it_urgent(client: PageClient, ctx: Flask):
    reference, _ = receipt_of(client, reprisal="y")

    case = complaint(reference)
    assert (case.fears_reprisal, case.tier) == (True, 1)


def test_a_number_of_a_person_is_pointed_out_and_taken(client: PageClient, ctx: Flask):
    answer = client.send("/report", {"narrative": "My number is 123-45-6789."})

    assert answer.status_code == 302
    assert "leave such numbers out" in client.get("/report/received").text
    assert len(session().scalars(select(Case.id)).all()) == 1


@pytest.mark.parametrize("code", ["", "nonsense", "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-234", "C-2026-7KQ4M2RD-X"])
def test_a_wrong_code_tells_nothing(client: PageClient, code: str):
    answer = client.send("/report/status", {"code": code})

    assert answer.status_code == 422
    assert "received" not in answer.text


@pytest.mark.parametrize("state", [s for s in State if s not in (State.MERGED, State.VOIDED)])
def test_what_a_complainant_is_told_is_plain_and_gives_nothing_away(
    client: PageClient, house: House, state: State
):
    reference, code = receipt_of(client)
    allege(house, reference, ANN, "courtesy", "unknown", seen=complaint(reference).version, now=MONDAY)
    name_agency(house, reference, ANN, ALDER, seen=complaint(reference).version, now=MONDAY)
    go(house, reference, *WAYS[state])

    told = client.send("/report/status", {"code": code}).text

    assert PUBLIC_WORDS.get(state, IN_WORK) in told
    assert reference not in told
    assert not re.search(r"hold|criminal|investigat|tier|sustain|void", PUBLIC_WORDS.get(state, IN_WORK))


def test_guessing_codes_is_slowed_down(client: PageClient, clock: Clock):
    answers = [client.send("/report/status", {"code": "nonsense"}).status_code for _ in range(21)]

    page = client.get("/report/status")
    assert answers[:20] == [422] * 20
    slowed = client.submit(page, {"code": "nonsense"}, to="/report/status")
    assert slowed.status_code == 429
    assert f"{TOO_MANY_CODES} You can try again in 10 seconds." in slowed.text
    assert 'value="nonsense"' in slowed.text


def test_the_public_form_asks_nothing_forbidden(client: PageClient):
    asked = client.get("/report").text.casefold()

    for word in ("status", "birth", "born", "country", "citizen", "nationality", "a-number", "passport"):
        assert not re.search(rf"<label[^>]*>[^<]*{word}", asked), word
        assert f'name="{word}' not in asked


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

    for path in ("/complaints/new", "/complaints/paper", "/complaints/agencies-named"):
        assert browser.get(path).status_code == 403, path


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
