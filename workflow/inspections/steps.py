"""What every step of an inspection is made of: roles, questions, and the first steps, up to the visit.

Where a row differs from the first draft of the lifecycle, a comment beside it says why.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from workflow.engine.actors import Role
from workflow.engine.effects import (
    Keep,
    Letter,
    Limit,
    Notify,
    Put,
    SendToAgency,
    Stamp,
    StartClock,
    StopClock,
)
from workflow.engine.machine import SAME, Ask, AskKind, Second, Tone, Transition
from workflow.inspections import attempts, rules
from workflow.inspections.facts import ATTEMPTS, MODES, REPLIES, TRIGGERS, InspectionFacts, State

Step: TypeAlias = Transition[State, InspectionFacts]

#: Who conducts inspections. A supervisor of other agencies may lead, so the lead's steps are open to both;
#: `own_inspection` says whose they are.
CONDUCTS: Final = frozenset({Role.INSPECTOR, Role.FIELD_SUPERVISOR})
MANAGER: Final = frozenset({Role.MANAGER})
HEADQUARTERS: Final = frozenset({Role.PROGRAMME_MANAGER})
SYSTEM: Final = frozenset({Role.SYSTEM})

REASON: Final = Ask("reason", "Reason")
ALL_CLOCKS: Final = (StopClock("due"), StopClock("schedule"), StopClock("documents"), StopClock("report"))

# --- how an inspection comes to be --------------------------------------------------------------

plan = Step(
    verb="plan",
    sources=frozenset(),
    target=State.PLANNED,
    label="Plan an inspection",
    by=HEADQUARTERS | SYSTEM,
    rules=(rules.agreement_owes, rules.none_under_way),
    asks=(
        Ask("due_on", "Due on", AskKind.DAY),
        Ask("basis", "Why it is due then", AskKind.LINE),
    ),
    effects=(Keep("due_on", "due_on"), Keep("basis", "basis"), StartClock("due")),
)
# A clock `due` that begins with a cause would run on to the end of fieldwork, though five business days are
# given to schedule it. So this one has a clock of its own, which ends when it is scheduled.
open_for_cause = Step(
    verb="open_for_cause",
    sources=frozenset(),
    target=State.PLANNED,
    label="Open an inspection for cause",
    by=MANAGER | HEADQUARTERS,
    rules=(rules.agreement_owes,),
    asks=(
        Ask("trigger", "Cause", AskKind.CHOICE, choices=TRIGGERS),
        Ask("explanation", "What happened, in a sentence"),
    ),
    effects=(Keep("trigger", "trigger"), StartClock("schedule")),
)
import_as_closed = Step(
    verb="import_as_closed",
    sources=frozenset(),
    target=State.CLOSED,
    label="Bring in from another system, as closed",
    by=SYSTEM,
    asks=(
        Ask("provenance", "Where it comes from", AskKind.LINE),
        Ask("fieldwork_on", "Fieldwork completed on", AskKind.DAY),
        Ask("rating", "Rating, in its words", AskKind.LINE, required=False),
        Ask("scale", "Scale of the rating", AskKind.LINE, required=False),
    ),
    effects=(
        Keep("fieldwork_on", "fieldwork_completed_on"),
        Keep("rating", "rating"),
        Keep("scale", "rating_scale"),
    ),
)

# --- up to the visit ----------------------------------------------------------------------------

_VISIT: Final = (
    Ask("lead", "Lead", AskKind.PERSON, of="leads"),
    Ask("scheduled_on", "Begins on", AskKind.DAY),
    Ask("until_on", "Ends on", AskKind.DAY, help="On site at most 3 days, assisted self-inspection 30."),
    Ask("mode", "How", AskKind.CHOICE, choices=MODES),
    Ask("unannounced", "Unannounced: no notice is sent", AskKind.YES, required=False),
)
_VISIT_RULES: Final = (
    rules.not_suspended,
    *rules.LEAD,
    rules.scheduled_not_past,
    rules.within_window,
)
_VISIT_KEPT: Final = (
    Keep("lead", "owner_id"),
    Keep("scheduled_on", "scheduled_on"),
    Keep("until_on", "until_on"),
    Keep("mode", "mode"),
    Put("unannounced", False),
    Keep("unannounced", "unannounced"),
    Put("agency_reply", None),
)

schedule = Step(
    verb="schedule",
    sources=frozenset({State.PLANNED}),
    target=State.SCHEDULED,
    label="Schedule",
    by=CONDUCTS,
    rules=_VISIT_RULES,
    asks=_VISIT,
    effects=(*_VISIT_KEPT, StopClock("schedule")),
    tone=Tone.MAIN,
)
notify = Step(
    verb="notify",
    sources=frozenset({State.SCHEDULED}),
    target=State.NOTIFIED,
    label="Send the notice",
    by=CONDUCTS,
    rules=(rules.not_suspended, rules.announced),
    asks=(
        Ask("letter", "What the notice says besides", required=False),
        Ask("documents", "Documents asked for, one a line"),
    ),
    effects=(StartClock("documents"), SendToAgency(), Letter("inspection_notice", "agency")),
    tone=Tone.MAIN,
    help="From here on the agency's contact sees the notice and the list of documents.",
)
# The agency answers a notice itself, or somebody of the office notes what it said; the latest answer counts.
confirm_visit = Step(
    verb="confirm_visit",
    sources=frozenset({State.NOTIFIED}),
    target=SAME,
    label="Confirm the visit",
    by=CONDUCTS | {Role.AGENCY_CONTACT},
    asks=(
        Ask("reply", "The agency's answer", AskKind.CHOICE, choices=REPLIES),
        Ask("words", "In words: who will be there by post, or which days are possible", required=False),
    ),
    effects=(Keep("reply", "agency_reply"),),
    help="If another day is asked for, a manager decides; the visit stands until then.",
)
# Also after an unannounced visit has begun: then the letter says so, and is handed over there.
request_documents = Step(
    verb="request_documents",
    sources=frozenset({State.IN_PROGRESS}),
    target=SAME,
    label="Ask for documents",
    by=CONDUCTS,
    rules=(rules.own_inspection, rules.no_request_open),
    asks=(
        Ask("letter", "What the letter says besides", required=False),
        Ask("documents", "Documents asked for, one a line"),
    ),
    # It never runs there, says the rule; the proofs, which read no rules, see it stopped first.
    effects=(
        StopClock("documents"),
        StartClock("documents"),
        SendToAgency(),
        Letter("document_request", "agency"),
    ),
    help="A letter to the agency, with the day by which the documents are to come.",
)
receive_documents = Step(
    verb="receive_documents",
    sources=frozenset({State.NOTIFIED, State.IN_PROGRESS}),
    target=SAME,
    label="Documents received",
    by=CONDUCTS | {Role.AGENCY_CONTACT},
    asks=(Ask("received", "What was received, or where it is"),),
    effects=(StopClock("documents"),),
)
# The system as well: a suspension of the agreement postpones what is scheduled, without a second person,
# since nobody chose it.
postpone = Step(
    verb="postpone",
    sources=frozenset({State.SCHEDULED, State.NOTIFIED}),
    target=State.POSTPONED,
    label="Postpone",
    by=MANAGER | SYSTEM,
    rules=(rules.new_day_later,),
    asks=(REASON, Ask("new_on", "To about", AskKind.DAY)),
    effects=(
        Keep("new_on", "scheduled_on"),
        Stamp("postponed_on"),
        Put("agency_reply", None),
        StopClock("documents"),
    ),
    second=Second(by=MANAGER, when=rules.due_would_be_missed),
    tone=Tone.GRAVE,
    help="It stays due when it was due, and counts as missed if it is held later.",
)
reschedule = Step(
    verb="reschedule",
    sources=frozenset({State.POSTPONED}),
    target=State.SCHEDULED,
    label="Schedule anew",
    by=CONDUCTS,
    rules=_VISIT_RULES,
    asks=_VISIT,
    effects=_VISIT_KEPT,
    tone=Tone.MAIN,
)
record_attempt = Step(
    verb="record_attempt",
    sources=frozenset({State.SCHEDULED, State.NOTIFIED, State.IN_PROGRESS}),
    target=SAME,
    label="Record an attempt",
    by=CONDUCTS,
    asks=(
        Ask("attempt", "What happened", AskKind.CHOICE, choices=ATTEMPTS),
        Ask("words", "When and where, and what was said (posts, no names)"),
    ),
    effects=(Notify(Role.MANAGER, "An inspection could not be held as scheduled"),),
    help=attempts.SAID,
)

# --- at the visit -------------------------------------------------------------------------------

begin = Step(
    verb="begin",
    sources=frozenset({State.NOTIFIED, State.SCHEDULED}),
    target=State.IN_PROGRESS,
    label="Begin",
    by=CONDUCTS,
    rules=(rules.own_inspection, rules.told_or_unannounced, rules.not_suspended),
    effects=(Stamp("begun_on"), Put("checklist_kept", True), StopClock("documents")),
    tone=Tone.MAIN,
    help="The checklist of today is kept for this inspection, whatever is changed later.",
)
escalate_urgent = Step(
    verb="escalate_urgent",
    sources=frozenset({State.IN_PROGRESS}),
    target=SAME,
    label="Escalate an immediate risk",
    by=CONDUCTS,
    rules=(rules.has_finding_to_escalate, rules.urgent_once),
    asks=(
        Ask("finding", "Finding", AskKind.CHOICE, of="urgent"),
        Ask("risk", "What could happen, and to whom (no names)"),
    ),
    effects=(
        Keep("finding", "urgent_finding"),
        Notify(Role.MANAGER, "An immediate risk was found at an inspection", Limit("inspection.same_day")),
    ),
    tone=Tone.GRAVE,
    help="A manager is told the same day, and a complaint of tier 1 is opened with what stands here.",
)
complete_fieldwork = Step(
    verb="complete_fieldwork",
    sources=frozenset({State.IN_PROGRESS}),
    target=State.FIELDWORK_COMPLETE,
    label="Complete the fieldwork",
    by=CONDUCTS,
    rules=(rules.own_inspection, rules.all_answered, rules.none_disputed),
    asks=(Ask("exit_briefing", "Exit briefing: what was said, and to whom by post"),),
    effects=(
        Stamp("fieldwork_completed_on"),
        Put("occupies_agreement_id", None),
        StopClock("due"),
        StopClock("documents"),
        StartClock("report"),
    ),
    tone=Tone.MAIN,
)

STEPS: Final = (
    plan,
    open_for_cause,
    import_as_closed,
    schedule,
    notify,
    confirm_visit,
    request_documents,
    receive_documents,
    postpone,
    reschedule,
    record_attempt,
    begin,
    escalate_urgent,
    complete_fieldwork,
)
