"""What is known of other tools: the names of their columns, and what their categories mean."""

import re
from collections.abc import Iterable, Mapping, Sequence

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Question
from apps.submissions.importing.planning import DAY_FIRST, Plan
from apps.submissions.importing.sources import PERSONAL
from apps.submissions.models import GroupLabel
from apps.submissions.searching import folded

REGULATIONS_GOV, HAVE_YOUR_SAY = "regulations.gov", "EU Have your say"
G = StakeholderGroup
# Names as `bare` writes them, the best first. regulations.gov: the bulk export, and its API as this
# project's data sets flatten it. EU: the list of feedback of "Have your say", and its API. Then
# what other tables usually say in English, French, Spanish and Arabic, without marks of letters.
NAMES: Mapping[str, Sequence[str]] = {
    "reference": (
        *("documentid", "commentid", "trackingnumber", "reference", "feedbackid", "referenceid"),
        *("responseid", "submissionid", "respondentid", "id", "ref", "number", "numero"),
        *("referencia", "المرجع", "رقم المرجع", "الرقم"),
    ),
    "text": (
        *("comment", "feedback", "text", "commenttext", "freetext", "message", "submission"),
        *("contribution", "response", "body", "answer", "commentaire", "reponse", "texte", "avis"),
        *("comments", "remarks", "responses", "answers", "commentaires", "comentarios"),
        *("comentario", "respuesta", "texto", "aportacion", "التعليق", "تعليق", "النص", "الرد"),
    ),
    "stance": ("stance", "position", "posicion", "postura", "الموقف", "موقف"),
    "organisation": (
        *("organizationname", "organisationname", "organization", "organisation"),
        *("nameoforganisation", "nameoforganization", "organisationororganizationname"),
        *("companyname", "company", "orgname", "org", "institution", "submitter"),
        *("nomdelorganisation", "nomdelorganisme", "organisme"),
        *("nombredelaorganizacion", "organizacion", "entidad", "institucion"),
        *("اسم المنظمة", "المنظمة", "منظمة", "الجهة", "المؤسسة"),
    ),
    "group": (
        *("categorydeclared", "usertype", "category", "stakeholdergroup", "group"),
        *("respondenttype", "organisationtype", "organizationtype", "iamgivingmycontributionas"),
        *(
            "submittertype",
            "stakeholder",
            "stakeholdertype",
            "typeofstakeholder",
            "typeofrespondent",
            "orgtype",
        ),
        *("typeoforganisation", "typeoforganization", "type"),
        *("groupedacteurs", "categoriedacteurs", "groupe", "categorie", "typedorganisation"),
        *("typedacteur", "typedepartieprenante"),
        *("grupodeinteres", "grupo", "categoria", "tipodeorganizacion", "tipodeparteinteresada"),
        *("tipo", "مجموعة أصحاب المصلحة", "المجموعة", "مجموعة", "الفئة", "نوع المنظمة", "النوع"),
    ),
    "country": (
        *("country", "countryoforigin", "countrycode", "pays", "paysdorigine", "pais"),
        *("paisdeorigen", "البلد", "بلد", "الدولة"),
    ),
    "submitted_at": (
        *("receiveddate", "datefeedback", "submittedat", "receivedon", "submissiondate"),
        *("received", "posteddate", "dateofsubmission", "date", "createdat", "timestamp"),
        *("datedereception", "datedenvoi", "fechaderecepcion", "fechadeenvio", "fecha"),
        *("تاريخ الاستلام", "التاريخ", "تاريخ"),
    ),
    "title": ("title", "subject", "titre", "objet", "titulo", "asunto", "العنوان", "الموضوع"),
    "language": ("language", "lang", "langue", "idioma", "اللغة", "لغة"),
    "question": ("question", "questionid"),
    "weight": ("weight", "letters"),
    "attachments": ("attachmentfiles", "nattachments", "attachments"),
    "withdrawn": ("withdrawn", "iswithdrawn"),
}
SIGNS: Mapping[str, Sequence[set[str]]] = {
    REGULATIONS_GOV: (
        {"documentid", "agencyid", "comment"},
        {"documentid", "trackingnumber"},
        {"commentid", "docketid"},
    ),
    HAVE_YOUR_SAY: ({"feedback", "usertype"}, {"datefeedback"}, {"trnumber", "usertype"}),
}
# How a tool writes a date that does not begin with the year.
DATE_ORDER_OF: Mapping[str, str] = {HAVE_YOUR_SAY: DAY_FIRST}
# The types of people in the EU portal, bare.
CATEGORIES: Mapping[str, str] = {
    "eucitizen": G.INDIVIDUAL.value,
    "noneucitizen": G.INDIVIDUAL.value,
    "company": G.COMPANY.value,
    "companybusiness": G.COMPANY.value,
    "companybusinessorganisation": G.COMPANY.value,
    "businessassociation": G.BUSINESS_ASSOCIATION.value,
    "ngo": G.CIVIL_SOCIETY.value,
    "nongovernmentalorganisationngo": G.CIVIL_SOCIETY.value,
    "consumerorganisation": G.CIVIL_SOCIETY.value,
    "environmentalorganisation": G.CIVIL_SOCIETY.value,
    "academicresearchinstitution": G.RESEARCH.value,
    "academicresearchinstittution": G.RESEARCH.value,  # as the portal writes it
    "tradeunion": G.TRADE_UNION.value,
    "publicauthority": G.POLICYMAKER.value,
    "other": G.OTHER.value,
}
# Words that say what a category is, where it is on no list. The first that fits is proposed.
SIGNAL_WORDS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), group.value)
    for words, group in (
        ("trade unions?|labou?r unions?|workers.? unions?", G.TRADE_UNION),
        ("individuals?|citizens?|private person|consumers?|patients?", G.INDIVIDUAL),
        (
            "trade associations?|business associations?|industry associations?|chamber",
            G.BUSINESS_ASSOCIATION,
        ),
        ("government|public authority|ministry|agency|municipality|state|federal", G.POLICYMAKER),
        ("academi\\w*|universit\\w+|research\\w*|think tank|scientist", G.RESEARCH),
        ("ngo|non.?profit|advocacy|charit\\w+|civil society|non.?governmental", G.CIVIL_SOCIETY),
        ("compan\\w+|business\\w*|corporat\\w+|industry|industries|vendor", G.COMPANY),
    )
)


def bare(name: str) -> str:
    """Return a name without case, spaces and signs: "Document ID" and document_id are one."""
    return "".join(character for character in name.casefold() if character.isalnum())


def source_of(columns: Iterable[str]) -> str:
    """Return the tool a table comes from by its columns, "" where it is not known."""
    there = {bare(column) for column in columns}
    for source, signs in SIGNS.items():
        if any(sign <= there for sign in signs):
            return source
    return ""


def propose(columns: Sequence[str], questions: Iterable[Question]) -> Plan:
    """Return a plan by the names of columns; none with details of people is ever proposed."""
    # People and programs leave the marks of letters out: "Catégorie" is "categorie".
    offered = [column for column in reversed(columns) if not PERSONAL.search(column)]
    free = {bare(folded(column)): column for column in offered}
    answers = {}
    for question in questions:
        for name in (question.key, question.text):
            if column := free.pop(bare(folded(name)), ""):
                answers[question.key] = column
                break
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        column = next((free.pop(bare(name)) for name in names if bare(name) in free), "")
        if column:
            found[field] = column
    source = source_of(columns)
    return Plan(found, answers, source=source, date_order=DATE_ORDER_OF.get(source, ""))


def propose_groups(consultation: Consultation, labels: Iterable[str]) -> dict[str, str]:
    """Return the groups that labels are likely to stand for; those it cannot tell are left out.

    What the host decided before comes first, in this consultation and then in its others.
    """
    decided = GroupLabel.objects.filter(consultation__host=consultation.host_id)
    rows = decided.values_list("consultation", "label", "group").order_by("pk")
    known = {bare(label): group for one, label, group in rows if one != consultation.pk}
    known |= {bare(label): group for one, label, group in rows if one == consultation.pk}
    named = {bare(str(group.label)): str(group.value) for group in G}
    named |= {bare(group.value): str(group.value) for group in G}
    tables = (known, named, CATEGORIES)
    found = {}
    for label in labels:
        key = bare(label)
        group = next((table[key] for table in tables if key in table), "")
        if group := group or _by_words(label):
            found[label] = group
    return found


def _by_words(label: str) -> str:
    words = label.replace("_", " ")
    return next((group for pattern, group in SIGNAL_WORDS if pattern.search(words)), "")
