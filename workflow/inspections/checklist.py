"""The checklist of an inspection as versioned data: areas, items, and to whom each applies. Pure.

An inspection keeps the version it was begun under. A version in use is never edited; a new one follows it.
No item asks for the name, birth date or number of a person: files of a sample are numbered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """A section of the checklist, answered and saved as a whole."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `models` and `revisions` narrow down to whom it applies; empty ones apply to all.

    `clause` is the title of the provision it comes from; what fails a `critical` one is usually critical.
    """

    code: str
    area: str
    words: str
    clause: str
    models: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    critical: bool = False

    def applies(self, model: str | None, revision: str | None) -> bool:
        return (not self.models or model in self.models) and (
            not self.revisions or revision in self.revisions
        )


@dataclass(frozen=True)
class Checklist:
    """One version: its areas in the order of a visit, and their items."""

    version: str
    areas: tuple[Area, ...]
    items: tuple[Item, ...]

    def applicable(self, model: str | None, revision: str | None) -> tuple[Item, ...]:
        """The items of an agreement of this model and template, in order."""
        return tuple(item for item in self.items if item.applies(model, revision))

    def sections(self, model: str | None, revision: str | None) -> tuple[tuple[Area, tuple[Item, ...]], ...]:
        """The areas that have something to ask, each with its items."""
        items = self.applicable(model, revision)
        found = [(area, tuple(i for i in items if i.area == area.code)) for area in self.areas]
        return tuple((area, mine) for area, mine in found if mine)

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)


_AREAS: Final = (
    Area("officers", "Officers and authorisations"),
    Area("training", "Training"),
    Area("functions", "Delegated functions"),
    Area("supervision", "Supervision and review"),
    Area("custody", "Custody and claims of citizenship"),
    Area("language", "Interpreters"),
    Area("complaints", "Complaints and notices"),
    Area("information", "Contacts, media, access"),
    Area("processing", "Processing"),
    Area("warrants", "Warrants"),
)

_MOA: Final = "Memorandum of agreement: "
_DESIGNATION: Final = _MOA + "designation and authorisation of personnel"
_TRAINING: Final = _MOA + "training"
_FUNCTIONS: Final = _MOA + "authorised functions"
_SUPERVISION: Final = _MOA + "supervision"
_REVIEW: Final = _MOA + "review of activities"
_CUSTODY: Final = _MOA + "custody and transfer"
_LANGUAGE: Final = _MOA + "interpretation services"
_COMPLAINTS: Final = _MOA + "complaint procedures"
_MEDIA: Final = _MOA + "release of information, news media"
_ACCESS: Final = _MOA + "cooperation with reviews"
_CONTACTS: Final = _MOA + "points of contact"
_RECORDS: Final = _MOA + "records and systems"
_JEM: Final = ("JEM",)
_WSO: Final = ("WSO",)

_ITEMS: Final = (
    Item("A1", "officers", "Every officer who acts under the agreement stands on the roster.", _DESIGNATION),
    Item(
        "A2",
        "officers",
        "Every officer on the roster holds a certificate and a written authorisation that was not revoked.",
        _DESIGNATION,
        critical=True,
    ),
    Item(
        "A3", "officers", "The office was told of every officer who left or lost the authority.", _DESIGNATION
    ),
    Item("A4", "officers", "No officer without designation did immigration work.", _FUNCTIONS, critical=True),
    Item("B1", "training", "Every officer passed the examinations of the training.", _TRAINING),
    Item("B2", "training", "Every officer repeated the training in the last twelve months.", _TRAINING),
    Item("B3", "training", "The two-year refresher is current for every officer.", _TRAINING, models=_JEM),
    Item("C1", "functions", "Only functions that were delegated were performed.", _FUNCTIONS, critical=True),
    Item(
        "C2",
        "functions",
        "Warrants were served in the jail only, at the time of release only.",
        _FUNCTIONS,
        models=_WSO,
        critical=True,
    ),
    Item(
        "C3",
        "functions",
        "Officers held no interviews and issued no detainers.",
        _FUNCTIONS,
        models=_WSO,
        critical=True,
    ),
    Item("D1", "supervision", "There is evidence that federal officers supervise the work.", _SUPERVISION),
    Item("D2", "supervision", "The annual review meeting was held.", _REVIEW),
    Item(
        "E1",
        "custody",
        "Claims of United States citizenship were reported within about an hour.",
        _CUSTODY,
        critical=True,
    ),
    Item(
        "E2",
        "custody",
        "Nobody was held for the programme longer than 48 hours.",
        _CUSTODY,
        critical=True,
    ),
    Item("F1", "language", "An interpreter was offered, and a list of interpreters is at hand.", _LANGUAGE),
    Item(
        "F2",
        "language",
        "Where an interpreter took part, the warrant form names them.",
        _LANGUAGE,
        models=_WSO,
    ),
    Item("G1", "complaints", "Posters in English and Spanish say how to complain.", _COMPLAINTS),
    Item("G2", "complaints", "Complaints were reported within 48 hours, weekends not counted.", _COMPLAINTS),
    Item("G3", "complaints", "Nobody suffered for having complained.", _COMPLAINTS, critical=True),
    Item("H1", "information", "The points of contact are current.", _CONTACTS),
    Item("H2", "information", "Information went to the media or third parties only as agreed.", _MEDIA),
    Item("H3", "information", "Access for this review was full.", _ACCESS, critical=True),
    Item("J1", "processing", "The sampled files are complete and correct.", _RECORDS, models=_JEM),
    Item(
        "J2",
        "processing",
        "Charging documents were put before a federal officer to sign.",
        _SUPERVISION,
        models=_JEM,
    ),
    Item("J3", "processing", "Detainers were notified within about 24 hours.", _CUSTODY, models=_JEM),
    Item("J4", "processing", "The record checks of the sampled files were made.", _RECORDS, models=_JEM),
    Item("J5", "processing", "Files are kept as federal records, under lock.", _RECORDS, models=_JEM),
    Item("J6", "processing", "Only listed officers have access to federal systems.", _RECORDS, models=_JEM),
    Item(
        "W1",
        "warrants",
        "Every sampled file has a warrant signed before it was served.",
        _FUNCTIONS,
        models=_WSO,
        critical=True,
    ),
    Item("W2", "warrants", "The federal office was told at once after each service.", _CUSTODY, models=_WSO),
    Item("W3", "warrants", "About ten files were sampled, by number only.", _REVIEW, models=_WSO),
)

CURRENT: Final = Checklist("2026-1", _AREAS, _ITEMS)
VERSIONS: Final[Mapping[str, Checklist]] = MappingProxyType({CURRENT.version: CURRENT})
