"""What a briefing says of those who spoke: who was verified, and whose words are from one kit."""

import io

import pytest
from django.core.management import call_command

from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing
from apps.consultations.models import Consultation, Identity
from apps.submissions.campaigns import mostly_shared
from apps.submissions.models import Submission
from tests.briefings import test_odd_consultations as odd
from tests.submissions.import_files import jsonl_file

pytestmark = pytest.mark.django_db
briefings_folder = odd.briefings_folder
KIT = {
    "inspection": "Inspectors should be let into every computing centre without any notice.",
    "thresholds": "Set the threshold low, for training gets cheaper with each passing year.",
    "reporting": "A register of large runs only works when everybody files to the same office.",
    "funding": "Rich parties have to pay for the laboratories that poorer ones cannot afford.",
}
PAIRS = [(n % 4, (n + 1) % 4) for n in range(8)] + [(0, 2), (1, 3)]  # each answer five times
OWN = (
    "Our members in the harbour cannot file a report of that length each week.",
    "Universities would lose the computing time they were promised for climate models.",
    "We teach evening classes and see how quickly these systems change what is learned.",
    "Farmers here rely on forecasts, which a pause of this kind must not touch.",
    "Hospitals need a way to go on with what was approved before the pause began.",
    "The border region asks that both sides keep the same register of sites.",
)


@pytest.fixture
def kit_letters(tmp_path):
    """Sixteen people of one group: ten take two answers each of a kit, six wrote alone."""
    topics = list(KIT)
    rows = [
        {"reference": f"K{n}", "group": "individual", "question": topic, "text": KIT[topic]}
        for n, pair in enumerate(PAIRS)
        for topic in (topics[place] for place in pair)
    ]
    rows += [
        {"reference": f"P{n}", "group": "individual", "question": topics[n % 4], "text": text}
        for n, text in enumerate(OWN)
    ]
    file = jsonl_file(tmp_path / "texts.jsonl", *rows)
    told = {"quiet": True, "stdout": io.StringIO()}
    call_command("import_submissions", "kit", file, create="Kit", format="jsonl", **told)
    return Consultation.objects.get(slug="kit")


def content_of(tmp_path, slug):
    told = {"quiet": True, "stdout": io.StringIO()}
    call_command("build_briefing", slug, output=tmp_path / "out", **told)
    return BriefingContent.model_validate(Briefing.objects.latest("pk").content)


def missing(content):
    return {claim.id: claim for claim in content.heard.missing}


def test_who_mostly_uses_a_kit_is_told_apart_from_who_quotes_a_sentence_of_it(kit_letters):
    found = set(mostly_shared(Submission.objects.of(kit_letters)))
    references = set(Submission.objects.filter(pk__in=found).values_list("reference", flat=True))
    assert references == {f"K{n}" for n in range(10)}
    assert mostly_shared(Submission.objects.filter(reference__startswith="P")) == []


def test_the_briefing_says_how_many_used_a_kit_and_quotes_its_sentences_once(kit_letters, tmp_path):
    content = content_of(tmp_path, "kit")
    assert content.heard.campaigns == ()
    told = [claim for claim in content.heard.missing if "word for word" in claim.text]
    assert [claim.numbers["n"].value for claim in told] == [10]
    quoted = [
        citation.passage.text
        for theme in content.themes
        for claim in theme.claims
        for citation in claim.citations
        if citation.passage
    ]
    for sentence in KIT.values():
        assert quoted.count(sentence) <= 1
    alone = set(quoted) & set(OWN)
    assert len(alone) >= len(KIT), "under no question copies drown what people wrote alone"


def test_nothing_is_said_of_kits_where_there_is_none(tmp_path):
    content, _quoted = odd.brief(tmp_path, OWN)
    assert not [claim for claim in content.heard.missing if "word for word" in claim.text]
    assert "No name and no group was verified." in missing(content)["W2"].text
    assert all(row.verified is None for row in content.coverage)


def test_verified_organisations_are_counted_and_nobody_is_called_unverified(tmp_path):
    odd.brief(tmp_path, OWN)
    first = Submission.objects.filter(group="civil")
    first.update(identity=Identity.ORGANISATION, organisation_name="Harbour union")
    content = content_of(tmp_path, "odd")
    claim = missing(content)["W2"]
    assert claim.numbers["verified"].value == first.count() == 2
    assert "No name and no group" not in claim.text
    assert {row.group: row.verified for row in content.coverage}["civil"] == 2
    assert {row.group: row.verified for row in content.coverage}["company"] == 0
    page = (tmp_path / "out/briefing.html").read_text()
    assert ">Verified</th>" in page
