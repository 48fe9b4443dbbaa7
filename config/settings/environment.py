"""Every environment variable Plenary reads, with its meaning, default and check.

This is the one place where a variable is documented. A missing or malformed value stops the
start with one sentence that names the variable, what was found and what is expected.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Variable:
    """One documented environment variable; `default` None means it must be set where it is read."""

    name: str
    meaning: str
    default: str | None = None
    example: str = ""


VARIABLES = {
    variable.name: variable
    for variable in (
        Variable(
            "DJANGO_SETTINGS_MODULE",
            "which settings to use: config.settings.local, test or production",
            "config.settings.local",
        ),
        Variable(
            "PLENARY_DATA_DIR",
            "folder of all embedded state: database, queue, media, briefings",
            str(BASE_DIR / "var"),
        ),
        Variable(
            "DATABASE_URL",
            "PostgreSQL address; empty means SQLite in the data folder",
            "",
            "postgresql://plenary:secret@127.0.0.1:5432/plenary",
        ),
        Variable(
            "CELERY_BROKER_URL",
            "broker of the jobs; empty means a folder in the data folder",
            "",
            "redis://127.0.0.1:6379/0",
        ),
        Variable(
            "PLENARY_SECRET_KEY",
            "signs sessions; at least 50 random characters",
            None,
            "output of: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
        ),
        Variable(
            "PLENARY_PSEUDONYM_KEY",
            "keys the pseudonyms of the audit log; keep it for ever, at least 32 characters",
            None,
            "output of: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        ),
        Variable(
            "PLENARY_ALLOWED_HOSTS", "host names, separated by commas", None, "plenary.example.org"
        ),
        Variable(
            "PLENARY_EMAIL_URL",
            "mail server; empty means that mail is printed to the console",
            "",
            "smtp://user:secret@mail.example.org:587",
        ),
        Variable(
            "PLENARY_URL",
            "address of this site as people type it; links in mails begin with it",
            "http://127.0.0.1:8000",
            "https://plenary.example.org",
        ),
        Variable("PLENARY_FROM_EMAIL", "sender of all mail", "plenary@localhost"),
        Variable(
            "PLENARY_INVITED_ADDRESS_DAYS",
            "days after its end that a consultation keeps the addresses of those it invited",
            "365",
        ),
        Variable(
            "PLENARY_PROXY_COUNT",
            "how many proxies in front of the application set X-Forwarded-* headers",
            "1",
        ),
        Variable("PLENARY_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO"),
        Variable("PLENARY_JOB_LEASE_SECONDS", "how long a job may go without a sign of life", "60"),
        Variable(
            "PLENARY_JOB_BACKOFF_SECONDS",
            "waits before the second to fifth attempt of a job",
            "5,30,120,600",
        ),
    )
}


def read(name: str) -> str:
    """Return the value of a documented variable; raise ImproperlyConfigured where it is missing."""
    variable = VARIABLES[name]
    value = os.environ.get(name, variable.default)
    if value is None:
        hint = f", for example {variable.example}" if variable.example else ""
        raise ImproperlyConfigured(f"Set {name}: {variable.meaning}{hint}.")
    return value.strip()


def read_integer(name: str, *, least: int = 0) -> int:
    """Return a whole number; raise ImproperlyConfigured naming what was found."""
    value = read(name)
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be a whole number ≥ {least}.")
    return int(value)


def read_integers(name: str) -> tuple[int, ...]:
    """Return whole numbers separated by commas."""
    parts = [part.strip() for part in read(name).split(",")]
    if not all(part.isdecimal() for part in parts):
        raise ImproperlyConfigured(
            f"{name} is {read(name)!r}, but must be whole numbers separated by commas."
        )
    return tuple(map(int, parts))


def read_address(name: str) -> str:
    """Return a web address without path; raise ImproperlyConfigured naming what was found."""
    value = read(name).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name} is {value!r}, but must look like {VARIABLES[name].example}."
        )
    return value


def read_list(name: str) -> list[str]:
    """Return the non-empty parts of a value separated by commas."""
    return [part.strip() for part in read(name).split(",") if part.strip()]


def read_secret(name: str, *, least: int) -> str:
    """Return a secret of at least `least` characters."""
    value = read(name)
    if len(value) < least:
        raise ImproperlyConfigured(
            f"{name} has {len(value)} characters, but must have {least} or more."
        )
    return value


def read_folder(name: str) -> Path:
    """Return a folder, made where it does not exist yet."""
    value = read(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is empty; name a folder, or leave it unset.")
    folder = Path(value).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} is {folder}, which cannot be made: {error.strerror}."
        ) from error
    return folder


# A statement asked for often is read and planned once per connection, not each time. The server's
# own default takes a page read out of order for four times as dear as the next one, as on a disk
# that turns, and reads whole tables where an index would do.
POSTGRESQL = {
    "server_side_binding": True,
    "prepare_threshold": 3,
    "options": "-c random_page_cost=1.1",
}


def database(data_dir: Path) -> dict[str, object]:
    """Return Django's database settings from DATABASE_URL, SQLite where it is empty."""
    url = read("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "plenary.sqlite3",
            # IMMEDIATE: a writer waits for its turn instead of failing on a lock it must raise.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
                    "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-32000;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"DATABASE_URL must look like {VARIABLES['DATABASE_URL'].example}, "
            f"but starts with {parts.scheme!r} or names no database."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL,
    }


def email(url: str) -> dict[str, object]:
    """Return Django's mail settings from PLENARY_EMAIL_URL, the console where it is empty."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            f"PLENARY_EMAIL_URL must look like {VARIABLES['PLENARY_EMAIL_URL'].example}."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
    }


def broker_options(url: str, data_dir: Path) -> dict[str, object]:
    """Return kombu's transport options; makes the queue folders of the embedded broker."""
    if url != "filesystem://":
        return {
            # Above the hard time limit: a message is not given to a second worker while the first
            # still works. Lost messages do no harm, the sweeper offers their job again.
            "visibility_timeout": 4_000,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
            "max_retries": 1,
        }
    folders = {name: data_dir / "queue" / name for name in ("messages", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "control_folder": str(folders["control"]),
        "store_processed": False,
        "polling_interval": 0.1,
    }
