"""The pages of the workspace in which a consultation is prepared and kept on course."""

from django.utils.translation import gettext_lazy as _

from apps.consultations.models import HostRole
from apps.consultations.sections import Tab, workspace_tab

EVERYBODY = tuple(HostRole.Role.values)
EDITORS = HostRole.EDITORS

for order, one in enumerate(
    (
        Tab("workspace", _("Workspace"), "consultations:workspace-consultation", EVERYBODY),
        Tab("details", _("Details"), "consultations:details", EDITORS),
        Tab("schedule", _("Dates"), "consultations:schedule", EDITORS),
        Tab("texts", _("Texts"), "consultations:texts", EDITORS),
        Tab("questions", _("Questions"), "consultations:questions", EDITORS),
        Tab("background", _("Background"), "consultations:background", EDITORS),
        Tab("stakeholders", _("Stakeholders"), "consultations:stakeholders", EDITORS),
        Tab("readiness", _("Readiness"), "consultations:readiness", HostRole.CHECKERS),
    )
):
    workspace_tab(one, order=order)
workspace_tab(
    Tab("data-protection", _("Data protection"), "consultations:protection", HostRole.GUARDIANS),
    order=60,
)
