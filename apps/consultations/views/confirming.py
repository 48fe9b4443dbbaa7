"""Asks whether something is meant that cannot be undone, and says what it leads to."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

SURE = "sure"
NAMING = ("act", "question", "item", "statement")  # the fields that say what is meant


@dataclass(frozen=True)
class Consequence:
    """What is asked, what follows in words, and the words of the button that does it."""

    question: str | Promise
    told: str | Promise
    button: str | Promise


def unconfirmed(
    request: HttpRequest, consequence: Consequence, *, about: str, back: str
) -> HttpResponse | None:
    """Return the page that asks, None once its button was used.

    The button sends to the same address what was sent here: what was pressed and what it names.
    """
    if request.POST.get(SURE):
        return None
    kept = {name: request.POST[name] for name in NAMING if name in request.POST}
    context = {"consequence": consequence, "about": about, "back": back, "kept": kept}
    return render(request, "consultations/workspace/sure.html", context)
