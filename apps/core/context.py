"""What every page needs to know: the reader's choice of appearance."""

from typing import Any

from django.http import HttpRequest

APPEARANCE_COOKIE = "appearance"
APPEARANCES = ("auto", "light", "dark")


def appearance(request: HttpRequest) -> dict[str, Any]:
    """Return the appearance asked for by the cookie; the browser decides where it is "auto"."""
    chosen = request.COOKIES.get(APPEARANCE_COOKIE, "auto")
    return {"appearance": chosen if chosen in APPEARANCES else "auto"}
