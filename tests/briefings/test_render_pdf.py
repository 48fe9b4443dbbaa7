from io import BytesIO

import pytest
from pypdf import PdfReader

from apps.briefings.content import BriefingContent
from apps.briefings.renderers.pdf import render_pdf
from apps.core.typesetting import fonts
from tests.briefings.content_factory import SENTENCES, briefing_content, briefing_data


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    rendered = render_pdf(briefing_content())
    assert rendered.warnings == ()
    return PdfReader(BytesIO(rendered.data))


@pytest.fixture
def no_installed_font(monkeypatch):
    monkeypatch.setattr(fonts, "FONT_FOLDERS", ())
    fonts.printed_fonts.cache_clear()
    yield
    fonts.printed_fonts.cache_clear()


def elements(pdf: PdfReader) -> list:
    found, waiting = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(child for child in one if hasattr(child, "get_object"))
        elif isinstance(one, dict):
            found.append(one)
            if "/K" in one and hasattr(one["/K"], "get_object"):
                waiting.append(one["/K"])
    return found


def test_the_pdf_is_tagged_and_claims_ua_1(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "What was said about the first draft" in xmp


def test_the_title_and_the_date_come_from_the_content(pdf):
    assert pdf.metadata.title == "What was said about the first draft"
    assert pdf.metadata.creation_date.date().isoformat() == "2026-07-31"


def test_every_table_has_header_cells_and_every_figure_an_alternative(pdf):
    found = elements(pdf)
    kinds = [one.get("/S") for one in found]
    assert {"/Document", "/H1", "/H2", "/TOC", "/Table", "/TH", "/Quote", "/Link"} <= set(kinds)
    figures = [one for one in found if one.get("/S") == "/Figure"]
    assert figures
    assert all(one.get("/Alt") for one in figures)


def test_contents_outline_and_pages_lead_to_their_places(pdf):
    titles = [one.title for one in pdf.outline if not isinstance(one, list)]
    assert titles[:2] == ["Findings at a glance", "Who was heard"]
    assert pdf.page_labels[:2] == ["1", "2"]
    links = [one.get_object() for one in pdf.pages[0]["/Annots"]]
    assert len([one for one in links if "/Dest" in one or "/A" in one]) >= 8


def test_links_lead_to_http_only(pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get_object().get("/A", {})
            assert str(action.get("/URI", "https://")).startswith("https://")


def test_without_an_installed_font_the_file_is_still_made(no_installed_font):
    rendered = render_pdf(briefing_content(quotes=(*SENTENCES, "人工智能", "هذا النص")))
    assert rendered.warnings
    assert "人" in rendered.coded
    assert b"pdfuaid:part" in xmp_of(rendered.data)
    assert "U+4EBA" in "".join(p.extract_text() for p in PdfReader(BytesIO(rendered.data)).pages)


def test_latin_text_needs_no_installed_font(no_installed_font):
    assert render_pdf(briefing_content()).warnings == ()


def test_a_group_withheld_is_words_on_paper():
    data = briefing_data()
    content = BriefingContent.model_validate(data)
    pages = PdfReader(BytesIO(render_pdf(content).data)).pages
    assert "under 5" in "".join(page.extract_text() for page in pages)


def test_a_quotation_stays_whole_on_its_page():
    reader = PdfReader(BytesIO(render_pdf(briefing_content(size=400, n_themes=16)).data))
    quotations = [one for one in elements(reader) if one.get("/S") == "/Quote"]
    assert len(quotations) > 100
    assert all(len(pages_of(one)) == 1 for one in quotations)


def test_a_table_of_groups_is_not_broken_over_pages():
    reader = PdfReader(BytesIO(render_pdf(briefing_content(size=400, n_themes=16)).data))
    found = [page.extract_text() for page in reader.pages]
    for row in ("Policymaker", "Other", "All groups"):
        assert any(row in text and "How much of it was used" in text for text in found)


def pages_of(element, page: int | None = None) -> set[int]:
    """Return the pages on which an element of the structure tree has content."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, int):
        return {page}
    if isinstance(element, list):
        return set().union(*(pages_of(one, page) for one in element))
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    if "/MCID" in element:
        return {page}
    return pages_of(element["/K"], page) if "/K" in element else set()


def xmp_of(data: bytes) -> bytes:
    return PdfReader(BytesIO(data)).trailer["/Root"]["/Metadata"].get_object().get_data()
