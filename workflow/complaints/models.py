"""Complaints and their children as stored; personal words are sealed under the case's key. No query here.

There is no column for immigration status, birth date, country or any number of a person, and none is to come.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from workflow.cases.models import Case
from workflow.db.base import Base, BigKey, pk
from workflow.register.models import Agreement, FieldOffice


class Complaint(Case):
    """One complaint from one source. Findings belong to its allegations."""

    __tablename__ = "complaint"
    __mapper_args__ = {"polymorphic_identity": "complaint"}

    id: Mapped[int] = mapped_column(BigKey, ForeignKey("case_file.id"), primary_key=True)
    channel: Mapped[str | None] = mapped_column(String(20), index=True)
    #: When it happened; in the complainant's words among `ComplaintWords`.
    occurred_on: Mapped[date | None]
    #: What of that day is known: null for the day itself, else `month` or `year`, of which it is the first.
    occurred_about: Mapped[str | None] = mapped_column(String(10))
    #: When the agency knew of it, for complaints that come from the agency: 48 hours run from there.
    agency_knew_at: Mapped[datetime | None]
    #: The kind of person it is about, never who.
    subject: Mapped[str | None] = mapped_column(String(30))
    #: The rank that person held at the time, as a code.
    subject_rank: Mapped[str | None] = mapped_column(String(20))
    #: Whether it is for this office to deal with, as triage saw it.
    jurisdiction: Mapped[str | None] = mapped_column(String(20))
    #: The group of complaints about one thing it is worked with; each keeps its own dates and answer.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_group.id"), index=True)
    #: Where routing suggested that it goes, at triage; a person decides.
    suggested_route: Mapped[str | None] = mapped_column(String(30))
    #: What the allegations suggested when it came in; `tier` is what a person decided.
    suggested_tier: Mapped[int | None]
    fears_reprisal: Mapped[bool] = mapped_column(default=False)
    #: Whether somebody was in danger when it was told; null where it was not asked.
    in_danger: Mapped[bool | None]
    #: Whether an interpreter was needed and used, as a code; the language is among the words.
    interpreter: Mapped[str | None] = mapped_column(String(12))
    #: Whether the agency that reported it looks into it itself, as a code.
    own_inquiry: Mapped[str | None] = mapped_column(String(12))
    #: When what was told was last read back to whoever told it, and confirmed.
    read_back_at: Mapped[datetime | None]
    contact_possible: Mapped[bool] = mapped_column(default=False)
    #: That somebody of the office took the contact away: only who left it can end that it counts as one.
    contact_emptied: Mapped[bool] = mapped_column(default=False)
    #: A person protected by 8 USC 1367, or a minor, is involved. Asked at triage, never at a door.
    is_protected: Mapped[bool] = mapped_column(default=False)
    #: Where it was merged into.
    parent_reference: Mapped[str | None] = mapped_column(String(24), index=True)
    referred_to: Mapped[str | None] = mapped_column(String(20))
    closing_reason: Mapped[str | None] = mapped_column(String(40))
    triaged_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]

    allegations: Mapped[list[Allegation]] = relationship(
        order_by="Allegation.number", back_populates="complaint", lazy="select"
    )
    agreements: Mapped[list[ComplaintAgreement]] = relationship(
        order_by="ComplaintAgreement.agreement_id", back_populates="complaint", lazy="select"
    )

    @property
    def tier_code(self) -> str | None:
        """The tier as the answer of a question."""
        return None if self.tier is None else str(self.tier)

    @tier_code.setter
    def tier_code(self, code: str) -> None:
        self.tier = int(code)

    @property
    def subject_kind(self) -> str | None:
        return self.subject

    @subject_kind.setter
    def subject_kind(self, code: str) -> None:
        self.subject = code
        self._settle_supervision()

    @property
    def lead_agreement_id(self) -> int | None:
        """The agreement it is mainly about. Setting it brings along model, template and office."""
        return self.agreement_id

    @lead_agreement_id.setter
    def lead_agreement_id(self, agreement_id: int) -> None:
        agreement = self._agreement(agreement_id)
        self.agreement_id, self.model, self.template = agreement.id, agreement.model, agreement.template
        if agreement.office_id is not None:
            self.place(agreement.office_id)
        for link in self.agreements:
            link.is_lead = link.agreement_id == agreement.id
        if agreement.id not in {link.agreement_id for link in self.agreements}:
            self.agreements.append(ComplaintAgreement(agreement_id=agreement.id, is_lead=True))
        self._settle_supervision()

    def place(self, office_id: int | None) -> None:
        """Put it into the hands of a field office."""
        here = object_session(self)
        assert here is not None
        self.office_id = office_id
        self.office = None if office_id is None else here.get_one(FieldOffice, office_id)

    def _settle_supervision(self) -> None:
        """A complaint about how we oversee an agency is about that agreement's own supervisor."""
        if self.subject != "field_supervisor":
            self.supervised_by_id = None
        elif self.agreement_id is not None:
            self.supervised_by_id = self._agreement(self.agreement_id).supervisor_id

    def _agreement(self, agreement_id: int) -> Agreement:
        here = object_session(self)
        assert here is not None
        return here.get_one(Agreement, agreement_id)


class Allegation(Base):
    """One thing that is said to have been wrong; what was proposed about it, and what was found."""

    __tablename__ = "allegation"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("disposed_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    #: Counts within the complaint, for addresses.
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(30), index=True)
    subject: Mapped[str] = mapped_column(String(30), default="unknown")
    #: By the investigator, with the evidence for it.
    proposed: Mapped[str | None] = mapped_column(String(30))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: By a manager, with the reasons: never by who proposed the finding.
    disposition: Mapped[str | None] = mapped_column(String(30))
    closing_reason: Mapped[str | None] = mapped_column(String(40))
    disposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    standard_of_proof: Mapped[str | None] = mapped_column(String(30))
    rationale: Mapped[bytes | None] = mapped_column(LargeBinary)

    complaint: Mapped[Complaint] = relationship(back_populates="allegations")

    @property
    def is_proposed(self) -> bool:
        return self.proposed is not None and self.evidence is not None

    @property
    def is_disposed(self) -> bool:
        return None not in (self.disposition, self.standard_of_proof, self.rationale)


class AllegationDocument(Base):
    """A document that is evidence on an allegation; the events say who said so, and who took it back."""

    __tablename__ = "allegation_document"

    allegation_id: Mapped[int] = mapped_column(BigKey, ForeignKey("allegation.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(BigKey, ForeignKey("document.id"), primary_key=True)


class ComplaintAgreement(Base):
    """An agreement a complaint is about; one of them leads and sets the rules it is dealt with under."""

    __tablename__ = "complaint_agreement"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(BigKey, ForeignKey("agreement.id"), primary_key=True)
    is_lead: Mapped[bool] = mapped_column(default=False)

    complaint: Mapped[Complaint] = relationship(back_populates="agreements")


class ComplaintWords(Base):
    """What the complainant told, in their own words, sealed."""

    __tablename__ = "complaint_words"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ComplaintTelling(Base):
    """What was told later, or in better words: the answers that changed, sealed. What was before stays."""

    __tablename__ = "complaint_telling"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    #: Of the event that says who wrote it down, and when.
    version: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ComplainantContact(Base):
    """Who complained and how to reach them safely, as they left it first, sealed, in a table of its own."""

    __tablename__ = "complainant_contact"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ContactChange(Base):
    """Another contact in the place of the one before, which stays; an empty one takes it away."""

    __tablename__ = "contact_change"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    #: Of the event that says who changed it, and when.
    version: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Witness(Base):
    """Somebody who saw or heard it: how they come into it, and who they are, sealed. Written once."""

    __tablename__ = "witness"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    #: Counts within the complaint; whoever writes about a witness writes this.
    number: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ContactReading(Base):
    """Somebody looked at who complained, or at a witness, and what for. Written once."""

    __tablename__ = "contact_reading"
    __table_args__ = (Index("ix_contact_reading_complaint", "complaint_id", "at"),)

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: The number of the witness who was looked at; null for the complainant.
    witness: Mapped[int | None]
    #: The version of an earlier contact that was looked at (0 is the first); null for the one that rules.
    earlier: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]


class ComplaintGroup(Base):
    """Complaints of several people about one thing, or a letter that many sent; it holds nothing itself."""

    __tablename__ = "complaint_group"

    id: Mapped[pk]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ComplaintSeen(Base):
    """Somebody looked at a complaint and said so. Opening a page says nothing."""

    __tablename__ = "complaint_seen"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigKey, ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class ReceiptCode(Base):
    """The secret a complainant comes back with, as a keyed fingerprint: it cannot be read back."""

    __tablename__ = "receipt_code"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
