"""The conditions on complaint steps, in the words shown to whom they stop, each with its source."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from workflow.engine.actors import Role
from workflow.engine.calendar import day_words
from workflow.engine.machine import Rule, Situation, at_most, not_by_whoever, only_the

COPS: Final = "Standards and Guidelines for Internal Affairs (US Department of Justice, COPS Office)"
GAO_2020: Final = "GAO-20-596 (2020): field offices have to record how complaints ended"
MOA_WSO: Final = "Memorandum of agreement, Warrant Service Officer, template 2019"

#: An appeal is heard within this time of closing, later for good cause.
APPEAL_WITHIN: Final = timedelta(days=30)
#: No complaint is extended beyond this age.
OUTER_LIMIT: Final = timedelta(days=180)


def _left_a_contact(s: Situation) -> bool:
    """Taking a contact away does not make somebody unknown; only they themselves can."""
    return bool(s.facts.contact_possible or s.facts.contact_emptied)


def _tier_given(s: Situation) -> int | None:
    tier = s.answers.get("tier")
    return int(tier) if tier else s.facts.tier


own_case = only_the("owner_id", "Only the investigator of this complaint can do this.")

has_allegation = Rule(
    "has_allegation",
    lambda s: s.facts.allegations > 0,
    "Record at least one allegation first.",
    source=COPS,
)
all_proposed = Rule(
    "all_proposed",
    lambda s: s.facts.allegations > 0 and s.facts.unproposed == 0,
    "Every allegation needs a proposed finding and the evidence for it.",
    source=COPS,
)
all_disposed = Rule(
    "all_disposed",
    lambda s: s.facts.allegations > 0 and s.facts.undisposed == 0,
    "Every allegation needs a disposition, a standard of proof and the reasons.",
    source=GAO_2020,
)
outcome_mapped = Rule(
    "outcome_mapped",
    lambda s: s.facts.allegations > 0 and s.facts.unproposed == 0,
    "Say first, allegation by allegation, what the other authority found: propose a finding on each.",
    source=GAO_2020,
)
has_investigator = Rule(
    "has_investigator",
    lambda s: s.facts.owner_id is not None,
    "Nobody has investigated this; reroute it instead.",
)
tier_explained = Rule(
    "tier_explained",
    lambda s: (
        s.facts.suggested_tier is None
        or not s.answers.get("tier")
        or int(s.answers["tier"]) == s.facts.suggested_tier
        or bool(s.answers.get("tier_reasons"))
    ),
    "This is not the tier that the allegations suggest: say why.",
    field="tier_reasons",
)
acknowledged_once = at_most(1, "acknowledge", "Receipt was acknowledged already.")
offered_once = at_most(1, "offer_to_oig", "This was offered to the inspector general already.")


def _until_when(s: Situation) -> str:
    until = s.facts.oig_has_until
    first = until + timedelta(seconds=1)
    return (
        f"The inspector general has until {day_words(until.date())} to answer:"
        f" go on without it from {day_words(first.date())} on."
    )


oig_had_its_time = Rule(
    "oig_had_its_time",
    lambda s: s.facts.oig_has_until is None or s.now > s.facts.oig_has_until,
    "The inspector general still has time to answer.",
    exactly=_until_when,
)
extended_twice = at_most(2, "extend", "A complaint is extended twice at most.")
within_outer_limit = Rule(
    "within_outer_limit",
    lambda s: s.facts.received_at is None or s.now - s.facts.received_at < OUTER_LIMIT,
    "The outer limit of 180 days from receipt is reached.",
)
can_answer = Rule(
    "can_answer", lambda s: s.facts.contact_possible, "There is no way to answer: no contact was left."
)
decider_did_not_investigate = not_by_whoever(
    "begin",
    "submit_report",
    "record_outcome",
    says="Whoever investigated or recorded the outcome cannot decide.",
    source=COPS,
)
decider_is_not_investigator = Rule(
    "decider_is_not_investigator",
    lambda s: s.actor.id != s.facts.owner_id,
    "The investigator cannot decide.",
    source=COPS,
)
uninvolved = not_by_whoever(
    "decide",
    "submit_report",
    "record_outcome",
    "close_without_finding",
    "withdraw",
    "reject_no_jurisdiction",
    "hold",
    "extend",
    "send_back",
    "affirm",
    "remand",
    says="An appeal is decided by a manager who was not involved before.",
    source=COPS,
)
appeal_in_time = Rule(
    "appeal_in_time",
    lambda s: (
        s.facts.state_since is None
        or s.now - s.facts.state_since <= APPEAL_WITHIN
        or bool(s.answers.get("good_cause"))
    ),
    "More than 30 days have passed since closing: say what the good cause is.",
    field="good_cause",
)
not_recused_investigator = Rule(
    "not_recused_investigator",
    lambda s: s.answers.get("investigator") not in s.facts.recused,
    "This person is recused from this complaint.",
    source=COPS,
    field="investigator",
)
not_about_the_investigator = Rule(
    "not_about_the_investigator",
    lambda s: s.answers.get("investigator") != s.facts.supervised_by_id or s.facts.supervised_by_id is None,
    "Nobody investigates their own supervision.",
    source=COPS,
    field="investigator",
)
parent_can_take_it = Rule(
    "parent_can_take_it",
    lambda s: s.answers.get("parent") in s.facts.parents,
    "Merge into a complaint about the same agency that was received no later, is open or had something"
    " sustained, and was not merged itself.",
    field="parent",
)


def _why_closed(s: Situation) -> str:
    return f"This way is closed: {s.facts.closed_channels[s.answers['destination']][1]}"


destination_open = Rule(
    "destination_open",
    lambda s: (
        (closed := s.facts.closed_channels.get(s.answers.get("destination"))) is None
        or s.now.date() < closed[0]
    ),
    "This authority takes no referrals any more.",
    field="destination",
    exactly=_why_closed,
)
risk_answered = Rule(
    "risk_answered",
    lambda s: s.answers.get("destination") != "agency" or bool(s.answers.get("risk")),
    "Before the agency itself is told, say what the risk of reprisal is.",
    source="Office for Civil Rights and Civil Liberties: protection from reprisal",
    field="risk",
)
consent_answered = Rule(
    "consent_answered",
    lambda s: (
        s.answers.get("destination") != "agency" or not _left_a_contact(s) or bool(s.answers.get("consent"))
    ),
    "Where the complainant is known, say whether they agree, or why it was not asked.",
    source="Office for Civil Rights and Civil Liberties: protection from reprisal",
    field="consent",
)
tried_to_reach = Rule(
    "tried_to_reach",
    lambda s: (
        s.answers.get("closing_reason") != "insufficient_information"
        or s.facts.contact_tries >= 2
        or not _left_a_contact(s)
    ),
    "Before closing for want of information, try on two days to reach the complainant; the log says when.",
    field="closing_reason",
)

# --- when a second person is needed -----------------------------------------------------------

serious = Rule("serious", lambda s: (s.facts.tier or 4) <= 2, "Tier 1 or 2.")
catch_all = Rule(
    "catch_all",
    lambda s: s.facts.catch_alls > 0,
    "An allegation says little: “something else”, “inconclusive”, “administrative” and the like.",
)
second_extension = Rule(
    "second_extension", lambda s: s.facts.times.get("extend", 0) >= 1, "From the second extension on."
)
downgrade = Rule(
    "downgrade",
    lambda s: (s.facts.tier or 4) <= 2 and (_tier_given(s) or 4) > (s.facts.tier or 4),
    "A tier 1 or 2 complaint is lowered.",
)
manager_if_lowered = Rule(
    "manager_if_lowered",
    lambda s: Role.MANAGER in s.actor.roles,
    "Lowering the tier is confirmed by a manager.",
)
