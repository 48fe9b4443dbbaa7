"""What is kept of a token that stands in the link of a mail: its digest, never the token."""

import hashlib


def digest_of(token: str) -> str:
    """Return what a row keeps to know a token again (SHA-256, 64 hexadecimal digits)."""
    return hashlib.sha256(token.encode()).hexdigest()
