"""Every rule on an agreement's steps, once refused and once let through, over the same picture."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.agreements.pictures import NOW, TODAY, picture
from workflow.agreements.facts import AgreementFacts
from workflow.agreements.machine import MACHINE
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Decision, Refused, decide

PAM = Actor(1001, "Pam", frozenset({Role.PROGRAMME_MANAGER}))
CARL = Actor(1002, "Carl", frozenset({Role.AGENCY_CONTACT}))
SYSTEM = Actor(1, "System", frozenset({Role.SYSTEM}))


def take(facts: AgreementFacts, verb: str, actor: Actor = PAM, **answers: Any) -> Decision[Any]:
    step = MACHINE.step(verb)
    assert step is not None
    return decide(MACHINE, facts, step, actor, answers, seen=1, now=NOW)


def refusals(facts: AgreementFacts, verb: str, actor: Actor = PAM, **answers: Any) -> set[str]:
    try:
        take(facts, verb, actor, **answers)
    except Refused as refused:
        return {r.code for r in refused.refusals}
    return set()


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def suspension(**more: Any) -> dict[str, Any]:
    return {
        "reasons": "A breach.",
        "from_on": TODAY,
        "until_on": days(60),
        "how_to_answer": "In writing.",
        **more,
    }


def notice(**more: Any) -> dict[str, Any]:
    return {
        "given_by": "office",
        "reasons": "No longer needed.",
        "effective_on": days(120),
        "published_on": TODAY,
        **more,
    }


@pytest.mark.parametrize("model", ["JEM", "TFM"])
def test_a_suspension_begins_at_once_under_these_models(model: str):
    assert refusals(picture("active", model=model), "suspend", **suspension()) == set()


def test_a_suspension_waits_ninety_days_under_the_warrant_model_unless_exigent():
    facts = picture("active", model="WSO")

    assert refusals(facts, "suspend", **suspension()) == {"suspension_announced"}
    assert refusals(facts, "suspend", **suspension(from_on=days(89), until_on=days(200)))
    assert refusals(facts, "suspend", **suspension(from_on=days(90), until_on=days(200))) == set()
    assert refusals(facts, "suspend", **suspension(exigent=True)) == set()


def test_a_suspension_never_begins_in_the_past_nor_ends_before_it_begins():
    facts = picture("active", model="JEM")

    assert refusals(facts, "suspend", **suspension(from_on=days(-1))) == {"suspension_announced"}
    assert refusals(facts, "suspend", **suspension(until_on=TODAY)) == {"ends_after_it_begins"}


def test_a_suspension_is_only_prolonged_to_a_later_day():
    facts = picture("suspended", suspended_until=days(30))

    assert refusals(facts, "prolong", reasons="More time.", until_on=days(30)) == {"longer_than_before"}
    assert refusals(facts, "prolong", reasons="More time.", until_on=days(31)) == set()


BOTH_NOTICES = pytest.mark.parametrize(
    ("state", "verb"), [("active", "give_notice"), ("suspended", "give_notice_suspended")]
)


@BOTH_NOTICES
def test_a_notice_runs_ninety_days(state: str, verb: str):
    facts = picture(state)

    assert refusals(facts, verb, **notice(effective_on=days(89))) == {"notice_long_enough"}
    assert refusals(facts, verb, **notice(effective_on=days(90))) == set()


@BOTH_NOTICES
@pytest.mark.parametrize("model", ["JEM", "TFM"])
def test_a_notice_of_the_office_is_published_under_these_models(state: str, verb: str, model: str):
    facts = picture(state, model=model)

    assert refusals(facts, verb, **notice(published_on=None)) == {"published_long_enough"}
    assert refusals(facts, verb, **notice(published_on=days(60))) == {"published_long_enough"}
    assert refusals(facts, verb, **notice()) == set()
    assert refusals(facts, verb, **notice(given_by="agency", published_on=None)) == set()


@BOTH_NOTICES
def test_a_notice_under_the_warrant_model_needs_no_publication(state: str, verb: str):
    assert refusals(picture(state, model="WSO"), verb, **notice(published_on=None)) == set()


@BOTH_NOTICES
def test_an_agency_gives_notice_in_its_own_name(state: str, verb: str):
    facts = picture(state, model="WSO")

    assert refusals(facts, verb, CARL, **notice()) == {"own_words"}
    assert refusals(facts, verb, CARL, **notice(given_by="agency")) == set()


def test_an_agreement_ends_when_its_day_has_come():
    assert refusals(picture("terminating", effective_on=days(1)), "end", SYSTEM) == {"effective_day_has_come"}
    assert refusals(picture("terminating"), "end", SYSTEM) == {"effective_day_has_come"}
    assert refusals(picture("terminating", effective_on=TODAY), "end", SYSTEM) == set()
    assert refusals(picture("terminating_suspended", effective_on=days(-3)), "end", SYSTEM) == set()


def test_without_capacity_a_recommendation_says_what_will_be_done():
    facts = picture("under_review", capacity="none")

    assert refusals(facts, "recommend", minutes="Of 5 January") == {"capacity_answered"}
    assert refusals(facts, "recommend", minutes="Of 5 January", capacity_answer="Two more people.") == set()
    assert refusals(picture("under_review", capacity="enough"), "recommend", minutes="5 January") == set()


@pytest.mark.parametrize(
    ("state", "verb", "more"),
    [
        ("approved", "sign", {"both": True}),
        ("active", "register", {"source": "The memorandum"}),
        ("active", "correct_record", {"reason": "Seen."}),
    ],
)
def test_nothing_is_signed_in_the_future_or_by_an_unknown_template(
    state: str, verb: str, more: dict[str, Any]
):
    signed: dict[str, Any] = {"signed_on": TODAY, "template": "2025", **more}

    def why(**other: Any) -> set[str]:
        return refusals(picture(state), verb, **{**signed, **other})

    assert why() == set()
    assert why(signed_on=days(1)) == {"not_after_today:signed_on"}
    assert why(template="1999") == {"template_known"}


def test_the_first_class_needs_an_officer_and_a_review_within_a_year():
    facts = picture("signed")
    asked: dict[str, Any] = {"officers": 2, "operational_on": TODAY, "next_on": date(2027, 1, 5)}

    assert refusals(facts, "certify_first_class", **asked) == set()
    assert "some_officer" in refusals(facts, "certify_first_class", **{**asked, "officers": 0})
    assert refusals(facts, "certify_first_class", **{**asked, "next_on": date(2027, 1, 6)}) == {
        "first_review_in_time"
    }
    assert "not_after_today:operational_on" in refusals(
        facts, "certify_first_class", **{**asked, "operational_on": days(1)}
    )


def test_a_contact_is_recorded_afterwards_and_the_next_one_comes_within_a_year():
    facts = picture("active")
    asked: dict[str, Any] = {
        "contact_kind": "visit",
        "held_on": TODAY,
        "outcome": "Went well.",
        "next_on": days(300),
    }

    assert refusals(facts, "record_contact", **asked) == set()
    assert "not_after_today:held_on" in refusals(facts, "record_contact", **{**asked, "held_on": days(1)})
    assert refusals(facts, "record_contact", **{**asked, "next_on": days(400)}) == {"next_in_time"}
    assert refusals(facts, "record_contact", **{**asked, "next_on": TODAY}) == {"next_in_time"}


def test_an_office_of_the_register_is_named():
    facts = picture("active")

    assert refusals(facts, "assign_office", office="NOWHERE", reasons="Why") == {"office_known"}
    assert refusals(facts, "assign_office", office="BOS", reasons="Why") == set()


def test_a_correction_corrects_something_that_can_be():
    facts = picture("active")

    assert refusals(facts, "correct_record", reason="Seen.") == {"something_corrected"}
    assert refusals(facts, "correct_record", reason="Seen.", signed_on=days(-9)) == set()
    assert refusals(facts, "correct_record", reason="S", signed_on=days(-2), operational_on=days(-3)) == {
        "operational_after_signed"
    }
    assert "not_after_today:operational_on" in refusals(
        facts, "correct_record", reason="S", operational_on=days(1)
    )


def test_only_a_newer_agreement_of_the_same_kind_takes_its_place():
    facts = picture("active", successors=frozenset({7}))

    assert refusals(facts, "supersede", successor=8, reasons="Renewed.") == {"is_a_successor"}
    assert refusals(facts, "supersede", successor=7, reasons="Renewed.") == set()


def test_only_an_untouched_entry_is_taken_out_again():
    touched = picture("active", times={"register": 1, "record_contact": 1})

    assert refusals(touched, "void_import", reasons="Never existed.") == {"untouched"}
    assert refusals(picture("active"), "void_import", reasons="Never existed.") == set()


@pytest.mark.parametrize(
    ("state", "verb", "answers"),
    [
        ("under_review", "recommend", {"minutes": "5 January"}),
        ("applied", "decline", {"declined_for": "capacity", "reasons": "None.", "minutes": "5 January"}),
        ("active", "suspend", suspension(exigent=True)),
        ("suspended", "vacate", {"reasons": "Put right."}),
        ("suspended", "prolong", {"reasons": "Not yet.", "until_on": days(90)}),
        ("active", "correct_record", {"reason": "Seen.", "signed_on": days(-9)}),
        ("active", "void_import", {"reasons": "Never existed."}),
    ],
)
def test_what_weighs_waits_for_another_programme_manager(state: str, verb: str, answers: dict[str, Any]):
    facts, step = picture(state), MACHINE.step(verb)
    assert step is not None

    assert take(facts, verb, **answers).awaits_second
    with pytest.raises(Refused, match="somebody else"):
        decide(MACHINE, facts, step, PAM, answers, seen=1, now=NOW, second=PAM)
    pete = Actor(1003, "Pete", frozenset({Role.PROGRAMME_MANAGER}))
    assert decide(MACHINE, facts, step, PAM, answers, seen=1, now=NOW, second=pete).second_id == pete.id
