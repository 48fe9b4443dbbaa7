"""What briefings add to pages of the apps below: a section, used passages, counts of use."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.briefings.linking import part_of
from apps.briefings.models import Briefing, Citation
from apps.briefings.prose import fill_placeholders
from apps.consultations.models import Consultation, HostRole
from apps.consultations.rules import roles_of
from apps.consultations.sections import News, Section, masthead_fact, news, section
from apps.core.dates import day_in_words
from apps.submissions.models import Submission
from apps.submissions.sections import Mark, passage_marks, used_in, words_address

MOST_LISTED = 3


@masthead_fact
def is_briefed() -> Exists:
    """Say whether there is a briefing to read: pages offer none that is still to come."""
    return Exists(Briefing.objects.ready().filter(consultation=OuterRef("pk")).order_by())


@section("overview", order=20)
def briefings_of(consultation: Consultation, user: Any) -> Section | None:
    """Show the newest briefings a person may read."""
    visible = Briefing.objects.visible_to(user).ready().filter(consultation=consultation)
    newest = list(visible.defer("content").order_by("-version")[:MOST_LISTED])
    return Section("briefings/_overview.html", {"briefings": newest}) if newest else None


@section("workspace", order=20)
def briefings_in_the_workspace(consultation: Consultation, user: Any) -> Section:
    """Show every briefing, those in the making too, and let analysts start one."""
    briefings = list(consultation.briefings.defer("content").order_by("-version"))
    context = {
        "briefings": briefings,
        "is_ready": any(one.state == Briefing.State.READY for one in briefings),
        "may_start": not roles_of(user, consultation.host).isdisjoint(HostRole.ANALYSTS),
    }
    return Section("briefings/_workspace.html", context)


@news
def new_briefings(consultation: Consultation, most: int) -> list[News]:
    """Tell of published briefings."""
    ready = Briefing.objects.ready().filter(consultation=consultation, ready_at__isnull=False)
    newest = ready.select_related("corpus").defer("content").order_by("-version")[:most]
    return [
        News(
            one.ready_at,
            _("Briefing, version %(number)s") % {"number": one.version},
            one.get_absolute_url(),
            _summary(one, consultation),
        )
        for one in newest
        if one.ready_at
    ]


def _summary(briefing: Briefing, consultation: Consultation) -> str:
    if briefing.corpus is None:
        return ""
    day = day_in_words(briefing.corpus.cut_off_at.astimezone(consultation.zone).date())
    said = _("What every group said in the responses filed by %(day)s, with sources.")
    return said % {"day": day}


@passage_marks
def quoted_spans(submission: Submission, user: Any) -> Sequence[Mark]:
    """Return the spans that claims of the newest briefing quote."""
    newest = (
        Briefing.objects.visible_to(user)
        .ready()
        .filter(consultation=submission.consultation_id)
        .order_by("-version")
        .values("pk")[:1]
    )
    citations = (
        Citation.objects.filter(
            submission=submission, claim__briefing__in=newest, start__isnull=False
        )
        .select_related("claim__briefing", "answer__question", "point", "page__attachment")
        .defer("claim__briefing__content")
        .order_by("claim__position")
    )
    return [_mark(submission, citation) for citation in citations]


@words_address
def address_of_words(submission: Submission) -> str:
    """Return the page that follows the words of a submission."""
    return reverse("briefings:words", args=[submission.consultation.slug, submission.reference])


@used_in
def claims_citing(consultation: Consultation) -> Any:
    """Count, for each submission of a list, the claims of the newest briefing that cite it."""
    newest = (
        Briefing.objects.ready().filter(consultation=consultation).order_by("-version").values("pk")
    )
    counted = (
        Citation.objects.filter(submission=OuterRef("pk"), claim__briefing__in=newest[:1])
        .order_by()
        .values("submission")
        .annotate(n=Count("claim", distinct=True))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _mark(submission: Submission, citation: Citation) -> Mark:
    claim = citation.claim
    values = {name: number["value"] for name, number in claim.numbers.items()}
    sentence = fill_placeholders(claim.text, values)
    return Mark(
        part=part_of(citation),
        start=citation.start or 0,
        end=citation.end or 0,
        label=_("Claim %(n)s") % {"n": claim.number},
        words=sentence,
        url=reverse(
            "briefings:claim",
            args=[submission.consultation.slug, claim.briefing.version, claim.number],
        ),
    )
