"""Drives a briefing through its jobs: each reads what is frozen and writes something new."""

from functools import partial

from django.utils import timezone

from apps.briefings import claiming, composing, corpus, hiding, publishing, redacting, theming
from apps.briefings.models import Briefing, BriefingFile, CodeFrame, Theme
from apps.consultations.models import Question
from apps.jobs.executing import Run
from apps.jobs.registry import Effects

MOST_THEMES_IN_ALL = 24
FIRST_OF_PROVISIONS = 1
ROOM_PER_QUESTION = 100


def freeze(run: Run) -> Effects:
    """Freeze everything filed up to now; one part per question follows, and one for provisions."""
    briefing = _briefing(run)
    consultation = briefing.consultation
    frozen = corpus.prepare(consultation, cut_off_at=timezone.now(), progress=run.progress)
    questions = list(consultation.questions.order_by("position").values_list("pk", flat=True))
    parts = [{"briefing": briefing.pk, "question": None}]
    parts += [{"briefing": briefing.pk, "question": pk} for pk in questions]
    run.fan_out(
        "briefings.themes",
        parts,
        then="briefings.number",
        then_payload={"briefing": briefing.pk},
    )
    return partial(_store_corpus, briefing, frozen)


def propose(run: Run) -> Effects:
    """Propose the themes of one question, or of the provisions where no question is named."""
    briefing = _briefing(run)
    run.progress(0, 1, "themes")
    if run.payload["question"] is None:
        themes = theming.propose_for_provisions(briefing.frozen)
        return partial(theming.store, briefing.code_frame, themes, first_number=FIRST_OF_PROVISIONS)
    question = Question.objects.get(pk=run.payload["question"])
    asked = briefing.consultation.questions.count()
    most = max(1, min(theming.MOST_THEMES, MOST_THEMES_IN_ALL // asked))
    themes = theming.propose_for_question(briefing.frozen, question, most=most)
    # Numbers are provisional: questions after provisions, room for the themes of each.
    first = 10_000 + ROOM_PER_QUESTION * question.position
    return partial(theming.store, briefing.code_frame, themes, first_number=first)


def number(run: Run) -> Effects:
    """Give the themes their numbers; one part per theme follows."""
    briefing = _briefing(run)
    themes = Theme.objects.filter(frame=briefing.frame).order_by("number")
    parts = [{"briefing": briefing.pk, "theme": theme.pk} for theme in themes]
    run.fan_out(
        "briefings.claims",
        parts,
        then="briefings.compose",
        then_payload={"briefing": briefing.pk},
    )
    return partial(theming.number_themes, briefing.code_frame)


def write_claims(run: Run) -> Effects:
    """Write the claims of one theme."""
    briefing = _briefing(run)
    run.progress(0, 1, "claims")
    theme = Theme.objects.select_related("frame__consultation", "question").get(
        pk=run.payload["theme"]
    )
    drafts = claiming.draft_claims(briefing, theme)

    def save() -> None:
        # Words that were hidden while the quotes were chosen are read again, behind the lock.
        Briefing.objects.select_for_update().values("pk").get(pk=briefing.pk)
        claiming.store(briefing, theme, drafts)
        hiding.refresh_claims(briefing, theme)

    return save


def compose(run: Run) -> Effects:
    """Put the content together; one part per format follows."""
    briefing = _briefing(run)
    run.progress(0, 1, "compose")
    content = composing.compose(briefing)
    run.fan_out(
        "briefings.render",
        [{"briefing": briefing.pk, "format": name} for name in BriefingFile.Format.values],
        then="briefings.publish",
        then_payload={"briefing": briefing.pk},
    )
    plain = content.model_dump(mode="json", by_alias=True)

    def save() -> None:
        Briefing.objects.select_for_update().values("pk").get(pk=briefing.pk)
        now = redacting.in_line(briefing, plain)
        digest = redacting.digest_of(now)
        Briefing.objects.filter(pk=briefing.pk).update(content=now, content_hash=digest)

    return save


def render(run: Run) -> Effects:
    """Write one file; writing it twice writes the same bytes."""
    briefing = _briefing(run)
    run.progress(0, 1, "render")
    publishing.write_file(briefing, run.payload["format"])
    return None


def publish(run: Run) -> Effects:
    """Make the briefing public."""
    return partial(publishing.make_ready, _briefing(run))


def bring_in_line(run: Run) -> Effects:
    """Let a version that was withheld say what the rows say, and show it again."""

    def save() -> None:
        redacting.bring_in_line(run.payload["briefing"])
        if run.payload["was_shown"]:
            Briefing.objects.filter(pk=run.payload["briefing"]).update(state=Briefing.State.READY)

    return save


def make_file(run: Run) -> Effects:
    """Make one file of a version again, unless it was made meanwhile."""
    briefing = _briefing(run)
    run.progress(0, 1, "render")
    if not briefing.files.filter(format=run.payload["format"]).exists():
        publishing.write_file(briefing, run.payload["format"])
    return None


def mark_failed(briefing_id: int, why: str) -> None:
    """Mark a briefing whose job was given up; trying the job again brings it back."""
    Briefing.objects.filter(pk=briefing_id).update(state=Briefing.State.FAILED, failure=why)


def _store_corpus(briefing: Briefing, frozen: corpus.Frozen) -> None:
    briefing.corpus = corpus.store(frozen)
    latest = briefing.consultation.code_frames.order_by("-version").first()
    briefing.frame = CodeFrame.objects.create(
        consultation=briefing.consultation,
        version=latest.version + 1 if latest else 1,
        corpus=briefing.corpus,
    )
    briefing.save(update_fields=["corpus", "frame"])


def _briefing(run: Run) -> Briefing:
    return Briefing.objects.select_related("consultation__host", "corpus__scan", "frame").get(
        pk=run.payload["briefing"]
    )
