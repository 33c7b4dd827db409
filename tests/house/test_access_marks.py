"""Every endpoint under the mark it must carry. A new page has to be written down here as well."""

from __future__ import annotations

from workflow.engine.actors import STAFF, Role
from workflow.web.access import Door, Mark, mark_of
from workflow.web.navigation import ELSEWHERE, ENTRIES, ON_CASES

COMPLAINTS = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})
WORKING = ON_CASES - {Role.AUDITOR}
PROGRAMME = frozenset({Role.PROGRAMME_MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
FIGURES = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR})

MARKS: dict[Mark, str] = {
    Door.ANYONE: """
        health.health health.ready
        intake.add_documents intake.change_language intake.check intake.documents intake.leave
        intake.question intake.received intake.report intake.start_over intake.status
        planning.feed
        signing.accept_invitation signing.invitation signing.sign_in signing.sign_in_now signing.sign_out
        start.index
    """,
    Door.SIGNED_IN: """
        account.change_password account.save account.show account.sign_out_everywhere
        cases.confirm_step cases.show cases.take_step
        corrective.show inspections.show
        plans.claim plans.review plans.submit
    """,
    STAFF: "cases.diagram cases.explain_clock",
    ON_CASES: """
        agencies.index agencies.show
        agreements.index agreements.show
        complaints.alike complaints.index complaints.notice complaints.printed complaints.search
        complaints.show
        documents.show
        inspections.calendar
        queue.search
    """,
    ON_CASES - COMPLAINTS: """
        agreements.officers
        inspections.blank_pdf inspections.blank_sheet
        inspections.checklist inspections.compare_roster inspections.files inspections.talks
        inspections.report inspections.report_preview
    """,
    ON_CASES | {Role.AGENCY_CONTACT}: "corrective.index inspections.index",
    (ON_CASES - COMPLAINTS) | {Role.AGENCY_CONTACT}: "inspections.fetch_letter inspections.issued_report",
    frozenset({Role.FIELD_SUPERVISOR, Role.INSPECTOR, Role.AGENCY_CONTACT}): "inspections.comment",
    frozenset({Role.FIELD_SUPERVISOR, Role.INSPECTOR}): """
        account.end_calendar_link account.make_calendar_link
        account.give_days account.leave account.note_leave account.take_back_leave
        inspections.answer inspections.decide_difference inspections.finding inspections.from_paper
        inspections.hold_against_roster inspections.new_finding inspections.note_interview
        inspections.sampled_file inspections.section inspections.type_difference
        inspections.answer_comment inspections.write_letter inspections.write_report
    """,
    frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER}): """
        followups.cancel inspections.decide_cause inspections.for_cause
        inspections.change_item inspections.new_draft inspections.new_item inspections.put_in_force
        inspections.new_section inspections.rename_section inspections.shift_section
        inspections.shift_item inspections.withdraw_draft
        recusals.end recusals.export recusals.let_in recusals.recuse recusals.withdraw
    """,
    WORKING | {Role.AGENCY_CONTACT}: "queue.show tasks.show tasks.take",
    WORKING: """
        agencies.export agreements.export corrective.export inspections.export queue.export
        complaints.export complaints.export_found complaints.take_out_case
        corrections.choose corrections.correct_answer corrections.move corrections.undo_step
        documents.add documents.copy documents.original followups.show
        recusals.declare
    """,
    PROGRAMME | {Role.AUDITOR}: "exports.index",
    PROGRAMME: """
        agencies.merge agencies.name agencies.split agencies.undo
        agreements.apply agreements.register inspections.plan
    """,
    frozenset({Role.AGENCY_CONTACT}): "complaints.from_agency handed_in.write outside.choose outside.start",
    ADMINISTRATOR: """
        people.decide people.end_role people.export people.give_role people.index people.invite
        people.invite_many people.place people.renew people.show people.switch_off
    """,
    COMPLAINTS | FIGURES: "complaints.openings",
    FIGURES - {Role.AUDITOR} | {Role.FIELD_SUPERVISOR}: """
        agreements.new_officer agreements.officer planning.export
    """,
    FIGURES: """
        inspections.causes
        inspections.compare_versions inspections.version inspections.versions
        figures.closure figures.index planning.coverage_paper planning.covered recusals.index recusals.show
    """,
    FIGURES | {Role.FIELD_SUPERVISOR}: "planning.index planning.proposal",
    frozenset({Role.FIELD_SUPERVISOR}): "planning.accept_proposal",
    frozenset({Role.INTAKE, Role.REVIEWER, Role.MANAGER}): """
        complaints.bulk_act complaints.group
        triage.export triage.index triage.keys triage.mark triage.show
    """,
    frozenset({Role.LIAISON}): "contacts.index contacts.invite contacts.renew",
    frozenset({Role.INTAKE}): "complaints.check_in",
    frozenset({Role.REVIEWER, Role.LIAISON}): """
        complaints.acknowledge_referral complaints.answer_request complaints.ask_agency complaints.chase
        complaints.propose
    """,
    frozenset({Role.REVIEWER}): """
        complaints.propose_interim complaints.replan complaints.ungroup triage.save
    """,
    COMPLAINTS | {Role.MANAGER, Role.AUDITOR}: """
        complaints.check_ins complaints.endings complaints.sent_out
    """,
    COMPLAINTS | {Role.MANAGER}: """
        complaints.export_check_ins complaints.export_endings complaints.export_referrals complaints.messages
    """,
    COMPLAINTS: """
        complaints.agencies complaints.allege complaints.change complaints.change_contact complaints.contact
        complaints.name_evidence
        complaints.new complaints.open_witness complaints.paper complaints.read_back complaints.tell
        complaints.witness
        complaints.log
        complaints.read_messages
        complaints.ask_letter complaints.export_letters complaints.letter complaints.letter_paper
        complaints.letters_waiting
        complaints.post_letter complaints.set_letter_aside
    """,
    frozenset({Role.INTAKE, Role.REVIEWER}): "complaints.agency triage.put_back",
    frozenset({Role.MANAGER}): "complaints.decide_interim complaints.dispose",
}
EXPECTED = {endpoint: mark for mark, endpoints in MARKS.items() for endpoint in endpoints.split()}


def test_every_page_carries_the_mark_written_down_here(app):
    found = {rule.endpoint: mark_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}

    unknown = sorted(set(found) - set(EXPECTED))
    gone = sorted(set(EXPECTED) - set(found))
    wrong = sorted(
        endpoint for endpoint in set(found) & set(EXPECTED) if found[endpoint] != EXPECTED[endpoint]
    )

    assert unknown == [], f"decide who may open these, and write it into MARKS: {unknown}"
    assert gone == [], f"these pages are no more; take them out of MARKS: {gone}"
    assert wrong == [], f"their mark is not the one of MARKS: {wrong}"


def test_no_page_about_cases_is_open_to_an_administrator(app):
    about_cases = ("queue", "tasks", "corrections", "complaints", "inspections", "corrective", "agreements")

    open_doors = [
        endpoint
        for endpoint, mark in EXPECTED.items()
        if endpoint.split(".")[0] in about_cases and not isinstance(mark, Door) and Role.ADMINISTRATOR in mark
    ]

    assert open_doors == []


def test_an_auditor_can_open_nothing_that_changes_a_case(app):
    changing = {r.endpoint for r in app.url_map.iter_rules() if r.methods and "POST" in r.methods}

    open_doors = []
    for endpoint in changing & set(EXPECTED):
        mark = EXPECTED[endpoint]
        if isinstance(mark, frozenset) and Role.AUDITOR in mark:
            open_doors.append(endpoint)

    assert open_doors == []


def test_every_page_can_be_reached(app):
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and not rule.arguments
    }
    named = {entry.endpoint for entry in ENTRIES} | set(ELSEWHERE)

    lost = sorted(pages - named)

    assert lost == [], f"put these into the navigation, or say in ELSEWHERE how one gets there: {lost}"


def test_the_navigation_offers_nobody_a_page_they_may_not_open(app):
    for entry in ENTRIES:
        mark = mark_of(app, entry.endpoint)
        if isinstance(mark, frozenset):
            assert entry.roles <= mark, entry.label
