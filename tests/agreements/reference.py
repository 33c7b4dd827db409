"""The life of an agreement as its designers wrote it down, by hand: independent of the declared machine.

(verb, states it may be taken in, state it leads to, roles, a second person's roles). "" stands for "no case
yet", "=" for "stays". Where this and the machine differ, one of them is wrong.
"""

from __future__ import annotations

PM = frozenset({"programme_manager"})
PARTIES = frozenset({"agency_contact", "programme_manager"})
SUPERVISED = frozenset({"field_supervisor", "programme_manager"})
NOBODY: frozenset[str] = frozenset()

BEFORE = {"applied", "under_review", "approved", "signed"}
RUNNING = {"active", "suspended"}
OPEN = BEFORE | RUNNING | {"terminating", "terminating_suspended"}
FINAL = {"declined", "withdrawn", "terminated", "superseded", "voided"}

STEPS: tuple[tuple[str, set[str], str, frozenset[str], frozenset[str]], ...] = (
    ("apply", set(), "applied", PARTIES, NOBODY),
    ("register", set(), "active", frozenset({"system", "programme_manager"}), NOBODY),
    ("vet", {"applied"}, "under_review", PM, NOBODY),
    ("recommend", {"under_review"}, "approved", PM, PM),
    ("decline", {"applied", "under_review", "approved"}, "declined", PM, PM),
    ("sign", {"approved"}, "signed", PM, NOBODY),
    ("certify_first_class", {"signed"}, "active", SUPERVISED, NOBODY),
    ("withdraw", BEFORE, "withdrawn", PARTIES, NOBODY),
    ("record_contact", RUNNING, "=", SUPERVISED, NOBODY),
    ("assign_office", OPEN, "=", frozenset({"programme_manager", "system"}), NOBODY),
    ("assign_supervisor", RUNNING | {"signed"}, "=", frozenset({"manager", "programme_manager"}), NOBODY),
    ("correct_record", RUNNING, "=", PM, PM),
    ("suspend", {"active"}, "suspended", PM, PM),
    ("prolong", {"suspended"}, "=", PM, PM),
    ("vacate", {"suspended"}, "active", PM, PM),
    ("give_notice", {"active"}, "terminating", PARTIES, NOBODY),
    ("rescind", {"terminating"}, "active", PM, NOBODY),
    ("give_notice_suspended", {"suspended"}, "terminating_suspended", PARTIES, NOBODY),
    ("rescind_suspended", {"terminating_suspended"}, "suspended", PM, NOBODY),
    ("end", {"terminating", "terminating_suspended"}, "terminated", frozenset({"system"}), NOBODY),
    ("supersede", RUNNING, "superseded", PM, NOBODY),
    ("void_import", {"active"}, "voided", PM, PM),
)

#: The one task of each state: role, and the limit or day it is due by.
WORK = {
    "applied": ("programme_manager", "agreement.complete"),
    "under_review": ("programme_manager", "agreement.decide"),
    "approved": ("programme_manager", "agreement.sign"),
    "signed": ("field_supervisor", "agreement.first_class"),
    "active": ("field_supervisor", "next_contact_on"),
    "suspended": ("programme_manager", "suspended_until"),
    "terminating": ("programme_manager", "effective_on"),
    "terminating_suspended": ("programme_manager", "effective_on"),
}
