"""Accounts and their names, sign-in, invitations and resets, roles, tokens of programs."""

from app.auth.queries import find_by_sign_in_name, user_by_access_token
from app.auth.services.accounts import (
    accept_code,
    add_sign_in_name,
    change_email,
    change_password,
    disable_user,
    drop_sign_in_names,
    enable_user,
    end_links,
    give_back_sign_in_name,
    open_account,
    rename_account,
)
from app.auth.services.grants import grant_role, grants_manageable, revoke_role
from app.auth.services.links import (
    accept_invitation,
    invite_again,
    invite_person,
    invite_user,
    issue_reset_link,
    request_reset,
    reset_password,
)
from app.auth.services.passwords import hash_password
from app.auth.services.scopes import name_of_grant
from app.auth.services.sign_ins import (
    WRONG,
    end_all_sign_ins,
    end_own_sign_in,
    end_sign_in,
    note_seen,
    open_sign_in,
    remember_browser,
    sign_in,
    sign_out_everywhere,
)
from app.auth.services.tokens import end_access_token, make_access_token

__all__ = [
    "WRONG",
    "accept_code",
    "accept_invitation",
    "add_sign_in_name",
    "change_email",
    "change_password",
    "disable_user",
    "drop_sign_in_names",
    "enable_user",
    "end_access_token",
    "end_all_sign_ins",
    "end_links",
    "end_own_sign_in",
    "end_sign_in",
    "find_by_sign_in_name",
    "give_back_sign_in_name",
    "grant_role",
    "grants_manageable",
    "hash_password",
    "invite_again",
    "invite_person",
    "invite_user",
    "issue_reset_link",
    "make_access_token",
    "name_of_grant",
    "note_seen",
    "open_account",
    "open_sign_in",
    "remember_browser",
    "rename_account",
    "request_reset",
    "reset_password",
    "revoke_role",
    "sign_in",
    "sign_out_everywhere",
    "user_by_access_token",
]
