"""How an agreement comes to be: steps that enter it, and those from application to certification."""

from __future__ import annotations

from typing import Final

from workflow.agreements import rules
from workflow.agreements.facts import CAPACITIES, DECLINED_FOR, State
from workflow.agreements.steps import ANOTHER, HEADQUARTERS, REASONS, SIGNED_ON, TEMPLATE, Step
from workflow.engine.actors import Role
from workflow.engine.effects import Keep, Letter, Put
from workflow.engine.machine import Ask, AskKind, Tone

_MINUTES: Final = Ask("minutes", "Minutes", AskKind.LINE, help="Where the decision is minuted.")

# --- coming in --------------------------------------------------------------------------------

apply = Step(
    verb="apply",
    sources=frozenset(),
    target=State.APPLIED,
    label="Apply",
    by=frozenset({Role.AGENCY_CONTACT, Role.PROGRAMME_MANAGER}),
    asks=(
        Ask("facility", "Facility", AskKind.LINE, help="The jail or unit the agreement is for."),
        Ask("contact", "Contact at the agency", AskKind.LINE),
    ),
)
register = Step(
    verb="register",
    sources=frozenset(),
    target=State.ACTIVE,
    label="Enter in the register",
    by=frozenset({Role.SYSTEM, Role.PROGRAMME_MANAGER}),
    rules=(rules.signed_in_the_past, rules.template_known),
    asks=(
        SIGNED_ON,
        TEMPLATE,
        Ask("inferred", "Template inferred, no document seen", AskKind.YES, required=False),
        Ask("source", "Where this is from", AskKind.LINE),
    ),
    effects=(Keep("signed_on", "signed_on"), Keep("template", "template")),
    help="For an agreement that is in force already.",
)
void_import = Step(
    verb="void_import",
    sources=frozenset({State.ACTIVE}),
    target=State.VOIDED,
    label="Take the entry out again",
    by=HEADQUARTERS,
    rules=(rules.untouched,),
    asks=(REASONS,),
    second=ANOTHER,
    tone=Tone.GRAVE,
    escape=True,
    help="For an entry that should never have been made. It stays on record as voided.",
)

# --- from application to certification --------------------------------------------------------

vet = Step(
    verb="vet",
    sources=frozenset({State.APPLIED}),
    target=State.UNDER_REVIEW,
    label="Vet the application",
    by=HEADQUARTERS,
    asks=(
        Ask("record", "Civil-rights and complaint record of the agency"),
        Ask("supervision", "How the agency trains and supervises its officers"),
        Ask("capacity", "Can the field office oversee it?", AskKind.CHOICE, choices=CAPACITIES),
        Ask("capacity_basis", "What that rests on"),
    ),
    effects=(Keep("capacity", "capacity"),),
    tone=Tone.MAIN,
    help="GAO asked that the capacity to oversee is looked at before an agreement is made.",
)
recommend = Step(
    verb="recommend",
    sources=frozenset({State.UNDER_REVIEW}),
    target=State.APPROVED,
    label="Recommend",
    by=HEADQUARTERS,
    rules=(rules.capacity_answered,),
    asks=(
        _MINUTES,
        Ask("capacity_answer", "If there is no capacity: what will be done", required=False),
    ),
    effects=(Put("decision", "recommended"),),
    second=ANOTHER,
    tone=Tone.MAIN,
)
decline = Step(
    verb="decline",
    sources=frozenset({State.APPLIED, State.UNDER_REVIEW, State.APPROVED}),
    target=State.DECLINED,
    label="Decline",
    by=HEADQUARTERS,
    asks=(Ask("declined_for", "Because of", AskKind.CHOICE, choices=DECLINED_FOR), REASONS, _MINUTES),
    effects=(Put("decision", "declined"), Letter("application_declined", "agency")),
    second=ANOTHER,
    tone=Tone.GRAVE,
)
sign = Step(
    verb="sign",
    sources=frozenset({State.APPROVED}),
    target=State.SIGNED,
    label="Record the signatures",
    by=HEADQUARTERS,
    rules=(rules.signed_in_the_past, rules.template_known),
    asks=(Ask("both", "Both parties have signed", AskKind.YES), SIGNED_ON, TEMPLATE),
    effects=(Keep("signed_on", "signed_on"), Keep("template", "template")),
    tone=Tone.MAIN,
)
certify_first_class = Step(
    verb="certify_first_class",
    sources=frozenset({State.SIGNED}),
    target=State.ACTIVE,
    label="Certify the first class",
    by=frozenset({Role.PROGRAMME_MANAGER, Role.FIELD_SUPERVISOR}),
    rules=(
        rules.some_officer,
        rules.operational_in_the_past,
        rules.first_review_in_time,
    ),
    asks=(
        Ask("officers", "Officers certified and authorised", AskKind.NUMBER),
        Ask("operational_on", "Operational since", AskKind.DAY),
        Ask("next_on", "First review meeting planned for", AskKind.DAY),
    ),
    effects=(Keep("operational_on", "operational_on"), Keep("next_on", "next_contact_on")),
    tone=Tone.MAIN,
)
withdraw = Step(
    verb="withdraw",
    sources=frozenset({State.APPLIED, State.UNDER_REVIEW, State.APPROVED, State.SIGNED}),
    target=State.WITHDRAWN,
    label="Withdraw the application",
    by=frozenset({Role.AGENCY_CONTACT, Role.PROGRAMME_MANAGER}),
    asks=(REASONS,),
    tone=Tone.GRAVE,
)
