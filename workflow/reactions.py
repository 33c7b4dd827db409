"""What a step of one kind starts in another, in the same transaction. The only file where slices meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from workflow.agreements.models import AgreementLife
from workflow.agreements.record import REACTIONS as AGREEMENTS
from workflow.cases import for_cause, tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import words_of
from workflow.cases.history import common
from workflow.cases.kinds import House, Reaction
from workflow.cases.models import Event
from workflow.cases.recusing import keep_out
from workflow.complaints import matters, referrals, reprisal
from workflow.complaints import service as complaints
from workflow.complaints.models import Complaint
from workflow.corrective import service as corrective
from workflow.corrective.machine import MACHINE as CORRECTIVE
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.record import REACTIONS as HANDS
from workflow.corrective.service import Deficiency
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.inspections import findings, report_comments, report_kept, report_text, sealed
from workflow.inspections import service as inspections
from workflow.inspections.appointments import REACTIONS as VISITS
from workflow.inspections.bookings import REACTIONS as BOOKINGS
from workflow.inspections.for_cause import found_again
from workflow.inspections.models import Finding, Inspection
from workflow.planning.cadence import next_due
from workflow.policy.duties import INSPECTION
from workflow.policy.queries import in_force
from workflow.register.models import Agreement

#: What a complaint opened for an immediate risk alleges; a reviewer says better what it is.
IMMEDIATE_RISK: Final = "safety"
#: So often is a plan or a correction sent back until somebody higher decides.
TWICE: Final = 2

# --- from inspections ---------------------------------------------------------------------------


def deficiencies_become_corrections(house: House, case: Any, event: Event, now: datetime) -> None:
    """Each deficiency of an issued report becomes a corrective action, unless it has one already."""
    assert isinstance(case, Inspection)
    for finding in case.findings:
        _cite(house, case, finding, event, now)


def critical_ones_at_once(house: House, case: Any, event: Event, now: datetime) -> None:
    """A critical deficiency does not wait for the report: it is cited when it is written or escalated."""
    assert isinstance(case, Inspection)
    for finding in case.findings:
        if finding.cited_class == "critical":
            _cite(house, case, finding, event, now)


def urgent_becomes_complaint(house: House, case: Any, event: Event, now: datetime) -> None:
    """An immediate risk is a matter of tier 1: a complaint is opened, once, as a finding is escalated once.

    Reviewers do not read what inspectors write: what they need comes along, under the complaint's own key.
    """
    assert isinstance(case, Inspection)
    finding = findings.of_number(case, int(event.codes["finding"]))
    said = words_of(event, case, house.keyring)["risk"]
    seen = sealed.words_of(case, finding, house.keyring).evidence
    told = complaints.Told(
        channel="inspection",
        words={"narrative": "\n\n".join(filter(None, (said, finding.clause, seen)))},
        allegations=(IMMEDIATE_RISK,),
        agency_id=case.agency_id,
        agreement_ids=(case.agreement_id,) if case.agreement_id else (),
        occurred_on=calendar_of(case.office_id).day_of(event.occurred_at),
    )
    # Time is counted from when the risk was seen, although it may have been entered later.
    complaints.take_in(house, told, SYSTEM, now=now, received_at=event.occurred_at, cause=event)


def _cite(house: House, inspection: Inspection, finding: Finding, event: Event, now: datetime) -> None:
    if not finding.is_deficiency or finding.is_cited or not finding.is_whole:
        return
    words = sealed.words_of(inspection, finding, house.keyring)
    earlier = session().get(Finding, finding.repeat_of_id) if finding.repeat_of_id else None
    case = corrective.cite(
        house,
        inspection,
        Deficiency(
            finding_id=finding.id,
            item=finding.item,
            clause=finding.clause or "",
            evidence=words.evidence or "",
            class_code=finding.cited_class or "minor",
            repeat_of_finding_id=finding.repeat_of_id,
            found_before_id=earlier.inspection_id if earlier else None,
        ),
        now=now,
        cause=event,
    )
    findings.mark_cited(finding.id, **_asked_for(case))
    found_again(house, inspection, finding, event, now=now)


def _asked_for(case: CorrectiveAction | None) -> dict[str, Any]:
    """What a corrective action asks for, for the report: its reference, and by when plan and correction."""
    if case is None:
        return {}
    calendar = calendar_of(case.office_id)
    plan = next((task.due_at for task in tasks.open_tasks(case, case.state)), None)
    correct = next((clock.original_due_at for clock in case.clocks if clock.name == "correct"), None)
    return {
        "correction": case.reference,
        "plan_by": calendar.day_of(plan) if plan else None,
        "correct_by": calendar.day_of(correct) if correct else None,
    }


def next_one_is_planned(house: House, case: Any, event: Event, now: datetime) -> None:
    """After an inspection was closed, the next routine one is planned by the cadence of its model."""
    assert isinstance(case, Inspection)
    agreement = session().get(Agreement, case.agreement_id) if case.agreement_id else None
    rule = in_force(now.date())[1].cadence(INSPECTION.name, case.model or "")
    if agreement is None or rule is None:
        return
    due = next_due(
        rule,
        signed_on=agreement.signed_on,
        operational_on=agreement.operational_on,
        last=case.fieldwork_completed_on,
    )
    if due is not None:
        inspections.plan_if_owed(house, agreement.id, due_on=due.on, basis=due.basis, now=now, cause=event)


def cancelled_is_replaced(house: House, case: Any, event: Event, now: datetime) -> None:
    """A cancelled routine inspection is planned again for the same day while its agreement owes it."""
    assert isinstance(case, Inspection)
    inspections.replace_cancelled(house, case, now=now, cause=event)


def undone_step_keeps_place(_house: House, case: Any, _event: Event, _now: datetime) -> None:
    """An undone step gives an inspection its place under the agreement back, or takes it."""
    assert isinstance(case, Inspection)
    inspections.keep_place(case)


# --- from corrective actions --------------------------------------------------------------------


def corrections_settle_inspection(house: House, case: Any, event: Event, now: datetime) -> None:
    """After a correction moved: its inspection is settled, escalated, or follows the next due date."""
    assert isinstance(case, CorrectiveAction)
    if case.caused_by_id is not None:
        inspections.corrections_changed(house, case.caused_by_id, now=now, cause=event)


def critical_plan_goes_to_manager(_house: House, case: Any, _event: Event, _now: datetime) -> None:
    """The plan for a critical deficiency is reviewed by a manager."""
    assert isinstance(case, CorrectiveAction)
    corrective.give_to_manager(case)


def sent_back_twice(_house: House, case: Any, _event: Event, now: datetime) -> None:
    """What was sent back a second time goes higher: with its inspection, or else by itself."""
    assert isinstance(case, CorrectiveAction)
    source = session().get(Inspection, case.caused_by_id) if case.caused_by_id else None
    if case.returns >= TWICE and (source is None or source.state != "escalated"):
        corrective.ask_headquarters(case, now=now)


def withdrawn_finding_counts_no_more(_house: House, case: Any, _event: Event, _now: datetime) -> None:
    """A finding taken back after a dispute is no deficiency of its report any more, and no repeat later."""
    assert isinstance(case, CorrectiveAction)
    if case.finding_id is not None:
        findings.mark_withdrawn(case.finding_id)


# --- from complaints ----------------------------------------------------------------------------


def appeal_keeps_the_investigator_out(house: House, case: Any, _event: Event, now: datetime) -> None:
    """Whoever investigated a complaint is recused once its decision is appealed: another looks at it anew."""
    assert isinstance(case, Complaint)
    done_by = common(case)["done_by"]
    investigated = {who for verb in ("begin", "submit_report") for who in done_by.get(verb, ())}
    for person_id in sorted(investigated | ({case.owner_id} if case.owner_id else set())):
        keep_out(house, case, person_id, "investigated_before", SYSTEM, now=now)


def sustained_complaint_proposes_inspection(house: House, case: Any, event: Event, now: datetime) -> None:
    """A sustained allegation of tier 1 or 2 asks a manager whether to inspect for cause; it orders nothing.

    It lies with the complaint, not with the agreement: a complaint about how a supervisor oversees
    an agency must not show in what that supervisor sees.
    """
    assert isinstance(case, Complaint)
    if _sustained_gravely(case):
        for_cause.propose(house, case, for_cause.COMPLAINT, after=event.version, now=now)


def _sustained_gravely(complaint: Complaint) -> bool:
    """Whether something was sustained that is grave by its own kind, or in a complaint that is."""
    suggested = matters.tiers()
    sustained = [a.code for a in complaint.allegations if a.disposition == "sustained"]
    tiers = [complaint.tier, *(suggested.get(code) for code in sustained)]
    return bool(sustained) and any(tier in (1, 2) for tier in tiers)


# --- from agreements ----------------------------------------------------------------------------


def agreement_ends_oversight(house: House, case: Any, event: Event, now: datetime) -> None:
    """The end of an agreement ends its inspections and corrections; never its complaints."""
    assert isinstance(case, AgreementLife)
    if case.agreement_id is not None:
        session().flush()
        corrective.agreement_over(house, case.agreement_id, now=now, cause=event)
        inspections.agreement_over(house, case.agreement_id, now=now, cause=event)
        for_cause.agreement_over(house, case.agreement_id, now=now)


def suspension_postpones(house: House, case: Any, event: Event, now: datetime) -> None:
    """A suspended agreement postpones what is scheduled."""
    assert isinstance(case, AgreementLife)
    if case.agreement_id is not None:
        until = case.suspended_until
        inspections.agreement_suspended(house, case.agreement_id, until=until, now=now, cause=event)


_CRITICAL: Final[tuple[Reaction, ...]] = (critical_ones_at_once,)
_INSPECTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = {
    ("inspection", "record_finding"): _CRITICAL,
    ("inspection", "change_finding"): _CRITICAL,
    ("inspection", "escalate_urgent"): (*_CRITICAL, urgent_becomes_complaint),
    ("inspection", "draft_findings"): (report_text.summary_is_kept,),
    ("inspection", "take_comments"): (report_comments.last_comments_are_kept,),
    ("inspection", "issue_report"): (deficiencies_become_corrections, report_kept.report_is_kept),
    ("inspection", "close_clean"): (next_one_is_planned,),
    ("inspection", "close"): (next_one_is_planned,),
    ("inspection", "cancel"): (cancelled_is_replaced,),
    ("inspection", "void"): (undone_step_keeps_place,),
}
_CORRECTIVE: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = {
    **{
        (CORRECTIVE.kind, step.verb): (corrections_settle_inspection,)
        for step in CORRECTIVE.transitions
        if not step.is_entry and step.verb != "lapse"
    },
    (CORRECTIVE.kind, "submit_plan"): (critical_plan_goes_to_manager, corrections_settle_inspection),
    (CORRECTIVE.kind, "withdraw_finding"): (
        withdrawn_finding_counts_no_more,
        corrections_settle_inspection,
    ),
    **{
        (CORRECTIVE.kind, verb): (corrections_settle_inspection, sent_back_twice)
        for verb in ("return_plan", "reject_correction", "reject_unplanned")
    },
    (CORRECTIVE.kind, "void"): (corrections_settle_inspection,),
}
_COMPLAINTS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = {
    ("complaint", "decide"): (sustained_complaint_proposes_inspection,),
    ("complaint", "notify"): (reprisal.after_outcome,),
    ("complaint", "oig_retains"): (referrals.retained,),
    ("complaint", "void"): (referrals.undone,),
    **{("complaint", verb): (referrals.sent,) for verb in referrals.OPENS},
    **{("complaint", verb): (referrals.ended,) for verb in referrals.ENDS},
    ("complaint", "appeal"): (appeal_keeps_the_investigator_out,),
}
#: After the agreement's own: the register knows of the end before anything asks.
_ENDS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = {
    ("agreement", "end"): (agreement_ends_oversight,),
    ("agreement", "supersede"): (agreement_ends_oversight,),
    ("agreement", "void_import"): (agreement_ends_oversight,),
    ("agreement", "suspend"): (suspension_postpones,),
}


def _joined(*tables: Mapping[tuple[str, str], tuple[Reaction, ...]]) -> Iterator[Any]:
    """Every reaction to a step, in the order of the tables."""
    found: defaultdict[tuple[str, str], tuple[Reaction, ...]] = defaultdict(tuple)
    for table in tables:
        for step, reactions in table.items():
            found[step] += reactions
    yield from found.items()


REACTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = MappingProxyType(
    dict(_joined(AGREEMENTS, HANDS, VISITS, BOOKINGS, _INSPECTIONS, _CORRECTIVE, _COMPLAINTS, _ENDS))
)
