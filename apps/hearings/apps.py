from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HearingsConfig(AppConfig):
    name = "apps.hearings"
    label = "hearings"
    verbose_name = _("Hearings")

    def ready(self) -> None:
        from apps.hearings import (  # noqa: F401 - registers what it adds elsewhere
            parting,
            protecting,
            sections,
        )
