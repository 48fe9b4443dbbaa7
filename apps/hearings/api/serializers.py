"""How hearings are spelled over the API: what everybody reads, what staff and speakers enter."""

from typing import Any

from rest_framework import serializers

from apps.accounts.groups import StakeholderGroup
from apps.consultations.api.preparing import LOCAL
from apps.consultations.models import Stance
from apps.hearings.models import AgendaItem, Hearing, Speaker, Statement
from apps.hearings.services import Act
from apps.submissions.models import Point

ABOUT = "`provision:` and a key of the newest text, or `question:` and the key of a question."
ITEM = "Id of an item of the agenda; null for none."


class HearingSerializer(serializers.ModelSerializer[Hearing]):
    state = serializers.ChoiceField(choices=Hearing.State.choices, read_only=True)
    takes_requests = serializers.BooleanField(help_text="Whether one can ask to speak now.")
    url = serializers.SerializerMethodField(help_text="Its page.")

    class Meta:
        model = Hearing
        fields = [
            *("slug", "title", "description", "starts_at", "ends_at", "place", "online"),
            *("language", "requests_close_at", "minutes_each", "state", "reason"),
            *("takes_requests", "sequence", "minutes_published_at", "url"),
        ]
        read_only_fields = fields

    def get_url(self, hearing: Hearing) -> str:
        return f"{self.context['view'].root}{hearing.get_absolute_url()}"


class AgendaItemSerializer(serializers.ModelSerializer[AgendaItem]):
    title = serializers.CharField(max_length=300)
    text = serializers.CharField(max_length=5_000, default="", allow_blank=True)
    minutes = serializers.IntegerField(
        min_value=1, max_value=480, default=None, allow_null=True, required=False
    )
    provisions = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=200, default=list
    )

    class Meta:
        model = AgendaItem
        fields = ["id", "title", "text", "minutes", "provisions"]


class PublicSpeakerSerializer(serializers.Serializer[Speaker]):
    name = serializers.CharField(
        source="public_name", help_text="Empty for a private person who did not choose otherwise."
    )
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    item = serializers.IntegerField(source="item_id", allow_null=True)
    minutes = serializers.IntegerField()


class HearingGroupSerializer(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    requests = serializers.IntegerField()
    speakers = serializers.IntegerField()
    minutes = serializers.IntegerField()


class WholeHearingSerializer(HearingSerializer):
    agenda = AgendaItemSerializer(many=True)
    speakers = PublicSpeakerSerializer(many=True, help_text="The speaking list, in its order.")
    is_in_turn = serializers.BooleanField(help_text="Whether groups speak in turn, by our rule.")
    groups = HearingGroupSerializer(many=True)
    speaking_minutes = serializers.IntegerField()
    length_minutes = serializers.IntegerField()

    class Meta(HearingSerializer.Meta):
        fields = [
            *HearingSerializer.Meta.fields,
            *("agenda", "speakers", "is_in_turn", "groups"),
            *("speaking_minutes", "length_minutes"),
        ]
        read_only_fields = fields


class SaidSerializer(serializers.Serializer[Any]):
    item = serializers.IntegerField(source="statement.item_id", allow_null=True)
    about = serializers.CharField(source="statement.about", help_text=ABOUT)
    name = serializers.CharField(source="who")
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    text = serializers.CharField(
        source="words", help_text="Empty where the words were withdrawn or are kept back since."
    )
    stance = serializers.CharField()
    confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When its speaker confirmed it; null where the text is empty."
    )
    is_corrected = serializers.BooleanField(
        source="statement.is_corrected", help_text="In the speaker's own words, not staff's."
    )
    submission = serializers.CharField(source="statement.submission.reference")
    url = serializers.SerializerMethodField(help_text="Where it stands on record.")

    def get_url(self, said: Any) -> str:
        return f"{self.context['view'].root}{said.url}"


class HearingMinutesSerializer(serializers.Serializer[Any]):
    published_at = serializers.DateTimeField()
    waiting = serializers.IntegerField(help_text="Statements that wait for their speakers.")
    pdf = serializers.CharField(
        help_text="Address of the same as a PDF, for everybody. 202 while long ones are set."
    )
    statements = SaidSerializer(many=True)


class HearingEntrySerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=300)
    description = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    starts = serializers.CharField(max_length=32, help_text=LOCAL)
    ends = serializers.CharField(max_length=32, help_text=LOCAL)
    place = serializers.CharField(max_length=300, default="", allow_blank=True)
    online = serializers.CharField(max_length=500, default="", allow_blank=True)
    language = serializers.CharField(max_length=12, default="", allow_blank=True)
    requests_close = serializers.CharField(
        max_length=32, default="", allow_blank=True, help_text=f"{LOCAL} Empty: until it starts."
    )
    minutes_each = serializers.IntegerField(min_value=1, max_value=480, default=5)


class WhySerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2_000)


class ItemPlaceSerializer(serializers.Serializer[Any]):
    earlier = serializers.BooleanField(help_text="One place earlier, else one later.")


class RequestSerializer(serializers.Serializer[Any]):
    organisation = serializers.SlugField(
        max_length=80, default="", allow_blank=True, help_text="Empty for oneself."
    )
    group = serializers.CharField(
        max_length=16, default="", allow_blank=True, help_text="Needed for oneself."
    )
    item = serializers.IntegerField(default=None, allow_null=True, help_text=ITEM)
    about = serializers.CharField(max_length=300, help_text="One line; only the host reads it.")
    is_named = serializers.BooleanField(default=False, help_text="Show my name in public.")


class OwnRequestSerializer(serializers.ModelSerializer[Speaker]):
    state = serializers.ChoiceField(choices=Speaker.State.choices)
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    organisation = serializers.CharField(source="organisation_name")
    item = serializers.IntegerField(source="item_id", allow_null=True)

    class Meta:
        model = Speaker
        fields = [
            *("id", "state", "reason", "organisation", "group", "item", "about", "minutes"),
            *("is_named", "asked_at"),
        ]
        read_only_fields = fields


class StaffSpeakerSerializer(OwnRequestSerializer):
    email = serializers.CharField(source="address")

    class Meta(OwnRequestSerializer.Meta):
        fields = [*OwnRequestSerializer.Meta.fields, "name", "email", "position"]
        read_only_fields = fields


class SpeakerEntrySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150, default="", allow_blank=True)
    organisation = serializers.CharField(max_length=300, default="", allow_blank=True)
    email = serializers.CharField(max_length=254, default="", allow_blank=True)
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    item = serializers.IntegerField(default=None, allow_null=True, help_text=ITEM)
    is_named = serializers.BooleanField(default=False)
    minutes = serializers.IntegerField(
        min_value=1, max_value=480, default=None, allow_null=True, required=False
    )


class SpeakerActSerializer(serializers.Serializer[Any]):
    act = serializers.ChoiceField(
        choices=["accept", "decline", "minutes", "earlier", "later", "address"]
    )
    minutes = serializers.IntegerField(
        min_value=1, max_value=480, default=None, allow_null=True, required=False
    )
    reason = serializers.CharField(max_length=2_000, default="", allow_blank=True)
    email = serializers.CharField(
        max_length=254, default="", allow_blank=True, help_text="With `address`: where mail goes."
    )


class SpeakerMinutesSerializer(serializers.Serializer[Any]):
    speaker = serializers.IntegerField()
    minutes = serializers.IntegerField(min_value=1, max_value=480)


class AllMinutesSerializer(serializers.Serializer[Any]):
    speakers = SpeakerMinutesSerializer(many=True, max_length=1_000)  # type: ignore[call-arg]


class StatementEntrySerializer(serializers.Serializer[Any]):
    about = serializers.CharField(max_length=100, help_text=ABOUT)
    text = serializers.CharField(max_length=4_000)
    stance = serializers.ChoiceField(choices=Stance.choices, default="", allow_blank=True)
    ask = serializers.ChoiceField(choices=Point.Ask.choices, default="", allow_blank=True)
    item = serializers.IntegerField(default=None, allow_null=True, help_text=ITEM)


class HearingStatementSerializer(serializers.ModelSerializer[Statement]):
    speaker = serializers.IntegerField(source="speaker_id")
    about = serializers.CharField(help_text=ABOUT)
    stance = serializers.CharField()
    ask = serializers.CharField()
    item = serializers.IntegerField(source="item_id", allow_null=True)
    state = serializers.ChoiceField(choices=Statement.State.choices)
    submission = serializers.CharField(source="submission.reference", default=None, allow_null=True)

    class Meta:
        model = Statement
        fields = [
            *("id", "speaker", "about", "text", "stance", "ask", "item", "state", "revision"),
            *("corrected_text", "submission"),
        ]
        read_only_fields = fields


class StatementAnswerSerializer(serializers.Serializer[Any]):
    statement = serializers.IntegerField()
    act = serializers.ChoiceField(choices=Act.choices)
    revision = serializers.IntegerField(help_text="The one you read; another one is refused.")
    text = serializers.CharField(max_length=4_000, default="", allow_blank=True)
    stance = serializers.ChoiceField(choices=Stance.choices, default="", allow_blank=True)
    ask = serializers.ChoiceField(choices=Point.Ask.choices, default="", allow_blank=True)


class StatementAnswersSerializer(serializers.Serializer[Any]):
    answers = StatementAnswerSerializer(many=True, max_length=100)  # type: ignore[call-arg]


class SaidOnRecordSerializer(serializers.Serializer[Any]):
    submission = serializers.CharField(allow_null=True, help_text="Null where none was confirmed.")


class MailedSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
