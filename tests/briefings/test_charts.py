import re
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from apps.briefings import charts
from apps.briefings.content import BriefingContent
from apps.submissions import seating
from apps.submissions.templatetags.room import scale_of
from tests.briefings.content_factory import (
    GROUPS,
    HOSTILE,
    briefing_content,
    briefing_data,
    empty_content,
)

CHARTS = [
    charts.heard_room,
    charts.heard_by_group,
    charts.heard_over_time,
    charts.campaign_share,
    charts.position_matrix,
    charts.themes_by_group,
]
SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(charts.standalone_svg(svg))


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("content", [briefing_content, empty_content])
def test_a_chart_is_valid_and_described(chart, content):
    svg = chart(content(), "page-")
    root = parse(svg)
    assert isinstance(svg, SafeString)
    assert root.get("role") == "img"
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("page-") for name in ids)
    named = root.get("aria-labelledby", "").split()
    assert named == [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")]
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_carries_no_style_and_no_script(chart):
    svg = chart(briefing_content())
    assert "style=" not in svg
    assert "<script" not in svg
    assert not re.search(r"\bon\w+=", svg)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_others_stay_words(words):
    data = briefing_data()
    data["themes"][0]["title"] = words
    data["groups"][0]["name"] = words
    content = BriefingContent.model_validate(data)
    for chart in CHARTS:
        root = parse(chart(content))
        assert not root.findall(f".//{SVG}script")
        assert not root.findall(f".//{SVG}b")


def test_the_room_gives_every_group_the_same_bench_and_one_mark_per_submission():
    content = briefing_content(size=40)
    root = parse(charts.heard_room(content))
    assert len(root.findall(f".//{SVG}path[@class='bench']")) == len(GROUPS)
    marks = [one for one in root.iter(f"{SVG}path") if str(one.get("class")).startswith("g-")]
    assert len(marks) == 40


def test_the_room_of_a_briefing_is_seated_as_the_room_of_the_site():
    content = briefing_content(size=40)
    root = parse(charts.heard_room(content))
    sizes = {row.group: row.submissions for row in content.coverage}
    benches = seating.benches(sizes)
    drawn = [one.get("d") for one in root.findall(f".//{SVG}path[@class='bench']")]
    assert drawn == [bench.outline for bench in benches]
    places = [one.get("transform") for one in root.iter(f"{SVG}path") if one.get("transform")]
    assert places == [
        f"translate({x - bench.mark / 2:.1f} {y - bench.mark / 2:.1f}) scale({bench.mark / 16:.3f})"
        for bench in benches
        for x, y in bench.seats
    ]


def test_the_room_says_when_a_mark_stands_for_several():
    content = briefing_content(size=900)
    assert "up to" in charts.heard_room(content)
    assert charts.room_scale(content) == scale_of(
        {row.group: row.submissions for row in content.coverage}
    )


def test_the_description_of_who_was_heard_holds_the_values():
    content = briefing_content()
    description = parse(charts.heard_by_group(content)).find(f"{SVG}desc").text
    for row in content.coverage:
        assert f"{row.submissions}, of them {row.own} own texts" in description


def test_a_withheld_cell_shows_words_and_never_a_figure():
    root = parse(charts.position_matrix(briefing_content()))
    assert "under 5" in [one.text for one in root.iter(f"{SVG}text")]
    assert "under 5" in root.find(f"{SVG}desc").text


def test_letters_of_a_campaign_are_hatched():
    assert 'fill="url(#heard-over-time-letters)"' in charts.heard_over_time(briefing_content())
