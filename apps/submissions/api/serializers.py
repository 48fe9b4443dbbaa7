"""How submissions, drafts and provisions look in the API."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.submissions.api.inputs import GROUPS, RedactionInputSerializer
from apps.submissions.api.replying import EvidenceSerializer, ReplySerializer
from apps.submissions.models import (
    Answer,
    Attachment,
    JointParty,
    KeptBack,
    Passage,
    Placement,
    Point,
    Stance,
    Submission,
    Visibility,
)
from apps.submissions.sections import moderated_parts


class SubmissionFactsSerializer(serializers.ModelSerializer):
    reference = serializers.CharField()
    submitted_at = serializers.DateTimeField()

    class Meta:
        model = Submission
        fields = [
            "reference",
            "state",
            "source",
            "group",
            "organisation_name",
            "title",
            "language",
            "country",
            "weight",
            "attachments_declared",
            "submitted_at",
            "is_dated",
            "visibility",
            "identity",
        ]


class SubmissionRowSerializer(SubmissionFactsSerializer):
    excerpt = serializers.CharField(allow_blank=True, help_text="How its first answer begins.")
    url = serializers.URLField(help_text="Its address in the API.")
    page = serializers.URLField(help_text="Its address for people.")

    class Meta(SubmissionFactsSerializer.Meta):
        fields = [*SubmissionFactsSerializer.Meta.fields, "excerpt", "url", "page"]


class FoundSerializer(SubmissionRowSerializer):
    consultation = serializers.SlugField(help_text="Slug of its consultation.")

    class Meta(SubmissionRowSerializer.Meta):
        fields = ["consultation", *SubmissionRowSerializer.Meta.fields]


class AnswerSerializer(serializers.ModelSerializer):
    question = serializers.SlugField(source="question.key")
    choices: Any = serializers.SlugRelatedField(slug_field="key", many=True, read_only=True)
    part = serializers.CharField(help_text="How citations name this text.")

    class Meta:
        model = Answer
        fields = ["question", "number", "text", "scale", "stance", "choices", "part"]


class PlacementSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Placement.State.choices)
    version = serializers.IntegerField(source="version.number")
    provision = serializers.SlugField(source="provision.key", default=None, allow_null=True)
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class AnchorSerializer(serializers.Serializer):
    quote = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()
    start = serializers.IntegerField(help_text="In the text of the version it was made on.")
    end = serializers.IntegerField()
    newest = PlacementSerializer(
        allow_null=True, help_text="Where the words stand in the newest version it was looked for."
    )


class PointSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    provision = serializers.SlugField(source="provision.key")
    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True)
    ask = serializers.ChoiceField(choices=Point.Ask.choices, allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    proposed_text = serializers.CharField(allow_blank=True)
    change_condition = serializers.CharField(allow_blank=True)
    anchor = AnchorSerializer(
        default=None, allow_null=True, help_text="The exact words it is about."
    )
    evidence = EvidenceSerializer(many=True)


class AttachmentSerializer(serializers.ModelSerializer):
    key = serializers.CharField(help_text="Names it in addresses and in what refers to it.")
    number = serializers.IntegerField(help_text="Its place in the submission; 0 while in none.")
    kind = serializers.ChoiceField(choices=[(one, one) for one in Attachment.Media.labels])
    sha256 = serializers.CharField(help_text="Of the file as it was sent; part of the receipt.")
    published_sha256 = serializers.CharField(
        allow_blank=True, help_text="Of the published copy, without details about its maker."
    )
    message = serializers.CharField(
        source="what_happened", allow_blank=True, help_text="What became of it, in plain words."
    )
    point = serializers.IntegerField(
        source="point.number", default=None, allow_null=True, help_text="The point it supports."
    )
    url = serializers.SerializerMethodField(help_text="Its address in the API.")
    file = serializers.SerializerMethodField(help_text="Where its published copy is; null: none.")
    pages = serializers.SerializerMethodField(help_text="Where its words are, page by page.")

    class Meta:
        model = Attachment
        fields = [
            *("key", "number", "name", "title", "kind", "size", "sha256", "published_sha256"),
            *("state", "reason", "message", "page_count", "pages_read", "point", "kept_back"),
            *("url", "file", "pages"),
        ]

    def get_url(self, attachment: Attachment) -> str:
        return self._address("attachment", attachment)

    def get_file(self, attachment: Attachment) -> str | None:
        return self._address("attachment-file", attachment) if attachment.published else None

    def get_pages(self, attachment: Attachment) -> str:
        return self._address("attachment-pages", attachment)

    def _address(self, name: str, attachment: Attachment) -> str:
        root = self.context.get("root") or self.context["view"].root
        return f"{root}{reverse(f'api:{name}', args=[attachment.key])}"


class PassageSerializer(serializers.ModelSerializer):
    part = serializers.SerializerMethodField(help_text="The text it lies in.")

    class Meta:
        model = Passage
        fields = ["part", "start", "end"]

    def get_part(self, passage: Passage) -> str:
        if passage.answer:
            return passage.answer.part
        if passage.page:
            return passage.page.part
        return passage.point.part(passage.field) if passage.point else ""


class PartySerializer(serializers.ModelSerializer):
    organisation = serializers.SlugField(source="organisation.slug")
    name = serializers.CharField(help_text="As filed.")
    group = serializers.ChoiceField(choices=GROUPS)
    reservations = serializers.SerializerMethodField(help_text="Empty where it left.")
    provisions = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of what they are about; none: the whole."
    )

    class Meta:
        model = JointParty
        fields = [
            *("organisation", "name", "group", "reservations", "provisions"),
            *("signed_at", "left_at"),
        ]

    def get_reservations(self, party: JointParty) -> str:
        is_gone = party.has_left or party.submission.state == Submission.State.WITHDRAWN
        return "" if is_gone else party.reservations


class KeptBackSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(choices=KeptBack.choices)
    note = serializers.CharField(allow_blank=True)
    occurrences = serializers.IntegerField(help_text="Places in which the words are hidden.")


class ModeratedSerializer(serializers.Serializer):
    part = serializers.CharField(allow_blank=True, help_text="The text, as citations name it.")
    start = serializers.IntegerField(allow_null=True, help_text="Null: hidden as a whole.")
    end = serializers.IntegerField(allow_null=True)
    rule = serializers.CharField(help_text="The rule of the published policy.")
    at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)


class SubmissionSerializer(SubmissionFactsSerializer):
    redactions = KeptBackSerializer(
        many=True, help_text="Why words are hidden; in the texts the reason stands in their place."
    )
    files_kept_back = serializers.ListField(
        child=serializers.ChoiceField(choices=KeptBack.choices),
        help_text="Why files are not here, a reason for each.",
    )
    moderated = serializers.SerializerMethodField(
        help_text="Words the host's moderators hid: blocks stand in their place."
    )
    consultation = serializers.SlugField(source="consultation.slug")
    answers = AnswerSerializer(many=True)
    url = serializers.SerializerMethodField(help_text="Its address in the API.")
    page = serializers.SerializerMethodField(help_text="Its address for people.")
    points = PointSerializer(many=True)
    replies = ReplySerializer(
        many=True, help_text="To what others said; then it has no answers and no points."
    )
    revises = serializers.CharField(
        source="revises.reference",
        default=None,
        allow_null=True,
        help_text="The version before this one.",
    )
    replaced_by = serializers.SerializerMethodField(help_text="The version after this one.")
    parties = PartySerializer(
        many=True, help_text="Organisations that joined. It counts once, for the first group."
    )
    attachments = AttachmentSerializer(many=True)
    passages = PassageSerializer(
        many=True,
        help_text=(
            "Sentence-sized spans of answers and points, counted in characters (code points);"
            " those of attachments are with their pages."
        ),
    )

    class Meta(SubmissionFactsSerializer.Meta):
        fields = [
            "consultation",
            *SubmissionFactsSerializer.Meta.fields,
            "url",
            "page",
            "declared_label",
            "source_url",
            "ended_at",
            "disputed_at",
            "revises",
            "replaced_by",
            "redactions",
            "files_kept_back",
            "moderated",
            "parties",
            "answers",
            "points",
            "replies",
            "attachments",
            "passages",
        ]

    def get_replaced_by(self, submission: Submission) -> str | None:
        return next((one.reference for one in submission.revisions.all()), None)

    @extend_schema_field(ModeratedSerializer(many=True))
    def get_moderated(self, submission: Submission) -> Any:
        return ModeratedSerializer(moderated_parts(submission), many=True).data

    def get_url(self, submission: Submission) -> str:
        place = [submission.consultation.slug, submission.reference]
        return f"{self.context['view'].root}{reverse('api:submission', args=place)}"

    def get_page(self, submission: Submission) -> str:
        return f"{self.context['view'].root}{submission.get_absolute_url()}"


class TallySerializer(serializers.Serializer):
    group = serializers.ChoiceField(choices=GROUPS)
    question = serializers.SlugField(
        source="question.key", allow_null=True, default=None, help_text="Null: to the whole."
    )
    submissions = serializers.IntegerField()
    letters = serializers.IntegerField()


class PointCountSerializer(serializers.Serializer):
    group = serializers.ChoiceField(choices=GROUPS)
    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True)
    points = serializers.IntegerField()


class ProvisionSerializer(serializers.Serializer):
    key = serializers.SlugField()
    position = serializers.IntegerField()
    level = serializers.IntegerField()
    label: Any = serializers.CharField(allow_blank=True)
    heading = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    points = PointCountSerializer(source="point_tallies", many=True)


class DocumentVersionSerializer(serializers.Serializer):
    document = serializers.SlugField(source="document.slug")
    title = serializers.CharField(source="document.title")
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    provisions = ProvisionSerializer(many=True)


class DraftRowSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    consultation = serializers.SlugField(source="consultation.slug")
    organisation = serializers.SlugField(source="organisation.slug", allow_null=True, default=None)
    group = serializers.ChoiceField(choices=GROUPS)
    is_reply = serializers.BooleanField(help_text="Whether it holds replies to what others said.")
    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    updated_at = serializers.DateTimeField()


class DraftSerializer(DraftRowSerializer):
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    redactions = RedactionInputSerializer(many=True)
    answers = AnswerSerializer(many=True)
    points = PointSerializer(many=True)
    replies = ReplySerializer(many=True)
    attachments = AttachmentSerializer(many=True)


class ReceiptSerializer(serializers.Serializer):
    number = serializers.CharField(help_text="The tracking number.")
    filed_at = serializers.DateTimeField()
    commitment = serializers.CharField(help_text="Salted SHA-256 of what was filed.")
    consultation = serializers.SlugField()
    url = serializers.URLField()
    page = serializers.URLField()
    left_out = serializers.ListField(
        child=serializers.CharField(),
        help_text="Organisations that were invited to join and had not signed.",
    )
    gives_away = serializers.ListField(
        child=serializers.CharField(),
        help_text="Where the name is withheld: what tells the public who speaks, in words.",
    )
