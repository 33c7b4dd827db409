"""The steps of an inspection after the visit: findings, report, corrections, and every way to end.

Where a row differs from the first draft of the lifecycle, a comment beside it says why.
"""

from __future__ import annotations

from typing import Final

from workflow.engine.actors import Role
from workflow.engine.effects import Keep, Letter, Put, SendToAgency, Stamp, StopClock
from workflow.engine.machine import Ask, AskKind, Second, Tone
from workflow.inspections import report_rules, rules
from workflow.inspections.facts import REPORTED, SCALE, UNREPORTED, State
from workflow.inspections.steps import (
    ALL_CLOCKS,
    CONDUCTS,
    HEADQUARTERS,
    MANAGER,
    REASON,
    SYSTEM,
    Step,
)

READS: Final = frozenset({Role.INSPECTOR, Role.MANAGER})

# --- the report ---------------------------------------------------------------------------------

draft_findings = Step(
    verb="draft_findings",
    sources=frozenset({State.FIELDWORK_COMPLETE}),
    target=State.FINDINGS_DRAFTED,
    label="Hand in the findings",
    by=CONDUCTS,
    rules=(
        rules.own_inspection,
        rules.every_no_found,
        rules.findings_whole,
        report_rules.summary_written,
        report_rules.reader_is_another,
    ),
    asks=(
        Ask(
            "summary",
            "Summary of what was found",
            required=False,
            help="Leave empty if it stands in the text of the report.",
        ),
        Ask("second_reader", "Second reader", AskKind.PERSON, required=False, of="readers"),
    ),
    effects=(Put("second_reader_id", None), Keep("second_reader", "second_reader_id")),
    tone=Tone.MAIN,
)
# From `ready_to_issue` as well: what the agency corrects as to facts has to be able to change the findings,
# and the manager who issues has to be able to refuse. Both are read a second time then.
send_back = Step(
    verb="send_back",
    sources=frozenset({State.FINDINGS_DRAFTED, State.READY_TO_ISSUE}),
    target=State.FIELDWORK_COMPLETE,
    label="Send back",
    by=READS,
    asks=(REASON,),
)
pass_review = Step(
    verb="pass_review",
    sources=frozenset({State.FINDINGS_DRAFTED}),
    target=State.WITH_AGENCY,
    label="Pass the second reading",
    by=READS,
    rules=(report_rules.not_the_author, report_rules.wrote_no_finding),
    asks=(Ask("note", "What was looked at", required=False),),
    # An unannounced inspection is seen by the agency from here on.
    effects=(SendToAgency(), Letter("draft_findings", "agency")),
    tone=Tone.MAIN,
)
take_comments = Step(
    verb="take_comments",
    sources=frozenset({State.WITH_AGENCY}),
    target=State.READY_TO_ISSUE,
    label="Comments on the facts",
    by=frozenset({Role.AGENCY_CONTACT}) | CONDUCTS,
    asks=(
        Ask(
            "comments",
            "Comments on the facts that were not given yet",
            required=False,
            help="Leave empty if there are none. After this step no more are taken.",
        ),
    ),
    tone=Tone.MAIN,
)
comments_lapsed = Step(
    verb="comments_lapsed",
    sources=frozenset({State.WITH_AGENCY}),
    target=State.READY_TO_ISSUE,
    label="The time for comments has passed",
    by=SYSTEM,
    timed=True,
)
issue_report = Step(
    verb="issue_report",
    sources=frozenset({State.READY_TO_ISSUE}),
    target=State.REPORT_ISSUED,
    label="Issue the report",
    by=MANAGER,
    rules=(
        report_rules.not_the_author,
        report_rules.wrote_no_finding,
        report_rules.not_the_lead,
        report_rules.comments_answered,
        report_rules.rating_known,
        report_rules.rating_fits,
    ),
    asks=(
        Ask("rating", "Rating", AskKind.CHOICE, of="ratings"),
        Ask("conclusion", "Conclusion"),
    ),
    effects=(
        Keep("rating", "rating"),
        Put("rating_scale", SCALE),
        Stamp("report_issued_on"),
        StopClock("report"),
        Letter("inspection_report", "agency"),
    ),
    tone=Tone.MAIN,
    help="The report is made and kept exactly as the agency gets it. Look at the preview first.",
)

# --- what comes of it ---------------------------------------------------------------------------

close_clean = Step(
    verb="close_clean",
    sources=frozenset({State.REPORT_ISSUED}),
    target=State.CLOSED,
    label="Close: nothing is left to correct",
    by=MANAGER,
    rules=(rules.nothing_open,),
    tone=Tone.MAIN,
)
request_correction = Step(
    verb="request_correction",
    sources=frozenset({State.REPORT_ISSUED}),
    target=State.CORRECTIVE_ACTION,
    label="Ask for corrections",
    by=frozenset({Role.MANAGER, Role.FIELD_SUPERVISOR}),
    rules=(rules.something_open,),
    effects=(Letter("corrections_requested", "agency"),),
    tone=Tone.MAIN,
)
# Timed: the task of the state is due with its next correction, and from then on the system looks whether
# one is late for too long.
escalate = Step(
    verb="escalate",
    sources=frozenset({State.CORRECTIVE_ACTION}),
    target=State.ESCALATED,
    label="Escalate to headquarters",
    by=SYSTEM | MANAGER,
    rules=(rules.correction_stuck, rules.person_says_why),
    asks=(Ask("reason", "Reason", required=False),),
    timed=True,
    tone=Tone.GRAVE,
)
# The programme manager as well: the task of the state is theirs.
return_to_correction = Step(
    verb="return_to_correction",
    sources=frozenset({State.ESCALATED}),
    target=State.CORRECTIVE_ACTION,
    label="Decide: back to correction",
    by=MANAGER | HEADQUARTERS,
    asks=(Ask("decision", "What was decided"),),
    tone=Tone.MAIN,
)
# Taken by the system when the last correction is settled. The supervisor who follows them has the task, and
# can take it where that did not happen, such as after an import.
all_settled = Step(
    verb="all_settled",
    sources=frozenset({State.CORRECTIVE_ACTION, State.ESCALATED}),
    target=State.VERIFIED,
    label="All corrections are settled",
    by=SYSTEM | {Role.FIELD_SUPERVISOR},
    rules=(rules.nothing_open,),
)
close = Step(
    verb="close",
    sources=frozenset({State.VERIFIED}),
    target=State.CLOSED,
    label="Close",
    by=MANAGER,
    asks=(Ask("letter", "Close-out letter"),),
    effects=(Letter("close_out", "agency"),),
    tone=Tone.MAIN,
)

# --- other ends ---------------------------------------------------------------------------------

cancel = Step(
    verb="cancel",
    sources=frozenset({State.PLANNED, State.SCHEDULED, State.NOTIFIED, State.POSTPONED}),
    target=State.CANCELLED,
    label="Cancel",
    by=MANAGER | HEADQUARTERS,
    asks=(REASON,),
    effects=(Put("occupies_agreement_id", None), *ALL_CLOCKS),
    second=Second(by=MANAGER | HEADQUARTERS, when=rules.agreement_in_force),
    tone=Tone.GRAVE,
    escape=True,
    help="A routine inspection of an agreement in force is planned again for the same due date.",
)
lapse = Step(
    verb="lapse",
    sources=UNREPORTED,
    target=State.CANCELLED,
    label="Lapse: the agreement ended",
    by=SYSTEM,
    rules=(rules.agreement_ended,),
    effects=(Put("occupies_agreement_id", None), *ALL_CLOCKS),
    escape=True,
)
end_with_agreement = Step(
    verb="end_with_agreement",
    sources=REPORTED,
    target=State.CLOSED,
    label="Close: the agreement ended",
    by=SYSTEM,
    rules=(rules.agreement_ended,),
    effects=ALL_CLOCKS,
    escape=True,
)
void_import = Step(
    verb="void_import",
    sources=frozenset({State.CLOSED}),
    target=State.VOIDED,
    label="Void this import",
    by=HEADQUARTERS,
    rules=(rules.untouched,),
    asks=(REASON,),
    effects=(Put("fieldwork_completed_on", None),),
    second=Second(by=HEADQUARTERS),
    reopens=True,
    tone=Tone.GRAVE,
    help="For an entry that should never have been made. It stays on record as voided.",
)
# A whole import was a mistake: the command that brought it takes back what nobody touched since.
void_batch = Step(
    verb="void_batch",
    sources=frozenset({State.CLOSED}),
    target=State.VOIDED,
    label="Void with its whole import",
    by=SYSTEM,
    rules=(rules.untouched,),
    asks=(REASON,),
    effects=(Put("fieldwork_completed_on", None),),
    reopens=True,
)

STEPS: Final = (
    draft_findings,
    send_back,
    pass_review,
    take_comments,
    comments_lapsed,
    issue_report,
    close_clean,
    request_correction,
    escalate,
    return_to_correction,
    all_settled,
    close,
    cancel,
    lapse,
    end_with_agreement,
    void_import,
    void_batch,
)
