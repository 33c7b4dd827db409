"""The public door, question by question: what is asked, and that nothing typed is lost on the way."""

from __future__ import annotations

import io
import logging
import re
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.cast import ALDER, MONDAY
from tests.complaints.door import EVERYTHING, answer, drafts, page_of, receipt, send, tell, write
from tests.complaints.inside import how_many
from tests.complaints.walk import complaint
from tests.conftest import Clock
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.sweep import sweep
from workflow.complaints import floods, wizard
from workflow.complaints.delays import mail_of
from workflow.complaints.intake_views import BUSY
from workflow.complaints.safe_ways import may_post
from workflow.complaints.sealed import contact_of, words_of
from workflow.db.session import session
from workflow.web.limits import REPORTS

# --- from the first question to the receipt -------------------------------------------------------


def test_everything_that_was_answered_arrives(client: PageClient, house: House):
    reference, _ = tell(client, **EVERYTHING)

    case = complaint(reference)
    words = words_of(case, house.keyring)
    assert (case.channel, case.agency_id, case.fears_reprisal, case.tier) == ("web", ALDER, True, 1)
    assert words == {
        "narrative": "They laughed at her.\nTwice.",
        "when": "about Easter",
        "where": "At the county jail",
        "who": "A tall one, badge 17\n\nWho else saw it: My cousin",
        "agency": "Alder County",
        "remedy": "An apology",
        "language": "Spanish",
    }
    assert contact_of(case, house.keyring) == {"name": "Wren", "reach": "wren@nest.test", "safe": "after six"}


def test_nothing_but_what_happened_needs_an_answer(client: PageClient, house: House):
    for question in wizard.QUESTIONS[1:]:
        if question.name != "documents":
            assert client.get(page_of(question.name)).status_code == 200
    refused = answer(client, "what", {"narrative": "  "})
    assert refused.status_code == 422

    reference, _ = tell(client, narrative="They laughed.")

    case = complaint(reference)
    assert (case.contact_possible, case.agency_id, case.occurred_on) == (False, None, None)
    assert contact_of(case, house.keyring) == {}


def test_every_question_can_be_skipped_on_the_way(client: PageClient, ctx: Flask):
    gone_on = answer(client, "what", {"narrative": "They laughed."})

    seen = []
    while gone_on.location != "/report/check":
        seen.append(gone_on.location)
        gone_on = client.send(gone_on.location, {})

    assert len(seen) == wizard.LAST - 2  # the first is answered, and nobody asks when it is safe
    assert send(client).status_code == 302


def test_a_report_without_the_needed_answer_is_not_sent(client: PageClient, ctx: Flask):
    answer(client, "remedy", {"remedy": "An apology"})

    refused = send(client)

    assert refused.status_code == 422
    assert "this question needs an answer" in refused.text
    assert "An apology" in refused.text
    assert how_many() == 0


@pytest.mark.parametrize(
    ("said", "day", "about", "words"),
    [
        ({"month": "3", "day": "5", "year": "2025"}, date(2025, 3, 5), None, "5 March 2025"),
        ({"month": "3", "year": "2025"}, date(2025, 3, 1), "month", "March 2025"),
        ({"year": "2025"}, date(2025, 1, 1), "year", "2025"),
        ({"about": "around Easter"}, None, None, "around Easter"),
        ({"year": "2025", "about": "at night"}, date(2025, 1, 1), "year", "2025; at night"),
    ],
)
def test_a_date_is_kept_as_exactly_as_it_is_known(
    client: PageClient, house: House, said: dict[str, str], day: date | None, about: str | None, words: str
):
    reference, _ = tell(client, **said)

    case = complaint(reference)
    assert (case.occurred_on, case.occurred_about) == (day, about)
    assert words_of(case, house.keyring)["when"] == words


def test_agencies_that_fit_are_offered_and_not_being_sure_is_an_answer(client: PageClient, ctx: Flask):
    answer(client, "what", {"narrative": "They laughed."})

    asked = answer(client, "agency", {"agency": "county"})
    assert asked.status_code == 200
    assert "Alder County" in asked.text
    assert "Birch County" in asked.text
    unsure = client.submit(asked, {"agency": "county", "agency_id": "none"}, to=page_of("agency"))
    nowhere = answer(client, "agency", {"agency": "Nowhere Marshal"})

    assert unsure.status_code == nowhere.status_code == 302
    reference, _ = (send(client), receipt(client))[1]
    assert complaint(reference).agency_id is None


def test_an_agency_that_was_not_offered_cannot_be_chosen(client: PageClient, ctx: Flask):
    answer(client, "what", {"narrative": "They laughed."})

    forged = answer(client, "agency", {"agency": "birch", "agency_id": str(ALDER)})

    assert forged.status_code == 422


def test_who_stays_anonymous_leaves_no_contact_and_is_not_asked_when_it_is_safe(
    client: PageClient, house: House
):
    answer(client, "what", {"narrative": "They laughed."})

    both = answer(client, "contact", {"reachable": "no", "reach": "555 0142"})
    neither = answer(client, "contact", {"reachable": "yes"})
    gone_on = answer(client, "contact", {"reachable": "no"})

    assert both.status_code == neither.status_code == 422
    assert 'value="555 0142"' in both.text
    assert gone_on.location == page_of("language")


def test_which_ways_are_safe_is_said_and_read_back_and_kept_with_the_contact(
    client: PageClient, house: House
):
    write(client, narrative="They laughed.", reach="wren@nest.test", mail_safe="y", phone_safe="y")
    answer(client, "safe", {"mail_safe": "y", "phone_safe": "y", "safe": "after six"})
    check = client.get("/report/check").text
    send(client)
    reference, _ = receipt(client)

    kept = contact_of(complaint(reference), house.keyring)

    assert kept == {"reach": "wren@nest.test", "mail_safe": "yes", "phone_safe": "yes", "safe": "after six"}
    assert mail_of(kept) == "wren@nest.test"
    assert not may_post(kept)
    assert "E-mail: nobody else reads it" in check
    assert "Letter:" not in check


def test_only_this_page_stands_alone_and_rules_out_everything_else(client: PageClient, house: House):
    write(client, narrative="They laughed.", reach="wren@nest.test")

    both = answer(client, "safe", {"page_only": "y", "mail_safe": "y", "safe": "never"})
    alone = answer(client, "safe", {"page_only": "y"})
    send(client)
    reference, _ = receipt(client)

    kept = contact_of(complaint(reference), house.keyring)
    assert (both.status_code, alone.status_code) == (422, 302)
    assert 'value="never"' in both.text
    assert kept == {"reach": "wren@nest.test", "page_only": "yes"}
    assert mail_of(kept) is None
    assert mail_of({**kept, "mail_safe": "yes"}) is None
    assert not may_post({**kept, "letter_safe": "yes"})


def test_nothing_is_mailed_until_somebody_said_that_it_is_safe(client: PageClient, house: House):
    reference, _ = tell(client, reach="wren@nest.test")

    kept = contact_of(complaint(reference), house.keyring)

    assert kept == {"reach": "wren@nest.test"}
    assert mail_of(kept) is None


def test_a_number_of_a_person_is_pointed_out_afterwards_and_taken(client: PageClient, ctx: Flask):
    write(client, narrative="My number is 123-45-6789.")
    assert send(client).status_code == 302

    assert "leave such numbers out" in client.get("/report/received").text
    assert how_many() == 1


def test_the_public_questions_ask_nothing_forbidden(client: PageClient):
    asked = "".join(
        client.get(page_of(q.name)).text for q in wizard.QUESTIONS if q.name != "documents"
    ).casefold()

    for word in ("status", "birth", "born", "country", "citizen", "nationality", "a-number", "passport"):
        assert not re.search(rf"<(?:label|legend|h2)[^>]*>[^<]*{word}", asked), word
        assert f'name="{word}' not in asked


def test_pictures_wait_with_the_report_and_go_with_it(client: PageClient, house: House):
    answer(client, "what", {"narrative": "They laughed."})
    fields = hidden_fields(client.get("/report/documents").text)
    note = (io.BytesIO(b"What I wrote down that night."), "secret-name.txt")
    bad = (io.BytesIO(b"MZ\x90\x00"), "virus.exe")

    partly = client.post("/report/documents", data={**fields, "files": [note, bad]})
    again = client.get("/report/documents").text

    assert partly.status_code == 422
    assert "secret-name.txt" in again
    assert "virus.exe" not in again
    client.send("/report/check", {})
    reference, _ = receipt(client)
    assert [e.verb for e in complaint(reference).events].count("add_document") == 1


# --- what is typed is kept ------------------------------------------------------------------------


def test_answers_stay_while_somebody_goes_back_and_forth(client: PageClient, ctx: Flask):
    write(client, **EVERYTHING)

    back = client.send(page_of("remedy"), {"remedy": "A new lock", "move": "back"})
    shown = client.get(page_of("remedy")).text
    changed = client.send(f"{page_of('where')}?check=1", {"place": "On the road"})
    check = client.get("/report/check").text

    assert back.location == page_of("reprisal")
    assert "A new lock" in shown
    assert changed.location == "/report/check"
    assert "On the road" in check
    assert "wren@nest.test" in check


def test_what_is_wrong_is_kept_when_one_goes_back_and_has_to_be_put_right_before_sending(
    client: PageClient, ctx: Flask
):
    answer(client, "what", {"narrative": "They laughed."})
    client.send(page_of("when"), {"day": "40", "month": "2", "year": "2025", "move": "back"})

    refused = send(client)

    assert 'value="40"' in client.get(page_of("when")).text
    assert refused.status_code == 422
    assert "not saved yet" in refused.text
    answer(client, "when", {"day": "4", "month": "2", "year": "2025"})
    assert send(client).status_code == 302


def test_a_report_that_has_to_wait_is_kept_whole_and_can_be_sent_then(
    client: PageClient, clock: Clock, caplog: pytest.LogCaptureFixture, ctx: Flask
):
    caplog.set_level(logging.DEBUG)
    write(client, **EVERYTHING)
    for n in range(REPORTS.free):
        floods.look("127.0.0.0/24", "127.0.0.0/16", f"report {n}", now=MONDAY)

    slowed = send(client)

    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "4")
    assert f"{BUSY} You can try again in 4 seconds." in slowed.text
    assert "wren@nest.test" in slowed.text
    assert not [r for r in caplog.records if "Easter" in r.getMessage() or "nest.test" in r.getMessage()]
    before = how_many()
    clock.now += timedelta(seconds=4)
    assert client.submit(slowed, {}, to="/report/check").status_code == 302
    assert how_many() == before + 1


def test_a_page_whose_token_ran_out_comes_back_with_what_was_typed(client: PageClient, ctx: Flask):
    client.get(page_of("what"))

    stale = client.post(page_of("what"), data={"narrative": "They laughed."})

    assert stale.status_code == 400
    assert "They laughed." in stale.text
    assert client.submit(stale, {"narrative": "They laughed."}, to=page_of("what")).status_code == 302


def test_a_report_nobody_goes_on_with_is_erased_after_six_hours(
    app: Flask, client: PageClient, clock: Clock, ctx: Flask
):
    answer(client, "what", {"narrative": "They laughed."})
    page = client.get(page_of("remedy"))
    clock.now += timedelta(hours=6)

    late = client.submit(page, {"remedy": "Typed for six hours"}, to=page_of("remedy"))

    assert late.status_code == 302
    assert "Typed for six hours" in client.get("/report/check").text
    assert "They laughed." not in client.get("/report/check").text
    assert drafts() == 1


def test_what_nobody_sent_is_erased_as_time_passes(client: PageClient, house: House, clock: Clock):
    answer(client, "what", {"narrative": "They laughed."})
    clock.now += timedelta(hours=5)
    sweep(house, now=clock.now)
    kept = drafts()
    session().rollback()

    sweep(house, now=clock.now + timedelta(hours=1))

    assert (kept, drafts()) == (1, 0)


def test_two_tabs_do_not_undo_one_another(client: PageClient, ctx: Flask):
    answer(client, "what", {"narrative": "They laughed."})
    one, other = client.get(page_of("where")), client.get(page_of("remedy"))

    client.submit(other, {"remedy": "An apology"}, to=page_of("remedy"))
    client.submit(one, {"place": "On the road"}, to=page_of("where"))

    check = client.get("/report/check").text
    assert "An apology" in check
    assert "On the road" in check
