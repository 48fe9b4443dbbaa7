from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "apps.consultations"
    label = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        from apps.consultations import (  # noqa: F401 - register
            announcing,
            parting,
            protecting,
            tabs,
        )
