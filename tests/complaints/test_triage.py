"""Triage in one act: all that was said is written with the step, or nothing is; and the list it works on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cases.test_query_counts import cost
from tests.cast import ALDER, ANN, BIRCH, BOB, MAX, MONDAY, RUTH
from tests.complaints.test_receiving import agreement_of
from tests.complaints.walk import complaint, go, received
from tests.pages import PageClient, hidden_fields
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.complaints import triage_list
from workflow.complaints.models import ComplaintSeen
from workflow.complaints.triage import Seen, mark_seen, name_agreements, triage
from workflow.complaints.triage_list import Wanted, place_of
from workflow.db.session import db, session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale
from workflow.policy.standard.allegations import TYPES

SignIn = Callable[[Actor], PageClient]
ANSWERS: dict[str, Any] = {
    "tier": "3",
    "tier_reasons": "Nobody is in danger.",
    "subject": "designated_officer",
    "jurisdiction": "ours",
    "recusal_checked": True,
    "duplicates_checked": True,
}
FORM = {k: "y" if v is True else v for k, v in ANSWERS.items()}


def saw(**more: Any) -> Seen:
    return Seen(**{"answers": ANSWERS, **more})


def took(house: House, reference: str, given: Seen, **more: Any) -> Any:
    said = {"seen": complaint(reference).version, "form_key": "a form", "now": MONDAY, **more}
    return triage(house, reference, said.pop("by", RUTH), given, **said)


def verbs(reference: str) -> list[str]:
    return [e.verb for e in complaint(reference).events]


# --- the act ----------------------------------------------------------------------------------


def test_agency_allegations_agreements_and_step_are_one_act(house: House):
    lead, other = agreement_of(BIRCH), agreement_of(BIRCH, "JEM", "2020")
    reference = received(house, agency_id=None, allegations=())
    given = saw(
        agency_id=BIRCH,
        kinds=("force", "courtesy"),
        answers=ANSWERS | {"agreement": lead, "rank": "sergeant"},
        agreement_ids=(other,),
    )

    took(house, reference, given)

    case = complaint(reference)
    assert (case.state, case.tier, case.agency_id, case.subject_rank) == ("triaged", 3, BIRCH, "sergeant")
    assert [a.code for a in case.allegations] == ["force", "courtesy"]
    assert {(link.agreement_id, link.is_lead) for link in case.agreements} == {(lead, True), (other, False)}
    assert verbs(reference)[1:] == [
        "name_agency",
        "allege",
        "allege",
        "name_agreements",
        "suggest_route",
        "triage",
    ]


def test_a_refused_step_leaves_nothing_of_what_was_said_beside_it(house: House):
    reference = received(house, agency_id=None, allegations=())
    given = saw(agency_id=BIRCH, kinds=("force",), answers=ANSWERS | {"duplicates_checked": False})

    with pytest.raises(Refused):
        took(house, reference, given)

    assert verbs(reference) == ["receive"]
    assert complaint(reference).agency_id is None
    assert session().scalars(select(ComplaintSeen.person_id)).all() == []


def test_somebody_who_was_slower_changes_nothing(house: House):
    reference = received(house)

    with pytest.raises(Stale):
        took(house, reference, saw(kinds=("force",)), seen=complaint(reference).version - 1)

    assert "triage" not in verbs(reference)


def test_the_same_form_sent_twice_is_one_triage(house: House):
    reference = received(house)
    seen = complaint(reference).version
    first = took(house, reference, saw(), seen=seen)

    again = took(house, reference, saw(), seen=seen)

    assert again.repeated
    assert again.version == first.version
    assert verbs(reference).count("triage") == 1


def test_nobody_but_a_reviewer_triages(house: House):
    reference = received(house)

    for person in (ANN, MAX):
        with pytest.raises(Refused):
            took(house, reference, saw(), by=person, form_key=person.name)

    assert complaint(reference).state == "received"


def test_the_suggestion_is_kept_as_codes_beside_the_triage(house: House):
    reference = received(house, allegations=("civil_rights",), fears_reprisal=True)

    took(house, reference, saw(), closed=("crcl",))

    [event] = [e for e in complaint(reference).events if e.verb == "suggest_route"]
    assert event.codes == {
        "route": "investigate",
        "rule": "R7",
        "policy": 1,
        "tier": "3",
        "matter": "rights",
        "about": "designated",
        "jurisdiction": "ours",
        "at_risk": True,
        "closed": "crcl",
    }
    assert complaint(reference).suggested_route == "investigate"


def test_an_agreement_of_another_agency_is_refused(house: House):
    elsewhere = agreement_of(BIRCH)
    reference = received(house, agency_id=ALDER)

    with pytest.raises(Refused) as refused:
        name_agreements(house, reference, RUTH, [elsewhere], seen=complaint(reference).version, now=MONDAY)

    assert [r.field for r in refused.value.refusals] == ["agreements"]


# --- the list ---------------------------------------------------------------------------------


def listed(wanted: Wanted | None = None, by: Actor = RUTH, **more: Any) -> list[str]:
    found = triage_list.rows(by, wanted or Wanted(), now=MONDAY, **more)
    return [row.complaint.reference for row in found.rows]


def test_what_has_no_tier_stands_behind_what_is_known_to_be_grave(house: House):
    mild = received(house, allegations=("courtesy",))
    unclear = received(house, allegations=())
    force = received(house, allegations=("force",))
    grave = received(house, allegations=("crime",))

    assert listed() == [grave, force, unclear, mild]


def test_every_filter_narrows_the_list(house: House):
    alder = received(house, allegations=("crime",))
    birch = received(house, agency_id=BIRCH, channel="mail")
    nobody = received(house, agency_id=None, allegations=())
    mark_seen(alder, RUTH, now=MONDAY)

    assert listed(Wanted(tier="1")) == [alder]
    assert listed(Wanted(tier="none")) == [nobody]
    assert listed(Wanted(channel="mail")) == [birch]
    assert listed(Wanted(agency="birch-county-ga")) == [birch]
    assert listed(Wanted(agency="none")) == [nobody]
    assert listed(Wanted(office="none")) == [nobody]
    assert listed(Wanted(office="1", agency="alder-county-ga")) == [alder]
    assert set(listed(Wanted(unread=True))) == {birch, nobody}
    assert listed(Wanted(stage="triaged")) == []


def test_a_place_is_kept_after_the_complaint_has_left_the_list(house: House):
    moments = [MONDAY - timedelta(hours=n) for n in (3, 2, 1)]
    first, second, third = (received(house, now=m) for m in moments)
    place = place_of(complaint(second))

    go(house, second, "triage", tier="1")

    assert triage_list.neighbour(RUTH, Wanted(), place) == third
    assert triage_list.neighbour(RUTH, Wanted(), place, back=True) == first
    assert (triage_list.before(RUTH, Wanted(), place), triage_list.how_many(RUTH, Wanted())) == (1, 2)


def test_pages_follow_one_another_without_gap_or_repeat(house: House):
    kinds = ("crime", "force", "courtesy", "other")
    for n in range(9):
        received(house, allegations=(kinds[n % 4],) if n % 5 else (), now=MONDAY - timedelta(minutes=n % 3))
    whole, seen, after = listed(), [], None
    for _ in range(9):
        page = triage_list.rows(RUTH, Wanted(), now=MONDAY, after=after, limit=2)
        seen += [row.complaint.reference for row in page.rows]
        after = place_of(page.rows[-1].complaint)
        if page.after is None:
            break

    assert seen == whole
    assert len(whole) == 9


def test_a_mark_is_set_by_an_act_for_oneself_and_taken_away_again(house: House, sign_in: SignIn):
    reference = received(house)
    browser = sign_in(RUTH)

    browser.get(f"/complaints/{reference}/triage")
    assert listed(Wanted(unread=True)) == [reference]
    mark_seen(reference, RUTH, now=MONDAY)
    mark_seen(reference, RUTH, now=MONDAY)
    assert listed(Wanted(unread=True)) == []
    assert listed(Wanted(unread=True), by=MAX) == [reference]
    mark_seen(reference, RUTH, now=MONDAY, unread=True)
    assert listed(Wanted(unread=True)) == [reference]


def test_nobody_marks_what_they_may_not_see(house: House):
    reference = received(house)

    with pytest.raises(NotThere):
        mark_seen(reference, BOB, now=MONDAY)


def test_whoever_is_recused_is_led_past_a_complaint(house: House):
    first, second = received(house, now=MONDAY - timedelta(hours=1)), received(house)
    with transaction() as s:
        s.add(
            Recusal(
                case_id=complaint(first).id,
                person_id=RUTH.id,
                reason="relative",
                declared_by_id=RUTH.id,
                at=MONDAY,
            )
        )

    assert listed() == [second]
    assert triage_list.how_many(RUTH, Wanted()) == 1


# --- the pages --------------------------------------------------------------------------------


def test_saving_leads_to_the_next_of_the_filter(house: House, sign_in: SignIn):
    first = received(house, channel="mail", now=MONDAY - timedelta(hours=2))
    received(house, now=MONDAY - timedelta(hours=1))
    last = received(house, channel="mail")
    browser = sign_in(RUTH)

    answer = browser.send(f"/complaints/{first}/triage?channel=mail", {**FORM, "next": "yes"})

    assert answer.location == f"/complaints/{last}/triage?channel=mail"
    done = browser.send(answer.location, {**FORM, "next": "yes"})
    assert done.location == "/complaints/triage?channel=mail"
    assert "That was the last one of this list." in browser.get(done.location).text


def test_a_refused_form_shows_the_error_at_its_field_and_loses_nothing(house: House, sign_in: SignIn):
    reference = received(house, allegations=("crime",))
    browser = sign_in(RUTH)

    answer = browser.send(f"/complaints/{reference}/triage", FORM | {"tier_reasons": "", "rank": "captain"})

    assert answer.status_code == 422
    assert "This is not the tier that the allegations suggest" in answer.text
    assert 'selected value="captain"' in answer.text
    assert complaint(reference).state == "received"


def test_a_form_somebody_overtook_is_shown_again_with_what_was_typed(house: House, sign_in: SignIn):
    reference = received(house)
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/{reference}/triage")
    go(house, reference, "acknowledge")

    answer = browser.submit(page, FORM, to=f"/complaints/{reference}/triage")

    assert answer.status_code == 409
    assert "Nobody is in danger." in answer.text
    again = browser.post(f"/complaints/{reference}/triage", data={**hidden_fields(answer.text), **FORM})
    assert again.status_code == 302
    assert complaint(reference).state == "triaged"


def test_looking_for_an_agency_saves_nothing_and_shows_its_agreements(house: House, sign_in: SignIn):
    agreement_of(BIRCH)
    reference = received(house, agency_id=None)
    browser = sign_in(RUTH)

    found = browser.send(f"/complaints/{reference}/triage", FORM | {"agency_words": "birch", "look": "yes"})
    chosen = browser.submit(
        found,
        FORM | {"agency_words": "birch", "agency": str(BIRCH), "look": "yes"},
        to=f"/complaints/{reference}/triage",
    )

    assert found.status_code == chosen.status_code == 200
    assert "Birch County Sheriff" in found.text
    assert "WSO, signed" in chosen.text
    assert "Nobody is in danger." in chosen.text
    assert verbs(reference) == ["receive", "allege"]


@pytest.mark.parametrize(
    "sent",
    [
        {"agency": "99999999"},
        {"agency": "x"},
        {"agreement": "7"},
        {"agreements": "7"},
        {"kinds": "nonsense"},
        {"tier": "9"},
        {"tier": "x"},
        {"subject": ""},
        {"seen": "-1"},
        {"place": "nonsense", "tier": ""},
    ],
)
def test_what_does_not_fit_is_refused_in_words(house: House, sign_in: SignIn, sent: dict[str, str]):
    reference = received(house)
    browser = sign_in(RUTH)

    answer = browser.send(f"/complaints/{reference}/triage", FORM | sent)

    assert answer.status_code == 422
    assert "This could not be saved yet" in answer.text
    assert complaint(reference).state == "received"


def test_the_page_shows_what_is_known_and_says_where_nothing_is(house: House, sign_in: SignIn):
    agreement_of(ALDER)
    story = "They asked for an interpreter twice, and nobody came before the papers had to be signed."
    other = received(house, words={"narrative": story})
    reference = received(house, words={"narrative": story})

    text = " ".join(sign_in(RUTH).get(f"/complaints/{reference}/triage").text.split())

    assert "no inspection on record here" in text
    assert other in text
    assert "same agency, received on the same day, 100 % of the words alike" in text
    assert "Offer to the inspector general" not in text
    assert "Rule R9" in text


def test_what_reads_alike_is_read_on_the_spot_beside_the_text_and_before_the_form(
    house: House, sign_in: SignIn
):
    other = received(house, words={"narrative": "Nobody ever came."})
    reference = received(house)

    page = sign_in(RUTH).get(f"/complaints/{reference}/triage").text

    assert page.count(f"in {other}</span>") == 2  # in the side column, and folded where there is none
    assert page.count("Nobody ever came.") == 2
    assert page.index("May be the same: 1") < page.index('name="tier"')
    assert page.count("received 5 Jan 2026; same agency") == 2


def test_the_list_says_what_is_alleged_and_each_reference_once_to_read(house: House, sign_in: SignIn):
    said = received(house, allegations=("interpreter", "courtesy"))
    silent = received(house, allegations=())

    page = " ".join(sign_in(RUTH).get("/complaints/triage").text.split())

    types = {known.code: known.title for known in TYPES}
    assert f"{types['interpreter']}, {types['courtesy']}" in page
    assert page.count("nothing is recorded as alleged yet") == 1
    for reference in (said, silent):
        assert f'<span class="reference quiet">{reference}</span>' in page


def test_the_list_of_keys_names_the_one_for_a_call_to_whoever_takes_calls(house: House, sign_in: SignIn):
    assert "take a call, on any page" in sign_in(RUTH).get("/complaints/triage").text


def test_intake_and_managers_read_the_page_without_its_form(house: House, sign_in: SignIn):
    reference = received(house)

    for person in (ANN, MAX):
        text = sign_in(person).get(f"/complaints/{reference}/triage").text
        assert "A reviewer triages it." in text
        assert "Save and next" not in text


def test_keys_are_switched_off_for_oneself_and_on_again(house: House, sign_in: SignIn):
    browser, other = sign_in(RUTH), sign_in(MAX)
    assert 'data-keys="on"' in browser.get("/complaints/triage").text

    browser.send("/complaints/triage", {"off": ""}, to="/complaints/triage/keys")

    assert 'data-keys="off"' in browser.get("/complaints").text
    assert 'data-keys="on"' in other.get("/complaints/triage").text
    browser.send("/complaints/triage", {"on": ""}, to="/complaints/triage/keys")
    assert 'data-keys="on"' in browser.get("/complaints/triage").text


def test_the_page_of_triage_costs_the_same_for_few_complaints_and_for_many(house: House, sign_in: SignIn):
    agreement_of(ALDER)
    reference = received(house)
    db.session.rollback()
    browser = sign_in(RUTH)
    path = f"/complaints/{reference}/triage"

    one = cost(browser, path)
    for _ in range(12):
        received(house)
    db.session.rollback()

    # PostgreSQL is asked besides how common the words are.
    most = 28 if db.engine.dialect.name == "postgresql" else 27
    assert cost(browser, path) == one <= most
