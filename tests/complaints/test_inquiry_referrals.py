"""Referrals: what is due from another authority, who is chased, what was never heard of, what is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import ANN, BOB, LEO, MAX, MONDAY, RAY, RUTH
from tests.complaints.walk import ask, complaint, complaint_at, go
from tests.pages import PageClient
from workflow.cases import followups, undoing
from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.complaints import inquiry, interim, referrals
from workflow.complaints.ages import ages_of
from workflow.complaints.facts import State
from workflow.complaints.outstanding import by_destination, check_ins, open_referrals
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused
from workflow.policy.book import ChannelRule
from workflow.policy.service import store
from workflow.policy.standard import BOOK

#: When the inspector general has had its time.
SILENT_FROM = MONDAY + timedelta(days=8)


def day(number: int):
    return MONDAY + timedelta(days=number)


def days_until(moment: datetime) -> int:
    """From Monday, in days of the office."""
    return (moment.astimezone(ZoneInfo("America/New_York")).date() - MONDAY.date()).days


def chased(reference: str) -> list[tuple[int, str | None]]:
    rows = [f for f in followups.of_case(complaint(reference)) if f.kind == "chaser"]
    return [(days_until(f.due_at), f.outcome) for f in rows]


def chase(house: House, reference: str, on: int) -> None:
    [owed] = followups.open_ones(complaint(reference), "chaser")
    seen = complaint(reference).version
    referrals.chase(house, reference, LEO, owed.number, "Written to again.", seen=seen, now=day(on))


def acknowledge(house: House, reference: str, actor: Actor = LEO, on: int = 3, **more: date) -> None:
    referrals.acknowledged(
        house,
        reference,
        actor,
        1,
        on=day(on).date(),
        their_reference="OPR 44",
        seen=complaint(reference).version,
        now=day(40),
        **more,
    )


def row(reference: str):
    return referrals.of_complaint(complaint(reference))[-1]


def test_a_referral_is_chased_after_30_60_and_90_days_and_every_30_from_then_on(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)

    for on in (30, 60, 90, 120):
        chase(house, reference, on)

    assert [due for due, _ in chased(reference)] == [30, 60, 90, 120, 150]
    assert [outcome for _, outcome in chased(reference)] == ["kept"] * 4 + [None]


def test_an_outcome_ends_the_chasing_and_is_mapped_on_every_allegation(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)

    with pytest.raises(Refused) as refused:
        ask(house, reference, "record_outcome")
    go(house, reference, "record_outcome", now=day(20))

    assert [r.code for r in refused.value.refusals] == ["outcome_mapped"]
    assert complaint(reference).allegations[0].is_proposed
    assert (row(reference).ended_as, row(reference).ended_at) == ("outcome", day(20))
    assert followups.open_ones(complaint(reference), "chaser") == []


@pytest.mark.parametrize(
    ("verbs", "ended_as"),
    [
        (("triage", "refer_out", "take_back"), "taken_back"),
        (("triage", "offer_to_oig", "oig_declines"), "declined"),
        (("triage", "offer_to_oig", "oig_silent"), "silent"),
    ],
)
def test_every_way_back_ends_the_referral(house: House, verbs: tuple[str, ...], ended_as: str):
    reference = complaint_at(house, State.RECEIVED)

    go(house, reference, *verbs[:-1])
    go(house, reference, verbs[-1], now=SILENT_FROM)

    assert row(reference).ended_as == ended_as
    assert followups.open_ones(complaint(reference), "chaser") == []


def test_the_inspector_general_is_chased_from_when_it_keeps_the_matter(house: House):
    reference = complaint_at(house, State.AWAITING_OIG)
    assert followups.open_ones(complaint(reference), "chaser") == []
    assert row(reference).acknowledged_at is None

    go(house, reference, "oig_retains", now=day(2))

    assert (row(reference).destination, row(reference).acknowledged_at) == ("oig", day(2))
    assert chased(reference) == [(32, None)]


def test_undoing_a_referral_takes_it_back_and_undoing_an_outcome_opens_it_again(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)
    go(house, reference, "record_outcome", now=day(20))

    undoing.undo(
        house, reference, LEO, reason="Another file.", seen=complaint(reference).version, now=day(21)
    )
    assert (row(reference).ended_as, complaint(reference).state) == (None, State.REFERRED_OUT)
    assert len(followups.open_ones(complaint(reference), "chaser")) == 1

    other = complaint_at(house, State.REFERRED_OUT)
    undoing.undo(house, other, RUTH, reason="The wrong one.", seen=complaint(other).version, now=day(1))
    assert row(other).ended_as == "undone"
    assert followups.open_ones(complaint(other), "chaser") == []


def test_undoing_a_referral_that_was_chased_already_leaves_nobody_to_chase(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)
    chase(house, reference, 30)

    undoing.undo(
        house, reference, RUTH, reason="The wrong one.", seen=complaint(reference).version, now=day(31)
    )

    assert row(reference).ended_as == "undone"
    assert followups.open_ones(complaint(reference), "chaser") == []


def test_what_an_authority_said_first_stays_in_the_history(house: House):
    reference = complaint_at(house, State.TRIAGED)
    go(house, reference, "refer_out", destination="agency", risk="Looked at.", consent="She agrees.")

    for number in (10, 20):
        acknowledge(house, reference, resolved_on=day(number).date())

    said = [
        words_of(event, complaint(reference), house.keyring)
        for event in complaint(reference).events
        if event.verb == "acknowledged"
    ]
    assert [each["resolved_on"] for each in said] == ["2026-01-15", "2026-01-25"]
    assert said[0]["their_reference"] == "OPR 44"


def test_an_agencys_result_is_due_thirty_days_after_its_own_inquiry(house: House):
    reference = complaint_at(house, State.TRIAGED)
    go(house, reference, "refer_out", destination="agency", risk="Looked at.", consent="She agrees.")
    before = row(reference).outcome_due_at

    acknowledge(house, reference, resolved_on=day(10).date())

    assert days_until(before) == 90
    assert days_until(row(reference).outcome_due_at) == 40


def test_only_an_agencys_referral_has_a_resolution_and_only_past_days_count(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)

    for on, more in ((3, {"resolved_on": day(10).date()}), (41, {}), (-1, {})):
        with pytest.raises(Refused):
            acknowledge(house, reference, on=on, **more)
    for actor in (ANN, MAX):
        with pytest.raises(Refused):
            acknowledge(house, reference, actor)
    acknowledge(house, reference)

    assert row(reference).acknowledged_at is not None


def test_a_closed_way_cannot_be_chosen_and_says_why(house: House):
    reference = complaint_at(house, State.TRIAGED)
    closed = ChannelRule("crcl", day(-30).date(), "Its desk was closed; send it to the inspector general.")
    store(replace(BOOK, version=2, channels=(closed,)), now=MONDAY)

    with pytest.raises(Refused) as refused:
        go(house, reference, "refer_out", destination="crcl")
    go(house, reference, "refer_out", destination="opr")

    [said] = refused.value.refusals
    assert said.field == "destination"
    assert "Its desk was closed; send it to the inspector general." in said.text
    assert complaint(reference).referred_to == "opr"


def test_total_age_never_pauses_and_age_in_hand_does(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)
    go(house, reference, "record_outcome", now=day(40))

    ages = ages_of([complaint(reference)], now=day(50))[complaint(reference).id]

    assert (ages.total, ages.in_hand, ages.words) == (50, 10, "50 days, 10 of them in hand")


def test_reopening_does_not_count_the_time_while_it_was_closed_as_in_hand(house: House):
    reference = complaint_at(house, State.CLOSED)
    go(house, reference, "reopen", now=day(100))

    ages = ages_of([complaint(reference)], now=day(107))[complaint(reference).id]

    assert (ages.total, ages.in_hand) == (107, 7)


def test_the_list_counts_by_authority_and_age_and_puts_the_never_heard_first(house: House):
    old = complaint_at(house, State.REFERRED_OUT)
    silent = complaint_at(house, State.REFERRED_OUT)
    acknowledge(house, old)
    asked = complaint_at(house, State.AWAITING_OIG)

    rows = open_referrals(SYSTEM, None, now=day(65))
    table = {d.code: (d.by_age, d.open, d.never_heard) for d in by_destination(SYSTEM, now=day(65))}

    assert {r.reference for r in rows[:2]} == {silent, asked}
    assert rows[2].reference == old
    assert table == {"opr": ((0, 0, 2, 0), 2, 1), "oig": ((0, 0, 1, 0), 1, 1)}
    assert [r.reference for r in open_referrals(SYSTEM, "oig", now=day(65))] == [asked]


def test_the_pages_of_referrals_open_and_keep_what_was_typed(
    app, house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.REFERRED_OUT)
    app.extensions["clock"].now = day(31)
    browser = sign_in(LEO)
    [owed] = followups.open_ones(complaint(reference), "chaser")

    listed = browser.get("/complaints/referrals")
    sent_on = browser.get(f"/cases/{reference}/follow-ups/{owed.number}")
    seen = {"seen": str(complaint(reference).version)}
    empty = browser.send(f"/complaints/{reference}/chasers/{owed.number}", {**seen, "words": " "})
    asked = browser.send(f"/complaints/{reference}/chasers/{owed.number}", {**seen, "words": "Called them."})
    seen = {"seen": str(complaint(reference).version)}
    wrong = browser.send(
        f"/complaints/{reference}/referrals/1", {**seen, "on": "2031-01-01", "their_reference": "OPR 44"}
    )
    right = browser.send(f"/complaints/{reference}/referrals/1", {**seen, "on": "2026-01-08"})

    assert reference in listed.text
    assert "never heard" in listed.text
    assert sent_on.location.endswith(f"/complaints/{reference}/chasers/{owed.number}")
    assert [a.status_code for a in (empty, asked, wrong, right)] == [422, 302, 422, 302]
    assert "OPR 44" in wrong.text
    assert chased(reference) == [(30, "kept"), (60, None)]


def test_nobody_is_listed_whom_the_reader_does_not_see(house: House):
    complaint_at(house, State.REFERRED_OUT)
    assert open_referrals(BOB, None, now=day(1)) == []
    assert by_destination(BOB, now=day(1)) == []
    assert check_ins(RAY, now=day(1)) == []


def test_nobody_cancels_a_chaser_while_the_referral_is_unanswered(
    house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.REFERRED_OUT)
    [owed] = followups.open_ones(complaint(reference), "chaser")
    seen = complaint(reference).version

    with pytest.raises(Refused) as refused:
        followups.cancel(house, reference, owed.number, MAX, "They are slow.", seen=seen, now=day(31))
    page = sign_in(MAX).get(f"/cases/{reference}/follow-ups/{owed.number}/cancel")
    move = sign_in(MAX).send(f"/cases/{reference}/tasks/{owed.number}/cancel", {"reason": "They are slow."})

    assert [r.code for r in refused.value.refusals] == ["must_be_kept"]
    assert page.status_code == 404
    assert chased(reference) == [(30, None)]
    assert (move.status_code, "ends with the state" in move.text) == (422, True)
    go(house, reference, "record_outcome", now=day(32))
    assert followups.open_ones(complaint(reference), "chaser") == []


@pytest.mark.parametrize("kind", ["request", "interim"])
def test_nor_what_an_agency_owes_nor_a_decision_that_is_awaited(house: House, kind: str):
    reference = complaint_at(house, State.INVESTIGATING)
    seen = complaint(reference).version
    if kind == "request":
        inquiry.ask_agency(
            house, reference, RAY, "footage", "The tape.", day(9).date(), seen=seen, now=MONDAY
        )
    else:
        interim.propose_interim(house, reference, RAY, "supervise", "It goes on.", seen=seen, now=MONDAY)
    [owed] = followups.open_ones(complaint(reference), kind)

    seen = complaint(reference).version
    with pytest.raises(Refused) as refused:
        followups.cancel(house, reference, owed.number, MAX, "No time.", seen=seen, now=day(1))

    assert {r.code for r in refused.value.refusals} == {"must_be_kept"}
