"""What the database itself refuses: changing or deleting history. Both databases, from one table of rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

#: Rows that are written once.
WRITTEN_ONCE: Final = (
    "case_event",
    "event_answer",
    "task_move",
    "contact_reading",
    "complainant_contact",
    "contact_change",
    "document_event",
    "export_log",
    "complaint_words",
    "complaint_telling",
    "witness",
    "inquiry_entry",
    "mailbox_message",
    "mailbox_reading",
    "agreement_contact",
    "checklist_operation",
    "checklist_revision",
    "sampled_file",
    "interview",
    "plan_element",
    "plan_verdict",
    "report_text",
    "issued_report",
    "policy_limit",
    "policy_rule",
    "erasure",
)

#: Rows that end once: the first column is null until then, and only the named columns may change.
ENDED_ONCE: Final = {
    "stage_interval": ("left_at", ("left_at", "left_version")),
    "clock_event": ("voided_by_version", ("voided_by_version",)),
    "approval": ("outcome", ("outcome", "decided_by_id", "decided_at")),
    "recusal": ("withdrawn_at", ("withdrawn_at", "withdrawn_by_id")),
    "recusal_override": ("ended_at", ("ended_at", "ended_by_id")),
    "follow_up": ("outcome", ("outcome", "result", "words", "ended_at", "ended_by_id")),
    "agency_request": ("outcome", ("outcome", "answer", "ended_at", "ended_by_id")),
    "interim_action": ("decision", ("decision", "reasons", "decided_by_id", "decided_at")),
    "letter": ("posted_on", ("posted_on", "posted_by_id")),
    "legal_hold": ("ended_at", ("ended_at", "ended_by_id")),
    "flood_mark": ("put_back_at", ("put_back_at", "put_back_by_id")),
    "duty_waiver": ("ended_at", ("ended_at", "ended_by_id")),
    "roster_discrepancy": (
        "outcome",
        ("outcome", "finding", "reason", "decided_by_id", "decided_at"),
    ),
    "fact_comment": ("outcome", ("outcome", "answer", "answered_by_id", "answered_at")),
    "checklist_version": (
        "outcome",
        ("outcome", "revision", "effective_on", "settled_by_id", "settled_at"),
    ),
}

#: Rows that may change but never go.
NEVER_DELETED: Final = (
    "case_file",
    "case_key",
    "clock",
    "task",
    "allegation",
    "referral",
    "finding",
    "officer",
    "training",
    "checklist_answer",
    "agency",
    "agreement",
    "person",
    "policy_version",
    "register_event",
)

#: Columns of a case, and of a document, that nothing later may touch.
FROZEN: Final = {
    "case_file": ("id", "kind", "reference", "received_at", "opened_at", "policy_id"),
    "document": ("id", "mark", "name", "kind", "size", "digest", "place", "received_at"),
}

#: All columns of the tables that end once, to compare what must not change.
_COLUMNS: Final = {
    "stage_interval": ("id", "case_id", "kind", "state", "entered_at", "entered_version"),
    "clock_event": (
        "id",
        "clock_id",
        "what",
        "at",
        "unit",
        "amount",
        "why",
        "from_first_start",
        "case_version",
    ),
    "approval": (
        "id",
        "case_id",
        "verb",
        "state",
        "requested_by_id",
        "requested_at",
        "occurred_at",
        "payload",
        "payload_hash",
    ),
    "recusal": ("id", "case_id", "person_id", "reason", "declared_by_id", "at"),
    "recusal_override": ("id", "case_id", "person_id", "granted_by_id", "at", "until_at"),
    "follow_up": (
        "id",
        "case_id",
        "number",
        "task_id",
        "kind",
        "about",
        "promised_at_version",
        "promised_at",
        "due_at",
        "page",
    ),
    "legal_hold": ("id", "case_id", "kind", "placed_by_id", "placed_at"),
    "flood_mark": ("complaint_id", "why", "at"),
    "agency_request": ("id", "complaint_id", "number", "what", "asked", "sent_at", "due_on", "by_id"),
    "interim_action": (
        "id",
        "complaint_id",
        "number",
        "action",
        "why",
        "proposed_by_id",
        "proposed_at",
    ),
    "duty_waiver": (
        "id",
        "agreement_id",
        "number",
        "duty",
        "from_on",
        "until_on",
        "waived_by_id",
        "confirmed_by_id",
        "supervisor_id",
        "reasons",
        "at",
    ),
    "roster_discrepancy": (
        "id",
        "inspection_id",
        "number",
        "kind",
        "item",
        "officers",
        "mark",
        "words",
        "by_id",
        "at",
    ),
    "fact_comment": (
        "id",
        "inspection_id",
        "number",
        "finding",
        "words",
        "is_recorded",
        "by_id",
        "at",
    ),
    "checklist_version": ("id", "code", "base", "note", "drafted_by_id", "drafted_at"),
    "letter": (
        "id",
        "outbox_id",
        "case_id",
        "number",
        "name",
        "recipient",
        "language",
        "wording",
        "text",
        "pdf",
        "is_addressed",
        "digest",
        "sent_at",
        "sent_by_id",
        "on_page_at",
    ),
}


def install(connection: Connection) -> None:
    """Put every trigger into a database whose tables exist."""
    for statement in statements(connection.dialect.name):
        connection.execute(text(statement))


def statements(dialect: str) -> Iterator[str]:
    """The SQL of every trigger, in order."""
    if dialect == "postgresql":
        yield from _postgresql()
    else:
        yield from _sqlite()


def _changed(columns: tuple[str, ...], dialect: str) -> str:
    word = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    return " OR ".join(f"OLD.{column} {word} NEW.{column}" for column in columns)


# --- SQLite -----------------------------------------------------------------------------------


def _sqlite() -> Iterator[str]:
    for table in WRITTEN_ONCE:
        yield _refusal(table, "update", "BEFORE UPDATE")
        yield _refusal(table, "delete", "BEFORE DELETE")
    for table, (null_until, _) in ENDED_ONCE.items():
        changed = _changed(_COLUMNS[table], "sqlite")
        when = f"OLD.{null_until} IS NOT NULL OR {changed}"
        yield _refusal(table, "update", "BEFORE UPDATE", when)
        yield _refusal(table, "delete", "BEFORE DELETE")
    for table in NEVER_DELETED:
        yield _refusal(table, "delete", "BEFORE DELETE")
    for table, columns in FROZEN.items():
        yield _refusal(table, "frozen", "BEFORE UPDATE", _changed(columns, "sqlite"))
    yield _refusal("case_key", "held", "BEFORE UPDATE", f"NEW.wrapped IS NULL AND EXISTS ({_HELD})")
    yield _refusal("case_key", "erased", "BEFORE UPDATE", _BACK)


#: A key that is destroyed stays destroyed; that of a case that is held is not destroyed at all.
_BACK: Final = "OLD.erased_at IS NOT NULL AND NEW.wrapped IS NOT NULL"
_HELD: Final = "SELECT 1 FROM legal_hold WHERE case_id = OLD.case_id AND ended_at IS NULL"


def _refusal(table: str, name: str, moment: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER keep_{table}_{name} {moment} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{table} keeps its history'); END"
    )


# --- PostgreSQL -------------------------------------------------------------------------------

_FUNCTION: Final = """CREATE OR REPLACE FUNCTION plumbline_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% keeps its history', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$"""


_HELD_FUNCTION: Final = f"""CREATE OR REPLACE FUNCTION plumbline_keep_held() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.wrapped IS NULL AND EXISTS ({_HELD}) THEN
    RAISE EXCEPTION 'case_key keeps what is held' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$"""


def _postgresql() -> Iterator[str]:
    yield _FUNCTION
    yield _HELD_FUNCTION
    for table in WRITTEN_ONCE:
        yield from _guard(table, "change", "BEFORE UPDATE OR DELETE")
    for table, (null_until, _) in ENDED_ONCE.items():
        changed = _changed(_COLUMNS[table], "postgresql")
        yield from _guard(table, "update", "BEFORE UPDATE", f"OLD.{null_until} IS NOT NULL OR {changed}")
        yield from _guard(table, "delete", "BEFORE DELETE")
    for table in NEVER_DELETED:
        yield from _guard(table, "delete", "BEFORE DELETE")
    for table, columns in FROZEN.items():
        yield from _guard(table, "frozen", "BEFORE UPDATE", _changed(columns, "postgresql"))
    yield from _guard("case_key", "held", "BEFORE UPDATE", function="plumbline_keep_held")
    yield from _guard("case_key", "erased", "BEFORE UPDATE", _BACK)
    for table in (*WRITTEN_ONCE, *ENDED_ONCE, *NEVER_DELETED):
        name = f"keep_{table}_truncate"
        yield (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION plumbline_keep()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def _guard(
    table: str, name: str, moment: str, when: str = "", *, function: str = "plumbline_keep"
) -> Iterator[str]:
    condition = f" WHEN ({when})" if when else ""
    trigger = f"keep_{table}_{name}"
    yield (
        f"CREATE TRIGGER {trigger} {moment} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {function}()"
    )
    yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"
