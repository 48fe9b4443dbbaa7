"""A law is split where its headings stand, under the numbers it prints, and loses no word."""

import io
import os
import re
import tempfile
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from apps.analysis.files import confining, limits
from apps.analysis.files.limits import Unfit
from apps.analysis.outlining import Part, TooManyParts, assembling, split_markdown
from apps.analysis.outlining.escaping import escaped
from apps.analysis.outlining.headings import Levels, parted
from apps.analysis.outlining.numbering import formatted
from apps.analysis.outlining.parts import LONGEST_EXCERPT, excerpt
from apps.analysis.outlining.word import split_word
from tests.analysis.outline_samples import (
    ACT_SCHEME,
    NOTICE_SCHEME,
    PLAIN_WRITING_ACT,
    PROTOCOL_SCHEME,
    ROUTES,
    made,
    numbered,
    package,
    put_in,
)

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
PROTOCOL = ROOT / "apps/consultations/demo/pause-protocol.md"
NOTICE = SHARED / "us-cms-2022-0163" / "notice.txt"
needs_notice = pytest.mark.skipif(not NOTICE.exists(), reason="the shared data is not here")


def heads(parts):
    return [(part.level, part.label, part.heading) for part in parts]


def labels(parts):
    return [part.label for part in parts]


def words(*texts):
    return re.findall(r"[^\W_]+", " ".join(texts))


def words_of(parts):
    return words(*(text for p in parts for text in (p.label, p.heading, p.text)))


def is_within(few, many):
    rest = iter(many)
    return all(word in rest for word in few)


def word_file(*paragraphs):
    """Return a DOCX; a paragraph is words, or (words, style)."""
    document = docx.Document()
    for paragraph in paragraphs:
        text, style = paragraph if isinstance(paragraph, tuple) else (paragraph, None)
        document.add_paragraph(text, style=style)
    return document


def split(document):
    return split_word(package(document))


# Numbers of headings.


@pytest.mark.parametrize(
    ("heading", "label", "title"),
    [
        ("Article 4 Title", "Article 4", "Title"),
        ("Article 4: Title", "Article 4", "Title"),
        ("Article 4 · Title", "Article 4", "Title"),
        ("Article 4 — Title", "Article 4", "Title"),
        ("Article 10a", "Article 10a", ""),
        ("Section 12. Title", "Section 12", "Title"),
        ("SEC. 2. PURPOSE.", "SEC. 2", "PURPOSE."),
        ("Sec. 5", "Sec. 5", ""),
        ("§ 12", "§ 12", ""),
        ("§ 422.111(b) Title", "§ 422.111(b)", "Title"),
        ("1.2.3 Title", "1.2.3", "Title"),
        ("1 Introduction", "1", "Introduction"),
        ("IV. Title", "IV.", "Title"),
        ("A. Title", "A.", "Title"),
        ("(a) Title", "(a)", "Title"),
        ("(iv) Title", "(iv)", "Title"),
        ("Annex II", "Annex II", ""),
        ("Chapter 3", "Chapter 3", ""),
        ("Part One", "Part One", ""),
        ("Artikel 4 Begriffe", "Artikel 4", "Begriffe"),
        ("2. Abschnitt Aufsicht", "2. Abschnitt", "Aufsicht"),
        ("Chapitre II – Portée", "Chapitre II", "Portée"),
        ("Article L.121-3", "Article L.121-3", ""),
        ("Article premier", "Article premier", ""),
        ("Artículo 4.º Objeto", "Artículo 4.º", "Objeto"),
        ("Anexo I", "Anexo I", ""),
        ("III.C, question 1", "", "III.C, question 1"),
        ("Section 4 of the Act", "", "Section 4 of the Act"),
        ("Part of the bargain", "", "Part of the bargain"),
        ("2030 Agenda", "", "2030 Agenda"),
        ("(is) it", "", "(is) it"),
        ("A new law", "", "A new law"),
        ("U.S. policy", "", "U.S. policy"),
    ],
)
def test_a_heading_is_parted_from_its_number(heading, label, title):
    assert parted(heading) == (label, title)


@pytest.mark.parametrize(
    ("printed", "depths"),
    [
        ("I. A. B. C. 1. 2. II. A. III. IV. V. A.", [1, 2, 2, 2, 3, 3, 1, 2, 1, 1, 1, 2]),
        ("A. B. C. D. (1) (2) E.", [1, 1, 1, 1, 2, 2, 1]),
        ("1. 1.1 1.2 1.2.1 2. 2.1", [1, 2, 2, 3, 1, 2]),
        ("(a) (i) (ii) (b) (c)", [1, 2, 2, 1, 1]),
        ("(g) (h) (i) (j)", [1, 1, 1, 1]),
    ],
)
def test_kinds_of_numbers_tell_how_deep_a_heading_lies(printed, depths):
    levels = Levels()
    assert [levels.of(label) for label in printed.split()] == depths


def test_an_annex_is_outermost_and_a_chapter_stands_over_articles():
    printed = [
        "Article 1",
        "Chapter I",
        "Article 2",
        "Chapter II",
        "Article 3",
        "Annex I",
        "Part A",
    ]
    levels = Levels()
    assert [levels.of(label) for label in printed] == [1, 1, 2, 1, 2, 1, 2]


@given(st.text(max_size=400))
def test_no_text_is_too_odd_for_a_heading(text):
    label, title = parted(text)
    assert is_within(words(label, title), words(text))
    assert len(excerpt(text)) <= LONGEST_EXCERPT


# Markdown.


def test_text_is_cut_word_for_word_and_keys_are_kept():
    parts = split_markdown(
        "# Title\n\n## Article 4 · Scope {#art-4}\n\n1. One *thing*\n   - inside\n\n## Next\nAfter."
    )
    assert parts == [
        Part("Scope", "1. One *thing*\n   - inside", "Article 4", 1, "art-4"),
        Part("Next", "After."),
    ]


def test_a_title_with_text_under_it_is_a_part():
    assert heads(split_markdown("# Title\n\nIntro.\n\n## One\n\nText.")) == [
        (1, "", "Title"),
        (1, "", "One"),
    ]


def test_text_before_the_first_heading_is_called_by_its_first_words():
    first, _second = split_markdown(f"{'many words ' * 20}\n\n# A\n\nx\n\n# B\n\ny")[:2]
    assert first.heading.endswith("words…")
    assert len(first.heading) <= LONGEST_EXCERPT


def test_lines_under_headings_count_as_headings_and_listings_do_not():
    parts = split_markdown("One\n===\n\n```\n# not\n```\n\nTwo\n===\n\n    # nor this\n\nthe end")
    assert [part.heading for part in parts] == ["One", "Two"]
    assert "# not" in parts[0].text


def test_a_bare_article_takes_the_line_below_as_its_title():
    parts = split_markdown(
        "## Article 4\n\n**Transparency**\n\nText.\n\n## Article 5\n\nThis ends."
    )
    assert heads(parts) == [(1, "Article 4", "Transparency"), (1, "Article 5", "This ends.")]
    assert [part.text for part in parts] == ["Text.", "This ends."]


def test_a_bare_article_takes_the_heading_below_as_its_title():
    assert heads(split_markdown("## Article 4\n\n### Scope\n\nText.\n\n## Article 5\n\nMore.")) == [
        (1, "Article 4", "Scope"),
        (1, "Article 5", "More."),
    ]


def test_acts_pasted_without_markup_are_split_at_their_articles():
    parts = split_markdown(
        "Chapter I\nGeneral\n\nArticle 1\nScope\n1. It applies.\n2. To all.\n\n"
        "Article 2\nTerms\nA “x”."
    )
    assert heads(parts) == [
        (1, "Chapter I", "General"),
        (2, "Article 1", "Scope"),
        (2, "Article 2", "Terms"),
    ]
    assert parts[1].text == "1. It applies.\n2. To all."


def test_german_acts_pasted_without_markup_are_split_at_their_paragraphs():
    parts = split_markdown(
        "Abschnitt 1\nAllgemeines\n\n§ 1 Begriffe\n(1) Ein Modell ist groß.\n(2) Es lernt.\n\n"
        "§ 2 Geltung\n\nDas Gesetz gilt für alle.\n\n§ 2a Ausnahmen\nKeine."
    )
    assert heads(parts) == [
        (1, "Abschnitt 1", "Allgemeines"),
        (2, "§ 1", "Begriffe"),
        (2, "§ 2", "Geltung"),
        (2, "§ 2a", "Ausnahmen"),
    ]
    assert parts[1].text == "(1) Ein Modell ist groß.\n(2) Es lernt."


def test_short_numbered_lines_over_text_are_headings():
    text = "I. Background\n\nLong text.\n\nA. Purpose\n\nMore text.\n\nII. Rest\n\nThe end of it."
    assert heads(split_markdown(text)) == [
        (1, "I.", "Background"),
        (2, "A.", "Purpose"),
        (1, "II.", "Rest"),
    ]


@pytest.mark.parametrize("sign", ["{}.", "({})", "{})"])
def test_without_headings_numbered_paragraphs_are_the_parts(sign):
    text = "\n\n".join(f"{sign.format(n)} Paragraph of some length." for n in (1, 2, 3))
    parts = split_markdown(f"As follows:\n\n{text}")
    assert labels(parts) == ["", *(sign.format(n) for n in (1, 2, 3))]
    assert parts[1].text == "Paragraph of some length."


def test_of_two_kinds_of_numbers_the_outer_makes_the_parts():
    text = (
        "(1) Everyone reports these:\n\n1. one thing, and\n2. another thing.\n\n"
        "(2) Nobody may hide them."
    )
    parts = split_markdown(text)
    assert labels(parts) == ["(1)", "(2)"]
    assert parts[0].text == "Everyone reports these:\n\n1. one thing, and\n2. another thing."


def test_titles_that_run_into_the_text_are_headings():
    text = (
        "Section 1.  Purpose.  It begins.\n\n(a) All of it.\n\nSec. 2.  *General Rules*.  It ends."
    )
    assert split_markdown(f"It is hereby ordered:\n\n{text}")[1:] == [
        Part("Purpose", "It begins.\n\n(a) All of it.", "Section 1"),
        Part("General Rules", "It ends.", "Sec. 2"),
    ]


def test_without_numbers_every_paragraph_is_a_part():
    parts = split_markdown("First it is said.\n\n- a\n- b\n\nThen the end.")
    assert heads(parts) == [
        (1, "1", "First it is said."),
        (1, "2", "a b"),
        (1, "3", "Then the end."),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "***", "# \n"])
def test_nothing_is_split_into_no_parts(text):
    assert split_markdown(text) == []


def test_too_many_parts_are_refused():
    with pytest.raises(TooManyParts):
        split_markdown("# x\n" * 2_001)


@given(st.text(alphabet="aB1. \n#-*_`>[]()|=\\\t§IV", max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_markdown_loses_a_word(text):
    text = f"It begins.\n\n{text}\n\nthe end"  # the name of a document may be dropped
    assert is_within(words(text), words_of(split_markdown(text)))


@pytest.mark.parametrize(
    "text", ["*" * 20_000, "[" * 20_000, "`" * 20_000, "1." * 20_000, "> " * 5_000]
)
def test_hostile_markdown_takes_no_time(text):
    assert len(split_markdown(f"{text} x")) == 1


# Plain text.


def test_bills_in_plain_text_are_split_into_sections_with_whole_lines():
    parts = split_markdown(PLAIN_WRITING_ACT)
    assert heads(parts)[1:] == [
        (1, "SECTION 1", "SHORT TITLE."),
        (1, "SEC. 2", "PURPOSE."),
        (1, "SEC. 3", "DEFINITIONS."),
        (1, "SEC. 4", "RESPONSIBILITIES OF FEDERAL AGENCIES."),
    ]
    assert "\n\n(C) does not include a regulation.\n\n(3) PLAIN WRITING" in parts[3].text
    assert is_within(words(PLAIN_WRITING_ACT), words_of(parts))


@needs_notice
def test_a_notice_of_the_federal_register_is_split_into_its_lettered_sections():
    text = NOTICE.read_text(encoding="utf-8")
    parts = split_markdown(text)
    assert " ".join(f"{part.level}{part.label}" for part in parts[1:]) == (
        "1I. 1II. 1III. 2A. 2B. 2C. 1IV. 2A. 2B. 1V. 2A. 2B. 1VI. 2A. 2B. 1VII."
    )
    assert "across [[Page 61019]] directories" in parts[1].text
    assert is_within(words(text), words_of(parts))


def test_the_protocol_is_split_as_it_is_loaded():
    text = PROTOCOL.read_text(encoding="utf-8")
    parts = split_markdown(text)
    assert len(parts) == 26
    assert parts[2].key == "art-1"
    assert all(part.text in text for part in parts)


# Word.


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("source", "scheme"),
    [
        (PROTOCOL, PROTOCOL_SCHEME),
        pytest.param(NOTICE, NOTICE_SCHEME, marks=needs_notice),
        (None, ACT_SCHEME),
    ],
    ids=["protocol", "notice", "act"],
)
def test_headings_come_out_the_same_however_they_were_made(source, scheme, route):
    text = source.read_text(encoding="utf-8") if source else PLAIN_WRITING_ACT
    # What stands before the first heading is called differently, as the title is known there.
    parts = [p for p in split_markdown(text) if p.label or p.heading == "Preamble"]
    found = split_word(made(parts, "Name of it", route, scheme))
    assert heads(found) == heads(parts)
    assert words_of(found) == words_of(parts)


def test_styles_of_any_name_are_headings_by_their_outline_level():
    document = word_file()
    document.styles.add_style("Überschrift Gesetz", 1).base_style = document.styles["Heading 2"]
    document.add_paragraph("Eins", style="Überschrift Gesetz")
    document.add_paragraph("Text.")
    paragraph = document.add_paragraph("Two")
    paragraph._p.get_or_add_pPr().append(docx.oxml.OxmlElement("w:outlineLvl"))
    paragraph._p.pPr[-1].set(docx.oxml.ns.qn("w:val"), "0")
    assert heads(split(document)) == [(2, "", "Eins"), (1, "", "Two")]


def test_numbers_linked_to_styles_are_printed_and_can_be_switched_off():
    document = word_file()
    inner = '<w:start w:val="1"/><w:numFmt w:val="{}"/><w:pStyle w:val="Heading{}"/>'
    levels = [
        inner.format("upperLetter", 1) + '<w:lvlText w:val="%1."/>',
        inner.format("decimal", 2) + '<w:isLgl/><w:lvlText w:val="%1.%2"/>',
    ]
    number = numbered(document, *levels)
    for style in ("Heading 1", "Heading 2"):
        put_in(_Styled(document, style), number)
    for text, level in (("a", 1), ("b", 2), ("c", 2), ("d", 1), ("e", 2)):
        document.add_heading(text, level)
    put_in(document.add_heading("off", 1), 0)
    assert labels(split(document)) == ["A.", "1.1", "1.2", "B.", "2.1", ""]


class _Styled:
    """A style that is numbered as a paragraph is."""

    def __init__(self, document, name):
        self._p = document.styles[name].element


def test_two_uses_of_a_list_count_on_and_an_override_begins_again():
    document = word_file()
    first = numbered(document, ("lowerLetter", "(%1)"))
    second = numbered(document, number=2, abstract=101)
    third = numbered(
        document,
        number=3,
        abstract=101,
        overrides='<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>',
    )
    for number in (first, second, third, third):
        put_in(document.add_heading("x", 1), number)
    assert labels(split(document)) == ["(a)", "(b)", "(e)", "(f)"]


@pytest.mark.parametrize(
    ("restart", "printed"),
    [
        ("", ["1.", "1.1", "1.1.1", "1.2", "1.2.1", "2.", "2.1.1"]),
        ('<w:lvlRestart w:val="1"/>', ["1.", "1.1", "1.1.1", "1.2", "1.2.2", "2.", "2.1.1"]),
        ('<w:lvlRestart w:val="0"/>', ["1.", "1.1", "1.1.1", "1.2", "1.2.2", "2.", "2.1.3"]),
    ],
)
def test_a_level_begins_again_as_its_list_says(restart, printed):
    document = word_file()
    third = ("decimal", "%1.%2.%3", restart)
    number = numbered(document, ("decimal", "%1."), ("decimal", "%1.%2"), third)
    for depth in (0, 1, 2, 1, 2, 0, 2):
        put_in(document.add_heading("x", 1), number, depth)
    assert labels(split(document)) == printed


@pytest.mark.parametrize(
    ("kind", "count", "printed"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 3, "C"),
        ("lowerRoman", 49, "xlix"),
        ("upperRoman", 4, "IV"),
        ("upperRoman", 30_000, "30000"),
        ("lowerLetter", 30_000, "30000"),
        ("none", 3, ""),
    ],
)
def test_counts_are_printed_as_word_prints_them(kind, count, printed):
    assert formatted(count, kind) == printed


def test_numbered_paragraphs_become_lists_that_keep_the_printed_number():
    document = word_file(("Terms", "Heading 1"))
    clauses = numbered(document, ("decimal", "%1."), ("lowerLetter", "(%2)"), ("bullet", "·"))
    for text, depth in (("One", 0), ("first", 1), ("second", 1), ("dot", 2), ("Two", 0)):
        put_in(document.add_paragraph(text), clauses, depth)
    document.add_paragraph("Between.")
    put_in(document.add_paragraph("Three"), clauses)
    assert split(document)[0].text == (
        "1. One\n\n   (a) first\n\n   (b) second\n\n   - dot\n2. Two\n\nBetween.\n\n3. Three"
    )


def test_rows_that_are_numbered_in_an_empty_cell_keep_their_numbers():
    document = word_file(("Fees", "Heading 1"))
    number = numbered(document, ("decimal", "%1."))
    table = document.add_table(rows=2, cols=2)
    for row in table.rows:
        put_in(row.cells[0].paragraphs[0], number)
        row.cells[1].text = "x"
    assert split(document)[0].text == "| 1. | x |\n| --- | --- |\n| 2. | x |"


def test_a_clause_in_the_style_of_a_heading_keeps_its_whole_text():
    clause = "Fees. " + "The developer shall pay what is due. " * 9
    document = word_file((f"1. {clause}", "Heading 1"), (f"2. {clause[6:]}", "Heading 1"))
    first, second = split(document)
    assert (first.label, first.heading, first.text) == ("1.", "Fees", clause[6:].strip())
    assert second.heading == excerpt(clause[6:])
    assert second.text == clause[6:].strip()


def test_tables_become_tables_and_signs_in_cells_do_not_break_them():
    document = word_file(("Fees", "Heading 1"))
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Size", "Fee", "a|b", "*free*"), strict=True):
        cell.text = text
    assert split(document)[0].text == "| Size | Fee |\n| --- | --- |\n| a\\|b | \\*free\\* |"


def test_emphasis_is_kept_and_the_authors_signs_stay_signs():
    document = word_file(("Terms", "Heading 1"))
    paragraph = document.add_paragraph("A ")
    paragraph.add_run("bold ").bold = True
    paragraph.add_run("and slanted").italic = True
    paragraph.add_run(" word, 2*3*4, # no, <b>, [x](y) & snake_case.")
    document.add_paragraph("# not a heading")
    document.add_paragraph("- not a list")
    assert split(document)[0].text == (
        "A **bold** *and slanted* word, 2\\*3\\*4, # no, \\<b>, [x\\](y) & snake_case.\n\n"
        "\\# not a heading\n\n\\- not a list"
    )


@given(st.text(alphabet="aB1 .-+*_#`~<>&;[]()!|\\=:\n/", min_size=1, max_size=60))
@settings(max_examples=500, deadline=None)
def test_escaped_words_are_shown_as_they_were_written(text):
    text = "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
    tokens = MarkdownIt("commonmark").enable("table").parse(escaped(text))
    inlines = [token for token in tokens if token.type == "inline"]
    shown = "".join(
        "\n" if child.type == "softbreak" else child.content
        for inline in inlines
        for child in inline.children
    )
    kinds = {child.type for inline in inlines for child in inline.children}
    assert kinds <= {"text", "softbreak", "text_special"}
    assert shown == text
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


def test_deleted_hidden_and_repeated_words_are_not_read():
    document = word_file(("One", "Heading 1"), "Kept. ")
    document.paragraphs[-1].add_run("hidden").font.hidden = True
    gone = docx.oxml.parse_xml(
        f"<w:del {docx.oxml.ns.nsdecls('w')}><w:r><w:delText>gone</w:delText></w:r></w:del>"
    )
    document.paragraphs[-1]._p.append(gone)
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("One 1", style="toc 1")
    assert split(document) == [Part("One", "Kept.")]


def test_a_word_file_without_headings_falls_back_to_its_numbers():
    document = word_file("As follows, and in this order:")
    number = numbered(document, ("decimal", "%1."), ("lowerLetter", "%2)"))
    for text, depth in (("Report every incident.", 0), ("at once", 1), ("Keep the logs.", 0)):
        put_in(document.add_paragraph(text), number, depth)
    parts = split(document)
    assert labels(parts) == ["", "1.", "2."]
    assert [part.text for part in parts[1:]] == [
        "Report every incident.\n\na) at once",
        "Keep the logs.",
    ]


def test_unstyled_acts_of_the_union_are_split_at_chapters_and_articles():
    lines = (
        "CHAPTER I|GENERAL RULES|Article 1|Scope|1. It applies.|(a) to all;|Article 2|Terms|Ended."
    )
    parts = split(word_file("REGULATION (EU) 1", "Whereas:", "(1) It is so.", *lines.split("|")))
    assert heads(parts)[1:] == [
        (1, "CHAPTER I", "GENERAL RULES"),
        (2, "Article 1", "Scope"),
        (2, "Article 2", "Terms"),
    ]
    assert parts[2].text == "1. It applies.\n\n(a) to all;"


LISTED = st.tuples(st.integers(0, 2), st.sampled_from([0, 1, 2, None]))


@given(st.lists(LISTED, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_lists_are_shown_with_the_numbers_word_prints(items):
    document = word_file(("Terms", "Heading 1"))
    kinds = [("decimal", "{}."), ("lowerLetter", "({})"), ("decimal", "{})")]
    lists = []
    for at in range(3):
        turned = kinds[at:] + kinds[:at]
        levels = [(kind, sign.format(f"%{n}")) for n, (kind, sign) in enumerate(turned, start=1)]
        lists.append((numbered(document, *levels, number=at + 1), turned))
    counts, printed = {}, []
    for place, (at, depth) in enumerate(items):
        paragraph = document.add_paragraph(f"w{place}")
        if depth is None:
            printed.append(f"w{place}")
            continue
        number, levels = lists[at]
        put_in(paragraph, number, depth)
        counts = {k: v for k, v in counts.items() if k[0] != at or k[1] <= depth}
        counts[at, depth] = counts.get((at, depth), 0) + 1
        kind, sign = levels[depth]
        printed.append(f"{sign.format(formatted(counts[at, depth], kind))} w{place}")
    assert shown(split(document)[0].text) == printed


def shown(text):
    """Return the paragraphs of Markdown with the numbers that a reader sees."""
    found, counts, label = [], [], ""
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "ordered_list_open":
            counts.append(token.attrs.get("start", 1))
        elif token.type == "ordered_list_close":
            counts.pop()
        elif token.type == "list_item_open":
            label = f"{counts[-1]}{token.markup} "
            counts[-1] += 1
        elif token.type == "inline":
            found.append(label + "".join(child.content for child in token.children))
            label = ""
    return found


STYLES = ("Heading 1", "Heading 2", None, None, None, "List Number", "Quote")
TEXTS = (
    "Article 4", "CHAPTER II", "SEC. 5. RULES.", "Section 6. Title. It goes on", "7. some text",
    "(8) w8", "A. Purpose", "*x* _y_ # z", "one\nArticle 3\ntwo", "**", "1.", "",
)  # fmt: skip
PARAGRAPHS = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(STYLES), st.booleans()))


@given(PARAGRAPHS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_no_word_file_loses_a_letter(paragraphs, chance):
    document = word_file("It begins.", "And goes on.")  # the name of a document may be dropped
    for text, style, is_bold in paragraphs:
        paragraph = document.add_paragraph(style=style)
        for piece in re.findall(r".{1,5}", text, re.DOTALL):
            paragraph.add_run(piece).bold = is_bold or chance.random() < 0.3
    parts = split(document)
    letters = [c for text, *_rest in paragraphs for c in text if c.isalnum()]
    found = [c for part in parts for c in part.label + part.heading + part.text if c.isalnum()]
    assert is_within(letters, found)
    assert all(part.heading for part in parts)


def test_notes_stand_at_the_end_of_the_part_that_cites_them():
    document = word_file(("One", "Heading 1"), "Text", "More.", ("Two", "Heading 1"), "End.")
    for place, name in ((0, 2), (1, 1)):
        note = f'<w:r {docx.oxml.ns.nsdecls("w")}><w:footnoteReference w:id="{name}"/></w:r>'
        document.paragraphs[place]._p.append(docx.oxml.parse_xml(note))
    notes = "".join(
        f'<w:footnote w:id="{name}"><w:p><w:r><w:t>Note {name}.</w:t></w:r></w:p></w:footnote>'
        for name in (1, 2)
    )
    content = f"<w:footnotes {docx.oxml.ns.nsdecls('w')}>{notes}</w:footnotes>"
    held = io.BytesIO(package(document).getvalue())
    with zipfile.ZipFile(held, "a") as opened_again:
        opened_again.writestr("word/footnotes.xml", content)
    assert split_word(held)[0] == Part("One", "Text[2]\n\nMore.\n\n[1] Note 2.\n\n[2] Note 1.")


# In a process of its own.


def opened(content):
    held = tempfile.TemporaryFile()  # noqa: SIM115 - a test closes it
    held.write(content)
    held.seek(0)
    return held


def changed(document, name, content):
    held = io.BytesIO()
    with zipfile.ZipFile(package(document)) as old, zipfile.ZipFile(held, "w") as new:
        for member in old.infolist():
            new.writestr(member, content if member.filename == name else old.read(member))
    return held.getvalue()


def test_a_confined_process_finds_the_same_parts():
    document = word_file(("Title", "Title"), ("Article 1 Scope", "Heading 1"), "Text with ümlaut.")
    with opened(package(document).getvalue()) as source:
        assert confining.split(source, "DOCX") == [Part("Scope", "Text with ümlaut.", "Article 1")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 nothing", "damaged"),
        (b"%PDF-1.7", "other_kind"),
        (
            changed(
                word_file("x"), "word/document.xml", b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>"
            ),
            "entities",
        ),
        (changed(word_file("x"), "word/numbering.xml", b"<w"), "damaged"),
    ],
)
def test_hostile_and_damaged_files_are_unfit(content, code):
    with opened(content) as source, pytest.raises(Unfit) as unfit:
        confining.split(source, "DOCX")
    assert unfit.value.code == code


def test_a_file_of_too_many_parts_is_too_complex(monkeypatch):
    monkeypatch.setattr(assembling, "MOST_PARTS", 2)
    with pytest.raises(Unfit, match="too_complex"):
        split(word_file(*[("x", "Heading 1")] * 3))


def test_a_file_that_takes_too_long_is_too_complex(monkeypatch):
    monkeypatch.setitem(limits.WALL_SECONDS, "split", 0.0)
    with opened(package(word_file("x")).getvalue()) as source, pytest.raises(Unfit) as unfit:
        confining.split(source, "DOCX")
    assert unfit.value.code == "too_complex"
