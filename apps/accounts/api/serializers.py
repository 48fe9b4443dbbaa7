"""How people, organisations and tokens look in the API."""

from rest_framework import serializers

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import AccessToken, Membership
from apps.accounts.rules import SUBMITTING_ROLES


class StakeholderGroupSerializer(serializers.Serializer):
    id = serializers.ChoiceField(choices=StakeholderGroup.choices)
    name = serializers.CharField()
    short = serializers.CharField()
    shape = serializers.CharField()
    colour = serializers.CharField()


class MyOrganisationSerializer(serializers.ModelSerializer):
    slug = serializers.SlugField(source="organisation.slug")
    name = serializers.CharField(source="organisation.name")
    group = serializers.ChoiceField(source="organisation.group", choices=StakeholderGroup.choices)
    may_submit = serializers.SerializerMethodField()
    requires_sign_off = serializers.BooleanField(source="organisation.requires_sign_off")

    class Meta:
        model = Membership
        fields = ["slug", "name", "group", "role", "may_submit", "requires_sign_off"]

    def get_may_submit(self, membership: Membership) -> bool:
        return membership.role in SUBMITTING_ROLES


class MeSerializer(serializers.Serializer):
    email = serializers.EmailField()
    name = serializers.CharField(allow_blank=True)
    scope = serializers.ChoiceField(
        choices=AccessToken.Scope.choices, help_text="What this log-in may do."
    )


class TokenSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="number", read_only=True)
    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(
        choices=AccessToken.Scope.choices, default=AccessToken.Scope.READ
    )
    created_at = serializers.DateTimeField(source="created", read_only=True)
    expires_at = serializers.DateTimeField(source="expiry", read_only=True)

    class Meta:
        model = AccessToken
        fields = ["id", "name", "scope", "created_at", "expires_at"]


class MadeTokenSerializer(TokenSerializer):
    token = serializers.CharField(read_only=True, help_text="Shown this once. Keep it secret.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
