"""Settings of the web benchmark: those of one machine, with limits a load generator stays below."""

from config.settings.local import *  # noqa: F403

API_REQUESTS_PER_MINUTE = {"anonymous": 1_000_000, "person": 1_000_000}
