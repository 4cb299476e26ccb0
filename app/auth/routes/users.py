"""Accounts of a region: who is there, who may do what."""

from collections.abc import Callable
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from flask_login import current_user

from app.auth import queries, services
from app.auth.forms import InviteForm, RoleForm, UserFilter
from app.auth.models import User
from app.auth.routes.blueprint import bp
from app.auth.rules import RIGHTS, Permission, Role
from app.core import clock
from app.core.errors import DomainError, RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.regions.rules import WIB
from app.web.access import requires
from app.web.forms import ActionForm

NO_PLACE = _("Pilih wilayah tempat peran ini berlaku.")


@bp.route("/users")
@requires(Permission.USER_MANAGE)
def list_users() -> Any:
    """List the accounts within reach."""
    form = UserFilter(request.args, meta={"csrf": False})
    name = form.name.data if form.validate() else ""
    page = queries.page_of_users(
        within=current_user.reach(Permission.USER_MANAGE), name=name or "", after=request.args.get("after")
    )
    pager = {
        "next_url": (
            url_for("auth.list_users", name=name or None, after=page.next_cursor)
            if page.next_cursor
            else None
        )
    }
    return render_template(
        "auth/list_users.html",
        form=form,
        page=page,
        pager_urls=pager,
        name=name,
        grants=queries.roles_by_user(page.rows, clock.today(WIB)),
    )


@bp.route("/users/roles")
@requires(Permission.USER_MANAGE)
def show_roles() -> Any:
    """Show the whole table of rights, as the program reads it."""
    roles = [role for role in Role if RIGHTS[role]]
    return render_template("auth/show_roles.html", roles=roles, permissions=list(Permission), rights=RIGHTS)


@bp.route("/users/invite", methods=["GET", "POST"])
@requires(Permission.USER_MANAGE)
def invite_user() -> Any:
    """Invite somebody by mail."""
    form = InviteForm()

    def decide() -> int:
        kind, number = _place(form)
        user = services.invite_user(
            form.name.data,
            form.email.data,
            form.chosen_role(),
            scope_kind=kind,
            scope_id=number,
            ends_on=form.ends_on.data,
            by=current_user,
        )
        return user.id

    answer = form.carry_out(
        decide,
        to=lambda user_id: url_for("auth.show_user", user_id=user_id),
        saying=_("Undangan dikirim ke %(email)s.", email=form.email.data),
    )
    return answer or (render_template("auth/invite_user.html", form=form), form.status)


@bp.route("/users/<int:user_id>")
@requires(Permission.USER_MANAGE, on=queries.get_user)
def show_user(user: User) -> Any:
    """Show one account: what it is, its roles, and what can be done for it."""
    return _page_of(user, ActionForm())


@bp.route("/users/<int:user_id>/grants", methods=["GET", "POST"])
@requires(Permission.USER_MANAGE, on=queries.get_user)
def grant_role(user: User) -> Any:
    """Give somebody a role."""
    form = RoleForm()

    def decide() -> None:
        kind, number = _place(form)
        services.grant_role(
            user,
            form.chosen_role(),
            scope_kind=kind,
            scope_id=number,
            ends_on=form.ends_on.data,
            by=current_user,
        )

    answer = form.carry_out(
        decide,
        to=url_for("auth.show_user", user_id=user.id),
        saying=_("Peran untuk %(name)s sudah diberikan.", name=user.name),
    )
    return answer or (render_template("auth/grant_role.html", form=form, user=user), form.status)


@bp.route("/users/<int:user_id>/grants/<int:grant_id>/end", methods=["POST"])
@requires(Permission.USER_MANAGE, on=queries.get_user)
def revoke_role(user: User, grant_id: int) -> Any:
    """End a role."""
    grant = queries.get_grant(grant_id)
    if grant is None or grant.user_id != user.id:
        abort(404)
    return _act(user, lambda: services.revoke_role(grant, by=current_user), _("Peran sudah diakhiri."))


@bp.route("/users/<int:user_id>/disable", methods=["POST"])
@requires(Permission.USER_MANAGE, on=queries.get_user)
def disable_user(user: User) -> Any:
    """Close an account."""
    return _act(
        user,
        lambda: services.disable_user(user, by=current_user),
        _("Akun %(name)s dinonaktifkan.", name=user.name),
    )


@bp.route("/users/<int:user_id>/enable", methods=["POST"])
@requires(Permission.USER_MANAGE, on=queries.get_user)
def enable_user(user: User) -> Any:
    """Open a closed account again."""
    return _act(
        user,
        lambda: services.enable_user(user, by=current_user),
        _("Akun %(name)s aktif kembali.", name=user.name),
    )


@bp.route("/users/<int:user_id>/invitation", methods=["POST"])
@requires(Permission.USER_MANAGE, on=queries.get_user)
def invite_again(user: User) -> Any:
    """Mail a new invitation."""
    return _act(user, lambda: services.invite_again(user, by=current_user), _("Undangan baru sudah dikirim."))


@bp.route("/users/<int:user_id>/reset-link", methods=["POST"])
@requires(Permission.USER_MANAGE, on=queries.get_user)
def issue_reset_link(user: User) -> Any:
    """Show, this once, a link to hand out to somebody without e-mail; sending again makes a new link and
    kills this one.
    """
    form = ActionForm()
    if form.validate():
        try:
            link = services.issue_reset_link(user, by=current_user)
        except DomainError as refusal:
            form.show(refusal)
        else:
            page = make_response(render_template("auth/issue_reset_link.html", user=user, link=link))
            page.headers["Referrer-Policy"] = "no-referrer"
            return page
    return _page_of(user, form)


def _act(user: User, decide: Callable[[], None], saying: Text) -> Any:
    form = ActionForm()
    answer = form.carry_out(decide, to=url_for("auth.show_user", user_id=user.id), saying=saying)
    return answer or _page_of(user, form)


def _page_of(user: User, form: ActionForm) -> Any:
    grants = queries.list_grants(user)
    page = render_template(
        "auth/show_user.html",
        user=user,
        kinds=queries.list_name_kinds(user),
        grants=[(grant, services.name_of_grant(grant)) for grant in grants],
        manageable=services.grants_manageable(grants, by=current_user),
        devices=len(queries.list_sign_ins(user)),
        programs=len(queries.list_access_tokens(user)),
        today=clock.today(WIB),
        is_own=user.id == current_user.id,
        form=form,
    )
    return page, form.status


def _place(form: RoleForm) -> tuple[ScopeKind, int]:
    place = form.scope()
    if place is None:
        raise RuleViolation(NO_PLACE, field="region")
    return place
