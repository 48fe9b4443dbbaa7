"""How forms are drawn: hint above the control, error above it, one summary with links."""

from django.forms.renderers import TemplatesSetting


class PlenaryRenderer(TemplatesSetting):
    """Use our own field template everywhere."""

    field_template_name = "core/_field.html"
