import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import docx
import pytest

from apps.briefings.content import BriefingContent
from apps.briefings.quotes import quotes_in_docx, quotes_in_html, quotes_in_json
from apps.briefings.renderers.docx import render_docx
from apps.briefings.renderers.html import render_html
from apps.briefings.renderers.json import render_json
from apps.briefings.renderers.pdf import render_pdf
from apps.core.display import on_one_line
from tests.briefings.content_factory import (
    HOSTILE,
    SENTENCES,
    Draft,
    briefing_content,
    briefing_data,
    document,
    empty_content,
)
from tests.briefings.pdf_quotes import all_text_in_pdf, quotes_in_pdf

ROOT = Path(__file__).parents[2]
PARTS = (
    "Findings at a glance",
    "Who was heard",
    "Positions by group",
    "Theme by theme",
    "Minority and unique arguments",
    "Would the picture change?",
    "Method and limits",
    "Annex",
)
RENDERERS = {
    "html": render_html,
    "pdf": lambda content: render_pdf(content).data,
    "docx": render_docx,
    "json": render_json,
}


def text_of(kind: str, data: bytes) -> str:
    if kind == "pdf":
        return all_text_in_pdf(data)
    if kind == "docx":
        body = docx.Document(BytesIO(data)).element.body
        return " ".join(one.text or "" for one in body.iter() if one.tag.endswith("}t"))
    if kind == "html":
        reader = _Text()
        reader.feed(data.decode())
        return reader.text
    return data.decode()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.skipped = 0
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.skipped += tag == "style"

    def handle_endtag(self, tag):
        self.skipped -= tag == "style"

    def handle_data(self, data):
        self.text += "" if self.skipped else data


def letters(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("quotes", [SENTENCES, HOSTILE])
def test_every_quote_in_every_format_is_an_exact_span_of_its_source(quotes):
    draft = Draft(quotes=quotes)
    content = BriefingContent.model_validate(draft.data())
    spans = []
    for citation in content.quotations():
        passage = citation.passage
        source = draft.sources[citation.ref, passage.part]
        spans.append(source[passage.start : passage.end])
    shown = [on_one_line(span) for span in spans]
    assert sorted(quotes_in_json(render_json(content))) == sorted(spans)
    assert [on_one_line(one) for one in quotes_in_html(render_html(content))] == shown
    assert quotes_in_docx(render_docx(content)) == shown
    pdf = render_pdf(content)
    printed = [with_codes(one, pdf.coded) for one in shown]
    for found, expected in zip(quotes_in_pdf(pdf.data), printed, strict=True):
        if any("\u0590" <= letter <= "\u08ff" for letter in expected):
            assert as_read_from_the_right(found[::-1]) == as_read_from_the_right(expected)
        else:
            assert letters(found) == letters(expected)


def as_read_from_the_right(text: str) -> str:
    """Return the letters of a line, without marks: a page repeats a letter for the mark on it."""
    kept = [one for one in letters(text) if unicodedata.category(one) in ("Lo", "Po")]
    return re.sub(r"(.)\1+", r"\1", "".join(kept))


def with_codes(text: str, coded: tuple[str, ...]) -> str:
    codes = {ord(one): f"⟨U+{ord(one):04X}⟩" for one in coded}
    return on_one_line(text.translate(codes))


@pytest.mark.parametrize("kind", RENDERERS)
def test_the_same_content_gives_the_same_bytes(kind):
    render = RENDERERS[kind]
    assert render(briefing_content()) == render(briefing_content())


def test_a_new_process_at_another_time_gives_the_same_bytes():
    script = (
        "import hashlib, sys, django; django.setup();"
        "from tests.briefings.content_factory import briefing_content;"
        "from tests.briefings.test_render_formats import RENDERERS;"
        "content = briefing_content();"
        "print([hashlib.sha256(make(content)).hexdigest() for make in RENDERERS.values()])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
        for _run in range(2)
    }
    assert len(runs) == 1


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_all_parts_are_there_in_their_order(kind):
    text = " ".join(text_of(kind, RENDERERS[kind](briefing_content())).split())
    places = [text.rindex(heading) for heading in PARTS]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", RENDERERS)
def test_an_empty_consultation_says_so(kind):
    text = text_of(kind, RENDERERS[kind](empty_content()))
    if kind == "json":
        assert json.loads(text)["heard"]["total"] == 0
    else:
        assert letters("No submission was received by the cut-off") in letters(text)
        assert letters("None was recorded. This is a finding to check") in letters(text)


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_every_submission_is_listed(kind):
    content = briefing_content(size=90)
    text = letters(text_of(kind, RENDERERS[kind](content)))
    assert all(submission.ref in text for submission in content.submissions)


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_a_text_by_a_model_is_marked(kind):
    text = text_of(kind, RENDERERS[kind](briefing_content()))
    assert letters("machine-written, checked") in letters(text)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_looks_like_markup_is_text_everywhere(words):
    data = briefing_data(n_themes=1)
    data["document"] |= dict.fromkeys(("title", "subtitle", "notice", "source", "docket"), words)
    data["themes"][0] |= {"title": words, "question": words, "rule": words}
    data["heard"]["campaigns"][0]["title"] = words
    data["submissions"][0] |= {"who": words, "declared": words}
    data["note"][0]["numbers"]["n"] = {"value": f"9 {words}", "query": words}
    data["method"] |= {"steps": [words], "limits": [words], "manifest": [[words, words]]}
    content = BriefingContent.model_validate(data)
    shown = on_one_line(words)
    pdf = render_pdf(content)
    printed = letters(with_codes(shown, pdf.coded))
    found = letters(all_text_in_pdf(pdf.data))
    is_right_to_left = any("\u0590" <= letter <= "\u08ff" for letter in words)
    assert is_right_to_left or found.count(printed) >= 3
    for kind in ("html", "docx"):
        text = text_of(kind, RENDERERS[kind](content))
        assert letters(text).count(letters(shown)) >= 6


def test_the_html_file_holds_no_script_and_nothing_from_elsewhere():
    data = render_html(briefing_content(quotes=HOSTILE))
    reader = _Text()
    reader.feed(data.decode())
    assert not reader.tags & {"script", "link", "img", "iframe", "object", "form", "b"}
    assert b"style=" not in data
    assert b"url(http" not in data


def test_the_html_file_has_unique_ids_and_no_dead_link_inside():
    text = render_html(briefing_content()).decode()
    reader = _Ids()
    reader.feed(text)
    assert len(reader.ids) == len(set(reader.ids))
    assert {link for link in reader.links if link.startswith("#")} <= {f"#{i}" for i in reader.ids}


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if given.get("href") else []


def test_the_html_file_names_its_language_and_direction():
    data = briefing_data()
    data["document"] = document() | {"lang": "ar"}
    text = render_html(BriefingContent.model_validate(data)).decode()
    assert '<html lang="ar" dir="rtl">' in text


def test_the_word_file_has_headings_header_rows_alternatives_and_properties():
    file = docx.Document(BytesIO(render_docx(briefing_content())))
    core = file.core_properties
    assert core.title == "What was said about the first draft"
    assert core.language == "en"
    assert core.created.isoformat()[:19] == "2026-07-31T00:00:00"
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 1"][1] == "Who was heard"
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in file.tables)
    pictures = [shape._inline.docPr for shape in file.inline_shapes]
    assert len(pictures) == 6
    assert all(one.get("descr") and one.get("title") for one in pictures)
    assert "PAGE" in file.sections[0].footer._element.xml


def test_the_word_file_has_contents_that_lead_to_every_heading_of_two_levels():
    file = docx.Document(BytesIO(render_docx(briefing_content())))
    wanted = [p.text for p in file.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    listed = [p for p in file.paragraphs if p.style.name.startswith("toc ")]
    assert [p.text for p in listed] == wanted
    xml = "".join(p._p.xml for p in listed)
    assert [xml.count(f'w:fldCharType="{kind}"') for kind in ("begin", "separate", "end")] == [
        1
    ] * 3
    assert "TOC \\o" in xml
    assert all(p._p.xml.count("w:anchor=") == 1 for p in listed)


def test_figures_and_tables_of_the_word_file_are_numbered_and_stay_with_their_captions():
    file = docx.Document(BytesIO(render_docx(briefing_content())))
    captions = [p for p in file.paragraphs if p.style.name == "Caption"]
    numbers = {
        kind: re.findall(rf"{kind} (\d+)\. .", "|".join(map(words_of, captions)))
        for kind in ("Figure", "Table")
    }
    assert numbers["Figure"] == [str(n) for n in range(1, len(file.inline_shapes) + 1)]
    assert numbers["Table"] == ["1", "2", "3", "4"]
    assert file.styles["Caption"].paragraph_format.keep_with_next
    assert all("SEQ " in p._p.xml for p in captions)


def words_of(paragraph) -> str:
    """Return the text of a paragraph with what its fields show."""
    return "".join(one.text for one in paragraph._p.iter() if one.tag.endswith("}t"))


def test_a_claim_of_the_word_file_stays_with_its_first_quotation():
    file = docx.Document(BytesIO(render_docx(briefing_content())))
    styles = [p.style.name for p in file.paragraphs]
    before = [
        file.paragraphs[place - 1]
        for place, name in enumerate(styles)
        if name == "Quotation" and styles[place - 1] == "Normal"
    ]
    assert before
    assert all(p.paragraph_format.keep_with_next for p in before)
    assert file.styles["Quotation"].paragraph_format.keep_with_next
    assert file.styles["Quotation"].paragraph_format.keep_together


def test_a_picture_of_many_themes_comes_in_parts_that_fit_a_page():
    file = docx.Document(BytesIO(render_docx(briefing_content(size=60, n_themes=40))))
    assert len(file.inline_shapes) == 7
    assert max(shape.height.mm for shape in file.inline_shapes) < 160
    assert any("first 24 of 40; the table holds all" in p.text for p in file.paragraphs)


def test_the_word_file_keeps_its_links_inside():
    data = render_docx(briefing_content())
    xml = zipfile.ZipFile(BytesIO(data)).read("word/document.xml").decode()
    anchors = set(xml.split('w:anchor="')[1:])
    marks = {one.split('"')[0] for one in xml.split('w:name="')[1:]}
    assert {one.split('"')[0] for one in anchors} <= marks


def test_json_is_canonical_and_keeps_the_exact_span():
    content = briefing_content(quotes=HOSTILE)
    data = render_json(content)
    assert BriefingContent.model_validate_json(data) == content
    again = json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    assert data.decode() == again


def test_twenty_thousand_submissions_are_all_listed_on_paper():
    content = briefing_content(size=20_000, n_themes=40)
    text = letters(all_text_in_pdf(render_pdf(content).data))
    listed = set(re.findall(r"PL-2026-007-\d{5}", text))
    assert listed == {submission.ref for submission in content.submissions}
