"""The hosts: the list, one of them, who answers for it."""

from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.text import _
from app.fieldwork import queries, services
from app.fieldwork.forms import (
    ChangeHostForm,
    ContactForm,
    NewHostForm,
)
from app.fieldwork.models import Host
from app.fieldwork.routes.blueprint import bp
from app.fieldwork.rules import (
    TONES,
)
from app.organisers.queries import get_organiser, list_organisers
from app.web.access import requires
from app.web.forms import ActionForm, values_of


@bp.get("/hosts")
@requires(Permission.HOST_EDIT)
def list_hosts() -> Any:
    hosts = queries.list_hosts(within=current_user.reach(Permission.HOST_EDIT))
    return render_template("fieldwork/list_hosts.html", hosts=hosts)


@bp.route("/hosts/new", methods=["GET", "POST"])
@requires(Permission.HOST_EDIT)
def draft_host() -> Any:
    form = NewHostForm()
    offices = list_organisers(within=current_user.reach(Permission.HOST_EDIT))
    form.organiser.choices = [(office.id, office.region.full_name) for office in offices]
    answer = form.carry_out(
        lambda: services.draft_host(get_organiser(form.organiser.data), **form.values, by=current_user).id,
        to=lambda host_id: url_for("fieldwork.show_host", host_id=host_id),
        saying=_("Lokasi PKL disimpan."),
    )
    return answer or (render_template("fieldwork/draft_host.html", form=form), form.status)


@bp.get("/hosts/<int:host_id>")
@requires(Permission.HOST_EDIT, on=queries.get_host)
def show_host(host: Host) -> Any:
    return render_host(host, ContactForm())


@bp.route("/hosts/<int:host_id>/edit", methods=["GET", "POST"])
@requires(Permission.HOST_EDIT, on=queries.get_host)
def change_host(host: Host) -> Any:
    form = ChangeHostForm(obj=host, client_groups=describe_groups(host))
    form.over(lambda: {**values_of(host, form), "client_groups": describe_groups(host)})

    def decide() -> None:
        queries.lock_host(host.id)
        form.refuse_stale()
        services.change_host(host, **form.values, by=current_user)

    answer = form.carry_out(
        decide,
        to=url_for("fieldwork.show_host", host_id=host.id),
        saying=_("Perubahan lokasi PKL disimpan."),
    )
    return answer or (render_template("fieldwork/change_host.html", form=form, host=host), form.status)


def describe_groups(host: Host) -> str:
    """Return the client groups as they are typed, one a line."""
    return "\n".join(f"{group.name}: {group.clients}" for group in queries.list_client_groups(host))


@bp.post("/hosts/<int:host_id>/contact")
@requires(Permission.HOST_EDIT, on=queries.get_host)
def name_contact(host: Host) -> Any:
    form = ContactForm()
    answer = form.carry_out(
        lambda: (
            services.invite_contact(host, name=form.name.data, email=form.email.data, by=current_user).name
        ),
        to=url_for("fieldwork.show_host", host_id=host.id),
        saying=lambda name: _("%(name)s menjadi narahubung.", name=name),
    )
    return answer or (render_host(host, form), form.status)


@bp.post("/hosts/<int:host_id>/contact/remove")
@requires(Permission.HOST_EDIT, on=queries.get_host)
def remove_contact(host: Host) -> Any:
    form = ActionForm()
    answer = form.carry_out(
        lambda: services.name_contact(host, None, by=current_user),
        to=url_for("fieldwork.show_host", host_id=host.id),
        saying=_(
            "Narahubung dilepas; haknya berakhir. Permohonan yang belum dijawab ada pada Belum dikabari"
            " angkatannya."
        ),
    )
    return answer or (render_host(host, form), form.status)


def render_host(host: Host, form: Any) -> str:
    """Return the page of a host: its facts, who answers, what is asked of it from today on."""
    visits = queries.list_standing_visits(host, since=clock.today(host.region.zone))
    groups = queries.list_client_groups(host)
    contact = form if isinstance(form, ContactForm) else ContactForm(formdata=None)
    return render_template(
        "fieldwork/show_host.html",
        host=host,
        groups=groups,
        visits=visits,
        form=contact,
        refused=form,
        tones=TONES,
    )
