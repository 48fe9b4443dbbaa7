from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "apps.submissions"
    label = "submissions"
    verbose_name = _("Submissions")

    def ready(self) -> None:
        from apps.submissions import (  # noqa: F401 - register
            anchoring,
            announcing,
            feeding,
            overseeing,
            parting,
            proposing,
            protecting,
            sections,
            watching,
        )
