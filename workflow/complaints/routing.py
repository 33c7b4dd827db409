"""Where a triaged complaint is suggested to go: ordered rules as data; the first that applies says it. Pure.

A suggestion decides nothing: a person takes the step. The rule, what it looked at and the version of the
policy are kept with the triage as codes. A rule whose channel is closed is never passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Matter(StrEnum):
    """What the gravest of the allegations is, as far as routing asks."""

    RETALIATION = "retaliation"
    CRIME = "crime"
    RIGHTS = "rights"
    CONDUCT = "conduct"


class About(StrEnum):
    """Whom it is about, as far as routing asks."""

    DESIGNATED = "designated"
    OTHER_OFFICER = "other_officer"
    OURSELVES = "ourselves"
    NOT_KNOWN = "not_known"


class Route(StrEnum):
    """What can be suggested."""

    OFFER_TO_OIG = "offer_to_oig"
    REFER_TO_OPR = "refer_to_opr"
    REFER_TO_CRCL = "refer_to_crcl"
    REFER_TO_AGENCY = "refer_to_agency"
    INVESTIGATE = "investigate"
    FIND_OUT_FIRST = "find_out_first"
    SAY_WHERE_INSTEAD = "say_where_instead"


#: What each is called where people read it; the step that follows, and what it is answered with.
ROUTES: Final[tuple[tuple[Route, str, str], ...]] = (
    (Route.OFFER_TO_OIG, "Offer to the inspector general first", "offer_to_oig"),
    (Route.REFER_TO_OPR, "Refer to professional responsibility", "refer_out"),
    (Route.REFER_TO_CRCL, "Refer to civil rights", "refer_out"),
    (Route.REFER_TO_AGENCY, "Refer to the agency's own internal affairs", "refer_out"),
    (Route.INVESTIGATE, "Assign an investigator of ours", "assign"),
    (Route.FIND_OUT_FIRST, "Ask first, then decide whether it is ours", "assign"),
    (Route.SAY_WHERE_INSTEAD, "Say that it is not ours, and where to go instead", "reject_no_jurisdiction"),
)
LABELS: Final = {route: label for route, label, _ in ROUTES}
VERBS: Final = {route: verb for route, _, verb in ROUTES}
ROUTE_CHOICES: Final = tuple((route.value, label) for route, label, _ in ROUTES)

#: Which channel outside the office a route needs; the policy says which of them are closed.
CHANNEL_OF: Final = {
    Route.OFFER_TO_OIG: "oig",
    Route.REFER_TO_OPR: "opr",
    Route.REFER_TO_CRCL: "crcl",
    Route.REFER_TO_AGENCY: "agency",
}
CHANNEL_NAMES: Final = {
    "oig": "the Office of Inspector General",
    "opr": "the Office of Professional Responsibility",
    "crcl": "the Office for Civil Rights and Civil Liberties",
    "agency": "the internal affairs of agencies",
}

_CRIMES: Final = frozenset({"safety", "sexual_abuse", "crime", "citizen_detained"})
_RIGHTS: Final = frozenset({"civil_rights", "confidentiality"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that routing looks at. `at_risk`: reprisal is feared or a protected person is involved."""

    tier: int
    matter: Matter
    about: About
    jurisdiction: str
    at_risk: bool

    def codes(self) -> dict[str, Any]:
        """The same as codes of an event."""
        return {
            "tier": str(self.tier),
            "matter": self.matter.value,
            "about": self.about.value,
            "jurisdiction": self.jurisdiction,
            "at_risk": self.at_risk,
        }


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule: when it applies, what it suggests, and why in words for whoever triages."""

    id: str
    applies: Callable[[Inputs], bool]
    route: Route
    why: str
    source: str = "our proposal"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested, by which rule; `warnings` name rules that come first but cannot be kept."""

    rule: RoutingRule
    warnings: tuple[str, ...] = ()

    @property
    def route(self) -> Route:
        return self.rule.route

    @property
    def label(self) -> str:
        return LABELS[self.rule.route]


_MEMO: Final = "Management directive on referrals to the inspector general"
_REPRISAL: Final = "Office for Civil Rights and Civil Liberties: protection from reprisal"

#: In this order; the first that applies and whose channel is open is suggested.
RULES: Final = (
    RoutingRule(
        "R1",
        lambda i: i.jurisdiction == "not_ours",
        Route.SAY_WHERE_INSTEAD,
        "Triage found that it is not ours: the complainant is told so, and where to go instead.",
    ),
    RoutingRule(
        "R2",
        lambda i: i.jurisdiction == "unclear" and i.tier > 2,
        Route.FIND_OUT_FIRST,
        "It is not clear whether it is ours, and it can wait for an answer: somebody asks first.",
    ),
    RoutingRule(
        "R3",
        lambda i: i.matter is Matter.CRIME,
        Route.OFFER_TO_OIG,
        "Death, abuse, a crime or a citizen held: the inspector general has the right of first refusal.",
        _MEMO,
    ),
    RoutingRule(
        "R4",
        lambda i: i.about is About.OURSELVES,
        Route.REFER_TO_OPR,
        "It is about how we oversee an agency: nobody here looks into that.",
    ),
    RoutingRule(
        "R5",
        lambda i: i.tier == 1,
        Route.OFFER_TO_OIG,
        "Tier 1, retaliation included: the inspector general has the right of first refusal.",
        _MEMO,
    ),
    RoutingRule(
        "R6",
        lambda i: i.matter is Matter.RIGHTS,
        Route.REFER_TO_CRCL,
        "Civil rights, or something protected was told: civil rights look at it first.",
    ),
    RoutingRule(
        "R7",
        lambda i: i.at_risk or i.matter is Matter.RETALIATION,
        Route.INVESTIGATE,
        "Reprisal is feared or a protected person is involved: it is not given to the agency it is about.",
        _REPRISAL,
    ),
    RoutingRule(
        "R8",
        lambda i: i.about is About.OTHER_OFFICER,
        Route.REFER_TO_AGENCY,
        "It is about an officer who is not designated: the agency looks into it and reports to us.",
        "Memoranda of agreement of JEM and WSO, 2019 to 2025",
    ),
    RoutingRule(
        "R9",
        lambda i: True,
        Route.INVESTIGATE,
        "Nothing above applies: it is looked into here.",
    ),
)


def suggest(inputs: Inputs, *, closed: Iterable[str] = ()) -> Suggestion:
    """The first rule that applies and can be kept; each that cannot is named with the reason."""
    shut, warnings = frozenset(closed), list[str]()
    for rule in RULES:
        if not rule.applies(inputs):
            continue
        channel = CHANNEL_OF.get(rule.route)
        if channel not in shut:
            return Suggestion(rule, tuple(warnings))
        warnings.append(
            f"Rule {rule.id} would say “{LABELS[rule.route]}”, but the office has set this channel"
            f" ({CHANNEL_NAMES[channel or '']}) as closed: the next rule that applies was taken."
        )
    raise AssertionError("the last rule applies always and needs no channel")


def inputs_of(
    *,
    tier: int,
    codes: Iterable[str],
    subject: str | None,
    jurisdiction: str | None,
    fears_reprisal: bool,
    protected: bool,
) -> Inputs:
    """What routing looks at, from what is recorded of a complaint; what triage left open counts as ours."""
    kinds = frozenset(codes)
    return Inputs(
        tier=tier,
        matter=_matter(kinds),
        about=_about(subject),
        jurisdiction=jurisdiction or "ours",
        at_risk=fears_reprisal or protected,
    )


def _matter(kinds: frozenset[str]) -> Matter:
    if kinds & _CRIMES:
        return Matter.CRIME
    if "retaliation" in kinds:
        return Matter.RETALIATION
    return Matter.RIGHTS if kinds & _RIGHTS else Matter.CONDUCT


def _about(subject: str | None) -> About:
    match subject:
        case "designated_officer":
            return About.DESIGNATED
        case "other_officer" | "supervisor":
            return About.OTHER_OFFICER
        case "field_supervisor":
            return About.OURSELVES
        case _:
            return About.NOT_KNOWN
