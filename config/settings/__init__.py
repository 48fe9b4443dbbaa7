"""Settings from environment variables; every variable is documented in `environment.py`."""
