"""What a program sends: answers, points, files, and how they are to be seen."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.accounts.groups import StakeholderGroup
from apps.submissions.api.replying import EvidenceInputSerializer, ReplyInputSerializer
from apps.submissions.concealing import LONGEST_NOTE, LONGEST_WORDS, MOST_REDACTIONS
from apps.submissions.models import (
    LONGEST_TEXT,
    Anchor,
    Attachment,
    KeptBack,
    Point,
    Stance,
    Visibility,
)

GROUPS = StakeholderGroup.choices


class AnswerInputSerializer(serializers.Serializer):
    question = serializers.SlugField(max_length=80)
    text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False
    )
    choices: Any = serializers.ListField(
        child=serializers.SlugField(max_length=80), max_length=100, default=list
    )
    scale = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, default=None)
    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True, default="")


class PointInputSerializer(serializers.Serializer):
    provision = serializers.SlugField(max_length=80, help_text="Key of the provision.")
    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True, default="")
    ask = serializers.ChoiceField(choices=Point.Ask.choices, allow_blank=True, default="")
    reason = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False
    )
    proposed_text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False
    )
    change_condition = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False
    )
    quote = serializers.CharField(
        max_length=Anchor.LONGEST,
        allow_blank=True,
        default="",
        help_text="Exact words of the provision it is about; empty: the whole provision.",
    )
    nth = serializers.IntegerField(
        min_value=0,
        max_value=999,
        default=0,
        help_text="Which of several places these words stand in, from 1; 0 where there is one.",
    )
    evidence = EvidenceInputSerializer(many=True, default=list, max_length=20)  # type: ignore[call-arg]
    files = serializers.ListField(
        child=serializers.CharField(max_length=32),
        max_length=Attachment.MOST,
        default=list,
        help_text="Keys of attachments that support this point.",
    )


class FileNoteSerializer(serializers.Serializer):
    key = serializers.CharField(max_length=32, help_text="Of a file that was sent before.")
    title = serializers.CharField(max_length=300, allow_blank=True, default="")
    kept_back = serializers.ChoiceField(
        choices=KeptBack.choices,
        allow_blank=True,
        default="",
        help_text="Why the public does not get it; empty: it becomes public.",
    )


class RedactionInputSerializer(serializers.Serializer):
    words = serializers.CharField(
        max_length=LONGEST_WORDS,
        trim_whitespace=False,
        help_text="Hidden wherever they stand in the response, in any case.",
    )
    reason = serializers.ChoiceField(choices=KeptBack.choices)
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")


class ContentSerializer(serializers.Serializer):
    group = serializers.ChoiceField(
        choices=GROUPS,
        allow_blank=True,
        default="",
        help_text="May be left out for an organisation: it has its own.",
    )
    title = serializers.CharField(max_length=300, allow_blank=True, default="")
    language = serializers.CharField(max_length=12, allow_blank=True, default="")
    country = serializers.CharField(max_length=60, allow_blank=True, default="")
    answers = AnswerInputSerializer(many=True, default=list, max_length=200)  # type: ignore[call-arg]
    points = PointInputSerializer(many=True, default=list, max_length=500)  # type: ignore[call-arg]
    replies = ReplyInputSerializer(
        many=True,
        default=list,
        max_length=200,  # type: ignore[call-arg]
        help_text="To what others said, while the reply phase is open; without answers or points.",
    )
    attachments = FileNoteSerializer(
        many=True,
        default=list,
        max_length=Attachment.MOST,  # type: ignore[call-arg]
        help_text="Files that were sent before; files of a draft that are not named here stay.",
    )
    visibility = serializers.ChoiceField(
        choices=Visibility.choices, default=Visibility.NAMED, help_text="How the public sees it."
    )
    redactions = RedactionInputSerializer(
        many=True,
        default=list,
        max_length=MOST_REDACTIONS,  # type: ignore[call-arg]
        help_text="Words the public does not read; only where parts are kept back.",
    )


class FilingSerializer(ContentSerializer):
    organisation = serializers.SlugField(
        max_length=80, allow_null=True, default=None, help_text="One of yours; null: yourself."
    )


class DraftStartSerializer(serializers.Serializer):
    consultation = serializers.SlugField(max_length=80)
    organisation = serializers.SlugField(max_length=80, allow_null=True, default=None)
    group = serializers.ChoiceField(
        choices=GROUPS,
        allow_blank=True,
        default="",
        help_text="Needed where you speak for yourself.",
    )
    is_reply = serializers.BooleanField(
        default=False, help_text="True for replies to what others said, in the reply phase."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["organisation"] and not attrs["group"]:
            raise serializers.ValidationError({"group": _("Choose the group you speak for.")})
        return attrs
