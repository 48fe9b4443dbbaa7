"""Documents of Word in which headings and numbers are made in different ways."""

import io
import re
from dataclasses import dataclass, field

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

ROUTES = ("typed", "automatic", "bold")


@dataclass(frozen=True)
class Scheme:
    """How the levels of headings are numbered: (format, pattern) of each, outermost first.

    continued  levels that do not begin again under the next heading above them
    others     patterns that single headings print instead, by the number they print
    """

    levels: tuple[tuple[str, str], ...]
    continued: tuple[int, ...] = ()
    others: dict[str, tuple[int, str]] = field(default_factory=dict)


PROTOCOL_SCHEME = Scheme((("upperRoman", "Part %1"), ("decimal", "Article %2")), continued=(1,))
NOTICE_SCHEME = Scheme((("upperRoman", "%1."), ("upperLetter", "%2.")))
ACT_SCHEME = Scheme((("decimal", "SEC. %1."),), others={"SECTION 1": (0, "SECTION %1.")})
ROMAN = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII", "XVIII", "XIX", "XX", "XXI", "XXII", "XXIII", "XXIV", "XXV",
)  # fmt: skip


def package(document):
    """Return a document as a stream."""
    held = io.BytesIO()
    document.save(held)
    held.seek(0)
    return held


def numbered(document, *levels, number=1, abstract=None, overrides=""):
    """Add a list, or another use of one; each level is (format, pattern) or XML of its own."""
    root = document.part.numbering_part.element
    if abstract is None:
        abstract = 100 + number
        inner = "".join(_level(depth, level) for depth, level in enumerate(levels))
        element = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}">{inner}</w:abstractNum>'
        )
        root.insert(0, element)
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number + 1000}">'
            f'<w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'
        )
    )
    return number + 1000


def _level(depth, level):
    if isinstance(level, str):
        return f'<w:lvl w:ilvl="{depth}">{level}</w:lvl>'
    kind, pattern, *more = level
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'{"".join(more)}<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def put_in(paragraph, number, depth=0):
    """Number a paragraph by a list; number 0 switches the numbers of its style off."""
    properties = paragraph._p.get_or_add_pPr()
    inner = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/>'
    properties.append(parse_xml(f"<w:numPr {nsdecls('w')}>{inner}</w:numPr>"))
    return paragraph


def made(parts, title, route, scheme):
    """Return a DOCX of parts by a route: headings by style or bold, numbers typed or automatic."""
    document = docx.Document()
    if route == "bold":
        document.add_paragraph().add_run(title).bold = True
    else:
        document.add_paragraph(title, style="Title")
    number = numbered(document, *_patterns(scheme)) if route == "automatic" else 0
    others = {
        label: numbered(document, number=50 + at, abstract=101, overrides=_other(*other, scheme))
        for at, (label, other) in enumerate(scheme.others.items())
        if number
    }
    for part in parts:
        _heading(document, part, route, others.get(part.label, number))
        for block in part.text.split("\n\n"):
            if block:
                document.add_paragraph(re.sub(r"\\(?=[^\w\s])", "", " ".join(block.split())))
    return package(document)


def _patterns(scheme):
    for depth, (kind, pattern) in enumerate(scheme.levels):
        is_continued = depth in scheme.continued
        yield kind, pattern, '<w:lvlRestart w:val="0"/>' if is_continued else ""


def _other(depth, pattern, scheme):
    level = _level(depth, (scheme.levels[depth][0], pattern))
    return f'<w:lvlOverride w:ilvl="{depth}">{level}</w:lvlOverride>'


def _heading(document, part, route, number):
    typed = f"{part.label} {part.heading}".strip()
    if route == "bold":
        document.add_paragraph().add_run(typed).bold = True
    elif route == "typed":
        document.add_heading(typed, level=part.level)
    else:
        paragraph = document.add_heading(part.heading, level=part.level)
        if part.label:
            put_in(paragraph, number, part.level - 1)


# Plain Writing Act of 2010, Public Law 111-274, 124 Stat. 2861, sections 1 to 4(b), set as the
# Government Publishing Office sets bills in plain text. Work of the United States Congress, in the
# public domain (17 U.S.C. 105): https://www.govinfo.gov/app/details/PLAW-111publ274
PLAIN_WRITING_ACT = """
                                 An Act

To enhance citizen access to Government information and services by
establishing that Government documents issued to the public must be
written clearly, and for other purposes.

    Be it enacted by the Senate and House of Representatives of the
United States of America in Congress assembled,

SECTION 1. SHORT TITLE.

    This Act may be cited as the ``Plain Writing Act of 2010''.

SEC. 2. PURPOSE.

    The purpose of this Act is to improve the effectiveness and
accountability of Federal agencies to the public by promoting clear
Government communication that the public can understand and use.

SEC. 3. DEFINITIONS.

    In this Act:
            (1) AGENCY.--The term ``agency'' means an Executive
        agency, as defined under section 105 of title 5, United States
        Code.
            (2) COVERED DOCUMENT.--The term ``covered document''--
                    (A) means any document that--
                            (i) is necessary for obtaining any Federal
                        Government benefit or service or filing taxes;
                            (ii) provides information about any Federal
                        Government benefit or service; or
                            (iii) explains to the public how to comply
                        with a requirement the Federal Government
                        administers or enforces;
                    (B) includes (whether in paper or electronic form) a
                letter, publication, form, notice, or instruction; and
                    (C) does not include a regulation.
            (3) PLAIN WRITING.--The term ``plain writing'' means writing
        that is clear, concise, well-organized, and follows other best
        practices appropriate to the subject or field and intended
        audience.

SEC. 4. RESPONSIBILITIES OF FEDERAL AGENCIES.

    (a) PREPARATION FOR IMPLEMENTATION OF PLAIN WRITING REQUIREMENTS.--
            (1) IN GENERAL.--Not later than 9 months after the date of
        enactment of this Act, the head of each agency shall--
                    (A) designate 1 or more senior officials within the
                agency to oversee the agency implementation of this Act;
                    (B) communicate the requirements of this Act to the
                employees of the agency;
                    (C) train employees of the agency in plain writing;
                    (D) establish a process for overseeing the ongoing
                compliance of the agency with the requirements of this
                Act;
                    (E) create and maintain a plain writing section of
                the agency's website as required under paragraph (2)
                that is accessible from the homepage of the agency's
                website; and
                    (F) designate 1 or more agency points-of-contact to
                receive and respond to public input on--
                            (i) agency implementation of this Act; and
                            (ii) the agency reports required under
                        section 5.
            (2) WEBSITE.--The plain writing section described under
        paragraph (1)(E) shall--
                    (A) inform the public of agency compliance with the
                requirements of this Act; and
                    (B) provide a mechanism for the agency to receive
                and respond to public input on--
                            (i) agency implementation of this Act; and
                            (ii) the agency reports required under
                        section 5.
    (b) REQUIREMENT TO USE PLAIN WRITING IN NEW DOCUMENTS.--Beginning
not later than 1 year after the date of enactment of this Act, each
agency shall use plain writing in every covered document of the agency
that the agency issues or substantially revises.
"""
