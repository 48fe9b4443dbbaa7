"""Pages of what a person follows, and the page behind the link that stops mails."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.notifications.models import Following, Frequency, News
from apps.notifications.services import change, follow, stop, stop_mail
from apps.notifications.topics import find
from apps.notifications.unsubscribing import read_token

PAGE_SIZE = 50
MOST_NEWS = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def following_list(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        asked = {name: request.POST.get(name, "") for name in ("kind", "key", "frequency")}
        following = follow(request.user, **asked)
        messages.success(request, _("You follow this. Your account shows all that you follow."))
        return HttpResponseRedirect(following.path)
    own = Following.objects.of(request.user)
    page = paginate(own, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "followed": page.items,
        "count": own.count(),
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
        "frequencies": Frequency.choices,
        "news": _newest(request),
    }
    return render(request, "notifications/list.html", context)


def _newest(request: HttpRequest) -> list[News]:
    """Return the newest of all that is followed; what is news of two topics stands there once."""
    topics = Following.objects.of(request.user).values("topic")
    found = News.objects.filter(topic__in=topics).exclude(by=request.user.pk)
    found = found.order_by("-id")[: 3 * MOST_NEWS]
    return list({one.event: one for one in reversed(found)}.values())[::-1][:MOST_NEWS]


@never_cache
@require_safe
@login_required
@shows_refusals
def new(request: HttpRequest) -> HttpResponse:
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "")
    return render(
        request,
        "notifications/new.html",
        {"kind": kind, "key": key, "topic": find(kind, key, request.user)},
    )


@require_POST
@login_required
@shows_refusals
def one(request: HttpRequest, following_id: int) -> HttpResponse:
    following = get_object_or_404(Following.objects.of(request.user), pk=following_id)
    if request.POST.get("then") == "stop":
        stop(following)
        messages.success(request, _("You no longer follow this."))
    else:
        change(following, frequency=request.POST.get("frequency", ""))
        messages.success(request, _("Saved."))
    return redirect("notifications:list")


@csrf_exempt  # a mail program sends no cookie: the signed word in the address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def unsubscribe(request: HttpRequest, mail_token: str) -> HttpResponse:
    """Show what would stop; a post stops it at once and without a redirect (RFC 8058)."""
    try:
        user_id, frequency = read_token(mail_token)
    except BadSignature:
        return render(request, "notifications/unsubscribe.html", {"is_wrong": True}, status=404)
    if request.method == "POST":
        only = request.POST.get("following", "")
        stop_mail(user_id, frequency, only=int(only) if _is_id(only) else None)
    mailed = Following.objects.filter(user_id=user_id, frequency=frequency).order_by("-id")
    context = {"mailed": list(mailed), "is_stopped": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
