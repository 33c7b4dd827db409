"""What happens to an agreement in force: contacts, corrections, suspension, its end.

Beside the published lifecycle stand steps without a change of state: an office and a supervisor are named,
since lists do not name them; and dates or the template of the record are corrected once a document is seen.
What it is owed is recorded and waived in `oversight`.
"""

from __future__ import annotations

from typing import Final

from workflow.agreements import rules
from workflow.agreements.facts import GIVERS, UNFINISHED, State
from workflow.agreements.steps import ANOTHER, HEADQUARTERS, REASONS, Step
from workflow.engine.actors import Role
from workflow.engine.effects import Keep, Letter, Put, Stamp
from workflow.engine.machine import SAME, Ask, AskKind, Tone

# --- in force ---------------------------------------------------------------------------------

_RUNNING: Final = frozenset({State.ACTIVE, State.SUSPENDED})

assign_office = Step(
    verb="assign_office",
    sources=UNFINISHED,
    target=SAME,
    label="Name the field office",
    by=HEADQUARTERS | {Role.SYSTEM},
    rules=(rules.office_known,),
    asks=(
        Ask("office", "Field office", AskKind.CHOICE, of="offices"),
        Ask("reasons", "Why this one"),
    ),
    effects=(Keep("office", "office_code"),),
    help="For an agency whose county is missing on the list, or whose area has changed.",
)
assign_supervisor = Step(
    verb="assign_supervisor",
    sources=frozenset({State.SIGNED}) | _RUNNING,
    target=SAME,
    label="Name the supervisor",
    by=frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER}),
    asks=(Ask("supervisor", "Field supervisor", AskKind.PERSON, of=Role.FIELD_SUPERVISOR),),
    effects=(Keep("supervisor", "owner_id"),),
    help="Inspections of the agreement are led by somebody else.",
)
correct_record = Step(
    verb="correct_record",
    sources=_RUNNING,
    target=SAME,
    label="Correct the record",
    by=HEADQUARTERS,
    rules=(
        rules.something_corrected,
        rules.signed_in_the_past,
        rules.operational_in_the_past,
        rules.operational_after_signed,
        rules.template_known,
    ),
    asks=(
        Ask("signed_on", "Signed on", AskKind.DAY, required=False),
        Ask("operational_on", "Operational since", AskKind.DAY, required=False),
        Ask("template", "Template, as the document says", AskKind.CHOICE, required=False, of="templates"),
        Ask("reason", "What was seen, and where"),
    ),
    effects=(
        Keep("signed_on", "signed_on"),
        Keep("operational_on", "operational_on"),
        Keep("template", "template"),
    ),
    second=ANOTHER,
    help="Due dates of inspections hang on these days, so a second person confirms.",
)

# --- suspension -------------------------------------------------------------------------------

suspend = Step(
    verb="suspend",
    sources=frozenset({State.ACTIVE}),
    target=State.SUSPENDED,
    label="Suspend",
    by=HEADQUARTERS,
    rules=(rules.suspension_announced, rules.ends_after_it_begins),
    asks=(
        REASONS,
        Ask("from_on", "Suspended from", AskKind.DAY),
        Ask("until_on", "Until", AskKind.DAY),
        Ask("how_to_answer", "How the agency can answer"),
        Ask("exigent", "It cannot wait for the notice", AskKind.YES, required=False),
    ),
    effects=(
        Keep("from_on", "suspended_from"),
        Keep("until_on", "suspended_until"),
        Letter("suspension_notice", "agency"),
    ),
    second=ANOTHER,
    tone=Tone.GRAVE,
    help="Complaints go on; inspections are postponed.",
)
prolong = Step(
    verb="prolong",
    sources=frozenset({State.SUSPENDED}),
    target=SAME,
    label="Prolong the suspension",
    by=HEADQUARTERS,
    rules=(rules.longer_than_before,),
    asks=(REASONS, Ask("until_on", "Until", AskKind.DAY)),
    effects=(Keep("until_on", "suspended_until"), Letter("suspension_prolonged", "agency")),
    second=ANOTHER,
)
vacate = Step(
    verb="vacate",
    sources=frozenset({State.SUSPENDED}),
    target=State.ACTIVE,
    label="Vacate the suspension",
    by=HEADQUARTERS,
    asks=(REASONS,),
    effects=(
        Put("suspended_from", None),
        Put("suspended_until", None),
        Letter("suspension_vacated", "agency"),
    ),
    second=ANOTHER,
    tone=Tone.MAIN,
)

# --- the end ----------------------------------------------------------------------------------

_PARTIES: Final = frozenset({Role.PROGRAMME_MANAGER, Role.AGENCY_CONTACT})

_NOTICE: Final = (
    Ask("given_by", "Who gives notice", AskKind.CHOICE, choices=GIVERS),
    REASONS,
    Ask("effective_on", "Ends on", AskKind.DAY),
    Ask("published_on", "Published on", AskKind.DAY, required=False),
)
_NOTICE_RULES: Final = (rules.own_words, rules.notice_long_enough, rules.published_long_enough)

give_notice = Step(
    verb="give_notice",
    sources=frozenset({State.ACTIVE}),
    target=State.TERMINATING,
    label="Give notice",
    by=_PARTIES,
    rules=_NOTICE_RULES,
    asks=_NOTICE,
    effects=(Keep("effective_on", "effective_on"), Letter("notice_of_termination", "agency")),
    tone=Tone.GRAVE,
)
rescind = Step(
    verb="rescind",
    sources=frozenset({State.TERMINATING}),
    target=State.ACTIVE,
    label="Take the notice back",
    by=HEADQUARTERS,
    asks=(REASONS,),
    effects=(Put("effective_on", None), Letter("notice_rescinded", "agency")),
)
give_notice_suspended = Step(
    verb="give_notice_suspended",
    sources=frozenset({State.SUSPENDED}),
    target=State.TERMINATING_SUSPENDED,
    label="Give notice during the suspension",
    by=_PARTIES,
    rules=_NOTICE_RULES,
    asks=_NOTICE,
    effects=(Keep("effective_on", "effective_on"), Letter("notice_of_termination", "agency")),
    tone=Tone.GRAVE,
    help="The suspension stays in force until the end.",
)
rescind_suspended = Step(
    verb="rescind_suspended",
    sources=frozenset({State.TERMINATING_SUSPENDED}),
    target=State.SUSPENDED,
    label="Take the notice back, stay suspended",
    by=HEADQUARTERS,
    asks=(REASONS,),
    effects=(Put("effective_on", None), Letter("notice_rescinded", "agency")),
)
end = Step(
    verb="end",
    sources=frozenset({State.TERMINATING, State.TERMINATING_SUSPENDED}),
    target=State.TERMINATED,
    label="End",
    by=frozenset({Role.SYSTEM}),
    rules=(rules.effective_day_has_come,),
    timed=True,
    help="Credentials not yet returned stay a duty; they do not keep the agreement alive.",
)
supersede = Step(
    verb="supersede",
    sources=_RUNNING,
    target=State.SUPERSEDED,
    label="Replace by a newer agreement",
    by=HEADQUARTERS,
    rules=(rules.is_a_successor,),
    asks=(
        Ask(
            "successor",
            "The newer agreement",
            AskKind.AGREEMENT,
            of="successors",
            help="Of the same agency and model.",
        ),
        REASONS,
    ),
    effects=(Keep("successor", "superseded_by_id"), Stamp("ended_on")),
    tone=Tone.GRAVE,
)
