"""The report of an inspection: written, read by another, commented on, issued by another, kept as it went."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from datetime import date

import pikepdf
import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.cases.test_query_counts import counted
from tests.cast import BIRCH, CARL, IRIS, IVAN, MAX, MONA, MONDAY, RUTH, SAM, SUE
from tests.inspections.walk import ask, corrections, find, fitting_rating, go, inspection, inspection_at
from tests.pages import PageClient
from tests.pdf import words_on
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.cases.undoing import undo
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.inspections import interviews, sampling
from workflow.inspections.facts import State
from workflow.inspections.report_comments import answer_comment, comment
from workflow.inspections.report_content import report_of
from workflow.inspections.report_models import IssuedReport
from workflow.inspections.report_rows import issued_rows, latest_text
from workflow.inspections.report_text import Text, text_of, write_text

SignIn = Callable[[Actor], PageClient]
FILES = dict.fromkeys(("S1", "S2", "S3", "S4", "S5"), "yes")


def bare(said: str) -> str:
    """Without blanks: lines and words are broken elsewhere on paper."""
    return re.sub(r"\s", "", said)


def visited(house: House) -> str:
    """An inspection whose fieldwork is complete, with whatever is noted on one; its reference."""
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "G1", "minor", evidence="No poster hangs in the hall.", comment="Zxnote of Kim.")
    find(house, reference, "D1", None, result="area_of_concern", evidence="The binder is old.")
    talk = interviews.Talk("booking", 2, date(2026, 1, 5), "Zxtalk with Lee.")
    interviews.record_interview(house, reference, IRIS, talk, now=MONDAY)
    sampling.keep_file(house, reference, IRIS, 1, FILES, seen=0, now=MONDAY)
    go(house, reference, "complete_fieldwork", exit_briefing="Zxbriefing of Pat.")
    return reference


def issued(house: House, reference: str) -> IssuedReport:
    return issued_rows(inspection(reference))[0]


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [r.code for r in refused.value.refusals]


# --- what it says ---------------------------------------------------------------------------------


def test_an_issued_report_is_kept_as_the_agency_gets_it(house: House, sign_in: SignIn):
    reference = visited(house)
    text = Text("A jail in good order.", "Two days on site.", "Records are tidy.")
    write_text(house, reference, IRIS, text, seen=0, now=MONDAY)
    go(house, reference, "draft_findings", "pass_review")
    comment(house, reference, CARL, "It hangs behind the door.", finding=1, now=MONDAY)
    answer_comment(house, reference, 1, IRIS, outcome="kept", answer="Nobody can read it there.", now=MONDAY)
    go(house, reference, "take_comments", "issue_report", conclusion="One thing to put right.")

    answer = sign_in(CARL).get(f"/inspections/{reference}/report/issued/1")

    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert hashlib.sha256(answer.data).hexdigest() == issued(house, reference).digest
    said, [case] = bare(words_on(answer.data)), corrections(reference)
    for part in (
        *(text.summary, text.method, text.strengths, "1. Deficiency, minor", "No poster hangs in the hall."),
        *(
            "2. Area of concern",
            "The binder is old.",
            "1 deficiency (1 minor), no repeats; 1 area of",
        ),
        *("No repeat.", case.reference, "4 Feb 2026", "5 April 2026", "It hangs behind the door."),
        *("Nobody can read it there.", "One thing to put right.", "Rating: Compliant with deficiencies."),
        *("1 file of a numbered sample looked at; 100 %", "booking and records staff (2)"),
    ):
        assert bare(part or "") in said, part
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        tags = {str(o.get("/S")) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o}
        assert {"/H1", "/H2", "/Table", "/TH"} <= tags


def test_a_report_names_nobody_and_tells_no_note_of_the_office(house: House, sign_in: SignIn):
    reference = visited(house)
    go(house, reference, "draft_findings", "pass_review", "take_comments", "issue_report")

    said = bare(words_on(sign_in(CARL).get(f"/inspections/{reference}/report/issued/1").data))

    for kept_in in ("Zxnote", "Zxtalk", "Zxbriefing", *(p.name.split()[0] for p in (IRIS, IVAN, MAX))):
        assert kept_in not in said
    assert "Draft" not in said


def test_a_report_for_cause_does_not_say_that_somebody_complained(house: House):
    reference = visited(house)
    with transaction():
        row = inspection(reference)
        row.kind_of, row.trigger = "for_cause", "sustained_complaint"

    said = str(report_of(house, inspection(reference), now=MONDAY).as_data()["facts"])

    assert "For cause" in said
    assert "complain" not in said.lower()


def test_a_repeat_is_told_with_the_day_of_the_earlier_one_and_its_higher_class(house: House):
    first = inspection_at(house, State.REPORT_ISSUED, deficiencies=("minor",))
    second = inspection_at(house, State.REPORT_ISSUED, deficiencies=("minor",))

    [found] = report_of(house, inspection(second), now=MONDAY).findings

    assert inspection(first).findings[0].id == inspection(second).findings[0].repeat_of_id
    assert found.heading == "Deficiency, major"
    assert found.repeat == (
        "Repeat: the same requirement was deficient at the inspection completed on 5 Jan 2026,"
        " so its class is one higher."
    )


# --- the text -------------------------------------------------------------------------------------


def test_a_text_saved_meanwhile_is_shown_beside_what_was_typed(house: House, sign_in: SignIn):
    reference = visited(house)
    write_text(house, reference, IVAN, Text("Ivan's words."), seen=0, now=MONDAY)
    path = f"/inspections/{reference}/report/text"

    answer = sign_in(IRIS).send(path, {"seen": "0", "summary": "Iris's words."})

    assert answer.status_code == 422
    assert "Ivan&#39;s words." in answer.text
    assert "Iris&#39;s words." in answer.text
    assert text_of(house, inspection(reference)) == (Text("Ivan's words."), 1)


def test_a_summary_is_written_once_in_the_text_or_on_handing_in(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)
    seen = inspection(reference).version

    with pytest.raises(Refused) as refused:
        perform(house, reference, "draft_findings", IRIS, {}, seen=seen, now=MONDAY)
    assert codes(refused) == ["summary_written"]
    write_text(house, reference, IRIS, Text("First.", "On site."), seen=0, now=MONDAY)
    go(house, reference, "draft_findings", "send_back", reason="Too short.")
    go(house, reference, "draft_findings", summary="Second.")

    assert text_of(house, inspection(reference)) == (Text("Second.", "On site."), 2)


def test_whoever_wrote_the_text_neither_reads_it_a_second_time_nor_issues_it(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)
    write_text(house, reference, IVAN, Text("Ivan's words."), seen=0, now=MONDAY)
    go(house, reference, "draft_findings")

    with pytest.raises(Refused) as refused:
        ask(house, reference, "pass_review", by=IVAN)

    assert codes(refused) == ["wrote_no_finding"]


def test_the_text_is_not_written_once_the_findings_are_handed_in(house: House):
    reference = inspection_at(house, State.FINDINGS_DRAFTED)
    before = latest_text(inspection(reference))
    assert before is not None

    with pytest.raises(Refused) as refused:
        write_text(house, reference, IRIS, Text("Later."), seen=before.number, now=MONDAY)

    assert codes(refused) == ["state"]


def test_the_supervisor_of_the_agency_writes_no_report_on_it(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)

    with pytest.raises(Refused) as refused:
        write_text(house, reference, SAM, Text("All is well."), seen=0, now=MONDAY)

    assert codes(refused) == ["lead_not_supervisor"]


# --- comments on the facts ------------------------------------------------------------------------


def test_a_report_is_issued_only_when_every_comment_is_answered(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.WITH_AGENCY, deficiencies=("minor",))
    path = f"/inspections/{reference}/report/comment"
    assert sign_in(CARL).send(path, {"finding": "1", "words": "It hangs."}).status_code == 302
    assert sign_in(IRIS).send(path, {"finding": "whole", "words": "By telephone: fine."}).status_code == 302
    go(house, reference, "take_comments", comments="The date is wrong.")
    assert "It hangs." in sign_in(CARL).get(f"/inspections/{reference}").text

    rating = fitting_rating(inspection(reference))
    for number in (1, 2, 3):
        with pytest.raises(Refused) as refused:
            ask(house, reference, "issue_report", rating=rating)
        assert codes(refused) == ["comments_answered"]
        answer = {"outcome": "corrected", "answer": f"Done, {number}."}
        done = sign_in(SUE).send(f"/inspections/{reference}/report/comments/{number}", answer)
        assert done.status_code == 302
    assert "Done, 1." not in sign_in(CARL).get(f"/inspections/{reference}").text

    go(house, reference, "issue_report")
    assert "Done, 1." in sign_in(CARL).get(f"/inspections/{reference}").text
    said = report_of(house, inspection(reference), now=MONDAY).comments
    assert [(c.words, c.outcome) for c in said][-1] == ("The date is wrong.", "The report is corrected")


def test_a_comment_is_answered_once(house: House):
    reference = inspection_at(house, State.WITH_AGENCY)
    comment(house, reference, CARL, "It hangs.", now=MONDAY)
    answer_comment(house, reference, 1, IRIS, outcome="kept", answer="It does not.", now=MONDAY)

    with pytest.raises(Refused) as refused:
        answer_comment(house, reference, 1, IVAN, outcome="noted", answer="It does.", now=MONDAY)

    assert codes(refused) == ["answered"]


def test_a_comment_with_a_number_of_a_person_is_pointed_out_and_not_lost(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.WITH_AGENCY)

    answer = sign_in(CARL).send(
        f"/inspections/{reference}/report/comment",
        {"finding": "whole", "words": "See A012345678."},
    )

    assert answer.status_code == 422
    assert "See A012345678." in answer.text


def test_the_agency_reads_the_draft_and_until_when_its_comments_are_asked_for(house: House, sign_in: SignIn):
    reference, carl = visited(house), sign_in(CARL)
    write_text(house, reference, IRIS, Text("In good order.", "Two days."), seen=0, now=MONDAY)
    assert "In good order." not in carl.get(f"/inspections/{reference}").text

    go(house, reference, "draft_findings", "pass_review")

    page = carl.get(f"/inspections/{reference}").text
    assert re.search(r"asked for until \d+ \w+ 2026", page)
    assert "In good order." in page
    assert "Two days." in page


def test_no_comment_is_taken_before_the_draft_was_sent_or_after_the_report(house: House, sign_in: SignIn):
    early, late = (inspection_at(house, s) for s in (State.FINDINGS_DRAFTED, State.REPORT_ISSUED))
    carl = sign_in(CARL)

    assert carl.get(f"/inspections/{early}/report/comment").status_code == 404
    page = carl.send(
        "/account", {"finding": "whole", "words": "Late."}, to=f"/inspections/{late}/report/comment"
    )
    assert page.status_code == 422
    assert "no more are taken" in page.text


# --- issuing and what was issued --------------------------------------------------------------------


def test_neither_the_office_nor_the_database_lets_the_author_issue(house: House):
    reference = inspection_at(house, State.REPORT_ISSUED)
    row, own = issued(house, reference), inspection(reference)
    assert len({row.author_id, row.reader_id, row.issued_by_id}) == 3
    given = {"inspection_id": own.id, "number": 2, "pdf": b"x", "digest": "0" * 64, "issued_at": MONDAY}

    for people in (
        {"author_id": IRIS.id, "reader_id": IVAN.id, "issued_by_id": IRIS.id},
        {"author_id": IRIS.id, "reader_id": IRIS.id, "issued_by_id": MAX.id},
    ):
        with pytest.raises(IntegrityError), transaction() as s:
            s.execute(insert(IssuedReport).values(**given, **people))


def test_what_was_issued_is_neither_changed_nor_removed(house: House):
    inspection_at(house, State.REPORT_ISSUED)

    with pytest.raises(DatabaseError), transaction() as s:
        s.execute(update(IssuedReport).values(digest="0" * 64))
    with pytest.raises(DatabaseError), transaction() as s:
        s.execute(delete(IssuedReport))


def test_a_preview_is_marked_as_draft_and_keeps_nothing(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.READY_TO_ISSUE, deficiencies=("minor",))
    browser, path = sign_in(MAX), f"/inspections/{reference}/report/preview-pdf"

    said = bare(words_on(browser.get(path).data))

    assert bare("Draft, not issued") in said
    assert bare("set on the day of issue") in said
    assert not issued_rows(inspection(reference))
    go(house, reference, "issue_report")
    assert hashlib.sha256(browser.get(path).data).hexdigest() == issued(house, reference).digest


def test_an_undone_report_is_out_no_more_and_the_next_one_replaces_it(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.REPORT_ISSUED)
    undo(house, reference, MAX, reason="Wrong rating.", seen=inspection(reference).version, now=MONDAY)
    carl = sign_in(CARL)
    assert carl.get(f"/inspections/{reference}/report/issued/1").status_code == 404

    go(house, reference, "issue_report")

    assert carl.get(f"/inspections/{reference}/report/issued/1").status_code == 404
    assert carl.get(f"/inspections/{reference}/report/issued/2").status_code == 200
    assert sign_in(MAX).get(f"/inspections/{reference}/report/issued/1").status_code == 200


def test_a_report_goes_to_its_own_agency_and_to_whoever_reads_inspections(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.REPORT_ISSUED, agency_id=BIRCH)
    path = f"/inspections/{reference}/report/issued/1"

    assert sign_in(CARL).get(path).status_code == 404
    assert sign_in(RUTH).get(path).status_code == 403
    assert sign_in(MONA).get(path).status_code == 200


def test_the_page_of_a_report_costs_the_same_whatever_it_holds(house: House, sign_in: SignIn):
    few = inspection_at(house, State.WITH_AGENCY, deficiencies=("minor",))
    many = inspection_at(house, State.WITH_AGENCY, deficiencies=("minor", "major", "minor"))
    comment(house, few, CARL, "Only this.", now=MONDAY)
    for number in range(6):
        comment(house, many, CARL, f"Comment {number}.", now=MONDAY)
    browser = sign_in(MAX)
    browser.get(f"/inspections/{few}/report")
    counts = []
    for reference in (few, many):
        with counted() as asked:
            browser.get(f"/inspections/{reference}/report")
        counts.append(len(asked))

    # The second one repeats what the first found.
    assert counts[1] - counts[0] <= 1
