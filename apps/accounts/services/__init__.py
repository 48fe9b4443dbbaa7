"""What a person can ask for: tokens, organisations, seats in them; what staff decides of names."""

from apps.accounts.services.details import OrganisationInput
from apps.accounts.services.guests import (
    become_account,
    guest_for,
    require_account,
)
from apps.accounts.services.members import (
    accept_invitation,
    add_member,
    change_role,
    decline_invitation,
    invitation_of,
    invite,
    is_for,
    remove_member,
    withdraw_invitation,
)
from apps.accounts.services.merging import merge
from apps.accounts.services.organisations import (
    change_details,
    decide_name,
    decide_sign_off,
    register,
    register_organisation,
)
from apps.accounts.services.parting import (
    delete_account,
    leaving_token,
    parting_of,
    require_leaving_token,
    require_may_leave,
    write_leaving_link,
)
from apps.accounts.services.signing_up import password_kept, take_account, waiting_account
from apps.accounts.services.tokens import MOST_TOKENS, TooManyTokens, make_token, revoke_token
from apps.accounts.services.verifying import (
    ask_by_domain,
    ask_by_email,
    ask_by_register,
    confirm_email,
    email_of,
    look_now,
    review,
)

__all__ = [
    "MOST_TOKENS",
    "OrganisationInput",
    "TooManyTokens",
    "accept_invitation",
    "add_member",
    "ask_by_domain",
    "ask_by_email",
    "ask_by_register",
    "become_account",
    "change_details",
    "change_role",
    "confirm_email",
    "decide_name",
    "decide_sign_off",
    "decline_invitation",
    "delete_account",
    "email_of",
    "guest_for",
    "invitation_of",
    "invite",
    "is_for",
    "leaving_token",
    "look_now",
    "make_token",
    "merge",
    "parting_of",
    "password_kept",
    "register",
    "register_organisation",
    "remove_member",
    "require_account",
    "require_leaving_token",
    "require_may_leave",
    "review",
    "revoke_token",
    "take_account",
    "waiting_account",
    "withdraw_invitation",
    "write_leaving_link",
]
