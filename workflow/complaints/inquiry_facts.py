"""The closed lists of an investigation, of referrals and of checking in: codes and words. Nothing else."""

from __future__ import annotations

from typing import Final

from workflow.engine.machine import Ask, AskKind

#: A real plan: without questions there is nothing to find out. Kept with the step; `replan` replaces it.
PLAN: Final = (
    Ask("questions", "Questions to answer", help="What has to be found out, one a line."),
    Ask("people", "People to hear", required=False, help="By their part in it, not by name."),
    Ask("records", "Records to get", required=False, help="Logs, footage, forms: from whom."),
    Ask("report_by", "Report by", AskKind.DAY),
)
#: What the log holds. An attempt is a contact that did not reach anybody.
ENTRY_KINDS: Final = (
    ("interview", "Interview: somebody was heard"),
    ("contact", "Contact: somebody was written to or called"),
    ("visit", "Visit to a place"),
)
#: Who was heard, by their part in the matter: the log names nobody in the open.
PARTS: Final = (
    ("complainant", "The complainant"),
    ("witness", "A witness"),
    ("subject", "The officer it is about"),
    ("officer", "Another officer"),
    ("supervisor", "A supervisor of the agency"),
    ("agency", "The agency, by its office"),
    ("interpreter", "An interpreter"),
    ("expert", "An expert"),
    ("other", "Somebody else"),
)
WAYS: Final = (
    ("in_person", "In person"),
    ("telephone", "By telephone"),
    ("video", "By video"),
    ("mail", "By mail"),
    ("email", "By e-mail"),
    ("secure_page", "On the secure page"),
)
#: Memoranda of agreement: a compelled statement cannot be used against its maker in a criminal case.
STATEMENTS: Final = (
    ("none", "Not a statement"),
    ("voluntary", "Voluntary: the person was free not to answer"),
    ("compelled", "Compelled (Garrity): never to be passed on to a criminal investigation"),
)

REQUESTED: Final = (
    ("records", "Records or logs"),
    ("footage", "Video or audio"),
    ("statement", "A statement"),
    ("roster", "Who was on duty"),
    ("policy", "Its own rules"),
    ("access", "Access to a place or a person"),
    ("other", "Something else"),
)
ANSWERS: Final = (
    ("answered", "Answered: what was asked for has come"),
    ("partly", "Answered in part: what is missing is said below"),
    ("refused", "Refused: the reason is said below"),
)

INTERIM: Final = (
    ("suspend_authority", "Suspend the officer's delegated authority meanwhile"),
    ("remove_from_duty", "Ask the agency to take the officer off these duties"),
    ("supervise", "Closer supervision until it is decided"),
    ("preserve", "Order that evidence be kept"),
    ("separate", "Keep the complainant and the officer apart"),
    ("other", "Something else"),
)
DECISIONS: Final = (("agreed", "Agreed"), ("declined", "Declined"))

CHECKED: Final = (
    ("no_reprisal", "Reached: nothing was done to them"),
    ("reprisal", "Reached: they suffered for it (a retaliation allegation is opened)"),
    ("not_reached", "Not reached, although it was tried"),
)
CHASED: Final = (("nothing_yet", "Asked again: nothing yet"),)
#: How a referral ends; null while it is open.
REFERRAL_ENDS: Final = (
    ("outcome", "Outcome received"),
    ("declined", "Declined"),
    ("silent", "No answer: went on without them"),
    ("taken_back", "Taken back"),
    ("undone", "Undone"),
)

CHECK_IN, CHASER, REQUEST, INTERIM_ACTION = "check_in", "chaser", "request", "interim"
#: What nobody may let drop: it ends when it is kept, or with the referral or request it asks about.
NEVER_CANCELLED: Final = frozenset({CHECK_IN, CHASER, REQUEST, INTERIM_ACTION})
#: The words of follow-ups and of what came of them, for the history.
PROMISES: Final = {
    CHECK_IN: "Check-in with the complainant",
    CHASER: "Asking another authority again",
    REQUEST: "Asking the agency again",
    INTERIM_ACTION: "Decision on an interim action",
    "done": "Done",
    "undone": "The step that promised it was undone",
    "cancelled": "Cancelled",
    **dict(CHECKED),
    **dict(CHASED),
    **dict(ANSWERS),
    **dict(DECISIONS),
    **dict(REFERRAL_ENDS),
}
