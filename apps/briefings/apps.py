from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class BriefingsConfig(AppConfig):
    name = "apps.briefings"
    label = "briefings"
    verbose_name = _("Briefings")

    def ready(self) -> None:
        import_string("apps.briefings.sections.briefings_of")  # registers what it adds elsewhere
        import_string("apps.briefings.moderating.hidden")
        import_string("apps.briefings.protecting.briefings")
