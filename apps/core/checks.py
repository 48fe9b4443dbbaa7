"""What is checked before migrations run."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

HALF_WAY = "core.E001"


@register(Tags.database)
def no_database_is_half_way(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database with some, not all, of the migrations that others have replaced.

    Django would stop at it with a list of tables it cannot relate, which tells nobody what to do.
    """
    replacements = MigrationLoader(None, ignore_no_migrations=True).replacements
    errors: list[CheckMessage] = []
    for alias in databases or ():
        applied = MigrationRecorder(connections[alias]).applied_migrations()
        for (app, name), migration in replacements.items():
            there = [replaced in applied for replaced in migration.replaces]
            if any(there) and not all(there) and (app, name) not in applied:
                errors.append(
                    Error(
                        f"The database stands between two states of “{app}”: the migrations that"
                        f" are missing in it were put together into {name}.",
                        hint="Run “python manage.py migrate” once with the last version of Plenary"
                        " that still has them one by one, then go on with this one.",
                        id=HALF_WAY,
                    )
                )
    return errors
