import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import docx
import pytest

from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing, BriefingFile
from apps.briefings.publishing import render
from apps.briefings.quotes import quotes_in_docx, quotes_in_html, quotes_in_json
from apps.briefings.renderers import note_on_print
from apps.briefings.renderers.printing import PRINTED_QUOTATIONS, for_print
from tests.briefings.content_factory import briefing_content
from tests.briefings.pdf_quotes import all_text_in_pdf, quotes_in_pdf

Format = BriefingFile.Format
ROOT = Path(__file__).parents[2]


def quoted_by_theme(content: BriefingContent) -> list[int]:
    return [
        sum(bool(one.passage) for claim in theme.claims for one in claim.citations)
        for theme in content.themes
    ]


def test_a_briefing_that_fits_is_printed_whole():
    content = briefing_content(size=300, n_themes=20)
    assert for_print(content) == (content, "")


def test_beyond_the_limit_every_theme_keeps_as_many_quotations():
    content = briefing_content(size=600, n_themes=30)
    printed, note = for_print(content, 93)
    assert len(list(printed.quotations())) == 93
    assert set(quoted_by_theme(printed)) == {3}
    assert f"93 of {len(list(content.quotations()))} quotations" in note


def test_a_theme_quotes_each_claim_once_before_it_quotes_one_twice():
    printed, _note = for_print(briefing_content(size=600, n_themes=30), 123)
    for theme in printed.themes:
        per_claim = [sum(bool(one.passage) for one in claim.citations) for claim in theme.claims]
        assert per_claim == [1, 1, 1, 1]


def test_no_group_of_claims_is_always_the_one_that_is_quoted():
    printed, _note = for_print(briefing_content(size=600, n_themes=40), 45)
    first = Counter(
        claim.kind
        for theme in printed.themes
        for claim in theme.claims
        for one in claim.citations
        if one.passage
    )
    assert max(first.values()) - min(first.values()) <= 1
    assert len(first) == 4


def test_what_is_not_quoted_keeps_its_source():
    content = briefing_content(size=600, n_themes=30)
    printed, _note = for_print(content, 10)
    kept = [[one.ref for one in claim.citations] for claim in printed.claims()]
    assert kept == [[one.ref for one in claim.citations] for claim in content.claims()]
    assert printed.submissions == content.submissions


def test_a_minority_argument_is_the_last_to_lose_its_words():
    printed, _note = for_print(briefing_content(size=600, n_themes=30), 5)
    assert all(one.passage for claim in printed.minority for one in claim.citations)


@pytest.fixture(scope="module")
def vast() -> BriefingContent:
    return briefing_content(size=1000, n_themes=101)


@pytest.fixture(scope="module")
def files(vast) -> dict[str, tuple[bytes, str]]:
    briefing = Briefing(content=vast.model_dump(mode="json", by_alias=True))
    return {name: render(briefing, name) for name in Format.values}


def test_the_pdf_says_how_many_quotations_it_leaves_out_and_where_they_are(vast, files):
    total = len(list(vast.quotations()))
    assert total > PRINTED_QUOTATIONS
    data = files["pdf"][0]
    assert len(quotes_in_pdf(data)) == PRINTED_QUOTATIONS
    words = "".join(all_text_in_pdf(data).split())
    assert f"Thisprintholds{PRINTED_QUOTATIONS}of{total}quotations" in words
    assert "HTMLandJSONfilesholdallofthem" in words


def test_the_word_file_leaves_out_the_same_quotations_and_says_so(vast, files):
    data = files["docx"][0]
    printed, note = for_print(vast)
    words = [" ".join(one.passage.text.split()) for one in printed.quotations()]
    assert quotes_in_docx(data) == words
    assert [p.text for p in docx.Document(BytesIO(data)).paragraphs].count(note) == 2


def test_files_that_leave_something_out_carry_a_warning(vast, files):
    warnings = {name: warning for name, (_data, warning) in files.items()}
    note = note_on_print(vast)
    assert note
    assert warnings == {"html": "", "json": "", "docx": note, "pdf": note}


def test_html_and_json_hold_every_quotation(vast, files):
    total = len(list(vast.quotations()))
    assert len(quotes_in_html(files["html"][0])) == total
    assert len(quotes_in_json(files["json"][0])) == total


def test_three_hundred_themes_fit_in_a_gigabyte_and_a_second_file_takes_no_more():
    script = (
        "import django; django.setup();"
        "from apps.briefings.renderers import render_pdf;"
        "from tests.briefings.content_factory import briefing_content;"
        "from tests.briefings.memory import peak;"
        "render_pdf(briefing_content(size=1500, n_themes=300)); first = peak();"
        "render_pdf(briefing_content(size=1501, n_themes=300)); print(first, peak())"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    first, second = (int(one) for one in run.stdout.split())
    assert first < 1_000_000_000
    assert second < 1.3 * first
