"""The results of a consultation: pictures with their tables and data, embedded, and as slides."""

import csv
import io
import re
from html import unescape
from itertools import zip_longest

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from lxml.html import fragments_fromstring, fromstring
from pptx import Presentation
from pptx.enum.text import PP_ALIGN

from apps.accounts.groups import StakeholderGroup
from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing
from apps.briefings.renderers.slides import render_slides
from apps.briefings.results import agreements, tables_of
from apps.consultations.models import Consultation, Stance
from apps.core.sheets import csv_of
from tests.briefings.content_factory import briefing_data
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    return BriefingContent.model_validate(briefing_data())


@pytest.fixture
def consultation():
    made = ConsultationFactory(slug="pause")
    Briefing.objects.create(
        consultation=made,
        version=1,
        state=Briefing.State.READY,
        content=briefing_data(),
        ready_at=made.published_at,
    )
    return made


def get(client, consultation, page="results", **names):
    return client.get(reverse(f"briefings:{page}", kwargs={"slug": consultation.slug, **names}))


def test_the_page_shows_pictures_with_tables_and_leads_to_the_briefing(client, consultation):
    page = get(client, consultation).content.decode()
    assert "Who was heard" in page
    assert "<svg" in page
    assert reverse("briefings:detail", args=["pause", 1]) in page
    assert reverse("briefings:results-table", args=["pause", "heard"]) in page


@pytest.mark.parametrize("page", ["results", "results-embedded"])
def test_groups_and_stances_stand_in_the_readers_language(client, consultation, page):
    client.cookies["django_language"] = "fr"
    shown = get(client, consultation, page).content.decode()
    assert 'lang="fr"' in shown
    with translation.override("fr"):
        names = [str(one.label) for one in (*StakeholderGroup, *Stance)]
    for name in names:
        assert escape(name).lower() in shown.lower()
    for name in ("Policymaker", "Civil society", "support with changes", " oppose"):
        assert name not in shown


def test_the_snippet_holds_any_title_as_valid_html(client, consultation):
    title = 'Draft "protocol" on <a> pause & more'
    Consultation.objects.filter(pk=consultation.pk).update(title=title)
    page = get(client, consultation).content.decode()
    snippet = unescape(page.partition("<textarea")[2].partition(">")[2].partition("</textarea")[0])
    (frame,) = fragments_fromstring(snippet)
    assert frame.attrib["title"] == title
    assert frame.attrib["src"].endswith(reverse("briefings:results-embedded", args=["pause"]))


def test_without_a_briefing_the_page_says_so_and_nothing_else_is_there(client):
    quiet = ConsultationFactory(slug="quiet")
    assert "There is no briefing yet" in get(client, quiet).content.decode()
    for name, more in (
        ("results-slides", {}),
        ("results-embedded", {}),
        ("results-table", {"name": "heard"}),
    ):
        assert get(client, quiet, name, **more).status_code == 404


def test_an_unpublished_consultation_shows_its_results_to_nobody(client, consultation):
    consultation.published_at = None
    consultation.save()
    for name in ("results", "results-slides", "results-embedded"):
        assert get(client, consultation, name).status_code == 404


def test_the_data_of_each_picture_is_what_the_picture_shows(client, consultation, content):
    for name, table in tables_of(content).items():
        answer = get(client, consultation, "results-table", name=name)
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0] == [str(cell) for cell in table.header]
        assert len(rows) == len(table.rows) + 1
        assert "attachment" in answer.headers["Content-Disposition"]
    heard = tables_of(content)["heard"].rows
    assert [row[1] for row in heard] == [row.submissions for row in content.coverage]
    assert get(client, consultation, "results-table", name="secrets").status_code == 404


def test_the_data_names_groups_and_stances_in_the_readers_language(client, consultation):
    client.cookies["django_language"] = "fr"
    answer = get(client, consultation, "results-table", name="positions")
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    with translation.override("fr"):
        stances = [str(one.label).lower() for one in Stance]
        groups = {str(one.label) for one in StakeholderGroup}
    assert set(header[4:]) <= set(stances)
    assert {row[2] for row in rows} <= groups


def test_slides_in_a_script_from_the_right_are_set_from_the_right():
    data = briefing_data()
    data["document"]["lang"] = "ar"
    deck = Presentation(io.BytesIO(render_slides(BriefingContent.model_validate(data))))
    words = [
        paragraph
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
    ]
    assert words
    assert {paragraph.alignment for paragraph in words} == {PP_ALIGN.RIGHT}
    from_the_right = {one.text.split(":")[0]: one._p.pPr.get("rtl") for one in words}
    assert from_the_right["المصدر"] == "1"
    # A line in Latin letters reads from the left: its numbers stay where they are.
    assert from_the_right[data["document"]["docket"]] is None
    (table,) = [one.table for slide in deck.slides for one in slide.shapes if one.has_table]
    assert table._tbl.tblPr.get("rtl") == "1"


def test_bars_on_slides_begin_at_nothing(content):
    deck = Presentation(io.BytesIO(render_slides(content)))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert charts
    assert {chart.value_axis.minimum_scale for chart in charts} == {0}


def test_small_groups_are_withheld_in_the_data_too(client, consultation, content):
    data = briefing_data()
    for row in data["positions"]:
        for cell in row["cells"]:
            cell |= {"suppressed": True, "answers": 0, "stances": {}}
    withheld = BriefingContent.model_validate(data)
    assert agreements(withheld) == []
    Briefing.objects.update(content=withheld.model_dump(mode="json", by_alias=True))
    page = fromstring(get(client, consultation).content.decode())
    (section,) = page.xpath("//section[@aria-labelledby='agreement-h']")
    assert "No group is large enough here" in section.text_content()
    assert not section.xpath(".//table")
    assert all(row[3] == "under 5" for row in tables_of(withheld)["positions"].rows)
    assert len(tables_of(content)["positions"].rows) == len(tables_of(withheld)["positions"].rows)


def test_a_cell_that_looks_like_a_formula_is_none():
    rows = csv_of(["a"], [["=1+1"], ["fine"], [3]]).decode("utf-8-sig").split()
    assert rows == ["a", "'=1+1", "fine", "3"]


def test_what_is_embedded_may_be_framed_and_nothing_else_may(client, consultation):
    embedded = get(client, consultation, "results-embedded")
    assert "X-Frame-Options" not in embedded.headers
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert "<script" not in embedded.content.decode()
    assert "<form" not in embedded.content.decode()
    page = get(client, consultation)
    names = re.findall(r' id="([^"]+)"', page.content.decode())
    assert len(names) == len(set(names))
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors *" not in page.headers["Content-Security-Policy"]


def test_what_is_embedded_names_each_group_beside_its_figure(client, consultation, content):
    page = fromstring(get(client, consultation, "results-embedded").content.decode())
    rows = [
        [cell.text_content().strip() for cell in row] for row in page.xpath("//table[1]/tbody/tr")
    ]
    names = {group.id: group.name for group in content.groups}
    assert [row[:2] for row in rows[: len(names)]] == [
        [names[row.group], str(row.submissions)] for row in content.coverage
    ]


def test_the_slides_hold_charts_and_each_names_its_source(client, consultation, content):
    answer = get(client, consultation, "results-slides")
    deck = Presentation(io.BytesIO(answer.content))
    words = [
        " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert all(content.document.docket in text for text in words)
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    heard = charts[0].plots[0]
    assert list(heard.categories) == [group.name for group in content.groups]
    totals = [sum(values) for values in zip(*(one.values for one in heard.series), strict=True)]
    assert totals == [row.submissions for row in content.coverage]
    (told,) = deck.slides[1].element.xpath(".//p:graphicFrame/p:nvGraphicFramePr/p:cNvPr/@descr")
    group = content.groups[0].name
    assert told.startswith("Who was heard. ")
    figures = f"{group}: {heard.series[0].name} {heard.series[0].values[0]:g}"
    assert figures in told
    notes = deck.slides[1].notes_slide.notes_text_frame.text.splitlines()
    assert notes[0] == "Who was heard"
    assert notes[1].startswith(figures)
    assert len(notes) == len(content.coverage) + 1


def test_distances_are_drawn_on_their_whole_scale():
    from apps.briefings.renderers.slides import render_slides

    content = BriefingContent.model_validate(briefing_data())
    deck = Presentation(io.BytesIO(render_slides(content)))
    (slide,) = [one for one in deck.slides if one.shapes.title.text == "Where groups lie apart"]
    (chart,) = [one.chart for one in slide.shapes if one.has_chart]
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (0, 1)


def test_a_source_without_an_address_ends_in_no_comma():

    data = briefing_data()
    data["document"]["url"] = ""
    deck = Presentation(io.BytesIO(render_slides(BriefingContent.model_validate(data))))
    for slide in deck.slides:
        source = [one.text_frame.text for one in slide.shapes if one.has_text_frame][-1]
        assert source.startswith("Source:")
        assert source.endswith(data["document"]["docket"])


def test_a_theme_that_no_text_raises_is_on_no_slide():

    data = briefing_data()
    first, second, *_others = data["themes"]
    first["raised"] = 0
    deck = Presentation(io.BytesIO(render_slides(BriefingContent.model_validate(data))))
    (slide,) = [one for one in deck.slides if one.shapes.title.text == "Themes by group"]
    (table,) = [one.table for one in slide.shapes if one.has_table]
    shown = [[cell.text for cell in row.cells] for row in table.rows]
    named = {row[0].rstrip("…") for row in shown}
    assert any(second["title"].startswith(name) for name in named - {"Theme"})
    assert first["title"] not in named
    assert shown[0][1:] == [group["name"] for group in data["groups"]]
    raised = {(one["theme"], one["group"]): one["raised"] for one in data["matrix"]}
    row = next(row for row in shown if second["title"].startswith(row[0].rstrip("…")))
    assert [int(cell.partition(" ")[0].replace("–", "0")) for cell in row[1:]] == [
        raised[second["id"], group["id"]] for group in data["groups"]
    ]


def test_one_answer_is_one_and_several_are_several(client, consultation):
    data = briefing_data()
    cells = data["positions"][0]["cells"]
    cells[0] |= {"suppressed": False, "answers": 1, "stances": {"oppose": 1}}
    cells[1] |= {"suppressed": False, "answers": 2, "stances": {"oppose": 2}}
    Briefing.objects.update(content=data)
    page = fromstring(get(client, consultation).content.decode())
    row = page.xpath("//table[contains(@class, 'matrix')][1]/tbody/tr[1]/td//small")
    assert [cell.text_content() for cell in row[:2]] == ["1 answer", "2 answers"]


def test_hostile_words_in_slides_stay_words(content):

    data = briefing_data()
    data["document"]["consultation"] = '<b>&"x" \u202eevil\u202c' + "W" * 300
    deck = Presentation(io.BytesIO(render_slides(BriefingContent.model_validate(data))))
    title = deck.slides[0].shapes.title.text_frame.text
    assert title.startswith('<b>&"x"')
    assert "\u202e" not in title
    assert len(title) <= 110


def test_the_page_costs_the_same_whatever_was_answered(
    client, consultation, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        get(client, consultation)


def few_answers(*counts):
    """Return a briefing in which one thing was answered by so many of each group."""
    data = briefing_data()
    (row, *_others) = data["positions"]
    data["positions"] = [row]
    for cell, n in zip_longest(row["cells"], counts, fillvalue=0):
        cell |= {"suppressed": False, "answers": n, "stances": {"oppose": n}}
    return BriefingContent.model_validate(data)


@pytest.mark.parametrize("counts", [(1,), (2, 2)])
def test_of_fewer_than_five_answers_no_agreement_is_said(client, consultation, counts):

    few = few_answers(*counts)
    (found,) = agreements(few)
    assert (found.agreement, found.divergence, found.farthest) == (None, None, None)
    assert list(tables_of(few)["agreement"].rows[0][3:]) == ["too few answers"] * 2 + [""]
    Briefing.objects.update(content=few.model_dump(mode="json", by_alias=True))
    page = get(client, consultation).content.decode()
    assert page.count("too few answers") == 2
    assert "1.00" not in page
    deck = Presentation(io.BytesIO(render_slides(few)))
    assert "Where groups lie apart" not in [one.shapes.title.text for one in deck.slides]


def test_from_five_answers_on_agreement_is_said_and_of_one_group_no_distance(client, consultation):
    (found,) = agreements(few_answers(3, 2))
    assert found.agreement == 1
    assert found.divergence is not None
    alone = few_answers(5)
    (found,) = agreements(alone)
    assert (found.agreement, found.divergence) == (1, None)
    Briefing.objects.update(content=alone.model_dump(mode="json", by_alias=True))
    assert "one group only" in get(client, consultation).content.decode()


def test_the_slide_of_distances_names_what_too_few_answered():

    data = briefing_data()
    for cell in data["positions"][0]["cells"]:
        cell |= {"suppressed": False, "answers": 0, "stances": {}}
    data["positions"][0]["cells"][0] |= {"answers": 1, "stances": {"oppose": 1}}
    deck = Presentation(io.BytesIO(render_slides(BriefingContent.model_validate(data))))
    (slide,) = [one for one in deck.slides if one.shapes.title.text == "Where groups lie apart"]
    texts = [one.text_frame.text for one in slide.shapes if one.has_text_frame]
    assert f"Too few answers: {data['positions'][0]['label']}" in texts
