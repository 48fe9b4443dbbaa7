"""Consultations nobody plans for: few texts, short ones, other scripts, one letter of everybody."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.briefings import corpus
from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing
from apps.briefings.quotes import quotes_in_docx, quotes_in_html, quotes_in_json
from apps.submissions.models import Submission
from apps.submissions.services import file_submission
from tests.briefings.pdf_quotes import quotes_in_pdf
from tests.submissions.import_files import jsonl_file
from tests.submissions.reply_cast import content, reply

pytestmark = pytest.mark.django_db
READERS = {
    "html": quotes_in_html,
    "pdf": quotes_in_pdf,
    "docx": quotes_in_docx,
    "json": quotes_in_json,
}
GROUPS = ("civil", "company", "research")


@pytest.fixture(autouse=True)
def briefings_folder(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.DATA_DIR = tmp_path
    settings.JOB_BACKOFF_SECONDS = ()


def brief(tmp_path, texts, groups=GROUPS):
    """Build the briefing of texts, group after group; return its content and its quotations."""
    rows = [
        {"reference": f"R{n}", "text": text, "group": groups[n % len(groups)]}
        for n, text in enumerate(texts)
    ]
    file = jsonl_file(tmp_path / "texts.jsonl", *rows)
    told = {"quiet": True, "stdout": io.StringIO()}
    call_command("import_submissions", "odd", file, create="Odd", format="jsonl", **told)
    call_command("build_briefing", "odd", output=tmp_path / "out", **told)
    content = BriefingContent.model_validate(Briefing.objects.get().content)
    quoted = {
        name: {" ".join(q.split()) for q in read((tmp_path / f"out/briefing.{name}").read_bytes())}
        for name, read in READERS.items()
    }
    assert quoted["json"] == quoted["html"] == quoted["docx"] == quoted["pdf"]
    return content, quoted["json"]


CHINESE = [
    "我们支持这项草案，因为它规定了明确的触发条件。",
    "小公司无法承担报告的全部成本。",
    "研究人员需要获得计算资源的数据。",
]
SHORT = ["We oppose the pause.", "Small firms cannot pay.", "Publish all of the data."]


@pytest.mark.parametrize("texts", [CHINESE, SHORT, ["Words about a pause.", *CHINESE[1:]]])
def test_every_group_is_quoted_in_any_script_and_however_short(tmp_path, texts):
    _content, quoted = brief(tmp_path, texts)
    assert quoted == set(texts)


def test_a_short_sentence_never_stands_for_a_group_that_has_longer_ones(tmp_path):
    long = "A pause should begin only when independent evaluators agree on it."
    _content, quoted = brief(tmp_path, ["We oppose the pause.", long], groups=("civil",))
    assert quoted == {long}


def test_a_short_letter_of_everybody_is_quoted_once(tmp_path):
    letter = "I urge you to pause it now. It is needed by all of us. Please act."
    content, quoted = brief(tmp_path, [letter] * 12)
    assert content.heard.campaigns[0].letters == 12
    assert quoted == {"I urge you to pause it now."}


def test_nothing_is_computed_of_groups_too_small_to_compare(tmp_path):
    content, _quoted = brief(tmp_path, SHORT)
    assert all("groups" not in shares for shares in content.sensitivity.weights.values())
    assert not any("counts the same" in claim.text for claim in content.note)


def test_groups_that_raise_a_theme_alike_are_not_said_to_differ(tmp_path):
    texts = [f"Number {n} says that the monitoring body must publish it." for n in range(15)]
    content, _quoted = brief(tmp_path, texts)
    assert len(content.themes) == 1
    assert not any("differ" in claim.text for claim in (*content.note, *content.agreement))


@pytest.mark.parametrize("texts", [["!!!", "…", "123 456"], ["👍", "👎👎", "🇦🇹"], ["x" * 90_000]])
def test_texts_that_cannot_be_quoted_are_listed_and_counted(tmp_path, texts):
    content, quoted = brief(tmp_path, texts)
    assert quoted == set()
    assert [one.ref for one in content.submissions] == [f"R{n}" for n in range(len(texts))]


def test_replies_to_others_are_in_no_corpus(target, participant):
    receipt = file_submission(target.consultation, content(reply(target)), by=participant)
    now = timezone.now()
    frozen = corpus.prepare(target.consultation, cut_off_at=now, progress=lambda *_said: None)
    assert Submission.objects.get(reference=receipt.number).is_reply
    assert [one.submission_id for one in frozen.filed] == [target.pk]
