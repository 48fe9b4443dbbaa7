"""Official responses over the API."""
