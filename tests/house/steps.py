"""Whose page each step, proposal and task is, by hand from the lifecycles. No test lives here."""

from __future__ import annotations

from typing import Final

from tests.cast import CARL, MAX, MONA, PAM, PETE, SAM, SUE
from tests.house.visibility import OWN, UNSENT

#: Whose page a step is, as the lifecycles say. "-" is nobody's: entries and what the system does by itself.
#: Where a row differs from the lifecycles, the declaration says why beside the step.
STEPS: Final = {
    "complaint": """
        receive -
        import_as_received -
        import_as_triaged -
        import_as_assigned -
        import_as_closed -
        acknowledge intake
        triage reviewer
        reclassify reviewer
        merge reviewer
        unmerge reviewer
        reject_no_jurisdiction reviewer
        offer_to_oig liaison
        oig_retains liaison
        oig_declines liaison
        oig_silent manager
        refer_out reviewer liaison
        record_outcome reviewer liaison
        take_back reviewer
        assign manager reviewer
        reassign manager
        begin reviewer
        refer_new_matter reviewer
        hold manager
        review_hold manager
        lift_hold manager
        extend manager
        submit_report reviewer
        send_back manager
        reroute reviewer
        decide manager
        close_without_finding manager
        withdraw intake
        notify intake liaison
        close reviewer
        appeal intake
        reopen manager
        affirm manager
        remand manager
        void_import -
        void_closed_import -
    """,
    # "Lead" of the lifecycle is an inspector, or a supervisor of other agencies: a rule says which.
    "inspection": """
        plan -
        open_for_cause -
        import_as_closed -
        schedule field_supervisor inspector
        notify field_supervisor inspector
        confirm_visit agency_contact field_supervisor inspector
        request_documents field_supervisor inspector
        receive_documents agency_contact field_supervisor inspector
        postpone manager
        reschedule field_supervisor inspector
        record_attempt field_supervisor inspector
        begin field_supervisor inspector
        escalate_urgent field_supervisor inspector
        complete_fieldwork field_supervisor inspector
        draft_findings field_supervisor inspector
        send_back inspector manager
        pass_review inspector manager
        take_comments agency_contact field_supervisor inspector
        comments_lapsed -
        issue_report manager
        close_clean manager
        request_correction manager field_supervisor
        escalate manager
        return_to_correction manager programme_manager
        all_settled field_supervisor
        close manager
        cancel manager programme_manager
        lapse -
        end_with_agreement -
        void_import programme_manager
        void_batch -
    """,
    "corrective": """
        cite -
        import_as_verified -
        import_as_open -
        interim_fix agency_contact field_supervisor
        submit_plan agency_contact field_supervisor
        return_plan field_supervisor manager
        accept_plan field_supervisor manager
        dispute agency_contact
        uphold_finding manager
        withdraw_finding manager
        correct_on_site inspector
        claim_corrected agency_contact field_supervisor
        reject_unplanned field_supervisor inspector
        reject_correction field_supervisor inspector
        verify field_supervisor inspector
        extend manager
        accept_risk programme_manager
        risk_ended -
        lapse -
        void_import programme_manager
        void_batch -
        void_open_batch -
    """,
    # An agency's contact could withdraw and give notice, but sees no agreement: the office does it for them.
    "agreement": """
        apply -
        register -
        vet programme_manager
        recommend programme_manager
        decline programme_manager
        sign programme_manager
        certify_first_class programme_manager field_supervisor
        withdraw agency_contact programme_manager
        record_contact field_supervisor programme_manager
        correct_contact field_supervisor programme_manager
        waive_duty manager programme_manager
        end_waiver manager programme_manager
        assign_office programme_manager
        assign_supervisor manager programme_manager
        correct_record programme_manager
        suspend programme_manager
        prolong programme_manager
        vacate programme_manager
        give_notice programme_manager agency_contact
        rescind programme_manager
        give_notice_suspended programme_manager agency_contact
        rescind_suspended programme_manager
        end -
        supersede programme_manager
        void_import programme_manager
    """,
}
#: The step that is looked at on every other case.
ELSEWHERE_TOO: Final = {
    "complaint": "assign",
    "inspection": "cancel",
    "corrective": "submit_plan",
    "agreement": "assign_supervisor",
}
#: Who opens the page of a proposal: whoever asked for it and whoever could confirm it.
PROPOSALS: Final = {
    ("complaint", OWN, "close_without_finding"): {MAX, MONA},
    ("inspection", UNSENT, "cancel"): {MAX, MONA, PAM, PETE},
    ("corrective", OWN, "accept_risk"): {PAM, PETE},
    ("agreement", OWN, "suspend"): {PAM, PETE},
}
#: Who opens the page of the task of the state: whoever can work on it, and managers. Ray has the complaint's.
WORK: Final = {
    "complaint": {MAX, MONA, PAM, PETE},
    "inspection": {SAM, SUE, MAX, MONA, PAM, PETE},
    "corrective": {CARL, MAX, MONA, PAM, PETE},
    "agreement": {SAM, SUE, MAX, MONA, PAM, PETE},
}


def whose(kind: str) -> dict[str, set[str]]:
    """The roles of each step of a kind, from the table."""
    rows = [line.split() for line in STEPS[kind].strip().splitlines()]
    return {verb: set(roles) for verb, *roles in rows}
