"""The conditions on steps of an agreement, in the words shown to whom they stop, each with its source."""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow.agreements.facts import CONTACT, FIRST_REVIEW, NOTICE, PUBLICATION, SUSPENSION_NOTICE
from workflow.engine.actors import Role
from workflow.engine.machine import Rule, Situation

GAO: Final = "GAO-21-186, Immigration Enforcement: ICE Can Further Enhance Its Planning and Oversight (2021)"
MOA: Final = "Memoranda of agreement under section 287(g), termination and suspension clauses"
MEETINGS: Final = "Memoranda of agreement under section 287(g), review of activities"


def day_answered(s: Situation, name: str) -> date | None:
    found = s.answers.get(name)
    return found if isinstance(found, date) else None


def today(s: Situation) -> date:
    day: date = s.facts.calendar.day_of(s.now)
    return day


def not_after_today(name: str, says: str) -> Rule:
    """The day answered has come."""
    return Rule(
        f"not_after_today:{name}",
        lambda s: (day := day_answered(s, name)) is None or day <= today(s),
        says,
        field=name,
    )


# --- before it is signed ----------------------------------------------------------------------


def _capacity_answered(s: Situation) -> bool:
    return s.facts.capacity != "none" or bool(s.answers.get("capacity_answer"))


capacity_answered = Rule(
    "capacity_answered",
    _capacity_answered,
    "The field office cannot oversee this as it is staffed now: say what will be done about it.",
    source=GAO,
    field="capacity_answer",
)
signed_in_the_past = not_after_today("signed_on", "An agreement cannot be signed in the future.")
operational_in_the_past = not_after_today(
    "operational_on", "It becomes operational when it does; this day has not come."
)


def _template_known(s: Situation) -> bool:
    template = s.answers.get("template")
    return template is None or template in s.facts.templates


template_known = Rule(
    "template_known",
    _template_known,
    "The policy knows no such template for this model.",
    field="template",
)
some_officer = Rule(
    "some_officer",
    lambda s: (s.answers.get("officers") or 0) >= 1,
    "At least one officer has to be certified and authorised.",
    source=MOA,
    field="officers",
)


def _order_of_days(s: Situation) -> bool:
    signed, operational = day_answered(s, "signed_on"), day_answered(s, "operational_on")
    return signed is None or operational is None or signed <= operational


operational_after_signed = Rule(
    "operational_after_signed",
    _order_of_days,
    "It cannot be operational before it was signed.",
    field="operational_on",
)


def _first_review_in_time(s: Situation) -> bool:
    review, since = day_answered(s, "next_on"), day_answered(s, "operational_on")
    return review is None or since is None or since <= review <= s.facts.last_day(FIRST_REVIEW, since)


first_review_in_time = Rule(
    "first_review_in_time",
    _first_review_in_time,
    "The first review meeting is held within the time the agreement sets after it became operational.",
    source=MEETINGS,
    field="next_on",
)

# --- while it is in force ---------------------------------------------------------------------


def _next_in_time(s: Situation) -> bool:
    following, held = day_answered(s, "next_on"), day_answered(s, "held_on")
    return following is None or held is None or held < following <= s.facts.last_day(CONTACT, held)


held_in_the_past = not_after_today("held_on", "Record a contact when it has taken place.")
next_in_time = Rule(
    "next_in_time",
    _next_in_time,
    "The next contact comes after this one and within the time the policy allows.",
    source=MEETINGS,
    field="next_on",
)
office_known = Rule(
    "office_known",
    lambda s: s.answers.get("office") is None or s.answers["office"] in s.facts.offices,
    "There is no field office of that code.",
    field="office",
)


def _something_corrected(s: Situation) -> bool:
    return any(s.answers.get(name) for name in ("signed_on", "operational_on", "template"))


something_corrected = Rule(
    "something_corrected", _something_corrected, "Say what is to be corrected.", field="reason"
)

# --- suspension -------------------------------------------------------------------------------


def _suspension_announced(s: Situation) -> bool:
    begins = day_answered(s, "from_on")
    if begins is None or begins < today(s):
        return begins is None
    return bool(s.answers.get("exigent")) or begins >= s.facts.last_day(SUSPENSION_NOTICE, s.now)


suspension_announced = Rule(
    "suspension_announced",
    _suspension_announced,
    "A suspension cannot begin in the past, or before the notice asked for is over unless it is exigent.",
    source=MOA,
    field="from_on",
)


def _ends_after_it_begins(s: Situation) -> bool:
    begins, ends = day_answered(s, "from_on"), day_answered(s, "until_on")
    return begins is None or ends is None or ends > begins


ends_after_it_begins = Rule(
    "ends_after_it_begins", _ends_after_it_begins, "A suspension ends after it begins.", field="until_on"
)


def _longer_than_before(s: Situation) -> bool:
    ends, before = day_answered(s, "until_on"), s.facts.suspended_until
    return ends is None or before is None or ends > before


longer_than_before = Rule(
    "longer_than_before",
    _longer_than_before,
    "A suspension is prolonged to a later day; to end it sooner, vacate it.",
    field="until_on",
)

# --- the end ----------------------------------------------------------------------------------


def _notice_long_enough(s: Situation) -> bool:
    ends = day_answered(s, "effective_on")
    return ends is None or ends >= s.facts.last_day(NOTICE, s.now)


notice_long_enough = Rule(
    "notice_long_enough",
    _notice_long_enough,
    "The agreement cannot end before the notice its template asks for is over.",
    source=MOA,
    field="effective_on",
)


def _published_long_enough(s: Situation) -> bool:
    if s.answers.get("given_by") != "office" or not s.facts.spans[PUBLICATION.name].n:
        return True
    published, ends = day_answered(s, "published_on"), day_answered(s, "effective_on")
    if published is None or ends is None:
        return ends is None
    return s.facts.last_day(PUBLICATION, published) <= ends  # type: ignore[no-any-return]


published_long_enough = Rule(
    "published_long_enough",
    _published_long_enough,
    "Under this template a notice of this office is published as long before the end as the agreement says.",
    source=MOA,
    field="published_on",
)
own_words = Rule(
    "own_words",
    lambda s: s.answers.get("given_by") == "agency" or Role.AGENCY_CONTACT not in s.actor.roles,
    "An agency gives notice in its own name.",
    field="given_by",
)


def _day_has_come(s: Situation) -> bool:
    effective = s.facts.effective_on
    return effective is not None and effective <= today(s)


effective_day_has_come = Rule(
    "effective_day_has_come",
    _day_has_come,
    "The notice is not over yet.",
    source=MOA,
)
is_a_successor = Rule(
    "is_a_successor",
    lambda s: s.answers.get("successor") is None or s.answers["successor"] in s.facts.successors,
    "Only a newer agreement of the same agency under the same model can take its place.",
    field="successor",
)


def _nothing_done(s: Situation) -> bool:
    """Asking for this very step, or declining it, does not count as something done."""
    return {verb for verb in s.facts.times if not verb.startswith("void_import.")} == {"register"}


untouched = Rule(
    "untouched",
    _nothing_done,
    "Only an entry of the register that nothing has been done to can be taken out again.",
)
