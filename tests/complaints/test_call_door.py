"""The door of a call: kept while it is told, read back at the end, its code shown once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from tests.cast import ALDER, ANN, AUDRA, BIRCH, CARL, LEO, MAX, MONDAY, RUTH, SAM
from tests.complaints.inside import LETTER, SignIn, how_many, only, typed
from tests.complaints.walk import CONTACT, PEPPER, complaint, complaint_at, received
from tests.pages import hidden_fields
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.complaints import sealed, telling
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint, ContactReading
from workflow.complaints.queries import complaint_by_code
from workflow.complaints.safe_ways import may_mail, may_post
from workflow.complaints.service import Told, receive
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale
from workflow.policy.standard.allegations import TYPES

CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{3}")


def verbs(case: Complaint) -> list[str]:
    found = select(Event.verb).where(Event.case_id == case.id).order_by(Event.version)
    return list(session().scalars(found))


def test_the_page_asks_for_danger_and_a_safe_way_to_call_back_before_anything_else(sign_in: SignIn):
    page = sign_in(ANN).get("/complaints/new").text

    asked = [
        page.index(f'name="{name}"') for name in ("danger", "reach", "safe", "agency", "narrative", "kinds")
    ]
    assert asked == sorted(asked)
    assert "emergency services" in page


def test_nothing_has_to_be_answered_in_a_call_and_that_is_said_once(sign_in: SignIn):
    page = sign_in(ANN).get("/complaints/new").text

    assert page.count("Every field may stay empty.") == 1
    assert "(optional)" not in page


@pytest.mark.parametrize(
    ("person", "path"),
    [(ANN, "/complaints/new"), (ANN, "/complaints/paper"), (CARL, "/complaints/from-agency")],
)
def test_every_sort_of_allegation_says_in_a_line_what_it_means(sign_in: SignIn, person: Actor, path: str):
    page = sign_in(person).get(path).text

    for known in TYPES:
        assert str(escape(known.means)) in page, known.code
    assert page.count('aria-describedby="kinds-') == len(TYPES)


@pytest.mark.parametrize("name", ["narrative", "who", "where", "remedy"])
def test_a_number_of_a_person_is_pointed_out_in_every_answer_of_a_call(sign_in: SignIn, name: str):
    browser = sign_in(ANN)

    refused = browser.send("/complaints/new", {name: "It is 123-45-6789.", "danger": "perhaps"})

    assert refused.status_code == 422
    assert "seems to hold a number" in refused.text


def test_a_call_that_is_cut_off_after_one_answer_is_a_complaint(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    hidden = hidden_fields(browser.get("/complaints/new").text)

    kept = typed(browser, "/complaints/new", {**hidden, "narrative": "They came at"}).get_json()

    case = only()
    assert (kept["reference"], kept["seen"]) == (case.reference, case.version)
    assert (case.channel, case.state) == ("telephone", State.RECEIVED)
    assert kept["reference"] in sign_in(RUTH).get("/complaints/triage").text


def test_what_is_typed_further_is_added_and_what_stood_there_before_is_kept(house: House, sign_in: SignIn):
    browser = sign_in(ANN)
    hidden = hidden_fields(browser.get("/complaints/new").text)
    said = {**hidden, "narrative": "They came at", "when": "Monday"}
    kept = typed(browser, "/complaints/new", said).get_json()

    said |= {"seen": kept["seen"], "narrative": "They came at nine."}
    kept = typed(browser, kept["action"], said).get_json()
    said |= {"seen": kept["seen"], "when": "Sunday"}
    kept = typed(browser, kept["action"], said).get_json()

    case = only()
    assert sealed.words_of(case, house.keyring) == {"narrative": "They came at nine.", "when": "Sunday"}
    assert [
        (w.heading, w.said) for w in telling.earlier(sealed.tellings_of(case, house.keyring).values())
    ] == [("When", "Monday")]
    assert verbs(case) == ["receive", "tell_more", "tell_more"]
    assert case.version == kept["seen"]


def test_nothing_new_is_no_event(house: House):
    reference = received(house, words={"narrative": "As it was."})
    before = complaint(reference).version

    same = Told(channel="telephone", words={"narrative": "As it was."})
    telling.tell_more(house, reference, ANN, same, seen=before, now=MONDAY)

    assert complaint(reference).version == before


def test_an_empty_contact_leaves_the_one_on_record(house: House):
    reference = received(house)

    telling.tell_more(
        house, reference, LEO, Told(channel="telephone", words={"who": "Two"}), seen=None, now=MONDAY
    )

    assert sealed.contact_of(complaint(reference), house.keyring) == CONTACT


def test_once_triaged_a_caller_moves_a_complaint_to_no_other_agency_unless_a_reviewer_listens(house: House):
    new, triaged = received(house), complaint_at(house, State.TRIAGED)
    told = Told(channel="telephone", words={"agency": "Birch"}, agency_id=BIRCH)

    for reference in (new, triaged):
        telling.tell_more(house, reference, LEO, told, seen=None, now=MONDAY)

    assert (complaint(new).agency_id, complaint(triaged).agency_id) == (BIRCH, ALDER)
    assert sealed.words_of(complaint(triaged), house.keyring)["agency"] == "Birch"
    telling.tell_more(house, triaged, RUTH, told, seen=None, now=MONDAY)
    assert complaint(triaged).agency_id == BIRCH


def test_danger_makes_it_tier_one_whatever_it_is_about(house: House):
    calm = complaint(received(house, allegations=("courtesy",)))
    reference = received(house, allegations=("courtesy",), in_danger=True)
    later = received(house, allegations=("courtesy",))

    telling.tell_more(
        house, later, ANN, Told(channel="telephone", words={}, in_danger=True), seen=None, now=MONDAY
    )

    assert (calm.tier, complaint(reference).tier, complaint(later).tier) == (3, 1, 1)
    due = [t.sort_at for c in (complaint(reference), complaint(later)) for t in c.tasks]
    assert due[0] == due[1] < calm.tasks[0].sort_at


def test_a_box_ticked_while_typing_waits_for_the_button(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    page = browser.get("/complaints/new")
    answers = {**hidden_fields(page.text), "narrative": "Loud words.", "kinds": ["force"]}

    typed(browser, "/complaints/new", answers)
    assert only().allegations == []
    session().rollback()

    browser.submit(page, {"narrative": "Loud words.", "kinds": ["courtesy"]}, to="/complaints/new")
    assert [a.code for a in only().allegations] == ["courtesy"]


def test_nothing_at_all_is_no_complaint(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    hidden = hidden_fields(browser.get("/complaints/new").text)

    answer = browser.send("/complaints/new", {"channel": "telephone"})
    by_script = typed(browser, "/complaints/new", hidden)

    assert (answer.status_code, by_script.status_code) == (422, 422)
    assert by_script.get_json()["errors"] == ["Nothing is written yet. Write at least one answer."]
    assert how_many() == 0


def test_somebody_who_wrote_meanwhile_stops_the_next_save_and_nothing_typed_is_lost(
    house: House, sign_in: SignIn
):
    reference = received(house)
    browser = sign_in(ANN)
    page = browser.get(f"/complaints/{reference}/told")
    telling.tell_more(
        house, reference, LEO, Told(channel="telephone", words={"who": "Two"}), seen=None, now=MONDAY
    )

    answers = {"narrative": "A new sentence."}
    by_script = typed(browser, f"/complaints/{reference}/told", {**hidden_fields(page.text), **answers})
    stopped = browser.submit(page, answers, to=f"/complaints/{reference}/told")
    sent_again = browser.submit(stopped, answers, to=f"/complaints/{reference}/told")

    assert (by_script.status_code, stopped.status_code, sent_again.status_code) == (409, 409, 200)
    assert "A new sentence." in stopped.text
    assert sealed.words_of(complaint(reference), house.keyring)["narrative"] == "A new sentence."


def test_the_code_stands_on_the_page_of_the_call_and_nowhere_else(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    answer = browser.send("/complaints/new", {"narrative": "They laughed.", "reach": "555 0142"})
    [code] = set(CODE.findall(answer.text))

    reference = only().reference
    pages = [
        f"/complaints/{reference}",
        f"/complaints/{reference}/told",
        f"/complaints/{reference}/read-back",
    ]
    later = "".join(browser.get(path).text for path in pages)

    found = complaint_by_code(code, pepper=PEPPER)
    assert found is not None
    assert found.reference == reference
    assert code not in later
    assert "receipt" not in str(answer.headers)
    assert not any(code in str(cookie.value) for cookie in browser._cookies.values())


def test_a_colleague_who_sends_the_same_form_gets_no_code_of_that_complaint(house: House):
    taken = receive(
        house, Told(channel="telephone", words={}), ANN, pepper=PEPPER, form_key="101:form", now=MONDAY
    )

    case = complaint(taken.reference)
    assert telling.code_of(case, "101:form", pepper=PEPPER) == taken.code
    assert telling.code_of(case, "112:form", pepper=PEPPER) is None


def test_reading_back_opens_the_contact_for_that_purpose_and_is_confirmed(house: House, sign_in: SignIn):
    browser = sign_in(ANN)
    page = browser.get("/complaints/new")
    said = {"narrative": "They laughed.", "reach": "555 0142", "then": "read_back", "danger": "no"}

    shown = browser.submit(page, said, to="/complaints/new")
    reference = only().reference
    assert "They laughed." in shown.text
    assert "555 0142" in shown.text
    assert CODE.search(shown.text)
    assert "555 0142" not in browser.get(f"/complaints/{reference}/read-back").text
    done = browser.submit(shown, {"corrected": "y"}, to=f"/complaints/{reference}/read-back")

    assert done.status_code == 302
    case = complaint(reference)
    assert case.read_back_at == MONDAY
    assert verbs(case)[-1] == "read_back"
    looks = session().execute(select(ContactReading.person_id, ContactReading.purpose)).all()
    assert [tuple(look) for look in looks] == [(ANN.id, "read_back")]


def test_nothing_is_added_to_a_decided_complaint(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.DECIDED)

    with pytest.raises(Refused, match="decided"):
        telling.tell_more(
            house, reference, ANN, Told(channel="telephone", words={"who": "Two"}), seen=None, now=MONDAY
        )
    with pytest.raises(Refused, match="decided"):
        telling.confirm_read_back(
            house, reference, ANN, corrected=False, seen=complaint(reference).version, now=MONDAY
        )

    assert "decided" in sign_in(ANN).get(f"/complaints/{reference}/told").text


def test_nobody_confirms_what_changed_since_it_was_read_back(house: House):
    reference = received(house)
    seen = complaint(reference).version

    with pytest.raises(Stale):
        telling.confirm_read_back(house, reference, ANN, corrected=False, seen=seen - 1, now=MONDAY)


def test_whoever_does_not_take_complaints_down_adds_nothing(house: House):
    reference = received(house)

    for somebody in (MAX, SAM):
        with pytest.raises(Refused):
            telling.tell_more(
                house,
                reference,
                somebody,
                Told(channel="telephone", words={"who": "x"}),
                seen=None,
                now=MONDAY,
            )


def test_the_agencies_that_are_meant_are_offered_while_one_types(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    browser.checks = False

    both = browser.get("/complaints/agencies-named?agency=county").text
    none = browser.get("/complaints/agencies-named?agency=nowhere").text

    assert ("Alder County" in both, "Birch County" in both) == (True, True)
    assert "can be named later" in none


@pytest.mark.parametrize("bad", ["a\0b", "x" * 20_001, "turned \u202e round"], ids=("nul", "long", "turned"))
@pytest.mark.parametrize("path", ["/complaints/new", "/complaints/paper"])
def test_what_cannot_be_kept_is_shown_again(sign_in: SignIn, ctx: Flask, path: str, bad: str):
    answers = {"narrative": bad, "remedy": "An apology", "channel": "telephone", "received_on": "2026-01-02"}

    answer = sign_in(ANN).send(path, answers)

    assert answer.status_code == 422
    assert "An apology" in answer.text
    assert how_many() == 0


@pytest.mark.parametrize(
    ("field", "bad"),
    [("danger", "perhaps"), ("interpreter", "x"), ("kinds", "nothing"), ("channel", "web"), ("seen", "1e3")],
)
def test_a_choice_that_is_not_offered_is_refused(sign_in: SignIn, ctx: Flask, field: str, bad: str):
    answer = sign_in(ANN).send("/complaints/new", {"narrative": "They laughed.", field: bad})

    assert answer.status_code == 422
    assert "They laughed." in answer.text
    assert how_many() == 0


@pytest.mark.parametrize("path", ["/complaints/new", "/complaints/paper"])
def test_a_very_long_agency_is_refused_at_its_field(sign_in: SignIn, ctx: Flask, path: str):
    said = {**LETTER, "channel": "", "agency": "x" * 60_000}

    answer = sign_in(ANN).send(path, said)

    assert answer.status_code == 422
    assert 'id="agency-error"' in answer.text
    assert "Nobody wrote back." in answer.text


def test_an_agency_that_was_not_offered_is_left_open(sign_in: SignIn, ctx: Flask):
    sign_in(ANN).send("/complaints/new", {"narrative": "They laughed.", "agency_id": str(ALDER)})

    assert only().agency_id is None


def test_danger_and_interpreter_are_shown_to_who_speaks_with_them_alone(house: House, sign_in: SignIn):
    reference = received(house, in_danger=True, interpreter="used")
    said = ("In danger when it was told", "Somebody is in danger", "Needed and used")

    def shown(person: Actor, page: str = "") -> list[bool]:
        text = sign_in(person).get(f"/complaints/{reference}{page}").text
        return [words in text for words in said]

    assert shown(ANN) == shown(RUTH) == [True, True, True]
    for person in (LEO, MAX, SAM, AUDRA):
        assert (shown(person), shown(person, "/print")) == ([False] * 3, [False] * 3), person.name
    assert "In danger now" not in sign_in(LEO).get(f"/complaints/{reference}/read-back").text


def test_who_writes_on_without_seeing_them_takes_neither_away(house: House, sign_in: SignIn):
    reference = received(house, in_danger=True, interpreter="used")
    browser = sign_in(LEO)
    page = browser.get(f"/complaints/{reference}/told").text

    browser.send(f"/complaints/{reference}/told", {"narrative": "And then they laughed."})

    assert "selected" not in page[page.index('name="interpreter"') :].partition("</select>")[0].replace(
        '<option selected value="">', ""
    )
    assert (complaint(reference).in_danger, complaint(reference).interpreter) == (True, "used")
    assert sealed.words_of(complaint(reference), house.keyring)["narrative"] == "And then they laughed."


def test_which_ways_are_safe_is_asked_in_a_call_and_said_anew_as_a_whole(house: House, sign_in: SignIn):
    browser = sign_in(ANN)
    page = browser.get("/complaints/new")
    said = {"narrative": "They laughed.", "reach": "ann@home.test", "mail_safe": "y", "then": "read_back"}

    shown = browser.submit(page, said, to="/complaints/new")
    case = only()
    first = sealed.contact_of(case, house.keyring)
    again = browser.get(f"/complaints/{case.reference}/told")
    browser.submit(again, {"narrative": "They laughed."}, to=f"/complaints/{case.reference}/told")
    kept = sealed.contact_of(complaint(case.reference), house.keyring)
    again = browser.get(f"/complaints/{case.reference}/told")
    told = {"narrative": "They laughed.", "page_only": "y"}
    browser.submit(again, told, to=f"/complaints/{case.reference}/told")
    last = sealed.contact_of(complaint(case.reference), house.keyring)

    assert "E-mail is safe" in shown.text
    assert first == kept == {"reach": "ann@home.test", "mail_safe": "yes"}
    assert may_mail(first)
    assert last == {"reach": "ann@home.test", "page_only": "yes"}
    assert not may_mail(last)
    assert not may_post(last)
