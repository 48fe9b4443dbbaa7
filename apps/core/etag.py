"""Strong entity tags from the bytes of an answer: who has them already gets a 304."""

import hashlib
from typing import cast

from django.http import HttpResponse, HttpResponseBase
from django.http.request import HttpRequest
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers


def answer_conditionally(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag a rendered 200 to GET or HEAD; return a 304 where If-None-Match names the same bytes."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if not isinstance(response, HttpResponse):
        tag = response.headers.get("ETag")
    else:
        tag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
        response.headers["ETag"] = tag
    patch_vary_headers(response, ["Authorization", "Cookie"])
    # Kept by the reader's own client only, and asked again each time: what one may see can change.
    patch_cache_control(response, private=True, no_cache=True)
    unchanged = get_conditional_response(request, etag=tag, response=cast(HttpResponse, response))
    return unchanged or response
