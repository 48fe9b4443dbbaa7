"""A moderator decides about a part of a submission, with a rule and a statement of reasons."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import NotAllowed
from apps.core.texts import problems_of
from apps.moderation import hiding, telling
from apps.moderation.errors import DecidedAlready, InvalidDecision, NothingThere, OwnWords
from apps.moderation.models import Case, Decision, Rule
from apps.moderation.paging import file_of, read_pages, why_not_by_page
from apps.submissions.concealing import LONGEST_WORDS, MOST_REDACTIONS
from apps.submissions.models import JointParty, Submission, numbered
from apps.submissions.services.filing import remember_filed
from apps.submissions.spotting import SHORTEST_WORDS

LONGEST_STATEMENT = 2_000
LONGEST_NOTE = 300
Action = Decision.Action
GONE = _("This is not there any more: it was withdrawn or replaced.")
Fields = dict[str, list[Any]]


@dataclass(frozen=True)
class DecisionInput:
    """A decision as typed.

    words        what is to be redacted, copied exactly; each wherever it stands in the part
    statement    what the author is told
    public_note  what everybody reads beside the rule; it names nobody
    pages        of a file, to be hidden: "2, 4-5"
    """

    action: str
    rule: str = ""
    words: Sequence[str] = field(default_factory=list)
    statement: str = ""
    public_note: str = ""
    pages: str = ""


def require_may_decide(case: Case, by: Any) -> None:
    """Raise NotAllowed for others than the host's moderators, OwnWords for what is their own."""
    if not by.has_perm("consultations.moderate", case.consultation):
        raise NotAllowed(_("Only owners and moderators of the host may decide this."))
    if is_own(case.submission, by):
        raise OwnWords(
            _("You wrote or signed this yourself. Ask another moderator of the host to decide.")
        )


def is_own(submission: Submission, person: Any) -> bool:
    """Return whether somebody wrote a submission, or belongs to an organisation that signed it."""
    if Submission.objects.belonging_to(person).filter(pk=submission.pk).exists():
        return True
    organisations = person.memberships.values("organisation")
    owners = [submission.organisation_id, submission.withheld_for_id]
    if person.memberships.filter(organisation__in=[pk for pk in owners if pk]).exists():
        return True
    parties = JointParty.objects.filter(submission=submission, organisation__in=organisations)
    return parties.exists()


@transaction.atomic
def decide(case: Case, entered: DecisionInput, *, by: Any) -> Decision:
    """Keep a part, redact words, hide pages or all of it; the author or the readers get a mail.

    raises  NotAllowed, OwnWords; DecidedAlready; NothingThere where it was withdrawn meanwhile;
            InvalidDecision naming what must change
    """
    locked = lock(case)
    submission = locked.submission
    require_may_decide(locked, by)
    if locked.state != Case.State.OPEN:
        raise DecidedAlready(_("This was decided already."))
    if not submission.is_submitted:
        raise NothingThere(GONE)
    words = [one.strip() for one in entered.words if one.strip()]
    pages = _require_decision(locked, entered, words)
    decision = Decision(
        case=locked,
        consultation=locked.consultation,
        action=entered.action,
        pages=numbered(pages),
        rule=entered.rule if entered.action in Decision.HIDING else "",
        statement=entered.statement.strip(),
        public_note=entered.public_note.strip() if entered.action in Decision.HIDING else "",
        decided_by=by,
    )
    if entered.action in Decision.HIDING:
        decision.removed = _hide(locked, entered, words, pages)
    decision.save()
    decision.versions.set({entry["version"] for entry in decision.removed})
    locked.state = Case.State.DECIDED
    locked.save(update_fields=["state"])
    audit.record(
        "submission.moderated",
        subject=f"{locked.consultation.slug}/{submission.reference}",
        actor=by,
        detail={"part": locked.part, "action": decision.action, "rule": decision.rule},
    )
    telling.tell_decision(decision)
    return decision


def lock(case: Case) -> Case:
    """Return a case with its submission, both locked; raise NothingThere where that was replaced.

    The submission first, as whoever flags, revises or withdraws it does: nobody waits in a ring.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(cases=case.pk)
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.submission_id != submission.pk:
        raise NothingThere(GONE)
    locked.submission = submission
    locked.consultation = submission.consultation
    return locked


def _hide(
    case: Case, entered: DecisionInput, words: Sequence[str], pages: Sequence[int]
) -> list[hiding.Entry]:
    submission, part = case.submission, case.part
    for version in hiding.versions_of(submission):
        remember_filed(version)
    if entered.action == Action.HIDE:
        removed = hiding.hide(submission, part, rule=entered.rule)
    elif entered.action == Action.PAGES:
        removed = hiding.hide_pages(submission, part, pages)
    else:
        _require_found(submission, part, words)
        removed = hiding.redact(submission, part, words, rule=entered.rule)
    if not any(hiding.is_new(entry) for entry in removed):
        raise InvalidDecision(_("Nothing is left there to hide."))
    hiding.follow(removed)
    return removed


def _require_found(submission: Submission, part: str, words: Sequence[str]) -> None:
    missing = [one for one in words if not hiding.stands_in(submission, part, one)]
    if missing:
        told = _("These words are not there: “%(words)s”. Copy them exactly.")
        fields: Fields = {"words": [told % {"words": one[:80]} for one in missing]}
        raise InvalidDecision(_("Some of the words were not found."), fields=fields)


def _require_decision(case: Case, entered: DecisionInput, words: Sequence[str]) -> list[int]:
    """Return the pages to hide; raise InvalidDecision naming all that must change."""
    fields: Fields = defaultdict(list)
    pages: list[int] = []
    if entered.action not in Action.values:
        fields["action"].append(_("Choose what to do."))
    if entered.action in Decision.HIDING and entered.rule not in Rule.values:
        fields["rule"].append(_("Choose the rule it breaks."))
    if entered.action == Action.REDACT:
        _check_words(fields, words)
    if entered.action == Action.PAGES:
        pages = _check_pages(fields, case, entered.pages)
    check_statement(fields, entered.statement)
    fields["public_note"] += problems_of(entered.public_note, longest=LONGEST_NOTE)
    refuse(fields)
    return pages


def _check_pages(fields: Fields, case: Case, asked: str) -> list[int]:
    file = file_of(case)
    if file is None or why_not_by_page(file):
        fields["pages"].append(why_not_by_page(file))
        return []
    pages, problems = read_pages(asked, count=file.page_count or 0)
    fields["pages"] += problems
    return pages


def _check_words(fields: Fields, words: Sequence[str]) -> None:
    if not words:
        fields["words"].append(_("Copy the words to redact, one passage on each line."))
    if len(words) > MOST_REDACTIONS:
        fields["words"].append(
            _("Redact %(most)s passages or fewer; or hide the part.") % {"most": MOST_REDACTIONS}
        )
    if any(len(one) < SHORTEST_WORDS for one in words):
        fields["words"].append(
            _("Each passage needs %(least)s characters or more.") % {"least": SHORTEST_WORDS}
        )
    for one in words[:MOST_REDACTIONS]:
        fields["words"] += problems_of(one, longest=LONGEST_WORDS)


def check_statement(fields: Fields, statement: str) -> None:
    """Note what keeps a statement of reasons from being sent."""
    if not statement.strip():
        fields["statement"].append(_("Say why. Those concerned read this."))
    fields["statement"] += problems_of(statement, longest=LONGEST_STATEMENT)


def refuse(fields: Fields) -> None:
    """Raise InvalidDecision where anything was noted."""
    told = {place: problems for place, problems in fields.items() if problems}
    if told:
        raise InvalidDecision(_("Something is missing in the decision."), fields=told)
