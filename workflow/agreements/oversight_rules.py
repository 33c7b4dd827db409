"""The conditions on contacts and waivers of an agreement, in the words shown to whom they stop. Pure."""

from __future__ import annotations

from workflow.agreements.facts import NOT_ENOUGH, WAIVER
from workflow.agreements.rules import GAO, day_answered, today
from workflow.engine.machine import Rule, Situation

counts = Rule(
    "counts",
    lambda s: s.answers.get("contact_kind") != NOT_ENOUGH,
    "An e-mail or a call alone does not count as oversight. Record a visit, a meeting or a review of files.",
    source=GAO,
    field="contact_kind",
)
some_contact = Rule(
    "some_contact", lambda s: bool(s.facts.contacts), "No contact is on record that could be corrected."
)
contact_known = Rule(
    "contact_known",
    lambda s: s.answers.get("contact") is None or s.answers["contact"] in s.facts.contacts,
    "There is no such contact any more: it was corrected meanwhile.",
    field="contact",
)


def _says_what_was_wrong(s: Situation) -> bool:
    return any(s.answers.get(name) for name in ("never", "contact_kind", "held_on", "outcome"))


says_what_was_wrong = Rule(
    "says_what_was_wrong",
    _says_what_was_wrong,
    "Say what is right instead, or that it never took place.",
    field="reasons",
)

# --- letting it off a duty --------------------------------------------------------------------

not_ones_own = Rule(
    "not_ones_own",
    lambda s: s.facts.owner_id is None or s.actor.id != s.facts.owner_id,
    "You oversee this agreement: somebody else decides what it is let off.",
    source=GAO,
)
duty_owed = Rule(
    "duty_owed",
    lambda s: s.answers.get("duty") is None or s.answers["duty"] in s.facts.duties,
    "The policy owes this agreement no such duty.",
    field="duty",
)


def _waived_for_a_time(s: Situation) -> bool:
    until = day_answered(s, "until_on")
    return until is None or today(s) < until <= s.facts.last_day(WAIVER, s.now)


waived_for_a_time = Rule(
    "waived_for_a_time",
    _waived_for_a_time,
    "A waiver ends after today, and within the time the policy allows.",
    field="until_on",
)
some_waiver = Rule("some_waiver", lambda s: bool(s.facts.waived), "No duty is waived.")
waiver_runs = Rule(
    "waiver_runs",
    lambda s: s.answers.get("waiver") is None or s.answers["waiver"] in s.facts.waived,
    "This waiver has ended already.",
    field="waiver",
)
