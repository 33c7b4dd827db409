"""Participant models, templates, rhythms, duties and ratings as delivered."""

from __future__ import annotations

from datetime import date

from workflow.engine.spans import Months
from workflow.policy.book import CadenceRule, DutyRule, ModelRule, Rating, Scale, TemplateRule

_MOA = "Texts of 170 memoranda of agreement, 2019 to 2025"
_GAO = "GAO-21-186, Immigration Enforcement: ICE Can Further Enhance Its Planning and Oversight (2021)"
_MECHANISM = f"{_GAO}: third recommendation"
_TRAINING = f"{_GAO}: annual training"
_REVIEWS = f"{_MOA}: review of activities"
_INTERNAL = f"{_MOA}: review every three years"

MODELS = (
    ModelRule("JEM", "Jail Enforcement Model", ("jail enforcement model", "jem"), None, _GAO),
    ModelRule(
        "WSO",
        "Warrant Service Officer",
        ("warrant service officer", "wso"),
        date(2019, 4, 1),
        _GAO,
        visit="assisted_self",
        lead_days=1,
    ),
    ModelRule(
        "TFM",
        "Task Force Model",
        ("task force model", "tfm"),
        date(2025, 1, 20),
        "Executive Order 14159 (20 January 2025), which revived the model",
    ),
)

#: ICE's lists carry no template revision: it is inferred from model and signing date, and shown as inferred.
TEMPLATES = (
    TemplateRule("JEM", "2020", None, date(2025, 1, 19), _MOA),
    TemplateRule("JEM", "2025", date(2025, 1, 20), None, _MOA),
    TemplateRule("WSO", "2019", None, date(2020, 6, 30), _MOA),
    TemplateRule("WSO", "2020", date(2020, 7, 1), date(2025, 1, 19), _MOA),
    TemplateRule("WSO", "2025", date(2025, 1, 20), None, _MOA),
    TemplateRule("TFM", "2025", date(2025, 1, 20), None, _MOA),
)

CADENCES = (
    CadenceRule("routine_inspection", "JEM", Months(24), Months(24)),
    CadenceRule("routine_inspection", "WSO", Months(12), Months(36)),
    # The first within about twelve months of becoming operational; the yearly ones follow it.
    CadenceRule("first_review", "JEM", Months(12), None, source=_REVIEWS),
    CadenceRule("first_review", "WSO", Months(12), None, source=_REVIEWS),
    CadenceRule("review_meeting", "JEM", Months(12), Months(12), "first_review", source=_REVIEWS),
    CadenceRule("review_meeting", "WSO", Months(12), Months(12), "first_review", source=_REVIEWS),
    CadenceRule("oversight_contact", "JEM", Months(12), Months(12)),
    CadenceRule("oversight_contact", "WSO", Months(12), Months(12), source=_MECHANISM),
    CadenceRule("training_check", "JEM", Months(12), Months(12), source=_TRAINING),
    CadenceRule("training_check", "WSO", Months(12), Months(12), source=_TRAINING),
    CadenceRule("internal_review", "JEM", Months(36), Months(36), source=_INTERNAL),
)

DUTIES = (
    DutyRule("routine_inspection", "Routine inspection", source=_GAO),
    DutyRule("first_review", "First review meeting", ("review_meeting",), source=_REVIEWS),
    DutyRule("review_meeting", "Annual review meeting", ("review_meeting",), source=_REVIEWS),
    DutyRule(
        "oversight_contact",
        "Yearly oversight contact",
        ("review_meeting", "visit", "file_review"),
        source=_MECHANISM,
    ),
    DutyRule("training_check", "Check of training", ("training_check",), source=_TRAINING),
    DutyRule(
        "internal_review",
        "Internal review of the agreement",
        ("internal_review",),
        exempt_models=("WSO",),
        why_exempt="the memoranda of this model provide for none",
        source=_INTERNAL,
    ),
)

SCALES = (
    Scale(
        "compliance",
        (
            Rating("compliant", "Compliant"),
            Rating("compliant_with_deficiencies", "Compliant with deficiencies"),
            Rating("not_compliant", "Not compliant"),
        ),
    ),
)
