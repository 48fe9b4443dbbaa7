"""Domains of organisations: read from an address, and asked for what should stand there.

Only jobs call what goes to the network. Nothing that is not on the public internet is asked, and a
server is asked at the very address that was looked up, so that its name cannot change in between.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
import httpx
import idna
from django.utils.translation import gettext_lazy as _

LABEL = "_plenary"
PATH = "/.well-known/plenary-verification.txt"
PREFIX = "plenary-verification="
SECONDS = 5.0
MOST_BYTES = 1_024
MOST_ADDRESSES = 2
# Ways from IPv6 to any IPv4 address, a private one too: NAT64, 6to4 and Teredo.
TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))
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
    except dns.resolver.LifetimeTimeout as error:
        raise Unreachable(_("there was no answer in time")) from error
    except dns.exception.DNSException as error:
        raise Unreachable(_("its name server gave no answer that can be read")) from error
    texts = (b"".join(record.strings).decode("ascii", "replace") for record in answer)
    return any(text.strip() == PREFIX + token for text in texts)


def is_public_address(address: str) -> bool:
    """Return whether an address is on the public internet, and leads to no other one."""
    found = ipaddress.ip_address(address)
    is_translated = any(found in network for network in TRANSLATED)
    return found.is_global and not found.is_multicast and not is_translated


def has_file(
    domain: str,
    token: str,
    *,
    scheme: str = "https",
    port: int = 443,
    may_ask: Callable[[str], bool] = is_public_address,
) -> bool:
    """Return whether the well-known file of a domain holds the token and nothing else.

    It may stand under "www." instead: many websites are only there. No redirect is followed: it
    would prove another server. raises Unreachable where neither could be asked
    """
    problems = []
    for host in (domain, f"www.{domain}"):
        try:
            if _file_of(host, scheme, port, may_ask) == PREFIX + token:
                return True
        except Unreachable as error:
            problems.append(error)
    if len(problems) > 1:
        raise problems[0]
    return False


def _file_of(host: str, scheme: str, port: int, may_ask: Callable[[str], bool]) -> str:
    addresses = _addresses(host, port)
    if not all(map(may_ask, addresses)):
        raise Unreachable(_("its name leads to an address that is not public"))
    problem = Unreachable(_("its name leads to no address"))
    for address in addresses[:MOST_ADDRESSES]:
        place = f"[{address}]" if ":" in address else address
        try:
            return _in_time(_read(f"{scheme}://{place}:{port}{PATH}", host)).strip()
        except (TimeoutError, httpx.TimeoutException):
            problem = Unreachable(_("there was no answer in time"))
        except httpx.ConnectError:
            problem = Unreachable(_("no secure connection could be made"))
        except httpx.HTTPError:
            problem = Unreachable(_("its answer cannot be read"))
    raise problem


def _addresses(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(_("its name leads to no address")) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _in_time(reading: Coroutine[Any, Any, str]) -> str:
    # In a thread of its own: the one that asks may have a loop that runs already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, reading).result()


async def _read(url: str, host: str) -> str:
    """Return a short text, "" for any other answer; raise TimeoutError, httpx.HTTPError."""
    headers, extensions = {"Host": host}, {"sni_hostname": host}
    # In all, not from byte to byte: who answers a byte a second would hold a worker for an hour.
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(follow_redirects=False, timeout=SECONDS, trust_env=False) as asked,
        asked.stream("GET", url, headers=headers, extensions=extensions) as answer,
    ):
        held = b""
        async for part in answer.aiter_raw():
            held += part
            if answer.status_code != 200 or len(held) > MOST_BYTES:
                return ""
        # Some editors put a mark at the beginning of each file.
        return held.decode("utf-8-sig", "replace") if answer.status_code == 200 else ""
