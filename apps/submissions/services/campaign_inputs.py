"""What is entered to register and to sign a campaign, and what of it is refused."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Question
from apps.submissions.drafting import unix_lines
from apps.submissions.errors import InvalidContent
from apps.submissions.models import RegisteredCampaign
from apps.submissions.models.cosigning import LONGEST_CAMPAIGN

LONGEST_OWN_WORDS = 10_000


@dataclass(frozen=True)
class CampaignInput:
    """What an organisation registers; an empty provision means the consultation as a whole."""

    title: str
    text: str
    question: str = ""
    provision: str = ""
    stance: str = ""
    ask: str = ""
    language: str = ""


@dataclass(frozen=True)
class SignatureInput:
    """What a person enters to sign."""

    email: str
    name: str = ""
    is_name_public: bool = False
    country: str = ""
    own_words: str = ""


def questions_for_words(consultation: Consultation) -> list[Question]:
    """Return the questions that anybody may answer in words."""
    texts = consultation.questions.asked().filter(kind=Question.Kind.TEXT)
    return [one for one in texts if one.is_asked_of(StakeholderGroup.INDIVIDUAL)]


def check_campaign(consultation: Consultation, content: CampaignInput) -> None:
    """Raise InvalidContent naming what is missing."""
    fields: dict[str, list[str | Promise]] = {}
    if not content.title.strip() or len(content.title) > 200:
        fields["title"] = [_("Give the campaign a title of 200 characters or fewer.")]
    if not content.text.strip():
        fields["text"] = [_("Write the text that others sign.")]
    elif over := max(len(unix_lines(content.text)) - LONGEST_CAMPAIGN, 0):
        fields["text"] = [_("Shorten the text by %(over)s characters.") % {"over": over}]
    if not content.question and not content.provision:
        fields["question"] = [_("Choose the question or the part of the text this is about.")]
    elif content.question and content.question not in {
        one.key for one in questions_for_words(consultation)
    }:
        fields["question"] = [_("Choose a question from the list.")]
    if fields:
        raise InvalidContent(
            _("The campaign is not open yet: something is missing."), fields=fields
        )


def check_signature(campaign: RegisteredCampaign, content: SignatureInput, email: str) -> None:
    """Raise InvalidContent naming what is missing."""
    fields: dict[str, list[str | Promise]] = {}
    try:
        validate_email(email)
        MaxLengthValidator(254)(email)
    except ValidationError:
        fields["email"] = [_("Enter your e-mail address, for example name@example.org.")]
    for name, longest in (("name", 150), ("country", 60), ("own_words", LONGEST_OWN_WORDS)):
        text = unix_lines(getattr(content, name))
        if over := max(len(text) - longest, 0):
            fields[name] = [_("Shorten this by %(over)s characters.") % {"over": over}]
        elif "\0" in text:
            fields[name] = [_("This holds a sign that cannot be kept. Type it anew.")]
    if content.own_words.strip() and not campaign.carrier.answers.exists():
        fields["own_words"] = [_("This campaign takes no words of your own. File a response.")]
    if fields:
        raise InvalidContent(_("You have not signed yet: something is missing."), fields=fields)
