"""Every step of a complaint, one constant a step: the rows of its table. `machine` puts them together.

Where a row differs from the first draft of the lifecycle, a comment beside it says why.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from workflow.complaints import rules
from workflow.complaints.definitions import DEFINED_REASONS
from workflow.complaints.facts import (
    CHANNELS,
    DESTINATIONS,
    JURISDICTION,
    RANKS,
    SUBJECTS,
    TIERS,
    UNDECIDED,
    ComplaintFacts,
    State,
)
from workflow.complaints.inquiry_facts import PLAN
from workflow.engine.actors import Role
from workflow.engine.effects import (
    ExtendClock,
    Keep,
    Letter,
    Limit,
    Notify,
    PauseClock,
    Put,
    RecomputeClock,
    Renew,
    ResumeClock,
    Stamp,
    StartClock,
    StopClock,
    When,
)
from workflow.engine.machine import SAME, Ask, AskKind, Rule, Second, Tone, Transition

Step: TypeAlias = Transition[State, ComplaintFacts]

INTAKE: Final = frozenset({Role.INTAKE})
REVIEWER: Final = frozenset({Role.REVIEWER})
LIAISON: Final = frozenset({Role.LIAISON})
MANAGER: Final = frozenset({Role.MANAGER})
SYSTEM: Final = frozenset({Role.SYSTEM})

#: Under the rules of another agreement or tier: from receipt, the old date kept beside the new one.
_COUNTED_ANEW: Final = (RecomputeClock("ack"), RecomputeClock("resolve"))
CLOCKS_STOP: Final = (StopClock("ack"), StopClock("resolve"), StopClock("in_hand"))

_reason = Ask("reason", "Reasons")
_good_cause = Ask("good_cause", "Good cause for being late", required=False)
_tier = Ask("tier", "Tier", AskKind.CHOICE, choices=TIERS)
_agreement = Ask(
    "agreement",
    "Agreement it is mainly about",
    AskKind.AGREEMENT,
    required=False,
    help="Sets the model and the rules it is dealt with under; until one is set, the strictest rules count.",
)
_answerable = When("a way to answer", lambda case: bool(getattr(case, "contact_possible", False)))
_unanswered = When(
    "a way to answer, and receipt not acknowledged",
    lambda case: case.contact_possible and all(e.verb != "acknowledge" for e in case.events),
)

# --- how a complaint comes to be --------------------------------------------------------------

receive = Step(
    verb="receive",
    sources=frozenset(),
    target=State.RECEIVED,
    label="Receive a complaint",
    # Reviewers: whoever is there answers the telephone.
    # The system: an immediate risk at an inspection becomes a complaint by reaction.
    by=frozenset({Role.INTAKE, Role.REVIEWER, Role.AGENCY_CONTACT, Role.PUBLIC, Role.LIAISON, Role.SYSTEM}),
    asks=(Ask("channel", "How it reached us", AskKind.CHOICE, choices=CHANNELS),),
    effects=(
        Keep("channel", "channel"),
        StartClock("ack", _answerable),
        StartClock("resolve"),
        StartClock("in_hand"),
    ),
)


def _import(state: State, *effects: StartClock) -> Step:
    return Step(
        verb=f"import_as_{state.value}",
        sources=frozenset(),
        target=state,
        label=f"Bring in from another system, as {state.value}",
        by=SYSTEM,
        asks=(
            Ask("provenance", "Where it comes from", AskKind.LINE),
            Ask("brought", "What was alleged and found there", required=False),
        ),
        effects=effects,
    )


_RUNNING: Final = (StartClock("resolve"), StartClock("in_hand"))
import_as_received = _import(State.RECEIVED, *_RUNNING)
import_as_triaged = _import(State.TRIAGED, *_RUNNING)
import_as_assigned = _import(State.ASSIGNED, *_RUNNING)
import_as_closed = _import(State.CLOSED)

# --- receipt and triage -----------------------------------------------------------------------

acknowledge = Step(
    verb="acknowledge",
    sources=UNDECIDED,
    target=SAME,
    label="Acknowledge receipt",
    by=frozenset({Role.INTAKE, Role.SYSTEM}),
    rules=(rules.can_answer, rules.acknowledged_once),
    asks=(Ask("letter", "What is written"),),
    effects=(StopClock("ack"), Letter("acknowledgement", "complainant")),
)
triage = Step(
    verb="triage",
    sources=frozenset({State.RECEIVED}),
    target=State.TRIAGED,
    label="Triage",
    by=REVIEWER,
    rules=(rules.has_allegation, rules.tier_explained),
    asks=(
        _tier,
        Ask("tier_reasons", "Reasons for the tier", required=False),
        Ask("subject", "Whom it is about", AskKind.CHOICE, choices=SUBJECTS),
        Ask("rank", "Rank at the time", AskKind.CHOICE, required=False, choices=RANKS),
        _agreement,
        Ask("jurisdiction", "Is it ours?", AskKind.CHOICE, required=False, choices=JURISDICTION),
        Ask("protected", "A protected person is involved (8 USC 1367, a minor)", AskKind.YES, required=False),
        Ask("recusal_checked", "I have looked who must not touch this", AskKind.YES),
        Ask("duplicates_checked", "I have looked for duplicates", AskKind.YES),
    ),
    effects=(
        Keep("tier", "tier_code"),
        Keep("subject", "subject_kind"),
        Keep("rank", "subject_rank"),
        Keep("agreement", "lead_agreement_id"),
        Keep("jurisdiction", "jurisdiction"),
        Keep("protected", "is_protected"),
        Stamp("triaged_at"),
        *_COUNTED_ANEW,
        Notify(
            Role.LIAISON,
            "A complaint was triaged: look whether it is to be offered",
            Limit("complaint.notify"),
        ),
    ),
    tone=Tone.MAIN,
)
reclassify = Step(
    verb="reclassify",
    sources=frozenset({State.TRIAGED, State.ASSIGNED, State.INVESTIGATING, State.IN_REVIEW}),
    target=SAME,
    label="Change the tier or the agreement",
    by=REVIEWER,
    # The agreement as well: found out later, it brings other rules, and only an event may move a date.
    asks=(_tier, _agreement, _reason),
    effects=(Keep("tier", "tier_code"), Keep("agreement", "lead_agreement_id"), *_COUNTED_ANEW),
    second=Second(by=MANAGER, when=rules.downgrade),
    help="Lowering a tier 1 or 2 complaint needs a manager. The old date stays beside the new one.",
)
merge = Step(
    verb="merge",
    sources=frozenset({State.TRIAGED}),
    target=State.MERGED,
    label="Merge into another complaint",
    by=REVIEWER,
    rules=(rules.parent_can_take_it,),
    asks=(Ask("parent", "Reference of the other complaint", AskKind.CHOICE, of="parents"), _reason),
    effects=(Keep("parent", "parent_reference"), *CLOCKS_STOP),
    help="The complaint received first carries the group, so that its dates rule. Merging can be undone.",
)
unmerge = Step(
    verb="unmerge",
    sources=frozenset({State.MERGED}),
    target=State.TRIAGED,
    label="Take out of the group",
    by=REVIEWER,
    asks=(_reason,),
    effects=(Put("parent_reference", None), StartClock("ack", _unanswered), *_RUNNING),
    reopens=True,
)
reject_no_jurisdiction = Step(
    verb="reject_no_jurisdiction",
    sources=frozenset({State.TRIAGED}),
    target=State.DECIDED,
    label="No jurisdiction",
    by=REVIEWER,
    asks=(_reason, Ask("where_instead", "Where to go instead", AskKind.LINE)),
    effects=(
        Put("closing_reason", "no_jurisdiction"),
        Stamp("decided_at"),
        Letter("no_jurisdiction", "complainant"),
    ),
    second=Second(by=MANAGER),
    tone=Tone.GRAVE,
)

# --- other authorities ------------------------------------------------------------------------

offer_to_oig = Step(
    verb="offer_to_oig",
    sources=frozenset({State.TRIAGED}),
    target=State.AWAITING_OIG,
    label="Offer to the inspector general",
    by=LIAISON,
    rules=(rules.offered_once,),
    asks=(Ask("sent", "What was sent, and its reference", AskKind.LINE),),
)
oig_retains = Step(
    verb="oig_retains",
    sources=frozenset({State.AWAITING_OIG}),
    target=State.REFERRED_OUT,
    label="The inspector general takes it",
    by=LIAISON,
    asks=(Ask("their_reference", "Their reference", AskKind.LINE),),
    effects=(Put("referred_to", "oig"), PauseClock("in_hand", "with the inspector general")),
    tone=Tone.MAIN,
)
oig_declines = Step(
    verb="oig_declines",
    sources=frozenset({State.AWAITING_OIG}),
    target=State.TRIAGED,
    label="The inspector general declines",
    by=LIAISON,
    asks=(Ask("their_reference", "Their reference", AskKind.LINE),),
)
oig_silent = Step(
    verb="oig_silent",
    sources=frozenset({State.AWAITING_OIG}),
    target=State.TRIAGED,
    label="No answer: go on without it",
    by=MANAGER,
    rules=(rules.oig_had_its_time,),
    asks=(_reason,),
)
refer_out = Step(
    verb="refer_out",
    sources=frozenset({State.TRIAGED}),
    target=State.REFERRED_OUT,
    label="Refer to another authority",
    by=frozenset({Role.REVIEWER, Role.LIAISON}),
    rules=(rules.destination_open, rules.risk_answered, rules.consent_answered),
    asks=(
        Ask("destination", "To whom", AskKind.CHOICE, choices=DESTINATIONS),
        Ask("sent", "What is sent: only what they need"),
        _reason,
        Ask("risk", "Risk of reprisal, and what is done about it", required=False),
        Ask("consent", "Does the complainant agree, or why was it not asked", required=False),
    ),
    effects=(
        Keep("destination", "referred_to"),
        PauseClock("in_hand", "with another authority"),
        Letter("referral", "complainant"),
    ),
)
record_outcome = Step(
    verb="record_outcome",
    sources=frozenset({State.REFERRED_OUT}),
    target=State.IN_REVIEW,
    label="Record their outcome",
    # The liaison as well: it is their task to chase the outcome, so they hear of it first.
    by=frozenset({Role.REVIEWER, Role.LIAISON}),
    rules=(rules.outcome_mapped,),
    asks=(Ask("outcome", "What they found, allegation by allegation"),),
    effects=(ResumeClock("in_hand"),),
    tone=Tone.MAIN,
)
take_back = Step(
    verb="take_back",
    sources=frozenset({State.REFERRED_OUT}),
    target=State.TRIAGED,
    label="Take it back",
    by=REVIEWER,
    asks=(_reason,),
    effects=(Put("referred_to", None), ResumeClock("in_hand")),
)

# --- investigation ----------------------------------------------------------------------------

_investigator = Ask("investigator", "Investigator", AskKind.PERSON, of=Role.REVIEWER.value)
_may_investigate: tuple[Rule, ...] = (rules.not_recused_investigator, rules.not_about_the_investigator)
assign = Step(
    verb="assign",
    sources=frozenset({State.TRIAGED}),
    target=State.ASSIGNED,
    label="Assign",
    by=frozenset({Role.MANAGER, Role.REVIEWER}),
    rules=_may_investigate,
    asks=(_investigator, Ask("why", "Why this person", AskKind.LINE)),
    effects=(Keep("investigator", "owner_id"),),
    tone=Tone.MAIN,
)
reassign = Step(
    verb="reassign",
    sources=frozenset({State.ASSIGNED, State.INVESTIGATING}),
    target=SAME,
    label="Assign to somebody else",
    by=MANAGER,
    rules=_may_investigate,
    asks=(_investigator, _reason),
    effects=(Keep("investigator", "owner_id"),),
    help="The date by which it has to be resolved stays as it is.",
)
begin = Step(
    verb="begin",
    sources=frozenset({State.ASSIGNED}),
    target=State.INVESTIGATING,
    label="Begin the investigation",
    by=REVIEWER,
    rules=(rules.own_case,),
    asks=PLAN,
    tone=Tone.MAIN,
)
refer_new_matter = Step(
    verb="refer_new_matter",
    sources=frozenset({State.INVESTIGATING}),
    target=State.TRIAGED,
    label="Something else came to light",
    by=REVIEWER,
    rules=(rules.own_case,),
    asks=(_reason,),
    effects=(
        Notify(Role.MANAGER, "A new matter came to light in an investigation", Limit("complaint.same_day")),
    ),
)
hold = Step(
    verb="hold",
    sources=frozenset({State.INVESTIGATING}),
    target=State.ON_HOLD,
    label="Hold for a criminal matter",
    by=MANAGER,
    asks=(_reason,),
    effects=(PauseClock("in_hand", "on hold for a criminal matter"),),
)
review_hold = Step(
    verb="review_hold",
    sources=frozenset({State.ON_HOLD}),
    target=SAME,
    label="Review the hold: it stays",
    by=MANAGER,
    asks=(Ask("asked", "Who was asked, and how the criminal matter stands"), _reason),
    effects=(Renew(),),
    help="It is reviewed again after the same time. Total age goes on.",
)
lift_hold = Step(
    verb="lift_hold",
    sources=frozenset({State.ON_HOLD}),
    target=State.INVESTIGATING,
    label="Lift the hold",
    by=MANAGER,
    asks=(_reason,),
    effects=(ResumeClock("in_hand"),),
    tone=Tone.MAIN,
)
extend = Step(
    verb="extend",
    sources=frozenset({State.INVESTIGATING}),
    target=SAME,
    label="Extend",
    by=MANAGER,
    rules=(rules.extended_twice, rules.within_outer_limit),
    asks=(_reason,),
    effects=(ExtendClock("resolve", Limit("complaint.extension")), Letter("delay", "complainant")),
    second=Second(by=MANAGER, when=rules.second_extension),
    help="On time is still measured on the original date.",
)
submit_report = Step(
    verb="submit_report",
    sources=frozenset({State.INVESTIGATING}),
    target=State.IN_REVIEW,
    label="Submit the report",
    by=REVIEWER,
    rules=(rules.own_case, rules.all_proposed),
    asks=(Ask("report", "Report: findings and evidence for each allegation"),),
    tone=Tone.MAIN,
)

# --- review and decision ----------------------------------------------------------------------

send_back = Step(
    verb="send_back",
    sources=frozenset({State.IN_REVIEW}),
    target=State.INVESTIGATING,
    label="Send back",
    by=MANAGER,
    rules=(rules.has_investigator,),
    asks=(_reason,),
)
reroute = Step(
    verb="reroute",
    sources=frozenset({State.IN_REVIEW}),
    target=State.TRIAGED,
    label="Route it anew",
    by=REVIEWER,
    asks=(_reason,),
)
decide = Step(
    verb="decide",
    sources=frozenset({State.IN_REVIEW}),
    target=State.DECIDED,
    label="Decide",
    by=MANAGER,
    rules=(
        rules.decider_did_not_investigate,
        rules.decider_is_not_investigator,
        rules.all_disposed,
    ),
    asks=(Ask("decision", "The decision and its reasons"),),
    effects=(Stamp("decided_at"),),
    second=Second(by=MANAGER, when=rules.catch_all),
    tone=Tone.MAIN,
)
close_without_finding = Step(
    verb="close_without_finding",
    sources=frozenset({State.RECEIVED, State.TRIAGED, State.ASSIGNED, State.INVESTIGATING}),
    target=State.DECIDED,
    label="Close without a finding",
    by=MANAGER,
    rules=(rules.tried_to_reach,),
    asks=(
        Ask("closing_reason", "Why there is no finding", AskKind.CHOICE, choices=DEFINED_REASONS),
        _reason,
    ),
    effects=(
        Keep("closing_reason", "closing_reason"),
        Stamp("decided_at"),
        Letter("closed_without_finding", "complainant"),
    ),
    second=Second(by=MANAGER),
    tone=Tone.GRAVE,
    escape=True,
)
withdraw = Step(
    verb="withdraw",
    sources=frozenset({State.RECEIVED, State.TRIAGED, State.ASSIGNED, State.INVESTIGATING, State.IN_REVIEW}),
    target=State.DECIDED,
    label="Withdrawn by the complainant",
    by=INTAKE,
    asks=(Ask("freely", "How it was made sure that this was done freely"),),
    effects=(
        Put("closing_reason", "withdrawn"),
        Stamp("decided_at"),
        Letter("withdrawal", "complainant"),
    ),
    second=Second(by=MANAGER, when=rules.serious),
    tone=Tone.GRAVE,
    # An escape too: otherwise a complaint nobody works could only be proved to end by being withdrawn.
    escape=True,
    help="A manager can go on without the complainant where it is serious.",
)

# --- answer and end ---------------------------------------------------------------------------

notify = Step(
    verb="notify",
    sources=frozenset({State.DECIDED}),
    target=State.NOTIFIED,
    label="Tell them the outcome",
    by=frozenset({Role.INTAKE, Role.LIAISON}),
    asks=(
        Ask("letters", "What is written to the complainant, the subject and the agency"),
        Ask("checked", "The letters contain nothing protected", AskKind.YES),
    ),
    effects=(
        Stamp("notified_at"),
        Letter("outcome", "complainant"),
        Letter("outcome", "subject"),
        Letter("outcome", "agency"),
    ),
    tone=Tone.MAIN,
    help="Where nothing is sustained the subject is told in writing and nothing goes to the personnel file.",
)
close = Step(
    verb="close",
    sources=frozenset({State.NOTIFIED}),
    target=State.CLOSED,
    label="Close",
    by=REVIEWER,
    asks=(Ask("follow_up", "What follows, and who sees to it", required=False),),
    effects=CLOCKS_STOP,
    tone=Tone.MAIN,
)
appeal = Step(
    verb="appeal",
    sources=frozenset({State.CLOSED}),
    target=State.APPEALED,
    label="Appeal by the complainant",
    by=INTAKE,
    rules=(rules.appeal_in_time,),
    asks=(Ask("grounds", "New facts, or an error of process"), _good_cause),
    effects=_RUNNING,
    reopens=True,
)
reopen = Step(
    verb="reopen",
    sources=frozenset({State.CLOSED}),
    target=State.TRIAGED,
    label="Reopen",
    by=MANAGER,
    asks=(Ask("evidence", "The new evidence"),),
    effects=(Put("closing_reason", None), *_RUNNING),
    second=Second(by=MANAGER),
    tone=Tone.GRAVE,
    reopens=True,
)
affirm = Step(
    verb="affirm",
    sources=frozenset({State.APPEALED}),
    target=State.CLOSED,
    label="Affirm the decision",
    by=MANAGER,
    rules=(rules.uninvolved,),
    asks=(_reason,),
    effects=(Letter("appeal_affirmed", "complainant"), *CLOCKS_STOP),
    tone=Tone.MAIN,
)
remand = Step(
    verb="remand",
    sources=frozenset({State.APPEALED}),
    target=State.TRIAGED,
    label="Remand",
    by=MANAGER,
    rules=(rules.uninvolved,),
    asks=(_reason,),
    effects=(Put("closing_reason", None), Letter("appeal_remanded", "complainant")),
)
_untouched = Rule(
    "untouched",
    lambda s: s.facts.version == 1 and any(verb.startswith("import_as_") for verb in s.facts.times),
    "Only an import that nobody has touched can be voided.",
)
void_import = Step(
    verb="void_import",
    sources=frozenset({State.RECEIVED, State.TRIAGED, State.ASSIGNED}),
    target=State.VOIDED,
    label="Void this import",
    by=SYSTEM,
    rules=(_untouched,),
    asks=(_reason,),
    effects=CLOCKS_STOP,
    escape=True,
)
# A row of its own: only steps that reopen may leave a final state, and those leave nothing else.
void_closed_import = Step(
    verb="void_closed_import",
    sources=frozenset({State.CLOSED}),
    target=State.VOIDED,
    label="Void this closed import",
    by=SYSTEM,
    rules=(_untouched,),
    asks=(_reason,),
    reopens=True,
)

STEPS: Final = (
    receive,
    import_as_received,
    import_as_triaged,
    import_as_assigned,
    import_as_closed,
    acknowledge,
    triage,
    reclassify,
    merge,
    unmerge,
    reject_no_jurisdiction,
    offer_to_oig,
    oig_retains,
    oig_declines,
    oig_silent,
    refer_out,
    record_outcome,
    take_back,
    assign,
    reassign,
    begin,
    refer_new_matter,
    hold,
    review_hold,
    lift_hold,
    extend,
    submit_report,
    send_back,
    reroute,
    decide,
    close_without_finding,
    withdraw,
    notify,
    close,
    appeal,
    reopen,
    affirm,
    remand,
    void_import,
    void_closed_import,
)
