"""A schedule as it is proposed: pure, so that thousands of made-up offices can be asked."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflow.planning.proposal import (
    Asked,
    Assignment,
    Greedy,
    Kept,
    Lead,
    Proposal,
    Unplaced,
    Visit,
    monday_of,
    run_of,
    why_not,
)

#: A quarter that begins on a Thursday, and its first Monday.
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
MONDAY = date(2026, 1, 5)
MODELS = ("JEM", "WSO")
DAYS = st.dates(FIRST, LAST)


def lead(number: int, **more) -> Lead:
    return Lead(id=number, name=f"Lead {number}", **{"models": frozenset(MODELS), "days_a_week": 3, **more})


def visit(number: int, **more) -> Visit:
    given = {"model": "WSO", "due_on": date(2026, 2, 27), "opens_on": FIRST, "days": 1, **more}
    return Visit(key=f"I-{number:02}", **given)


def asked(visits, leads, closed=()) -> Asked:
    return Asked(first=FIRST, last=LAST, visits=tuple(visits), leads=tuple(leads), closed=frozenset(closed))


def proposed(visits, leads, closed=()):
    return Greedy().propose(asked(visits, leads, closed))


def everything(made: Proposal) -> list[Assignment | Unplaced]:
    """What was placed, and what was not."""
    return [*made.assignments, *made.unplaced]


@st.composite
def offices(draw) -> Asked:
    """An office with a few leads who are trained, away and busy, and visits of which some are kept."""
    few = st.frozensets(DAYS, max_size=12)
    leads = [
        lead(
            number,
            models=draw(st.frozensets(st.sampled_from(MODELS))),
            days_a_week=draw(st.integers(0, 5)),
            away=draw(few),
            busy=draw(few),
            until=draw(st.none() | DAYS),
        )
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]
    people = st.integers(1, 3)
    visits = [
        visit(
            number,
            model=draw(st.sampled_from(MODELS)),
            due_on=draw(DAYS),
            opens_on=draw(DAYS),
            days=draw(st.integers(1, 3)),
            supervisor_id=draw(st.none() | people),
            recused=draw(st.frozensets(people, max_size=1)),
            last_leads=tuple(draw(st.lists(people, max_size=2))),
            kept=draw(st.none() | st.builds(Kept, people, DAYS)),
        )
        for number in range(draw(st.integers(0, 8)))
    ]
    return asked(visits, leads, draw(few))


@given(offices())
def test_a_proposal_accounts_for_every_visit_and_breaks_no_rule(question: Asked):
    made = Greedy().propose(question)

    assert sorted(x.visit.key for x in everything(made)) == [v.key for v in question.visits]
    taken: set[tuple[int, date]] = {(one.id, day) for one in question.leads for day in one.busy}
    weeks = Counter((person, monday_of(day)) for person, day in taken)
    for a in made.assignments:
        assert why_not(a.lead, a.visit) is None
        assert a.days == run_of(a.begins, a.visit.days)
        assert FIRST <= a.days[0] <= a.days[-1] <= LAST
        assert a.visit.kept or a.visit.opens_on <= a.begins
        for day in a.days:
            assert day.weekday() < 5
            assert day not in question.closed | a.lead.away
            assert a.lead.until is None or day <= a.lead.until
            assert (a.lead.id, day) not in taken
            taken.add((a.lead.id, day))
        weeks[a.lead.id, monday_of(a.begins)] += len(a.days)
        assert weeks[a.lead.id, monday_of(a.begins)] <= a.lead.days_a_week
    assert all(x.why for x in everything(made))


@given(offices())
def test_what_was_kept_stays_or_is_said_to_be_impossible(question: Asked):
    made = Greedy().propose(question)

    for x in everything(made):
        if x.visit.kept is not None:
            assert x.why.startswith("You kept it")
        if x.visit.kept is not None and isinstance(x, Assignment):
            assert Kept(x.lead.id, x.begins) == x.visit.kept


@given(offices(), st.randoms(use_true_random=False))
def test_the_same_question_in_any_order_has_one_answer(question: Asked, chance):
    visits, leads = list(question.visits), list(question.leads)
    chance.shuffle(visits)
    chance.shuffle(leads)

    again = Greedy().propose(asked(visits, leads, question.closed))
    made = Greedy().propose(question)

    assert [(a.visit.key, a.lead.id, a.days) for a in again.assignments] == [
        (a.visit.key, a.lead.id, a.days) for a in made.assignments
    ]


@given(offices())
def test_what_found_no_place_has_none_left(question: Asked):
    made = Greedy().propose(question)

    # Whoever could lead it has no free run in its window: the greedy never gives up early.
    taken = {(one.id, day) for one in question.leads for day in one.busy}
    taken |= {(a.lead.id, day) for a in made.assignments for day in a.days}
    weeks = Counter((person, monday_of(day)) for person, day in taken)
    for x in made.unplaced:
        able = [one for one in question.leads if why_not(one, x.visit) is None]
        for one in able if x.visit.kept is None else ():
            for n in range((LAST - x.visit.opens_on).days + 1):
                days = run_of(x.visit.opens_on + timedelta(days=n), x.visit.days)
                free = (
                    days[-1] <= LAST
                    and days[0].weekday() + len(days) <= 5
                    and all(
                        d not in question.closed | one.away
                        and (one.id, d) not in taken
                        and (one.until is None or d <= one.until)
                        for d in days
                    )
                )
                assert not free or weeks[one.id, monday_of(days[0])] + len(days) > one.days_a_week


# --- as people read it ------------------------------------------------------------------------------


def test_the_earliest_due_goes_first_to_whoever_has_least():
    made = proposed(
        [visit(1, due_on=date(2026, 3, 2)), visit(2, due_on=date(2026, 2, 2))],
        [lead(1, busy=frozenset({MONDAY + timedelta(days=21)})), lead(2)],
    )

    assert [(a.visit.key, a.lead.id, a.begins) for a in made.assignments] == [
        ("I-01", 1, date(2026, 1, 1)),
        ("I-02", 2, date(2026, 1, 1)),
    ]
    assert made.assignments[1].why == (
        "Trained for WSO, with no day of visits in this quarter before, the fewest of 2 who could that week. "
        "The first week from 1 January 2026 on with 1 day free in a row."
    )
    assert made.load == {1: 1, 2: 1}


def test_a_holiday_is_not_bridged():
    (placed,) = proposed([visit(1, days=3)], [lead(1)], [date(2026, 1, 6), date(2026, 1, 1)]).assignments

    assert placed.days == (date(2026, 1, 7), date(2026, 1, 8), date(2026, 1, 9))


def test_somebody_else_leads_where_one_led_the_last_time():
    (placed,) = proposed([visit(1, last_leads=(1,))], [lead(1), lead(2)]).assignments

    assert placed.lead.id == 2


def test_late_is_counted_and_an_earlier_quarter_is_pointed_at():
    early = date(2025, 12, 8)
    late, could_have = proposed(
        [visit(1, due_on=date(2025, 12, 30)), visit(2, due_on=date(2025, 12, 31), opens_on=early)],
        [lead(1), lead(2)],
    ).assignments

    assert (late.late_days, could_have.late_days) == (2, 1)
    assert not late.why.endswith("too.")
    assert could_have.why.endswith("It could be held before this quarter, too.")


def test_why_nobody_can_is_said_of_each():
    leads = [lead(1, models=frozenset({"JEM"})), lead(2), lead(3), lead(4), lead(5, days_a_week=0)]

    (alone,) = proposed(
        [visit(1, supervisor_id=2, recused=frozenset({3}), last_leads=(4, 4))], leads
    ).unplaced
    (away,) = proposed([visit(1, days=3)], [lead(1, days_a_week=3, until=date(2026, 1, 2))]).unplaced
    (nobody,) = proposed([visit(1)], []).unplaced

    assert alone.why == (
        "Nobody could lead it. Lead 1: not trained for WSO; Lead 2: supervises this agreement; "
        "Lead 3: recused; Lead 4: led the last two; Lead 5: gives 0 days a week, it takes 1."
    )
    assert away.why == (
        "Nobody who could lead it (Lead 1) has 3 days free in a row from 1 January 2026 to 31 March 2026."
    )
    assert nobody.why == "Nobody here leads inspections."


def test_what_was_kept_against_a_rule_is_refused_in_words():
    kept = Kept(1, MONDAY)

    (busy,) = proposed([visit(1, kept=kept)], [lead(1, busy=frozenset({MONDAY}))]).unplaced
    (stranger,) = proposed([visit(1, kept=Kept(9, MONDAY))], [lead(1)]).unplaced

    assert busy.why == (
        "You kept it for Lead 1 on 5 January 2026, which cannot be: "
        "Lead 1 has another visit on 5 January 2026."
    )
    assert stranger.why == "You kept it for somebody who does not lead inspections here."
