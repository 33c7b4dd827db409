"""What an agreement in force is owed, step by step: contacts are recorded and put right, duties waived.

None of them changes the state. What counts for which duty is policy; when each is due, the plan.
"""

from __future__ import annotations

from typing import Final

from workflow.agreements import oversight_rules, rules
from workflow.agreements.facts import CONTACTS, ENOUGH, IN_FORCE
from workflow.agreements.steps import REASONS, Step
from workflow.engine.actors import Role
from workflow.engine.effects import Keep
from workflow.engine.machine import SAME, Ask, AskKind, Second, Tone

_KEEPS_CONTACT: Final = frozenset({Role.FIELD_SUPERVISOR, Role.PROGRAMME_MANAGER})
_WAIVES: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})

record_contact = Step(
    verb="record_contact",
    sources=IN_FORCE,
    target=SAME,
    label="Record a contact",
    by=_KEEPS_CONTACT,
    rules=(oversight_rules.counts, rules.held_in_the_past, rules.next_in_time),
    asks=(
        Ask(
            "contact_kind",
            "What took place",
            AskKind.CHOICE,
            choices=CONTACTS,
            help="An e-mail or a call alone does not count.",
        ),
        Ask("held_on", "On", AskKind.DAY),
        Ask(
            "held_by",
            "Held by",
            AskKind.PERSON,
            required=False,
            of=Role.FIELD_SUPERVISOR,
            help="Left open, it was you.",
        ),
        Ask("outcome", "What was covered, and what came of it"),
        Ask("next_on", "Next one planned for", AskKind.DAY),
    ),
    effects=(Keep("held_on", "last_contact_on"), Keep("next_on", "next_contact_on")),
    tone=Tone.MAIN,
)
correct_contact = Step(
    verb="correct_contact",
    sources=IN_FORCE,
    target=SAME,
    label="Correct a contact",
    by=_KEEPS_CONTACT,
    rules=(
        oversight_rules.some_contact,
        oversight_rules.contact_known,
        oversight_rules.says_what_was_wrong,
        oversight_rules.counts,
        rules.held_in_the_past,
    ),
    asks=(
        Ask("contact", "Which contact", AskKind.CHOICE, of="contacts"),
        Ask("never", "It did not take place, or not under this agreement", AskKind.YES, required=False),
        Ask(
            "contact_kind",
            "What took place",
            AskKind.CHOICE,
            required=False,
            choices=ENOUGH,
        ),
        Ask("held_on", "On", AskKind.DAY, required=False),
        Ask("outcome", "What was covered, and what came of it", required=False),
        Ask("reasons", "What was wrong"),
    ),
    second=Second(by=_WAIVES),
    help="The contact stays as it was written; what is entered here counts instead, once it is confirmed.",
)
waive_duty = Step(
    verb="waive_duty",
    sources=IN_FORCE,
    target=SAME,
    label="Waive a duty",
    by=_WAIVES,
    rules=(oversight_rules.not_ones_own, oversight_rules.duty_owed, oversight_rules.waived_for_a_time),
    asks=(
        Ask("duty", "Which duty", AskKind.CHOICE, of="duties"),
        Ask("until_on", "Until, this day included", AskKind.DAY),
        REASONS,
    ),
    second=Second(by=_WAIVES, rules=(oversight_rules.not_ones_own,)),
    help="The agreement counts as waived, never as seen to, and as overdue again when the waiver has ended.",
)
end_waiver = Step(
    verb="end_waiver",
    sources=IN_FORCE,
    target=SAME,
    label="End a waiver early",
    by=_WAIVES,
    rules=(oversight_rules.not_ones_own, oversight_rules.some_waiver, oversight_rules.waiver_runs),
    asks=(Ask("waiver", "Which waiver", AskKind.CHOICE, of="waivers"), REASONS),
)
