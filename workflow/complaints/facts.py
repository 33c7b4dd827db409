"""What the complaint rules may look at: states, codes and the frozen picture of a complaint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from workflow.engine.machine import CaseFacts


class State(StrEnum):
    """Where a complaint stands, in the order of its normal course."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    AWAITING_OIG = "awaiting_oig"
    REFERRED_OUT = "referred_out"
    ASSIGNED = "assigned"
    INVESTIGATING = "investigating"
    ON_HOLD = "on_hold"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    NOTIFIED = "notified"
    APPEALED = "appealed"
    CLOSED = "closed"
    MERGED = "merged"
    VOIDED = "voided"


#: How it reached the office.
CHANNELS = (
    ("web", "Web form"),
    ("telephone", "Telephone"),
    ("mail", "Mail"),
    ("email", "E-mail"),
    ("walk_in", "Walk-in"),
    ("agency", "From the agency"),
    ("referral", "Referred to us"),
    ("inspection", "Inspection of ours"),
    ("check_in", "Check-in of ours"),
    ("other", "Another way"),
)

#: Not to be chosen by people: the public form, what an inspection or a check-in starts by itself.
NOT_AT_THE_DESK = frozenset({"web", "inspection", "check_in"})

TIERS = (
    ("1", "1: imminent safety, death, sexual abuse, alleged crime, citizen detained, retaliation"),
    ("2", "2: civil rights, force, outside delegated authority, hold over 48 hours, confidentiality"),
    ("3", "3: procedure (interpreter, posters, records, late notice), courtesy"),
    ("4", "4: enquiry, or not about 287(g)"),
)

SUBJECTS = (
    ("designated_officer", "A designated officer"),
    ("other_officer", "Another officer"),
    ("supervisor", "A supervisor of the agency"),
    ("field_supervisor", "How our own field supervisor oversees the agency"),
    ("agency", "The agency as a whole"),
    ("unknown", "Not known"),
)

#: The rank the subject held when it happened, as an agency calls it; never who it was.
RANKS = (
    ("officer", "Officer, deputy or jailer"),
    ("corporal", "Corporal"),
    ("sergeant", "Sergeant"),
    ("lieutenant", "Lieutenant"),
    ("captain", "Captain, major or commander"),
    ("head", "Sheriff, chief or their deputy"),
    ("civilian", "Civilian staff"),
    ("unknown", "Not known"),
)

JURISDICTION = (
    ("ours", "Ours: about an agreement, or about how it is overseen"),
    ("unclear", "Not clear yet"),
    ("not_ours", "Not ours"),
)

DISPOSITIONS = (
    ("sustained", "Sustained"),
    ("not_sustained", "Not sustained"),
    ("unfounded", "Unfounded"),
    ("exonerated", "Exonerated"),
    ("inconclusive", "Inconclusive"),
    ("policy_or_training", "A matter of policy or training"),
    ("no_finding", "No finding"),
)

STANDARDS_OF_PROOF = (
    ("preponderance", "Preponderance of the evidence"),
    ("clear_and_convincing", "Clear and convincing evidence"),
    ("none", "None: no finding was made"),
)

CLOSING_REASONS = (
    ("no_jurisdiction", "No jurisdiction"),
    ("insufficient_information", "Not enough information"),
    ("withdrawn", "Withdrawn"),
    ("subject_unidentified", "Subject could not be identified"),
    ("duplicate", "Duplicate"),
    ("transferred", "Transferred"),
    ("administrative", "Administrative"),
    ("void", "Void"),
)

#: Where a complaint can be referred; the agency itself needs a recorded risk answer.
DESTINATIONS = (
    ("opr", "Office of Professional Responsibility"),
    ("crcl", "Office for Civil Rights and Civil Liberties"),
    ("oig", "Office of Inspector General"),
    ("agency", "The agency's own internal affairs"),
    ("other", "Another authority"),
)


#: Whether whoever complained was heard through an interpreter.
INTERPRETER = (
    ("not_needed", "Not needed"),
    ("used", "Needed and used"),
    ("none", "Needed, none to be had"),
    ("declined", "Offered and declined"),
)

#: Whether an agency that reports a complaint looks into it itself.
OWN_INQUIRY = (
    ("yes", "Yes, it looks into it itself"),
    ("no", "No"),
    ("undecided", "Not decided yet"),
)

#: What a complainant tells in words, each under the heading it is read under.
TOLD = {
    "narrative": "What happened",
    "when": "When",
    "where": "Where",
    "who": "Who was involved",
    "agency": "Which agency",
    "remedy": "What they would like",
    "language": "In which language",
}

#: What somebody may look at the complainant's contact for; each look is recorded.
PURPOSES = (
    ("acknowledge", "To acknowledge receipt"),
    ("ask", "To ask for details"),
    ("tell", "To tell the outcome"),
    ("protect", "To protect them"),
    ("correct", "To correct the contact"),
    ("read_back", "To read back what they told us"),
)

#: How a witness comes into it; never who.
WITNESS_ROLES = (
    ("saw_it", "Saw or heard it"),
    ("was_told", "Was told of it afterwards"),
    ("was_there", "Was held there as well"),
    ("works_there", "Works there"),
    ("expert", "Knows about such matters"),
    ("other", "Another way"),
)

#: What somebody may look at a witness for; each look is recorded.
WITNESS_PURPOSES = (
    ("interview", "To interview them"),
    ("ask", "To ask for details"),
    ("protect", "To protect them"),
    ("tell", "To tell them the outcome"),
)

#: Before anything is decided: allegations may be added and changed.
UNDECIDED = frozenset(
    {
        State.RECEIVED,
        State.TRIAGED,
        State.AWAITING_OIG,
        State.REFERRED_OUT,
        State.ASSIGNED,
        State.INVESTIGATING,
        State.ON_HOLD,
        State.IN_REVIEW,
    }
)


def suggested_tier(codes: Iterable[str], tiers: Mapping[str, int], *, in_danger: bool = False) -> int | None:
    """The gravest tier these allegation types suggest, 1 where somebody is in danger; None without any."""
    return 1 if in_danger else min((tiers[code] for code in codes), default=None)


@dataclass(frozen=True, kw_only=True)
class ComplaintFacts(CaseFacts[State]):
    """A complaint as its rules see it.

    `contact_emptied`: a contact was left, and somebody of the office took it away.
    `undisposed` counts allegations without a disposition, standard of proof and rationale,
    `unproposed` those without a proposed finding and its evidence; `parents` are the references of
    complaints this one can be merged into; `catch_alls` counts allegations that say little by what they
    are about or how they ended, `contact_tries` the days on which the complainant was tried, by the log;
    `closed_channels` are destinations that take nothing from a day on, and why. While the inspector general
    is asked, it has until `oig_has_until` to answer, a moment in the zone of the office.
    """

    tier: int | None = None
    suggested_tier: int | None = None
    owner_id: int | None = None
    supervised_by_id: int | None = None
    allegations: int = 0
    undisposed: int = 0
    unproposed: int = 0
    contact_possible: bool = False
    contact_emptied: bool = False
    parents: frozenset[str] = frozenset()
    oig_has_until: datetime | None = None
    catch_alls: int = 0
    contact_tries: int = 0
    closed_channels: Mapping[str, tuple[date, str]] = field(default_factory=dict)
