"""What came lately: at least one case in every state there is, so that whoever looks around finds each.

Chance made the two years; these go a way that is written down, at the usual pace, and stand there today.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from workflow.cases.access import case_for
from workflow.db.session import transaction
from workflow.demo import agreements
from workflow.demo.agencies import Signed
from workflow.demo.complaints import SCRIPT as COMPLAINT
from workflow.demo.complaints import tell_about
from workflow.demo.inspections import CORRECTIVE, WITH_ONE_MINOR, begin, corrections_of
from workflow.demo.walker import Script, Stuck, Walker
from workflow.engine.actors import SYSTEM, Role

_REPORTED: Final = ("triage", "assign", "begin", "submit_report")
_CLOSED: Final = (*_REPORTED, "decide", "notify", "close")
#: Steps of complaints. A desk has more than one to look at in the morning.
COMPLAINTS: Final = (
    *[()] * 4,
    *[("triage",)] * 2,
    ("triage", "offer_to_oig"),
    ("triage", "refer_out"),
    ("triage", "assign"),
    ("triage", "assign", "begin"),
    ("triage", "assign", "begin", "hold"),
    _REPORTED,
    _CLOSED[:5],
    _CLOSED[:6],
    (*_CLOSED, "appeal"),
    ("triage", "merge"),
)

_VISITED: Final = ("schedule", "notify", "begin", "complete_fieldwork")
_ISSUED: Final = (*_VISITED, "draft_findings", "pass_review", "take_comments", "issue_report")
#: Steps of inspections.
INSPECTIONS: Final = (
    (),
    ("schedule",),
    ("schedule", "postpone"),
    ("schedule", "notify"),
    _VISITED[:3],
    _VISITED,
    *(_ISSUED[:n] for n in range(5, 9)),
    ("cancel",),
)

_PLANNED: Final = ("submit_plan", "accept_plan")
_SENT_BACK: Final = ("claim_corrected", "reject_correction")
#: Steps of corrections, when the report was issued.
CORRECTIONS: Final = (
    (),
    ("submit_plan",),
    _PLANNED,
    (*_PLANNED, "claim_corrected"),
    ("dispute",),
    ("dispute", "withdraw_finding"),
    ("accept_risk",),
    (*_PLANNED, "claim_corrected", "verify"),
    (*_PLANNED, *_SENT_BACK, *_SENT_BACK),
)
#: An agency that disputes a finding does so at once: the time for it is short.
DISPUTED: Final = replace(CORRECTIVE, days={**CORRECTIVE.days, "open": 3, "disputed": 8})


NO_TIME: Final = timedelta(0)
#: How many agreements are tried for one way: some are too young, or have an inspection under way.
TRIES: Final = 30


def fill(
    walker: Walker, signed: Sequence[Signed], *, home: int, pepper: bytes, echo: Callable[[str], None]
) -> None:
    """Bring one case of every sort to where it stands today; a way that cannot be gone is left out aloud.

    Every second inspection and correction stands in the office `home`: whoever signs in first works there.
    """

    def order(number: int = 1) -> list[Signed]:
        mixed = walker.chance.sample(signed, k=len(signed))
        return mixed if number % 2 else sorted(mixed, key=lambda one: one.office_id != home)

    for way in COMPLAINTS:
        _first_of(order(), partial(_complain, walker, way=way, pepper=pepper), way, echo)
    for number, way in enumerate(INSPECTIONS):
        _first_of(order(number), partial(_inspect, walker, way=way), way, echo)
    for number, way in enumerate(CORRECTIONS):
        some = _who_answers(walker, order()) if "dispute" in way else order(number)
        _first_of(some, partial(_correct, walker, way=way), way, echo)
    for way in agreements.WAYS:
        some = [one for one in order() if one.model != "TFM"]
        _first_of(some, partial(agreements.apply, walker, way=way), way, echo)
    agreements.keep_contacts(walker, [one for one in signed if one.model != "TFM"])


def _first_of(
    signed: Sequence[Signed],
    go: Callable[[Signed], object],
    way: Sequence[str],
    echo: Callable[[str], None],
) -> None:
    """Go a way with the first agreement that lets it be gone."""
    for one in signed[:TRIES]:
        try:
            with transaction():
                go(one)
        except Stuck:
            continue
        return
    echo(f"Left out: no agreement lets this be shown: {', '.join(way)}")


def _who_answers(walker: Walker, signed: Sequence[Signed]) -> list[Signed]:
    """Those of agencies that have somebody who signs in: what only an agency may do, they do."""
    contacts = walker.people(Role.AGENCY_CONTACT, None)
    answering = {agency for contact in contacts for agency in contact.agencies}
    return [a for a in signed if a.agency_id in answering]


def _complain(walker: Walker, one: Signed, *, way: Sequence[str], pepper: bytes) -> None:
    begun = walker.today - walker.lead("complaint", COMPLAINT, way, state="received")
    begun -= timedelta(days=walker.chance.uniform(0, 2))
    if "merge" in way:
        tell_about(walker, one.agency_id, begun - timedelta(days=4), pepper=pepper)
    _go(walker, tell_about(walker, one.agency_id, begun, pepper=pepper), COMPLAINT, way, begun)


def _inspect(walker: Walker, one: Signed, *, way: Sequence[str], then: timedelta = NO_TIME) -> str:
    """An inspection that has gone a way by `then` before today; its reference."""
    begun = walker.today - then - walker.lead("inspection", WITH_ONE_MINOR, way, state="planned")
    if one.signed_on + timedelta(days=60) > begun.date():
        raise Stuck("too young")
    reference = begin(walker, one, begun, for_cause=one.model == "TFM")
    reference = reference or begin(walker, one, begun, for_cause=True)
    if reference is None:
        raise Stuck("under way")
    _go(walker, reference, WITH_ONE_MINOR, way, begun)
    return reference


def _correct(walker: Walker, one: Signed, *, way: Sequence[str]) -> None:
    script = DISPUTED if "dispute" in way else CORRECTIVE
    lead = walker.lead("corrective", script, way, state="open")
    reference = _inspect(walker, one, way=(*_ISSUED, "request_correction"), then=lead)
    [correction] = corrections_of(case_for(SYSTEM, reference))
    _go(walker, correction.reference, script, way, correction.state_since)


def _go(walker: Walker, reference: str, script: Script, way: Sequence[str], begun: datetime) -> None:
    if not walker.follow(reference, script, way, begun=begun):
        raise Stuck(f"A step cannot be taken on the way {way}")
