"""The verbs of members."""

from coopshare.members.services.accounts import (
    add_person,
    ask_reset,
    change_password,
    change_preferences,
    reset_password,
)
from coopshare.members.services.devices import (
    close_session,
    create_token,
    end_sessions,
    open_session,
    revoke_token,
    switch,
)
from coopshare.members.services.invitations import accept_invitation, invite, revoke_invitation
from coopshare.members.services.organisations import (
    add_cooperative,
    add_organisation,
    change_organisation,
    end_membership,
    set_standing,
)
from coopshare.members.services.roles import change_role, remove_role, restore, suspend
from coopshare.members.services.settings import change_cooperative
from coopshare.members.services.watching import (
    end_logins,
    leave_failed_login,
    note_refusal,
    trace_failed_login,
)

__all__ = [
    "accept_invitation",
    "add_cooperative",
    "add_organisation",
    "add_person",
    "ask_reset",
    "change_cooperative",
    "change_organisation",
    "change_password",
    "change_preferences",
    "change_role",
    "close_session",
    "create_token",
    "end_logins",
    "end_membership",
    "end_sessions",
    "invite",
    "leave_failed_login",
    "note_refusal",
    "open_session",
    "remove_role",
    "reset_password",
    "restore",
    "revoke_invitation",
    "revoke_token",
    "set_standing",
    "suspend",
    "switch",
    "trace_failed_login",
]
