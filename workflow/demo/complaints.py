"""Two years of made-up complaints about made-up agencies, in every state, taken there by real steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from workflow.cases.access import case_for
from workflow.cases.followups import open_ones
from workflow.cases.for_cause import CAUSES
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.task_moves import move
from workflow.cases.tasks import open_tasks
from workflow.complaints.allegations import dispose, propose_finding
from workflow.complaints.inquiry_facts import CHECK_IN
from workflow.complaints.models import Complaint
from workflow.complaints.referrals import chase
from workflow.complaints.reprisal import check_in
from workflow.complaints.service import Told, receive
from workflow.db.session import transaction
from workflow.demo.agencies import Signed
from workflow.demo.letters import send_what_waits
from workflow.demo.walker import Script, Walker
from workflow.engine.actors import PUBLIC, SYSTEM, Actor, Role
from workflow.engine.machine import Ask
from workflow.inspections.for_cause import decline
from workflow.policy.standard.allegations import TYPES

#: What fell due longer ago was seen to.
_LEFT_LYING: Final = timedelta(days=30)
#: Somebody who is told of something looks at it within so long at the latest.
_UNSEEN: Final = timedelta(days=4)
NUMBER: Final = 250
_ABOUT: Final = {
    "courtesy": "An officer at the desk would not listen and spoke harshly.",
    "interpreter": "Nobody fetched an interpreter although it was asked for twice.",
    "posters": "No poster in the waiting room says how to complain.",
    "records": "A notice came eleven days late and had the wrong date.",
    "force": "A person was pushed against a wall although they did what they were told.",
    "authority": "An officer asked about papers at a traffic stop outside the jail.",
    "civil_rights": "People were picked out by how they look and speak.",
    "unlawful_hold": "Somebody was kept for three days after they should have been released.",
    "confidentiality": "What was told in confidence was read out in the hallway.",
    "retaliation": "After complaining the visits were cancelled without a reason.",
    "safety": "A cell was so hot that a person fainted and help came late.",
    "other": "A question about who may look at the agreement.",
}
_MADE_UP: Final = "Made up for the demonstration."
#: How often a kind is told of, by the tier it suggests.
_OFTEN: Final = {1: 1, 2: 2, 3: 3, 4: 1}
_KINDS: Final = [known.code for known in TYPES if known.code in _ABOUT for _ in range(_OFTEN[known.tier])]
_CHANNELS: Final = ("web", "web", "telephone", "telephone", "mail", "email", "walk_in", "referral")


def _propose(house: House, case: Case, actor: Actor, now: datetime, chance: Random) -> None:
    assert isinstance(case, Complaint)
    if actor.id != case.owner_id:
        return
    for number in [a.number for a in case.allegations if not a.is_proposed]:
        seen = case_for(SYSTEM, case.reference).version
        finding = chance.choice(("sustained", "not_sustained", "not_sustained", "unfounded", "exonerated"))
        propose_finding(house, case.reference, actor, number, finding, _MADE_UP, seen=seen, now=now)


def _dispose(house: House, case: Case, actor: Actor, now: datetime, _chance: Random) -> None:
    assert isinstance(case, Complaint)
    for number, proposed in [(a.number, a.proposed) for a in case.allegations if not a.is_disposed]:
        seen = case_for(SYSTEM, case.reference).version
        dispose(
            house,
            case.reference,
            actor,
            number,
            disposition=proposed or "inconclusive",
            standard_of_proof="preponderance",
            rationale=_MADE_UP,
            seen=seen,
            now=now,
        )


def _keep(
    house: House,
    reference: str,
    until: datetime,
    chance: Random,
    people: Callable[[Role, int | None], Sequence[Actor]],
) -> None:
    """Ask complainants and authorities again when it falls due; of the last month's, some are left lying."""
    _see_to_notices(house, case_for(SYSTEM, reference), until, people)
    while True:
        complaint = case_for(SYSTEM, reference)
        assert isinstance(complaint, Complaint)
        due = [row for row in open_ones(complaint) if row.due_at < until]
        # Whether to inspect for cause is left to whoever looks around, unless it was asked long ago.
        due = [row for row in due if row.kind not in CAUSES or row.due_at < until - _LEFT_LYING]
        if not due or (due[0].due_at > until - _LEFT_LYING and chance.random() < 1 / 6):
            return
        row, seen = due[0], complaint.version
        at = min(until, row.due_at + timedelta(hours=chance.randint(1, 40)))
        actor = people(Role(row.task.role), complaint.office_id)[0]
        if row.kind in CAUSES:
            decline(house, reference, row.number, actor, _MADE_UP, seen=seen, now=at)
        elif row.kind == CHECK_IN:
            found = chance.choice(("no_reprisal", "no_reprisal", "no_reprisal", "not_reached"))
            check_in(house, reference, actor, row.number, found, _MADE_UP, seen=seen, now=at)
        else:
            chase(house, reference, actor, row.number, _MADE_UP, seen=seen, now=at)


def _see_to_notices(
    house: House, case: Case, until: datetime, people: Callable[[Role, int | None], Sequence[Actor]]
) -> None:
    """Whoever is told of something looks at it in time; of the last days', some are left lying."""
    for task in open_tasks(case, "notice"):
        due = task.due_at
        if due is None or due >= until or (task.id % 6 == 0 and due > until - _UNSEEN):
            continue
        at = max(task.opened_at, due - timedelta(hours=3))
        actor, number, seen = people(Role(task.role), case.office_id)[0], task.number, task.move_count
        move(house, actor, case.reference, number, "claim", seen=seen, now=at)
        move(house, actor, case.reference, number, "complete", seen=seen + 1, now=at)


def _map(house: House, case: Case, actor: Actor, now: datetime, chance: Random) -> None:
    """Say, allegation by allegation, what another authority found."""
    assert isinstance(case, Complaint)
    for number in [a.number for a in case.allegations if not a.is_proposed]:
        seen = case_for(SYSTEM, case.reference).version
        finding = chance.choice(("sustained", "not_sustained", "unfounded"))
        propose_finding(house, case.reference, actor, number, finding, _MADE_UP, seen=seen, now=now)


def _tier(case: Case, _ask: Ask, _now: datetime, _chance: Random) -> Any:
    assert isinstance(case, Complaint)
    return str(case.suggested_tier or 4)


SCRIPT: Final = Script(
    ways={
        "received": {"triage": 1.0, "withdraw": 0.03},
        "triaged": {"assign": 0.8, "refer_out": 0.1, "reject_no_jurisdiction": 0.06, "offer_to_oig": 0.08},
        "awaiting_oig": {"oig_declines": 0.6, "oig_retains": 0.2, "oig_silent": 0.2},
        "referred_out": {"record_outcome": 0.7, "take_back": 0.3},
        "assigned": {"begin": 1.0, "close_without_finding": 0.03},
        "investigating": {"submit_report": 1.0, "hold": 0.04, "refer_new_matter": 0.03, "withdraw": 0.03},
        "on_hold": {"lift_hold": 0.6, "review_hold": 0.4},
        "in_review": {"decide": 0.85, "send_back": 0.15},
        "decided": {"notify": 1.0},
        "notified": {"close": 1.0},
        "closed": {"appeal": 0.5, "reopen": 0.1},
        "appealed": {"affirm": 0.7, "remand": 0.3},
    },
    days={
        "received": 2,
        "triaged": 2,
        "awaiting_oig": 7,
        "referred_out": 45,
        "assigned": 3,
        "investigating": 42,
        "on_hold": 30,
        "in_review": 9,
        "decided": 6,
        "notified": 3,
        "closed": 12,
        "appealed": 20,
    },
    answers={
        "tier": _tier,
        "subject": lambda *_: "designated_officer",
        "protected": lambda *_: None,
        "risk": lambda *_: "Looked at: no sign of reprisal so far.",
        "consent": lambda *_: "Asked and agreed.",
    },
    rests={"closed": 0.92},
    prepare={"submit_report": _propose, "record_outcome": _map, "decide": _dispose},
    keep=_keep,
    asides=(("received", "acknowledge", 0.9), ("investigating", "extend", 0.12)),
    after=send_what_waits,
)


def fill(walker: Walker, signed: Sequence[Signed], *, pepper: bytes, echo: Callable[[str], None]) -> None:
    """Receive the complaints in order of time and walk each as far as it has come by today."""
    moments = sorted(walker.today - timedelta(days=walker.chance.uniform(0.2, 730)) for _ in range(NUMBER))
    for number, moment in enumerate(moments):
        if number % 60 == 0:
            echo(f"Walking complaints through two years: {number} of {NUMBER} …")
        with transaction():
            walker.walk(tell(walker, signed, moment, pepper=pepper), SCRIPT, begun=moment)


def tell(walker: Walker, signed: Sequence[Signed], moment: datetime, *, pepper: bytes) -> str:
    """Receive something about one of the agencies, at one of the doors; its reference."""
    chance = walker.chance
    record = chance.choice([a for a in signed if a.signed_on < moment.date()])
    known = record.agency_id if chance.random() < 0.95 else None
    return tell_about(walker, known, moment, pepper=pepper)


def tell_about(walker: Walker, agency_id: int | None, moment: datetime, *, pepper: bytes) -> str:
    """Receive something about this agency, at one of the doors; its reference."""
    chance = walker.chance
    kind = chance.choice(_KINDS)
    channel = chance.choice(_CHANNELS)
    told = Told(
        channel=channel,
        words={"narrative": _ABOUT[kind]},
        contact={"name": "Made-up person", "reach": "(555) 010-0199"} if chance.random() < 0.7 else {},
        allegations=(kind,),
        agency_id=agency_id,
        fears_reprisal=kind == "retaliation",
    )
    door = PUBLIC if channel == "web" else walker.people(Role.INTAKE, None)[0]
    form_key = f"demo-{chance.getrandbits(128):032x}"
    return receive(walker.house, told, door, pepper=pepper, form_key=form_key, now=moment).reference
