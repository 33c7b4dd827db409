"""Whole lives of complaints at random on the database: what must hold whatever people try."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import CAST, MONA, MONDAY, RAY, RUTH
from tests.complaints.walk import WAYS, ask, complaint, complaint_at, prepare, waiting
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import confirm
from workflow.cases.promises import is_follow_up
from workflow.cases.verify import verify
from workflow.complaints.facts import State
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.models import Complaint
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused, Stale

PEOPLE = (*CAST, SYSTEM)
#: Steps after which the date to resolve may lie later: a person extended or classified anew.
MOVES_THE_DATE = {"extend", "reclassify", "triage"}
INVESTIGATED = {"begin", "submit_report", "record_outcome"}

attempts = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.integers(0, 60 * 24 * 6),
        st.sampled_from((True, True, True, False)),
        st.sampled_from(["1", "2", "3", "4"]),
        st.sampled_from([RAY.id, RUTH.id]),
    ),
    min_size=6,
    max_size=25,
)


def test_whatever_people_try_the_record_stays_whole(house: House):
    @settings(max_examples=15)
    @given(begun=st.sampled_from(list(WAYS)), attempts=attempts)
    def live(begun, attempts):
        reference, now = complaint_at(house, begun), MONDAY
        for which, somebody, other, minutes, likely, tier, investigator in attempts:
            now += timedelta(minutes=minutes)
            case = complaint(reference)
            possible = list(COMPLAINT.leaving(State(case.state))) if likely else []
            possible = possible or [t for t in COMPLAINT.transitions if not t.is_entry]
            verb = possible[which % len(possible)].verb
            who = (_likely(verb, case, which) if likely else None) or somebody
            second = MONA if likely else other
            _try(house, reference, verb, who, second, now, tier=tier, investigator=investigator)
        _is_whole(complaint(reference))

    live()
    assert verify().breaks == ()


def _likely(verb: str, case: Complaint, which: int) -> Actor | None:
    """Somebody of the role, and the investigator where only they may."""
    step = COMPLAINT.step(verb)
    assert step is not None
    fitting = [a for a in PEOPLE if a.roles & step.by and (not a.offices or case.office_id in a.offices)]
    if verb in ("begin", "submit_report", "refer_new_matter") and case.owner_id:
        fitting = [a for a in fitting if a.id == case.owner_id] or fitting
    return fitting[which % len(fitting)] if fitting else None


def _try(
    house: House, reference: str, verb: str, who: Actor, other: Actor, now: datetime, **answers: object
) -> None:
    with suppress(Refused, NotThere):
        prepare(house, reference, verb, now=now)
    before = _picture(complaint(reference))
    try:
        done = ask(house, reference, verb, by=who, now=now, **answers)
    except (Refused, NotThere, Stale):
        assert _picture(complaint(reference)) == before
        return
    if not done.awaits_second:
        return
    approval = waiting(reference, verb)
    before = _picture(complaint(reference))
    try:
        confirm(
            house,
            approval.id,
            other,
            seen=complaint(reference).version,
            payload_hash=approval.payload_hash,
            now=now,
        )
    except (Refused, NotThere, Stale):
        assert _picture(complaint(reference)) == before


def _picture(case: Complaint) -> tuple[object, ...]:
    return (
        case.state,
        case.version,
        case.last_hash,
        [(t.number, t.state, t.holder_id, t.due_at) for t in case.tasks],
        [(c.name, c.due_at, c.paused_at, c.stopped_at) for c in case.clocks],
        [(i.state, i.entered_at, i.left_at) for i in case.intervals],
    )


def _is_whole(case: Complaint) -> None:
    events = case.events
    assert [e.version for e in events] == list(range(1, case.version + 1))
    _history_explains_the_state(case, events)
    states = [t for t in case.tasks if t.closed_at is None and not is_follow_up(t)]
    open_work = [t.kind for t in states if t.kind != "notice"]
    work = [kind for kind in open_work if not kind.startswith("confirm:")]
    if case.state in COMPLAINT.final:
        assert [t for t in states if not t.kind.startswith("confirm:")] == []
        assert [c.name for c in case.clocks if c.stopped_at is None] == []
        assert case.closed_at is not None
    else:
        assert work == [case.state]
        assert case.closed_at is None
    assert case.received_at == MONDAY
    _separate(events)


def _history_explains_the_state(case: Complaint, events: list[Event]) -> None:
    here: str | None = None
    for event in events:
        assert event.source == here
        here = event.target
    assert here == case.state
    stays = [i.state for i in case.intervals]
    assert stays == [e.target for e in events if e.source != e.target]


def _separate(events: list[Event]) -> None:
    """Nobody seconded themselves, decided what they investigated, or heard an appeal against themselves."""
    done: dict[str, set[int]] = {}
    for event in events:
        assert event.second_id != event.actor_id
        if event.verb == "decide":
            assert not any(event.actor_id in done.get(verb, ()) for verb in INVESTIGATED)
        if event.verb in ("affirm", "remand"):
            assert event.actor_id not in done.get("decide", set()) | done.get("close_without_finding", set())
        done.setdefault(event.verb, set()).update(i for i in (event.actor_id, event.second_id) if i)


@settings(max_examples=10)
@given(begun=st.sampled_from(list(WAYS)), attempts=attempts)
def test_the_date_to_resolve_moves_only_where_somebody_answers_for_it(house: House, begun: State, attempts):
    reference, now = complaint_at(house, begun), MONDAY
    for which, _, _, minutes, _, tier, investigator in attempts:
        now += timedelta(minutes=minutes)
        case = complaint(reference)
        due = next(c.due_at for c in case.clocks if c.name == "resolve")
        possible = list(COMPLAINT.leaving(State(case.state)))
        if not possible:
            break
        verb = possible[which % len(possible)].verb
        who = _likely(verb, case, which)
        assert who is not None

        _try(house, reference, verb, who, MONA, now, tier=tier, investigator=investigator)

        after = next(c.due_at for c in complaint(reference).clocks if c.name == "resolve")
        assert after is not None
        assert due is not None
        assert after <= due or verb in MOVES_THE_DATE
