"""What a person knows before beginning a response."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.translating import Reading
from apps.consultations.views.reading import visible_consultation
from apps.submissions import steps
from apps.submissions.drafting import Form
from apps.submissions.models import JointParty, Submission
from apps.submissions.views.entries import COMMENT, own_drafts, respond_address

MOST_SHOWN = 20


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how long it takes, what will be public and how to prepare; no log-in is needed."""
    consultation = visible_consultation(request, slug)
    form = Form(consultation)
    Reading(consultation, get_language()).ask(form.questions.values())
    group = request.GET.get("group", "")
    group = group if group in StakeholderGroup.values else ""
    minutes, minutes_per_point = steps.minutes(form, group)
    drafts = Submission.objects.of(consultation)
    asked = JointParty.objects.answerable_by(request.user)
    context = {
        "consultation": consultation,
        "tab": "respond",
        "invitations": asked.filter(submission__in=drafts.shared_with(request.user))
        .with_both_sides()
        .exclude(state=JointParty.State.DECLINED)[:MOST_SHOWN],
        "phase": consultation.comment_phase(),
        "questions": [q for q in form.questions.values() if not group or q.is_asked_of(group)],
        "provisions": sum(p.has_text for p in form.provisions.values()),
        "minutes": minutes,
        "minutes_per_point": minutes_per_point,
        "group": group,
        "groups": StakeholderGroup.choices,
        "guided": respond_address(consultation, None, step=steps.CAPACITY),
        "drafts": own_drafts(request, consultation, kind=COMMENT, step=steps.CAPACITY),
    }
    return render(request, "submissions/start.html", context)
