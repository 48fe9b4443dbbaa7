"""Where one provision of the next version is written, beside what was said about it."""

from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.models import Document, DraftProvision
from apps.consultations.sections import proposals_for, sections_beside, words_proposed
from apps.consultations.services import (
    ChangedMeanwhile,
    ProvisionEdit,
    change_provision,
    move_provision,
    remove_provision,
)
from apps.consultations.services.texts import LEVELS
from apps.consultations.views.workspace import show
from apps.consultations.views.writing import document_of, provisions_of_next, typed_in
from apps.core.errors import DomainError
from apps.core.views import shows_refusals

MOST_CREDITS = 50


@dataclass
class Editor:
    """What stands in the form, saved or not.

    stood    texts that stood in it before others were put there; whoever writes can have them back
    current  what somebody else saved meanwhile
    """

    typed: ProvisionEdit
    stood: list[str] = field(default_factory=list)
    current: DraftProvision | None = None
    error: DomainError | None = None

    @property
    def revision(self) -> int:
        """Return which state of the provision is replaced with the next saving."""
        return self.current.revision if self.current else self.typed.revision

    def put(self, words: str, *, credits: tuple[str, ...] = ()) -> None:
        """Put words into the form, unsaved; what stood there is kept."""
        before = dict.fromkeys([*self.stood, self.typed.text])
        self.stood = [one for one in before if one.strip() and one != words]
        credited = (*dict.fromkeys([*self.typed.credits, *credits]),)
        self.typed = replace(self.typed, text=words, credits=credited)

    def take(self, document: Document, key: str, name: str) -> None:
        """Put the words in that a point proposes."""
        words = words_proposed(document, key, [name]).get(name)
        if words is None:
            self.error = DomainError(_("This point proposes no words, or was withdrawn."))
        else:
            self.put(words.replace("\r\n", "\n"), credits=(name,))

    def save(self, document: Document, key: str, request: HttpRequest) -> bool:
        """Return whether it was saved; where not, `error` says why."""
        after = request.POST.get("after", "") if request.POST.get("act") == "move" else None
        try:
            change_provision(document, key, self.typed, after=after, by=request.user)
        except ChangedMeanwhile as changed:
            self.error, self.current = changed, changed.current
        except DomainError as refusal:
            self.error = refusal
        return self.error is None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def provision(request: HttpRequest, slug: str, document_slug: str, key: str) -> HttpResponse:
    """Change one provision; proposed words come into the form and nothing typed is lost."""
    consultation, document = document_of(request, slug, document_slug)
    provisions, newest = provisions_of_next(document)
    held = next((one for one in provisions if one.key == key), None)
    if held is None:
        raise Http404
    # What was not begun yet begins with its first change, at revision 1.
    revision = getattr(held, "revision", 1)
    editor = Editor(ProvisionEdit(held.heading, held.text, held.label, held.level, revision))
    if request.method == "POST":
        editor = _sent(request, document, key)
        if "take" in request.POST:
            editor.take(document, key, _plain(request.POST["take"]))
        elif "back" in request.POST:
            editor.put(_plain(request.POST["back"]))
        elif editor.save(document, key, request):
            messages.success(request, _("Saved."))
            return redirect("consultations:text", slug, document_slug)
    before = provisions[provisions.index(held) - 1].key if held != provisions[0] else ""
    context = {
        "consultation": consultation,
        "tab": "texts",
        "document": document,
        "held": held,
        "provisions": provisions,
        "before": request.POST.get("after", before),
        "editor": editor,
        "typed": editor.typed,
        "levels": LEVELS,
        "sections": sections_beside(newest, key) if newest else [],
        "proposals": proposals_for(document, key, request.user),
    }
    return show(request, "provision", context, error=editor.error)


@require_POST
@login_required
@shows_refusals
def provision_moved(request: HttpRequest, slug: str, document_slug: str, key: str) -> HttpResponse:
    _consultation, document = document_of(request, slug, document_slug)
    move_provision(document, key, after=request.POST.get("after", ""), by=request.user)
    return redirect("consultations:text", slug, document_slug)


@require_POST
@login_required
@shows_refusals
def provision_gone(request: HttpRequest, slug: str, document_slug: str, key: str) -> HttpResponse:
    _consultation, document = document_of(request, slug, document_slug)
    remove_provision(document, key, by=request.user)
    messages.success(request, _("Left out of the next version. What is published keeps it."))
    return redirect("consultations:text", slug, document_slug)


def _sent(request: HttpRequest, document: Document, key: str) -> Editor:
    names = [_plain(name) for name in request.POST.getlist("credit")[:MOST_CREDITS]]
    credits = tuple(words_proposed(document, key, names))
    stood = [_plain(one) for one in request.POST.getlist("stood")]
    return Editor(replace(typed_in(request), credits=credits), stood)


def _plain(sent: str) -> str:
    return sent.replace("\r\n", "\n").replace("\0", "")
