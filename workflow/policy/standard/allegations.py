"""Types of allegation as delivered: what each is called and means, its tier, its words in letters."""

from __future__ import annotations

from typing import Final

from workflow.policy.book import AllegationType

#: Retaliation is one of its own, and tier 1. A code is kept for ever; see `AllegationType`.
TYPES: Final[tuple[AllegationType, ...]] = (
    AllegationType(
        "retaliation",
        "Retaliation",
        means="Somebody was made to suffer, or threatened, for complaining or for helping others to.",
        tier=1,
        english="being punished for complaining",
        spanish="un castigo por haberse quejado",
    ),
    AllegationType(
        "safety",
        "Safety or death in custody",
        means="Somebody died, was hurt or is in danger while held.",
        tier=1,
        english="safety, or a death, while somebody was held",
        spanish="la seguridad, o una muerte, de alguien detenido",
    ),
    AllegationType(
        "sexual_abuse",
        "Sexual abuse or harassment",
        means="Any sexual act, touch, look or word by staff, or by others while staff let it happen.",
        tier=1,
        english="sexual abuse or harassment",
        spanish="abuso o acoso sexual",
    ),
    AllegationType(
        "crime",
        "Alleged crime",
        means="What is told would be a crime: theft, bribery, forged papers, assault.",
        tier=1,
        english="something that may be a crime",
        spanish="algo que puede ser un delito",
    ),
    AllegationType(
        "citizen_detained",
        "A United States citizen held",
        means="A citizen was held on an immigration matter, or said so and was not believed.",
        tier=1,
        english="a citizen of the United States who was held",
        spanish="un ciudadano de los Estados Unidos detenido",
    ),
    AllegationType(
        "civil_rights",
        "Civil rights or discrimination",
        means="Treated worse for race, language, religion, sex, disability or opinion.",
        tier=2,
        english="civil rights, or being treated worse than others",
        spanish="derechos civiles, o un trato peor que a otros",
    ),
    AllegationType(
        "force",
        "Use of force",
        means="More force than was needed, or force as a punishment.",
        tier=2,
        english="use of force",
        spanish="el uso de la fuerza",
    ),
    AllegationType(
        "authority",
        "Acting outside delegated authority",
        means="Immigration work outside the jail, by somebody not designated, or beyond the agreement.",
        tier=2,
        english="officers doing what they may not do",
        spanish="agentes que hicieron lo que no pueden hacer",
    ),
    AllegationType(
        "unlawful_hold",
        "Held longer than 48 hours",
        means="Kept on a detainer or warrant for more than 48 hours after release was due.",
        tier=2,
        english="being held for too long",
        spanish="una detención demasiado larga",
    ),
    AllegationType(
        "confidentiality",
        "Breach of confidentiality",
        means="Something protected was told or shown to whom it does not concern.",
        tier=2,
        english="private facts that were passed on",
        spanish="datos privados que se contaron a otros",
    ),
    AllegationType(
        "interpreter",
        "Interpreter or language",
        means="No interpreter was fetched, or papers were signed in a language not understood.",
        tier=3,
        english="no interpreter, or papers in the wrong language",
        spanish="la falta de un intérprete, o papeles en otro idioma",
    ),
    AllegationType(
        "posters",
        "Complaint posters or information",
        means="Nothing said how to complain, or a complaint was refused at the desk.",
        tier=3,
        english="no word on how to complain",
        spanish="la falta de información sobre cómo quejarse",
    ),
    AllegationType(
        "records",
        "Records and notices",
        means="Notices late or wrong, files missing, forms not served.",
        tier=3,
        english="records and notices",
        spanish="registros y avisos",
    ),
    AllegationType(
        "courtesy",
        "Courtesy",
        means="Rude, mocking or dismissive words.",
        tier=3,
        english="how people were spoken to",
        spanish="la forma de hablarle a la gente",
    ),
    AllegationType(
        "other",
        "Something else",
        means="A question, or something that fits nowhere above; say what it is in the remarks.",
        tier=4,
        english="something else",
        spanish="otra cosa",
    ),
)
