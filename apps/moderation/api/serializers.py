"""How cases, decisions and appeals look in the API."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.groups import StakeholderGroup
from apps.moderation.hiding import words_of
from apps.moderation.logged import KIND_CHOICES
from apps.moderation.models import Appeal, Case, Decision, Flag, LiftReason, Rule
from apps.moderation.texts import Text
from apps.moderation.waiting import Waiting

PART = "As citations name it, e.g. `answer:why` or `point:2`; empty: all of it."

HIDDEN_PAGES = "The pages of a file that were hidden, e.g. `2, 4–6`; else empty."


class RuleCountSerializer(serializers.Serializer[Any]):
    rule = serializers.ChoiceField(choices=Rule.choices)
    flags = serializers.IntegerField()


class CaseRowSerializer(serializers.Serializer[Waiting]):
    id = serializers.IntegerField(source="case.pk")
    submission = serializers.CharField(source="case.submission.reference")
    part = serializers.CharField(source="case.part", allow_blank=True, help_text=PART)
    kind = serializers.ChoiceField(source="case.kind", choices=KIND_CHOICES)
    group = serializers.ChoiceField(source="case.group", choices=StakeholderGroup.choices)
    state = serializers.ChoiceField(source="case.state", choices=Case.State.choices)
    opened_at = serializers.DateTimeField(source="case.opened_at")
    flags = serializers.IntegerField(source="case.flags")
    rules = serializers.SerializerMethodField(help_text="The rules it was reported by.")
    excerpt = serializers.CharField(allow_blank=True)

    @extend_schema_field(RuleCountSerializer(many=True))
    def get_rules(self, row: Waiting) -> list[dict[str, Any]]:
        return [{"rule": rule, "flags": n} for rule, n in row.flagged]


class FlagSerializer(serializers.ModelSerializer[Flag]):
    has_account = serializers.BooleanField(help_text="Whether who reported it was logged in.")

    class Meta:
        model = Flag
        fields = ("rule", "text", "said_at", "has_account")


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    outcome = serializers.ChoiceField(
        choices=Appeal.Outcome.choices, allow_blank=True, help_text="Empty until it is decided."
    )

    class Meta:
        model = Appeal
        fields = ("text", "said_at", "outcome", "statement", "decided_at")
        read_only_fields = fields


class DecisionTakenSerializer(serializers.ModelSerializer[Decision]):
    part = serializers.CharField(source="case.part", allow_blank=True, help_text=PART)
    pages = serializers.CharField(allow_blank=True, help_text=HIDDEN_PAGES)
    rule = serializers.ChoiceField(choices=Rule.choices, allow_blank=True)
    removed = serializers.SerializerMethodField(
        help_text="What was taken out; only its author and moderators of the host read this."
    )
    lifted_for = serializers.ChoiceField(choices=LiftReason.choices, allow_blank=True)
    appeal_until = serializers.DateTimeField()
    appeal = serializers.SerializerMethodField(help_text="Null where nobody appealed.")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            *("id", "part", "action", "pages", "rule", "statement", "public_note", "decided_at"),
            *("reversed_at", "lifted_for", "lifted_statement", "removed", "appeal_until", "appeal"),
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_removed(self, decision: Decision) -> list[str]:
        return words_of(decision.removed)

    @extend_schema_field(AppealSerializer(allow_null=True))
    def get_appeal(self, decision: Decision) -> Any:
        lodged = getattr(decision, "appeal", None)
        return AppealSerializer(lodged).data if lodged else None


class DecidedCaseSerializer(DecisionTakenSerializer):
    submission = serializers.CharField(source="case.submission.reference")
    case = serializers.IntegerField(source="case_id")

    class Meta(DecisionTakenSerializer.Meta):
        fields = ("submission", "case", *DecisionTakenSerializer.Meta.fields)


class CaseTextSerializer(serializers.Serializer[Text]):
    part = serializers.CharField()
    text = serializers.CharField(source="words")


class CaseSerializer(serializers.ModelSerializer[Case]):
    submission = serializers.CharField(source="submission.reference")
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    texts = CaseTextSerializer(many=True, help_text="What the part says now.")
    page_count = serializers.IntegerField(
        allow_null=True, help_text="Of a file that was read: how many pages can be named."
    )
    flagged = FlagSerializer(many=True, help_text="The first hundred reports.")
    decisions = DecisionTakenSerializer(many=True)
    is_own = serializers.BooleanField(help_text="True: somebody else must decide it.")

    class Meta:
        model = Case
        fields = (
            *("id", "submission", "part", "kind", "group", "state", "opened_at", "flags"),
            *("texts", "page_count", "flagged", "decisions", "is_own"),
        )


class FlagInputSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(default="", allow_blank=True, help_text=PART)
    # What does not fit is refused by the service, in the words people read.
    rule = serializers.CharField(default="", allow_blank=True, help_text="One of the policy.")
    text = serializers.CharField(default="", allow_blank=True, help_text="1,000 characters.")


class FlaggedSerializer(serializers.Serializer[Any]):
    submission = serializers.CharField()
    part = serializers.CharField(allow_blank=True)
    rule = serializers.ChoiceField(choices=Rule.choices)
    is_repeated = serializers.BooleanField(
        help_text="True where you had reported it before: then nothing changed."
    )


class CaseOpeningSerializer(serializers.Serializer[Any]):
    submission = serializers.CharField(max_length=120, help_text="Its reference.")
    part = serializers.CharField(default="", allow_blank=True, help_text=PART)


class DecisionInputSerializer(serializers.Serializer[Any]):
    action = serializers.CharField(
        default="", allow_blank=True, help_text="`keep`, `redact`, `pages` or `hide`."
    )
    rule = serializers.CharField(default="", allow_blank=True, help_text="The rule it breaks.")
    words: Any = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        help_text="To redact: each passage, copied exactly; in any case, wherever it stands.",
    )
    pages = serializers.CharField(
        default="",
        allow_blank=True,
        help_text="To hide single pages of an attached file: `2, 4-5`.",
    )
    statement = serializers.CharField(
        default="", allow_blank=True, help_text="Why; its author reads this."
    )
    public_note = serializers.CharField(
        default="", allow_blank=True, help_text="Everybody reads this: no names."
    )


class AppealInputSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(default="", allow_blank=True, help_text="Why it should come back.")


class AppealDecisionSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField(
        default="", allow_blank=True, help_text="`upheld` or `reversed`."
    )
    statement = serializers.CharField(default="", allow_blank=True)


class LiftSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        default="", allow_blank=True, help_text=f"One of: {', '.join(LiftReason.values)}."
    )
    statement = serializers.CharField(
        default="", allow_blank=True, help_text="The author reads it."
    )


def with_accounts(flags: Sequence[Flag]) -> list[Flag]:
    """Mark who was logged in, without a look at who it was."""
    for one in flags:
        one.has_account = one.said_by_id is not None  # type: ignore[attr-defined]
    return list(flags)
