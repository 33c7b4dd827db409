"""The pages of agencies: found, merged, named, and never more of them than somebody may see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import ALDER, AUDRA, BIRCH, BOB, CARL, MONDAY, PAM, RUTH, SAM
from tests.pages import PageClient
from workflow.agreements.service import register_by_hand
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.people.models import PersonAgency
from workflow.register.models import Agency, Agreement, Officer, Training
from workflow.register.queries import by_slug
from workflow.register.service import merge, record_agency

SignIn = Callable[[Actor], PageClient]
Registered = Callable[..., str]
Recorded = Callable[..., str]
WHY = "Said by the agency itself."


@pytest.fixture
def registered(app: Flask) -> Callable[..., str]:
    """Enter an agreement in force, in a context of its own as pages have theirs; its reference."""

    def enter(model: str = "WSO", *, slug: str = "alder-county-ga") -> str:
        with app.app_context():
            agency = by_slug(slug)
            assert agency is not None
            return register_by_hand(
                app.extensions["house"],
                agency_id=agency.id,
                model=model,
                signed_on=date(2025, 3, 3),
                template=None,
                source="The memorandum",
                actor=PAM,
                now=MONDAY,
            ).reference

    return enter


@pytest.fixture
def another(app: Flask) -> Callable[..., str]:
    """Record one more agency; its address."""

    def make(name: str, *, state: str = "Georgia", county: str | None = "Alder County") -> str:
        with app.app_context(), transaction():
            return record_agency(name=name, state=state, county=county).slug

    return make


def sent(client: PageClient, path: str, **answers: Any) -> str:
    """Fill in the form of a page, and read the page it leads to."""
    answer = client.send(path, {"reason": WHY, **answers})
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def choice(page: str, words: str) -> str:
    """The value of the option whose words begin so."""
    found: list[str] = re.findall(rf'value="([^"]*)"[^>]*>\s*{re.escape(words)}', page)
    return found[0]


def test_an_agency_shows_its_agreements_contacts_and_training(
    app: Flask, registered: Registered, sign_in: SignIn
):
    reference = registered()
    with app.app_context(), transaction() as s:
        agreement = s.scalars(select(Agreement)).one()
        officer = Officer(
            agreement_id=agreement.id, number="A-7", name="O. Fficer", authorised_on=date(2025, 4, 1)
        )
        officer.trainings = [Training(kind="certification", passed_on=date(2025, 4, 1))]
        s.add(officer)

    page = sign_in(SAM).get("/agencies/alder-county-ga").text

    assert reference in page
    assert "template 2025, inferred" in page
    assert "1 of 1 authorised officer trained as agreed" in page
    assert CARL.name in page
    assert "O. Fficer" not in page


def test_a_contact_whose_time_is_over_is_not_shown(app: Flask, sign_in: SignIn):
    with app.app_context(), transaction() as s:
        s.scalars(select(PersonAgency)).one().until = date(2026, 1, 4)

    page = sign_in(SAM).get("/agencies/alder-county-ga").text

    assert CARL.name not in page
    assert "Nobody is invited yet." in page


@pytest.mark.parametrize(("person", "sees"), [(SAM, True), (BOB, False), (AUDRA, True), (RUTH, True)])
def test_agreements_of_another_office_are_missing_not_forbidden(
    registered: Registered, sign_in: SignIn, person: Actor, sees: bool
):
    reference = registered()

    answer = sign_in(person).get("/agencies/alder-county-ga")

    assert answer.status_code == 200
    assert (reference in answer.text) is sees


def test_there_is_no_page_of_an_agency_that_is_not_there(sign_in: SignIn):
    assert sign_in(SAM).get("/agencies/nowhere-ga").status_code == 404


def test_the_list_finds_agencies_by_name_state_and_office(another: Recorded, sign_in: SignIn):
    another("Cedar Police Department", state="Maine", county=None)
    client = sign_in(SAM)

    everything = client.get("/agencies").text
    by_word = client.get("/agencies?words=cedar").text
    by_state = client.get("/agencies?state=Georgia").text
    by_office = client.get("/agencies?office=BOS").text

    assert all(name in everything for name in ("Alder County", "Birch County", "Cedar Police"))
    assert ("Cedar Police" in by_word, "Alder County" in by_word) == (True, False)
    assert ("Cedar Police" in by_state, "Alder County" in by_state) == (False, True)
    assert ("Cedar Police" in by_office, "Alder County" in by_office) == (True, False)


def test_the_list_of_agencies_is_paged_without_gap_or_repeat(
    another: Recorded, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    for n in range(5):
        another(f"Cedar Constable Precinct {n + 1}")
    monkeypatch.setattr("workflow.overview.agency_views.PAGE", 3)
    client = sign_in(AUDRA)
    seen: list[str] = []
    path = "/agencies"

    while path:
        page = client.get(path).text
        seen += re.findall(r'href="/agencies/([^"]+)"', page)
        following = re.findall(r'href="/agencies\?after=([^"]+)"', page)
        path = f"/agencies?after={following[0]}" if following else ""

    assert len(seen) == len(set(seen)) == 7


# --- kept by hand ------------------------------------------------------------------------------


def test_a_programme_manager_merges_two_records_and_takes_it_back(
    registered: Registered, another: Recorded, sign_in: SignIn
):
    reference, other = registered(), another("Alder Sheriff")
    client = sign_in(PAM)
    alder = choice(client.get(f"/agencies/{other}/merge").text, "Alder County Sheriff")

    merged = sent(client, f"/agencies/{other}/merge", other=alder)

    assert reference in merged
    assert client.get("/agencies/alder-county-ga").location == f"/agencies/{other}"
    [undo] = re.findall(rf'href="(/agencies/{other}/undo/[^"]+)"', merged)
    back = sent(client, undo)
    assert reference not in back
    assert reference in client.get("/agencies/alder-county-ga").text


def test_only_agencies_that_could_be_one_are_offered_for_merging(another: Recorded, sign_in: SignIn):
    another("Alder Sheriff")
    another("Alder Sheriff of Maine", state="Maine", county=None)

    page = sign_in(PAM).get("/agencies/alder-county-ga/merge").text

    assert "Alder Sheriff, Alder County" in page
    assert "Alder Sheriff of Maine" not in page
    assert "Birch County" not in page


def test_an_agency_that_was_not_offered_is_refused_with_its_reason(app: Flask, sign_in: SignIn):
    client = sign_in(PAM)

    answer = client.send("/agencies/alder-county-ga/merge", {"reason": WHY, "other": str(BIRCH)})

    assert answer.status_code == 422
    with app.app_context():
        assert session().get_one(Agency, BIRCH).merged_into_id is None


def test_agreements_are_split_off_and_another_name_is_added(registered: Registered, sign_in: SignIn):
    reference = registered()
    client = sign_in(PAM)
    [agreement] = re.findall(
        r'name="agreements"[^>]*value="(\d+)"', client.get("/agencies/alder-county-ga/split").text
    )

    named = sent(client, "/agencies/alder-county-ga/names", name="Alder Detention Center")
    sent(client, "/agencies/alder-county-ga/split", name="Alder Jail", agreements=agreement)

    assert "Alder Detention Center" in named
    assert reference in client.get("/agencies/alder-jail-ga").text
    assert reference not in client.get("/agencies/alder-county-ga").text


def test_the_family_of_a_merged_agency_is_shown_as_one(
    app: Flask, registered: Registered, another: Recorded, sign_in: SignIn
):
    other = another("Alder Sheriff")
    kept, moved = registered(), registered("JEM", slug=other)
    with app.app_context():
        found = by_slug(other)
        assert found is not None
        merge(ALDER, found.id, reason=WHY, actor=PAM, now=MONDAY)

    page = sign_in(SAM).get("/agencies/alder-county-ga").text

    assert kept in page
    assert moved in page
    assert "Alder Sheriff" in page


@pytest.mark.parametrize("door", ["merge", "split", "names"])
def test_nobody_else_keeps_the_register(sign_in: SignIn, door: str):
    client = sign_in(SAM)

    assert client.get(f"/agencies/alder-county-ga/{door}").status_code == 403
    assert f"/agencies/alder-county-ga/{door}" not in client.get("/agencies/alder-county-ga").text
