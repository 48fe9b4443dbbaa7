from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ResponsesConfig(AppConfig):
    name = "apps.responses"
    label = "responses"
    verbose_name = _("Official responses")

    def ready(self) -> None:
        import_string("apps.responses.sections.responses_to")  # registers what it adds elsewhere
        import_string("apps.responses.deciding.forget")
