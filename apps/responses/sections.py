"""What official responses add to the pages of submissions."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation, DocumentVersion, HostRole, Notice
from apps.consultations.sections import (
    Item,
    News,
    Section,
    Tab,
    led_to,
    news,
    readiness_item,
    section,
    workspace_tab,
)
from apps.responses.counting import share_told
from apps.responses.models import AnsweredPart, OfficialResponse, Promise
from apps.submissions.listing import EXCERPT, shorten
from apps.submissions.models import Submission, Target
from apps.submissions.sections import below_words

MOST_LEADS = 500

workspace_tab(
    Tab("responses", _("Responses"), "responses:ledger", HostRole.ANALYSTS),
    order=50,
)


@below_words
def responses_to(submission: Submission, user: Any) -> Section | None:
    """Show what the host decided on each point and answer of a submission, and what is open.

    One query, three where something was decided.
    """
    del user  # whoever sees the words sees how they were answered
    standing = AnsweredPart.objects.standing().filter(submission=submission).with_target()
    rows = standing.select_related("response__change__version__document", "response__consultation")
    parts = list(
        rows.order_by("point__number", "answer__question__position", "-is_of_letter", "pk")
    )
    if not parts:
        return None
    return Section("responses/_to_words.html", {"parts": parts, "left": _left(submission)})


def _left(submission: Submission) -> list[Target]:
    """Return the points and the answers in words that nothing was decided on yet."""
    if not submission.is_submitted:
        return []
    decided = AnsweredPart.objects.deciding()
    points = submission.points.exclude(Exists(decided.filter(point=OuterRef("pk"))))
    answers = submission.answers.exclude(text="")
    answers = answers.exclude(Exists(decided.filter(answer=OuterRef("pk"))))
    return [
        *(Target(submission, point=one) for one in points.select_related("provision")),
        *(Target(submission, answer=one) for one in answers.select_related("question")),
    ]


@led_to
def changed_after(version: DocumentVersion) -> Mapping[int, Section]:
    """Name the responses that changed a provision of a version, with their reasons: one query.

    A provision taken out is that of the version before. A response that stands on nothing any
    more is left out: a later decision took its place.
    """
    stands = AnsweredPart.objects.standing().filter(response=OuterRef("pk"))
    before = Q(change__version__document=version.document_id, is_taken_out=True)
    there = Q(change__version=version, is_taken_out=False)
    there |= before & Q(change__version__number=version.number - 1)
    given = OfficialResponse.objects.filter(Exists(stands), there)
    changed: dict[int, list[OfficialResponse]] = defaultdict(list)
    for one in given.select_related("consultation").order_by("pk")[:MOST_LEADS]:
        changed[one.change_id or 0].append(one)
    return {
        pk: Section("responses/_led_to.html", {"responses": rows}) for pk, rows in changed.items()
    }


@news
def new_responses(consultation: Consultation, most: int) -> list[News]:
    """Tell of official responses, each with its decision and how its reason begins: one query."""
    given = OfficialResponse.objects.filter(consultation=consultation)
    return [
        News(
            one.made_at,
            translated("Official response: %(decision)s")
            % {"decision": one.get_decision_display()},
            reverse("responses:one", args=[consultation.slug, one.pk]),
            shorten(one.reason, EXCERPT),
        )
        for one in given.order_by("-id")[:most]
    ]


@section("overview", order=40)
def responses_given(consultation: Consultation, user: Any) -> Section | None:
    """Say what was promised and how far it is, and lead to the answers: one query for nothing."""
    del user
    given = OfficialResponse.objects.filter(consultation=OuterRef("pk")).order_by()
    count = given.values("consultation").annotate(n=Count("pk")).values("n")
    there = Consultation.objects.select_related("promise", "completion").only(
        "pk", "promise", "completion"
    )
    found = there.annotate(given=Coalesce(Subquery(count), 0)).get(pk=consultation.pk)
    told = {name: getattr(found, name, None) for name in ("promise", "completion")}
    if not found.given and told["promise"] is None and told["completion"] is None:
        return None
    share = share_told(consultation, told["completion"])
    return Section("responses/_overview.html", {"count": found.given, "share": share, **told})


@news
def marked_answered(consultation: Consultation, most: int) -> list[News]:
    """Tell that a consultation was marked answered, and that the mark was taken back: one query."""
    found = []
    if at := consultation.answered_at:
        # Marked again it is news of its own, with its own address.
        done = reverse("responses:done", args=[consultation.slug])
        found.append(News(at, str(_("The host answered")), f"{done}#answered-{at:%Y%m%d%H%M%S}"))
    reopened = Notice.objects.filter(consultation=consultation, kind=Notice.Kind.REOPENED)
    page = consultation.get_absolute_url()
    found += [
        News(one.made_at, one.get_kind_display(), f"{page}#notice-{one.pk}", one.reason)
        for one in reopened[:most]
    ]
    return found


@readiness_item
def promised(consultation: Consultation) -> Item:
    """Look whether it was said which share of the points will be answered, and by when."""
    is_said = Promise.objects.filter(consultation=consultation).exists()
    told = "" if is_said else _("Say which share of the points you will answer, and by when.")
    place = reverse("responses:promise", args=[consultation.slug])
    return Item("promise", _("What you promise"), "done" if is_said else "open", told, place)
