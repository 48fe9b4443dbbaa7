"""Domains of organisations: read from an address, and asked for what should stand there.

Only jobs call what goes to the network. Nothing that is not on the public internet is asked, and a
server is asked at the very address that was looked up, so that its name cannot change in between.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import httpx
import idna

LABEL = "_plenary"
PATH = "/.well-known/plenary-verification.txt"
PREFIX = "plenary-verification="
SECONDS = 5.0
MOST_BYTES = 1_024
LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", re.IGNORECASE)
# Where anybody gets an address or a page: control of it says nothing about the domain.
FOR_EVERYBODY = frozenset(
    [
        "aol.com",
        "blogspot.com",
        "facebook.com",
        "fastmail.com",
        "free.fr",
        "github.io",
        "gitlab.io",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "laposte.net",
        "linkedin.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "medium.com",
        "naver.com",
        "netlify.app",
        "orange.fr",
        "outlook.com",
        "pages.dev",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "substack.com",
        "t-online.de",
        "tutanota.com",
        "vercel.app",
        "web.app",
        "web.de",
        "wixsite.com",
        "wordpress.com",
        "yahoo.com",
        "yandex.ru",
        "163.com",
    ]  # fmt: skip
)


class Unreachable(Exception):
    """The domain gave no answer that can be read; the text says which."""


def domain_of(website: str) -> str:
    """Return the domain of a web address in ASCII, "" where none can be checked."""
    try:
        host = (urlsplit(website).hostname or "").rstrip(".").lower()
        ascii_host = idna.encode(host, uts46=True).decode()
    except (ValueError, idna.IDNAError):
        return ""
    domain = ascii_host.removeprefix("www.")
    is_public = "." in domain and not domain.rpartition(".")[2].isdigit()
    return "" if not is_public or is_for_everybody(domain) else domain


def is_for_everybody(domain: str) -> bool:
    """Return whether anybody can get an address or a page under a domain."""
    return any(domain == shared or domain.endswith(f".{shared}") for shared in FOR_EVERYBODY)


def address_at(domain: str, address: str) -> str:
    """Return an e-mail address in lower case where it is at exactly this domain, else ""."""
    local, _at, host = address.strip().lower().rpartition("@")
    is_there = host == domain and bool(LOCAL_PART.fullmatch(local))
    return f"{local}@{domain}" if is_there else ""


def has_record(domain: str, token: str, *, resolver: dns.resolver.Resolver | None = None) -> bool:
    """Return whether a TXT record of `_plenary.domain` holds the token; raise Unreachable."""
    asked = resolver or dns.resolver.Resolver()
    asked.lifetime = SECONDS
    try:
        answer = asked.resolve(f"{LABEL}.{domain}.", "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return False
    except dns.exception.DNSException as error:
        raise Unreachable(type(error).__name__) from error
    texts = (b"".join(record.strings).decode("ascii", "replace") for record in answer)
    return any(text.strip() == PREFIX + token for text in texts)


def is_public_address(address: str) -> bool:
    """Return whether an address is on the public internet."""
    return ipaddress.ip_address(address).is_global


def has_file(
    domain: str,
    token: str,
    *,
    scheme: str = "https",
    port: int = 443,
    may_ask: Callable[[str], bool] = is_public_address,
) -> bool:
    """Return whether the well-known file of a domain holds the token and nothing else.

    No redirect is followed: it would prove another server. raises Unreachable
    """
    for address in _addresses(domain, port):
        if not may_ask(address):
            raise Unreachable("not a public address")
        place = f"[{address}]" if ":" in address else address
        found = _read(f"{scheme}://{place}:{port}{PATH}", domain)
        return found.strip() == PREFIX + token
    raise Unreachable("no address")


def _addresses(domain: str, port: int) -> Iterable[str]:
    try:
        found = socket.getaddrinfo(domain, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable("no address") from error
    return [str(entry[4][0]) for entry in found]


def _read(url: str, domain: str) -> str:
    asked = httpx.Client(follow_redirects=False, timeout=SECONDS, trust_env=False)
    try:
        with (
            asked,
            asked.stream(
                "GET", url, headers={"Host": domain}, extensions={"sni_hostname": domain}
            ) as answer,
        ):
            if answer.status_code != 200:
                return ""
            held = b""
            for part in answer.iter_raw(256):
                held += part
                if len(held) > MOST_BYTES:
                    return ""
            return held.decode("ascii", "replace")
    except httpx.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
