"""The pages a complaint is written on: its allegations, its agency, the contact of whoever complained."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from tests.cast import ANN, BIRCH, LEO, MAX, MONDAY, RAY, RUTH, SAM
from tests.complaints.walk import CONTACT, complaint, complaint_at, go, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints import sealed
from workflow.complaints.allegations import propose_finding
from workflow.complaints.facts import State
from workflow.complaints.models import ContactReading
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.web.forms import OUTDATED

SignIn = Callable[[Actor], PageClient]


def test_an_allegation_is_added_proposed_and_disposed_of_on_its_pages(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    ray = sign_in(RAY)
    home = f"/complaints/{reference}"

    added = ray.send(f"{home}/allegations/new", {"code": "force", "subject": "unknown"})
    found = [
        ray.send(f"{home}/allegations/{n}/finding", {"proposed": "sustained", "evidence": "the film"})
        for n in (1, 2)
    ]
    ray.send(f"/cases/{reference}/submit_report", {"report": "As proposed."})
    given = [
        sign_in(MAX).send(
            f"{home}/allegations/{n}/disposition",
            {"disposition": "sustained", "standard_of_proof": "preponderance", "rationale": "the film"},
        )
        for n in (1, 2)
    ]

    assert [a.status_code for a in (added, *found, *given)] == [302] * 5
    assert complaint(reference).state == State.IN_REVIEW
    assert all(a.disposition == "sustained" for a in complaint(reference).allegations)


def test_a_refused_disposition_says_why_at_its_field(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.IN_REVIEW)

    answer = sign_in(MAX).send(
        f"/complaints/{reference}/allegations/1/disposition",
        {"disposition": "sustained", "standard_of_proof": "none", "rationale": "the film"},
    )

    assert answer.status_code == 422
    assert "A finding needs a standard of proof." in answer.text
    assert "the film" in answer.text


def test_an_old_page_changes_nothing_and_keeps_what_was_typed(sign_in: SignIn, house: House):
    reference = received(house)
    ruth = sign_in(RUTH)
    address = f"/complaints/{reference}/allegations/new"
    page = ruth.get(address)
    go(house, reference, "acknowledge")

    answer = ruth.submit(page, {"code": "force", "subject": "unknown"}, to=address)

    assert answer.status_code == 409
    assert OUTDATED in answer.text
    assert '<option selected value="force">' in answer.text
    assert len(complaint(reference).allegations) == 1
    again = ruth.submit(answer, {"code": "force", "subject": "unknown"}, to=address)
    assert again.status_code == 302
    assert [a.code for a in complaint(reference).allegations] == ["interpreter", "force"]


def test_the_agency_is_found_and_named(sign_in: SignIn, house: House):
    reference = received(house, agency_id=None, words={"narrative": "x", "agency": "the Birch people"})
    ann = sign_in(ANN)
    page = ann.get(f"/complaints/{reference}/agency?words=birch")
    assert "the Birch people" in page.text

    named = ann.submit(page, {"agency": str(BIRCH)}, to=f"/complaints/{reference}/agency?words=birch")

    assert named.status_code == 302
    assert complaint(reference).agency_id == BIRCH
    assert "No agency" in ann.get(f"/complaints/{reference}/agency?words=zebra").text
    wrong = ann.submit(page, {"agency": "999"}, to=f"/complaints/{reference}/agency?words=birch")
    assert wrong.status_code == 422


def test_the_contact_page_asks_first_what_for(sign_in: SignIn, house: House):
    reference = received(house, contact={"reach": "wren@nest.test"})
    leo = sign_in(LEO)
    address = f"/complaints/{reference}/contact"

    before = leo.get(address)
    without = leo.send(address, {})
    shown = leo.send(address, {"purpose": "tell"})

    assert "wren@nest.test" not in before.text + without.text
    assert (before.status_code, without.status_code, shown.status_code) == (200, 422, 200)
    assert "wren@nest.test" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert session().scalars(select(ContactReading.person_id)).all() == [LEO.id]


def test_what_an_allegation_is_about_is_said_better(sign_in: SignIn, house: House):
    reference = received(house)
    ruth = sign_in(RUTH)
    address = f"/complaints/{reference}/allegations/1"
    assert f'href="{address}"' in ruth.get(f"/complaints/{reference}").text
    assert '<option selected value="interpreter">' in ruth.get(address).text

    saved = ruth.send(address, {"code": "force", "subject": "agency"})

    assert saved.status_code == 302
    assert [(a.code, a.subject) for a in complaint(reference).allegations] == [("force", "agency")]
    assert sign_in(RUTH).get(f"/complaints/{reference}/allegations/7").status_code == 404


def test_a_decided_complaint_keeps_its_allegations(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.DECIDED)
    ruth = sign_in(RUTH)
    address = f"/complaints/{reference}/allegations/1"

    refused = ruth.send(address, {"code": "force", "subject": "agency"})

    assert f'href="{address}"' not in ruth.get(f"/complaints/{reference}").text
    assert refused.status_code == 422
    assert "is decided" in refused.text


def test_evidence_typed_on_an_old_page_is_not_lost(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    ray = sign_in(RAY)
    address = f"/complaints/{reference}/allegations/1/finding"
    page = ray.get(address)
    seen = complaint(reference).version
    propose_finding(house, reference, RAY, 1, "sustained", "elsewhere", seen=seen, now=MONDAY)

    answer = ray.submit(page, {"proposed": "sustained", "evidence": "Typed at length."}, to=address)

    assert answer.status_code == 409
    assert "Typed at length." in answer.text


def test_a_contact_is_changed_after_it_was_looked_at(sign_in: SignIn, house: House):
    reference = received(house, contact={**CONTACT, "reach": "wren@nest.test"})
    leo = sign_in(LEO)
    shown = leo.send(f"/complaints/{reference}/contact", {"purpose": "tell"})
    assert 'value="wren@nest.test"' in shown.text

    saved = leo.submit(
        shown, {"name": "", "reach": "new@nest.test"}, to=f"/complaints/{reference}/contact/change"
    )

    assert saved.status_code == 302
    case = complaint(reference)
    assert sealed.contact_of(case, house.keyring) == {"reach": "new@nest.test"}
    assert (case.contact_possible, case.events[-1].answers) == (True, [])


def test_a_page_to_change_a_contact_shows_nothing_of_the_one_on_record(sign_in: SignIn, house: House):
    reference = received(house, contact={"reach": "wren@nest.test"})

    page = sign_in(LEO).get(f"/complaints/{reference}/contact/change")

    assert page.status_code == 200
    assert "wren@nest.test" not in page.text
    assert session().scalars(select(ContactReading.person_id)).all() == []
    assert sign_in(SAM).get(f"/complaints/{reference}/contact/change").status_code == 403


def test_a_name_without_a_way_to_reach_them_is_kept_and_no_promise(sign_in: SignIn, house: House):
    reference = received(house, contact={"name": "Dolores Canary"})
    leo = sign_in(LEO)
    assert not complaint(reference).contact_possible
    assert "Add a contact" in leo.get(f"/complaints/{reference}").text

    leo.send(f"/complaints/{reference}/contact/change", {"name": "Dolores Canary", "reach": "555 0142"})

    assert complaint(reference).contact_possible
    leo.send(f"/complaints/{reference}/contact/change", {"name": "", "reach": "", "safe": ""})
    assert sealed.contact_of(complaint(reference), house.keyring) == {}
    assert not complaint(reference).contact_possible
