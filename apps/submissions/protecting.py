"""What submissions hold of people, in counts for a data-protection officer."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.consultations.models import Consultation
from apps.consultations.protecting import Export, Holding, exports, forgets, gives_out, holds
from apps.submissions.models import (
    Attachment,
    ConfidentialVersion,
    CoSignature,
    ImportUpload,
    Submission,
    Visibility,
)
from apps.submissions.models.cosigning import LINK_HOLDS
from apps.submissions.services.fetching import KEPT_BACK, REJECTS
from apps.submissions.services.filing import OWN_DOORS

forgets(
    {
        "draft.discarded": lazy("Drafts discarded by those who wrote them"),
        "attachment.removed": lazy("Files taken off drafts"),
    }
)
gives_out(
    {
        KEPT_BACK: lazy("Files that are kept back, by staff"),
        REJECTS: lazy("Rows of tables that were not taken in"),
    }
)


@holds
def responses(consultation: Consultation) -> Iterable[Holding]:
    """Count people, drafts and letters: one query."""
    on_record = Q(state__in=Submission.PUBLIC)
    found = consultation.submissions.order_by().aggregate(
        accounts=Count("author", distinct=True, filter=on_record & Q(author__is_guest=False)),
        guests=Count("author", distinct=True, filter=on_record & Q(author__is_guest=True)),
        drafts=Count("pk", filter=Q(state=Submission.State.DRAFT)),
        letters=Count("pk", filter=Q(source__in=Submission.BY_STAFF)),
        imported=Count("pk", filter=Q(source=Submission.Source.IMPORT)),
        departed=Count("pk", filter=on_record & Q(author=None, source__in=OWN_DOORS)),
        withheld=Count("pk", filter=on_record & ~Q(visibility=Visibility.NAMED)),
    )
    as_long = _("Until the person deletes the account")
    with_it = _("As long as the submission is on record")
    yield Holding(_("Accounts that responded"), found["accounts"], as_long)
    yield Holding(_("Confirmed addresses without an account"), found["guests"], as_long)
    yield Holding(_("Responses whose author deleted the account"), found["departed"], with_it)
    yield Holding(_("Drafts"), found["drafts"], _("Until they are submitted or discarded"))
    yield Holding(_("Letters and mails entered by staff"), found["letters"], with_it)
    yield Holding(_("Responses taken from tables"), found["imported"], with_it)
    yield Holding(_("Submissions with a name or words withheld"), found["withheld"], with_it)


@holds
def kept_back(consultation: Consultation) -> Iterable[Holding]:
    """Count confidential versions and files: two queries."""
    mine = ConfidentialVersion.objects.filter(submission__consultation=consultation)
    files = Attachment.objects.filter(submission__consultation=consultation).aggregate(
        all=Count("pk"),
        kept_back=Count("pk", filter=~Q(kept_back="")),
        as_sent=Count("pk", filter=~Q(stored="")),
    )
    with_it = _("As long as the submission is on record")
    cleaned = _("Until a copy without the names of authors is made")
    yield Holding(_("Confidential versions"), mine.count(), with_it)
    yield Holding(_("Files of submissions and drafts"), files["all"], with_it)
    yield Holding(_("Files that are kept back"), files["kept_back"], with_it)
    yield Holding(_("Files still as they were sent"), files["as_sent"], cleaned)


@holds
def signatures(consultation: Consultation) -> Iterable[Holding]:
    """Count who co-signed, and whose address still waits for an answer: one query."""
    confirmed = Q(state=CoSignature.State.CONFIRMED, organisation__isnull=True)
    found = CoSignature.objects.filter(campaign__consultation=consultation).aggregate(
        waiting=Count("pk", filter=~Q(address="")),
        people=Count("pk", filter=confirmed),
        named=Count("pk", filter=confirmed & ~Q(name="")),
    )
    days = LINK_HOLDS.days
    told = ngettext("At most %(n)d day", "At most %(n)d days", days) % {"n": days}
    as_code = _("Without the address: a code tells whether one signed twice")
    yield Holding(_("Addresses of co-signers who have not confirmed"), found["waiting"], told)
    yield Holding(_("People who co-signed"), found["people"], as_code)
    as_asked = _("As long as the signature: they asked to be named")
    yield Holding(_("Names of co-signers"), found["named"], as_asked)


@holds
def tables(consultation: Consultation) -> Iterable[Holding]:
    """Count uploaded tables whose rows are still there: one query."""
    days = ImportUpload.KEPT.days
    held = ~Q(stored="", table="", rejects="")
    yield Holding(
        _("Uploaded tables, with all their columns"),
        consultation.import_uploads.filter(held).count(),
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
    )


@exports
def public_submissions(consultation: Consultation) -> Iterable[Export]:
    """Name the list of submissions, on pages and for programs."""
    yield Export(
        _("Submissions, one by one"),
        reverse("submissions:list", args=[consultation.slug]),
        _("Names, words and files that are kept back; words that moderators took out."),
    )
