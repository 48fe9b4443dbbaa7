"""What came on paper, by e-mail or was said aloud: filed on behalf of who sent or said it."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.audit import services as audit
from apps.audit.models import Receipt
from apps.consultations.models import Consultation, Phase, Provision
from apps.core.countries import country_code
from apps.core.display import display_text
from apps.core.texts import problems_of
from apps.submissions.drafting import LONGEST_LINE, Fields, Form
from apps.submissions.errors import AlreadyFiled, InvalidContent
from apps.submissions.importing.questions import Questions
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import LONGEST_TEXT, Submission, Visibility
from apps.submissions.rules import require_may_take_in
from apps.submissions.services.content import as_filed, one_line, write_content
from apps.submissions.services.filing import acknowledge
from apps.submissions.services.keeping_back import public_content

NOON = time(12)


@dataclass(frozen=True)
class PaperInput:
    """A letter or a mail: what it says, from whom and when it came, and how.

    content      answers, points, files that were sent before, group, title, language, country
    source       one of `Submission.BY_STAFF`
    received_on  "2026-11-23", on the clock of the consultation
    organisation its name as written; "" for a private person, whose name is not kept
    text         what it says besides
    number       the tracking number, reserved for this letter; "" for a new one
    """

    content: DraftInput
    source: str = Submission.Source.PAPER.value
    received_on: str = ""
    organisation: str = ""
    text: str = ""
    number: str = ""


@dataclass(frozen=True)
class SpokenInput:
    """What somebody said at a hearing and confirmed.

    content   answers and points, with the group of who said it
    identity  how it is known who confirmed it
    """

    content: DraftInput
    said_at: datetime
    author: User | None = None
    organisation: Organisation | None = None
    organisation_name: str = ""
    identity: str = ""


@transaction.atomic
def enter_for_somebody(consultation: Consultation, entered: PaperInput, *, by: Any) -> Receipt:
    """File what somebody sent on paper or by e-mail; the receipt is for whoever sent it.

    It may have come on any day of a comment phase, also of one that is over by now: that is the
    host's decision, and the log says so. It belongs to nobody's account and is not verified. No
    question must be answered: a letter follows no form.

    raises  NotAllowed, InvalidContent; AlreadyFiled where its number was used: it was sent twice
    """
    require_may_take_in(by, consultation)
    # A question for free text may be made: one at a time for a consultation.
    locked = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    if entered.number and locked.submissions.filter(reference=entered.number).exists():
        raise AlreadyFiled(_("This was filed already."))
    fields: Fields = defaultdict(list)
    phase, received_at = _when(fields, locked, entered.received_on)
    _check_sender(fields, entered)
    form = Form(locked)
    content = _content_of(locked, entered, form)
    _check(fields, content, form)
    if fields or phase is None:
        raise InvalidContent(_("Some of what you entered needs attention."), fields=fields)
    submission = Submission(
        consultation=locked,
        phase=phase,
        source=entered.source,
        organisation_name=one_line(entered.organisation, longest=LONGEST_LINE),
        group=content.group,
        language=content.language or locked.language,
        country=content.country,
        state=Submission.State.SUBMITTED,
        reference=entered.number or audit.reserve_number(),
        submitted_at=received_at,
    )
    return _file(submission, content, form, received_on=entered.received_on, by=by)


@transaction.atomic
def file_spoken(consultation: Consultation, spoken: SpokenInput, *, by: Any) -> Receipt:
    """File what somebody said aloud and confirmed, dated as it was said.

    No comment phase need be open then or now. Also what is taken out of the text, or asked no more,
    can have been spoken of.

    by      who confirmed it, None for somebody without an account
    raises  InvalidContent
    """
    form = Form(consultation)
    _know_earlier(form, consultation, spoken.content)
    content = as_filed(spoken.content, None)
    form.check(content)
    submission = Submission(
        consultation=consultation,
        phase=_phase_of(consultation, spoken.said_at),
        source=Submission.Source.HEARING,
        author=spoken.author,
        organisation=spoken.organisation,
        organisation_name=spoken.organisation_name,
        identity=spoken.identity,
        group=content.group,
        title=content.title,
        language=content.language or consultation.language,
        state=Submission.State.SUBMITTED,
        reference=audit.reserve_number(),
        submitted_at=min(spoken.said_at, timezone.now()),
    )
    said_on = spoken.said_at.astimezone(consultation.zone).date()
    return _file(submission, content, form, received_on=said_on.isoformat(), by=by)


def _file(
    submission: Submission, content: DraftInput, form: Form, *, received_on: str, by: Any
) -> Receipt:
    shown = public_content(submission, content)
    submission.save()
    answers, points = write_content(submission, shown, form, by=by)
    audit.record(
        "submission.entered",
        subject=f"{submission.consultation.slug}/{submission.reference}",
        actor=by,
        detail={
            "source": str(submission.source),
            "received_on": received_on,
            "after_closing": submission.phase is None or submission.phase.is_over,
        },
    )
    return acknowledge(submission, content, by=by, answers=answers, points=points)


def _know_earlier(form: Form, consultation: Consultation, content: DraftInput) -> None:
    """Let a form take what was spoken of, whatever was taken out since and whoever is asked."""
    for key in {answer.question for answer in content.answers}:
        question = consultation.questions.prefetch_related("choices").filter(key=key).first()
        if question is not None:
            question.groups = []  # aloud anybody may speak of it
            form.questions[key] = question
            form.archived.pop(key, None)
    missing = {point.provision for point in content.points} - form.provisions.keys()
    there = Provision.objects.filter(version__document__consultation=consultation)
    for provision in there.filter(key__in=missing).order_by("version__number"):
        form.provisions[provision.key] = provision


def _phase_of(consultation: Consultation, at: datetime) -> Phase | None:
    """Return the comment phase a day lies in, else the newest one, else the newest of any kind."""
    found = _comment_phase_on(consultation, at.astimezone(consultation.zone).date())
    newest = consultation.phases.order_by("-opens_at")
    return found or newest.filter(kind=Phase.Kind.COMMENT).first() or newest.first()


def _when(
    fields: Fields, consultation: Consultation, received_on: str
) -> tuple[Phase | None, datetime]:
    """Return the comment phase a day lies in, and an instant of that day within the phase."""
    now, zone = timezone.now(), consultation.zone
    try:
        day = parse_date(received_on.strip())
    except ValueError:
        day = None
    if day is None:
        fields["received_on"].append(_("Give the day on which it was received."))
        return None, now
    if day > now.astimezone(zone).date():
        fields["received_on"].append(_("This day is still to come."))
        return None, now
    phase = _comment_phase_on(consultation, day)
    if phase is None:
        fields["received_on"].append(
            _("On this day no responses were taken. Give a day within the comment phase.")
        )
        return None, now
    noon = datetime.combine(day, NOON, zone).astimezone(UTC)
    return phase, min(max(noon, phase.opens_at), phase.closes_at or now, now)


def _comment_phase_on(consultation: Consultation, day: date) -> Phase | None:
    now, zone = timezone.now(), consultation.zone
    for phase in consultation.phases.filter(kind=Phase.Kind.COMMENT).order_by("-opens_at"):
        begins, ends = phase.opens_at, phase.closes_at or now
        if begins.astimezone(zone).date() <= day <= ends.astimezone(zone).date():
            return phase
    return None


def _check_sender(fields: Fields, entered: PaperInput) -> None:
    if entered.source not in Submission.BY_STAFF:
        fields["source"].append(_("Say how it was received."))
    for problem in problems_of(entered.organisation, longest=LONGEST_LINE):
        fields["organisation"].append(problem)
    name = " ".join(entered.organisation.split())
    if display_text(name) != name and not fields["organisation"]:
        fields["organisation"].append(_("Remove the characters that cannot be seen."))
    if entered.content.country and not country_code(entered.content.country):
        fields["country"].append(
            _("Give the country by its English name or two letters, for example Kenya or KE.")
        )
    for problem in problems_of(entered.text, longest=LONGEST_TEXT):
        fields["text"].append(problem)


def _content_of(consultation: Consultation, entered: PaperInput, form: Form) -> DraftInput:
    """Return the content as it is filed: free text is the answer to the general question."""
    content = entered.content
    is_kept_back = any(note.kept_back for note in content.attachments)
    content = replace(
        content,
        replies=(),
        redactions=(),
        points=[point for point in content.points if point.provision or not point.is_empty],
        visibility=str((Visibility.CONFIDENTIAL if is_kept_back else Visibility.NAMED).value),
    )
    if entered.text.strip() and "\0" not in entered.text:
        # Not asked of everybody from now on: it is there for what follows no question.
        general = Questions(consultation, are_asked=False).find("")
        question = consultation.questions.prefetch_related("choices").get(pk=general)
        form.questions.setdefault(question.key, question)
        form.archived.pop(question.key, None)
        answers = [*content.answers, AnswerInput(question.key, text=entered.text)]
        content = replace(content, answers=answers)
    return as_filed(content, None)


def _check(fields: Fields, content: DraftInput, form: Form) -> None:
    try:
        form.check(content)
    except InvalidContent as refusal:
        for place, told in refusal.fields.items():
            fields[place].extend(told)
    if "group" in fields:  # the form of a letter is filled in by staff, who do not speak for it
        fields["group"] = [_("Choose the group of the person or body it came from.")]
    for number, point in enumerate(content.points):
        if point.is_unsaid:
            fields[f"points.{number}.reason"].append(_("Say what is asked for."))
    says_nothing = content.is_empty and not content.points and not content.attachments
    if says_nothing and "text" not in fields:
        fields["text"].append(_("Enter what was said, or attach the scan."))
    for place in [place for place, told in fields.items() if not told]:
        del fields[place]
