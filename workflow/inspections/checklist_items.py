"""The provisions items come from, and the items that every agreement is asked. Data only.

What one model alone is asked, and of the files of a sample, is in `checklist_standard`.
"""

from __future__ import annotations

from typing import Final

from workflow.inspections.checklist import Item

MOA: Final = "Memorandum of agreement: "
DESIGNATION: Final = MOA + "designation and authorisation of personnel"
TRAINING: Final = MOA + "training"
FUNCTIONS: Final = MOA + "authorised functions"
SUPERVISION: Final = MOA + "supervision"
REVIEW: Final = MOA + "review of activities"
CUSTODY: Final = MOA + "custody and transfer"
LANGUAGE: Final = MOA + "interpretation services"
COMPLAINTS: Final = MOA + "complaint procedures"
MEDIA: Final = MOA + "release of information, news media"
ACCESS: Final = MOA + "cooperation with reviews"
CONTACTS: Final = MOA + "points of contact"
RECORDS: Final = MOA + "records and systems"
JEM: Final = ("JEM",)
WSO: Final = ("WSO",)

OFFICERS: Final = (
    Item(
        "A1",
        "officers",
        "Every officer who acts under the agreement stands on the roster.",
        DESIGNATION,
        guidance="Hold the duty list of the last month against the roster the office keeps.",
        evidence="Duty list; roster with the date of its last change.",
    ),
    Item(
        "A2",
        "officers",
        "Every officer on the roster holds a certificate and a written authorisation that was not revoked.",
        DESIGNATION,
        guidance="Look at every certificate and every authorisation, not at a sample.",
        evidence="Certificates and authorisation letters, each with its dates.",
        critical=True,
    ),
    Item(
        "A3",
        "officers",
        "The office was told of every officer who left or lost the authority.",
        DESIGNATION,
        guidance="Ask personnel who left since the last visit; look for the message about each.",
        evidence="Messages to the office; list of departures without reasons.",
    ),
    Item(
        "A4",
        "officers",
        "No officer without designation did immigration work.",
        FUNCTIONS,
        guidance="Look at who signed the forms of the sample and who had the duty.",
        evidence="Signatures on sampled forms beside the roster.",
        critical=True,
    ),
    Item(
        "B1",
        "training",
        "Every officer passed the examinations of the training.",
        TRAINING,
        guidance="A certificate of attendance alone is not one of passing.",
        evidence="Results or certificates of the training centre.",
    ),
    Item(
        "B2",
        "training",
        "Every officer repeated the training in the last twelve months.",
        TRAINING,
        guidance="Count from the day of the last training to the day of this visit.",
        evidence="Training register with days.",
    ),
    Item(
        "B3",
        "training",
        "The two-year refresher is current for every officer.",
        TRAINING,
        guidance="Who is overdue must not act until the refresher is done: see A4 as well.",
        evidence="Certificates of the refresher.",
        models=JEM,
    ),
)
WORK: Final = (
    Item(
        "C1",
        "functions",
        "Only functions that were delegated were performed.",
        FUNCTIONS,
        guidance="Ask officers to describe a usual case from booking to release.",
        evidence="Notes of interviews by role; sampled forms.",
        critical=True,
    ),
    Item(
        "C2",
        "functions",
        "Warrants were served in the jail only, at the time of release only.",
        FUNCTIONS,
        guidance="Compare the hour of service with the hour of release in the sample.",
        evidence="Sampled files, by number.",
        models=WSO,
        critical=True,
    ),
    Item(
        "C3",
        "functions",
        "Officers held no interviews and issued no detainers.",
        FUNCTIONS,
        guidance="Ask who fills in which form, and look whether any bears an officer's signature.",
        evidence="Sampled forms; notes of interviews by role.",
        models=WSO,
        critical=True,
    ),
    Item(
        "D1",
        "supervision",
        "There is evidence that federal officers supervise the work.",
        SUPERVISION,
        guidance="Ask when a federal supervisor was last here and what came of it.",
        evidence="Log of visits; corrections made to forms.",
    ),
    Item(
        "D2",
        "supervision",
        "The annual review meeting was held.",
        REVIEW,
        guidance="Within the last twelve months, or the first year of operating.",
        evidence="Minutes or invitation with the day.",
    ),
    Item(
        "E1",
        "custody",
        "Claims of United States citizenship were reported within about an hour.",
        CUSTODY,
        guidance="Ask for the log of claims and compare the hours; no log is a no.",
        evidence="Log of claims, by number.",
        critical=True,
    ),
    Item(
        "E2",
        "custody",
        "Nobody was held for the programme longer than 48 hours.",
        CUSTODY,
        guidance="Count from the hour at which release was due otherwise.",
        evidence="Hours in the sampled files, by number.",
        critical=True,
    ),
    Item(
        "F1",
        "language",
        "An interpreter was offered, and a list of interpreters is at hand.",
        LANGUAGE,
        guidance="Ask at the booking desk where the list lies.",
        evidence="The list; contract of a telephone service.",
    ),
    Item(
        "F2",
        "language",
        "Where an interpreter took part, the warrant form names them.",
        LANGUAGE,
        guidance="Look at the forms of the sample; write no name here.",
        evidence="Sampled forms, by number.",
        models=WSO,
    ),
    Item(
        "G1",
        "complaints",
        "Posters in English and Spanish say how to complain.",
        COMPLAINTS,
        guidance="Walk through booking, visiting room and waiting area.",
        evidence="Photographs of walls without persons.",
    ),
    Item(
        "G2",
        "complaints",
        "Complaints were reported within 48 hours, weekends not counted.",
        COMPLAINTS,
        guidance="Compare the agency's own log with what the office received.",
        evidence="Log of complaints without names.",
    ),
    Item(
        "G3",
        "complaints",
        "Nobody suffered for having complained.",
        COMPLAINTS,
        guidance="Ask what happened after each complaint of the log: moves, discipline, lost visits.",
        evidence="Notes of interviews by role; the log.",
        critical=True,
    ),
    Item(
        "H1",
        "information",
        "The points of contact are current.",
        CONTACTS,
        guidance="Call the numbers of the agreement.",
        evidence="The list beside what was reached.",
    ),
    Item(
        "H2",
        "information",
        "Information went to the media or third parties only as agreed.",
        MEDIA,
        guidance="Ask who answers the press; look at the agency's site.",
        evidence="Releases since the last visit.",
    ),
    Item(
        "H3",
        "information",
        "Access for this review was full.",
        ACCESS,
        guidance="Every room, record and person asked for was open; say which was not.",
        evidence="List of what was asked for and refused.",
        critical=True,
    ),
)
