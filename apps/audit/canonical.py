"""One spelling of content as bytes, so that a hash over it means the same everywhere."""

import hashlib
import hmac
import json
import secrets
from typing import Any

SALT_BYTES = 32
LEAF_PREFIX = b"\x00"  # RFC 9162, section 2.1.1: a leaf can never be mistaken for an inner node
# Crockford's base 32 without U: no letter is read as another or as a digit.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 11


def canonical(content: Any) -> bytes:
    """Return JSON with sorted keys and no spaces, in UTF-8; texts stay exactly as they are.

    raises  TypeError, ValueError for what JSON cannot hold (NaN included)
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def leaf_hash(leaf: Any) -> str:
    """Return the Merkle leaf hash (hex) of an entry's content; source RFC 9162, section 2.1.1."""
    return hashlib.sha256(LEAF_PREFIX + canonical(leaf)).hexdigest()


def commitment(content: Any, salt: bytes) -> str:
    """Return HMAC-SHA256(salt, content) in hex: says nothing about the content without the salt."""
    return hmac.new(salt, canonical(content), hashlib.sha256).hexdigest()


def new_salt() -> bytes:
    """Return fresh randomness for one commitment."""
    return secrets.token_bytes(SALT_BYTES)


def new_number() -> str:
    """Return a tracking number such as PL-7K3M-9Q2X-4TBC; the last character checks the others."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    whole = body + check_character(body)
    return "PL-" + "-".join(whole[i : i + 4] for i in range(0, len(whole), 4))


def check_character(body: str) -> str:
    """Return the character that makes a mistyped or swapped character visible."""
    weighted = sum((i + 2) * ALPHABET.index(c) for i, c in enumerate(body))
    return ALPHABET[weighted % 31]


def read_number(typed: str) -> str:
    """Return the tracking number somebody typed, whatever case, spaces or dashes they used."""
    letters = "".join(typed.upper().split()).replace("-", "")
    letters = letters.removeprefix("PL").replace("O", "0").replace("I", "1").replace("L", "1")
    if len(letters) != RANDOM_CHARACTERS + 1 or any(c not in ALPHABET for c in letters):
        return ""
    return "PL-" + "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def is_mistyped(number: str) -> bool:
    """Return whether a number that looks right cannot have been given out."""
    letters = number.removeprefix("PL-").replace("-", "")
    return check_character(letters[:-1]) != letters[-1]
