"""Put the application together. The only module that knows every part."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from flask import Blueprint, Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from obstore.exceptions import BaseError

from workflow.agreements import kind as agreements
from workflow.agreements import officer_views as _officers  # noqa: F401 - adds its pages to the blueprint
from workflow.agreements import queries as agreement_queries
from workflow.agreements import takeout_views as _agreements_out  # noqa: F401 - adds its form to the blueprint
from workflow.agreements import views as agreement_views
from workflow.cases import confirm_views as _confirm  # noqa: F401 - adds its page to the blueprint
from workflow.cases import (
    corrections_views,
    document_views,
    export_views,
    followup_views,
    handed_in_views,
    leaving,
    queue_views,
    recusal_views,
    task_views,
)
from workflow.cases import queue_takeout_views as _queue_out  # noqa: F401 - adds its form to the blueprint
from workflow.cases import recusal_takeout_views as _recusals_out  # noqa: F401 - adds its form to the blueprint
from workflow.cases import views as case_views
from workflow.cases.kinds import CaseKind, House
from workflow.complaints import agency_door_views as _agency_door  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import allegation_views as _allegations  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import bulk_views as _bulk  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import door_views as _doors  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import evidence_views as _evidence  # noqa: F401 - adds its page to the blueprint
from workflow.complaints import identity_views as _identities  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import inquiry_views as _inquiry  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import intake_views
from workflow.complaints import kind as complaints
from workflow.complaints import letter_views as _letters  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import mailbox_views as _mailbox  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import owed_takeout_views as _owed  # noqa: F401 - adds its forms to the blueprint
from workflow.complaints import paper_views as _paper_door  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import record_views as _record  # noqa: F401 - adds its page to the blueprint
from workflow.complaints import referral_views as _referrals  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import search_views as _search  # noqa: F401 - adds its page to the blueprint
from workflow.complaints import sending_views as _sending  # noqa: F401 - adds its pages to the blueprint
from workflow.complaints import status_views as _status  # noqa: F401 - adds its page to the blueprint
from workflow.complaints import takeout_views as _take_out  # noqa: F401 - adds its forms to the blueprint
from workflow.complaints import views as complaint_views
from workflow.corrective import kind as corrective
from workflow.corrective import plan_views
from workflow.corrective import takeout_views as _corrective_out  # noqa: F401 - adds its form to the blueprint
from workflow.corrective import views as corrective_views
from workflow.db import setup
from workflow.db.seal import Keyring
from workflow.db.session import db
from workflow.documents import storage
from workflow.figures import views as figure_views
from workflow.imports import models as _imports  # noqa: F401 - its tables are part of the database
from workflow.inspections import calendar_views as _calendar  # noqa: F401 - adds its page to the blueprint
from workflow.inspections import checklist_views as _checklists  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import fieldwork_views as _fieldwork  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import finding_views as _findings  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import for_cause_views as _for_cause  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import kind as inspections
from workflow.inspections import notice_views as _notices  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import paper_views as _on_paper  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import report_views as _reports  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import section_views as _sections  # noqa: F401 - adds its pages to the blueprint
from workflow.inspections import takeout_views as _inspections_out  # noqa: F401 - adds its form to the blueprint
from workflow.inspections import views as inspection_views
from workflow.inspections import visit_views as _visits  # noqa: F401 - adds its pages to the blueprint
from workflow.overview import agency_takeout_views as _agencies_out  # noqa: F401 - adds its form to the blueprint
from workflow.overview import agency_views, outside_views, start_views, triage_views
from workflow.people import account_views, contact_views, frame, identity, service, signing
from workflow.people import leave_views as _leave  # noqa: F401 - adds its pages to the blueprint
from workflow.people import views as people_views
from workflow.planning import coverage_views as _coverage  # noqa: F401 - adds its pages to the blueprint
from workflow.planning import feed_views as _feed  # noqa: F401 - adds its file to the blueprint
from workflow.planning import proposal_views as _proposal  # noqa: F401 - adds its pages to the blueprint
from workflow.planning import views as planning_views
from workflow.planning.card import card
from workflow.reactions import REACTIONS
from workflow.settings import Settings
from workflow.web import access, assets, errors, filters, health, language, readonly, security
from workflow.web.clock import Clock, system_clock

ROOT: Final = Path(__file__).resolve().parent.parent
VERSION: Final = "0.1.0"

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    start_views.bp,
    outside_views.bp,
    signing.bp,
    account_views.bp,
    people_views.bp,
    contact_views.bp,
    health.bp,
    queue_views.bp,
    task_views.bp,
    followup_views.bp,
    recusal_views.bp,
    corrections_views.bp,
    document_views.bp,
    handed_in_views.bp,
    export_views.bp,
    triage_views.bp,
    complaint_views.bp,
    intake_views.bp,
    inspection_views.bp,
    corrective_views.bp,
    plan_views.bp,
    agreement_views.bp,
    agency_views.bp,
    planning_views.bp,
    figure_views.bp,
    case_views.bp,
)

KINDS: Final[Mapping[str, CaseKind[Any, Any]]] = MappingProxyType(
    {
        "complaint": complaints.KIND,
        "inspection": inspections.KIND,
        "corrective": corrective.KIND,
        "agreement": agreements.KIND,
    }
)


def create_app(settings: Settings | None = None, clock: Clock = system_clock) -> Flask:
    """A ready application. Raises `Unsafe` or `RuntimeError` with a sentence when it must not start."""
    settings = settings or Settings.from_environment(os.environ, ROOT)
    app = errors.Application("workflow", root_path=str(ROOT), static_folder=None)
    app.config |= security.config(settings)
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": setup.engine_options(settings.database_url),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=1),
    }
    app.extensions["clock"] = clock
    app.extensions["settings"] = settings
    app.extensions["house"] = house(settings)
    app.extensions["documents"] = cabinet(settings)
    agreement_queries.duty_cards[:] = [card]
    service.on_switch_off[:] = [partial(leaving.pass_on, app.extensions["house"])]
    _database(app, settings)
    _pages(app, settings)
    access.refuse_unmarked(app)
    return app


def house(settings: Settings) -> House:
    """Every kind of case, what one starts in another, and the keys."""
    return House(kinds=KINDS, keyring=Keyring(tuple(settings.keys.values())), reactions=REACTIONS)


def cabinet(settings: Settings) -> storage.Cabinet:
    """Where documents are kept. Raises `RuntimeError` with a sentence for a setting that names no place."""
    try:
        store = storage.opened(settings.documents_url)
    except (BaseError, OSError, ValueError) as wrong:
        said = f"PLUMBLINE_DOCUMENTS_URL is {settings.documents_url!r}: a folder, or s3://bucket/folder."
        raise RuntimeError(said) from wrong
    return storage.Cabinet(store, Keyring(tuple(settings.keys.values())), settings.scanner)


def _database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        setup.prepare(db.engine, durable=not settings.testing)
        readonly.refuse_writes_while_reading(db.engine)
    Migrate(app, db, directory=str(ROOT / "migrations"))


def _pages(app: Flask, settings: Settings) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    identity.init_identity(app, settings)
    security.init_security(app, settings)
    errors.init_errors(app)
    language.init_language(app, ROOT / "translations")
    filters.init_filters(app, frame.this_zone)
    assets.init_assets(app, ROOT / "static" / "build", needed=not settings.testing, headers=security.HEADERS)
    app.before_request(access.guard)
    frame.init_frame(app, version=VERSION)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
