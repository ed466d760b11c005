"""Accounts and their roles (tài khoản, vai trò): the administrator's pages, which show no personnel data."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import User
from hrdb.kernel.screens import (
    Action,
    ActionScreen,
    Column,
    Crumb,
    DetailScreen,
    Empty,
    FormScreen,
    ListScreen,
    ReasonForm,
    Screen,
)
from hrdb.kernel.screens.pieces import Fact
from hrdb.kernel.templatetags.hr_screens import label
from personnel.filters.access import AccountFilters
from personnel.forms.access import AccountForm, EndForm, GrantForm, OwnAccountForm
from personnel.models import Cadre, Grant
from personnel.models.scope import has_role
from personnel.policies import ROLE_ACTIONS, Role
from personnel.policies import Action as Act
from personnel.record_parts import ProfileAction, profile_actions
from personnel.services import accounts, grants


def may_administer(request: HttpRequest) -> bool:
    """Whether the reader is a system administrator."""
    return has_role(reader(request), Role.ADMINISTRATOR)


class AdministratorScreen(Screen):
    """A page for system administrators."""

    def may_open(self) -> bool:
        """Only for administrators."""
        return may_administer(self.request)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list of accounts."""
        crumbs = [Crumb("Tài khoản, vai trò", reverse("personnel:account-list"))]
        record = getattr(self, "record", None)
        account = record.user if isinstance(record, Grant) else record
        if isinstance(account, User):
            crumbs.append(Crumb(account.get_full_name(), account_url(account)))
        return crumbs


def account_url(account: User) -> str:
    """The page of an account."""
    return reverse("personnel:account-detail", args=[account.pk])


def role_labels(account: Any) -> SafeString:
    """The roles of an account today as small labels, with the unit of each."""
    return format_html_join(
        " ",
        "{}",
        (
            (label(f"{grant.get_role_display()}{f' · {grant.unit_name}' if grant.unit_id else ''}"),)
            for grant in account.grants_today
        ),
    )


class AccountList(AdministratorScreen, ListScreen):
    """All accounts."""

    title = "Tài khoản, vai trò"
    noun = "tài khoản"
    default_sort = "name"
    filter_class = AccountFilters
    empty = Empty(title="Chưa có tài khoản nào", icon="key-round")
    columns = (
        Column(
            key="name",
            label="Tài khoản",
            value=lambda row: row.get_full_name(),
            second="username",
            link=account_url,
            sort=("full_name", "username"),
            fixed=True,
        ),
        Column(key="roles", label="Vai trò hôm nay", render=role_labels),
        Column(key="last_login", label="Đăng nhập gần nhất", value="last_login", sort="last_login"),
        Column(
            key="state",
            label="Trạng thái",
            value=lambda row: "Đang mở" if row.is_active else "Đã khóa",
            render=lambda row: label("Đang mở", "good", "check") if row.is_active else label("Đã khóa", "bad", "lock"),
            sort="-is_active",
        ),
        Column(
            key="own",
            label="Hồ sơ của mình",
            value=lambda row: "Có" if row.has_own_record else "",
            hidden=True,
        ),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every account with its roles of today."""
        today = Grant.objects.in_force(timezone.localdate()).with_unit_name().order_by("role")
        accounts = User.objects.annotate(has_own_record=Exists(Cadre.objects.filter(account=OuterRef("pk"))))
        return accounts.prefetch_related(Prefetch("grants", queryset=today, to_attr="grants_today"))

    def get_actions(self) -> Sequence[Action]:
        """Ways to the tables, and a new account."""
        return (
            Action(label="Bảng quyền", url=reverse("personnel:role-table"), icon="table"),
            Action(label="Phân cấp quản lý", url=reverse("personnel:delegation-list"), icon="network"),
            Action(label="Mở tài khoản", url=reverse("personnel:account-create"), icon="plus", main=True),
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()


class AccountPage(AdministratorScreen, DetailScreen):
    """One account: its roles over time and what may be done with it."""

    template_name = "personnel/access/account.html"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every account."""
        return User.objects.all()

    def get_title(self) -> str:
        """The name of its user."""
        return str(self.record.get_full_name())

    def get_actions(self) -> Sequence[Action]:
        """Close or open, another password, one more role; nothing on the own account."""
        if self.record.pk == self.request.user.pk:
            return ()
        where = [self.record.pk]
        if not self.record.is_active:
            return (Action(label="Mở lại tài khoản", url=reverse("personnel:account-reopen", args=where), main=True),)
        actions = [
            Action(label="Khóa tài khoản", url=reverse("personnel:account-close", args=where), icon="lock", harm=True),
            Action(label="Cấp lại mật khẩu", url=reverse("personnel:account-password", args=where), icon="key-round"),
            Action(label="Cấp quyền", url=reverse("personnel:account-grant", args=where), icon="plus", main=True),
        ]
        if self.has_own_record():
            actions.insert(0, Action(label="Gỡ hồ sơ", url=reverse("personnel:account-unlink", args=where)))
        return actions

    def has_own_record(self) -> bool:
        """Whether the account reads an own record; whose it is the page does not say."""
        return Cadre.objects.filter(account=self.record).exists()

    def context(self, **extra: Any) -> dict[str, Any]:
        """The account's facts and its roles, newest first."""
        account, today = self.record, timezone.localdate()
        held = Grant.objects.filter(user=account).with_unit_name().select_related("decision")
        return (
            super().context(
                facts=[
                    Fact("Tên đăng nhập", account.username),
                    Fact("Trạng thái", "Đang mở" if account.is_active else "Đã khóa"),
                    Fact("Mở ngày", account.date_joined.date()),
                    Fact("Đăng nhập gần nhất", account.last_login),
                    Fact("Mật khẩu", "Phải đổi khi đăng nhập" if account.must_change_password else "Do người dùng đặt"),
                    Fact("Hồ sơ của mình", "Đã gắn" if self.has_own_record() else "Không gắn"),
                ],
                grants=[(grant, _state_of(grant, today)) for grant in held.order_by("-effective_from", "role")],
                may_change=account.pk != self.request.user.pk,
            )
            | extra
        )


def _state_of(grant: Grant, today: datetime.date) -> str:
    """Whether a grant holds, is to come or is over."""
    if grant.holds_on(today):
        return "current"
    return "coming" if grant.effective_from > today else "past"


class AccountCreate(AdministratorScreen, FormScreen):
    """A new account with its first role; the password is shown once."""

    title = "Mở tài khoản"
    lead = "Mật khẩu được tạo và hiện một lần; người dùng phải đổi khi đăng nhập lần đầu."
    submit_label = "Mở tài khoản"
    form_class = AccountForm

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"effective_from": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """In whose name units are looked up."""
        return {"user": reader(self.request), "day": timezone.localdate()}

    def save(self, form: AccountForm) -> HttpResponseBase:
        """Open the account, give the role, show the password."""
        cleaned = form.cleaned_data
        user, password = accounts.create_account_with_role(
            username=cleaned["username"],
            full_name=cleaned["full_name"],
            grant_values=form.grant_values,
            acting_user=reader(self.request),
            reason=cleaned["reason"],
        )
        return show_password(self, user, password)


def show_password(screen: Screen, account: User, password: str, back: str = "") -> HttpResponseBase:
    """The page that shows a generated password once; it is not kept anywhere."""
    context = {
        "screen": screen,
        "title": "Mật khẩu mới",
        "account": account,
        "password": password,
        "back": back or account_url(account),
    }
    return TemplateResponse(screen.request, "personnel/access/password.html", context)


class OfAccount(AdministratorScreen, FormScreen):
    """An act on somebody else's account."""

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every account but the own."""
        return User.objects.exclude(pk=reader(request).pk)

    def get_success_url(self, result: Any) -> str:
        """Back to the account."""
        return account_url(self.record)

    def get_cancel_url(self) -> str:
        """Back to the account."""
        return account_url(self.record)


class AccountGrant(OfAccount):
    """One more role for an account."""

    title = "Cấp quyền"
    submit_label = "Cấp quyền"
    success_text = "Đã cấp quyền."
    form_class = GrantForm

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"effective_from": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """In whose name units are looked up."""
        return {"user": reader(self.request), "day": timezone.localdate()}

    def save(self, form: GrantForm) -> Grant:
        """Give the role."""
        return grants.grant(
            user=self.record,
            **form.grant_values,
            acting_user=reader(self.request),
            reason=form.cleaned_data["reason"],
        )


class AccountAct(OfAccount, ActionScreen):
    """An act on an account that asks for a reason."""

    template_name = "shapes/action.html"
    form_class = ReasonForm


class AccountClose(AccountAct):
    """Close an account."""

    title = "Khóa tài khoản"
    submit_label = "Khóa tài khoản"
    success_text = "Đã khóa tài khoản."
    is_destructive = True

    def get_question(self) -> str:
        """Which account."""
        return f"Khóa tài khoản {self.record.username} ({self.record.get_full_name()})?"

    def get_consequences(self) -> Sequence[str]:
        """What happens."""
        return (
            "Người dùng bị đăng xuất ngay và không đăng nhập được nữa.",
            "Mọi quyền của tài khoản không còn tác dụng; khi mở lại thì các quyền còn thời hạn có tác dụng trở lại.",
            "Những gì tài khoản đã làm vẫn còn trong nhật ký và lịch sử.",
        )

    def save(self, form: ReasonForm) -> None:
        """Close it."""
        accounts.close_account(user=self.record, acting_user=reader(self.request), reason=form.cleaned_data["reason"])


class AccountReopen(AccountAct):
    """Open a closed account again."""

    title = "Mở lại tài khoản"
    submit_label = "Mở lại"
    success_text = "Đã mở lại tài khoản."

    def get_question(self) -> str:
        """Which account."""
        return f"Mở lại tài khoản {self.record.username} ({self.record.get_full_name()})?"

    def save(self, form: ReasonForm) -> None:
        """Open it."""
        accounts.reopen_account(user=self.record, acting_user=reader(self.request), reason=form.cleaned_data["reason"])


class AccountPassword(AccountAct):
    """Another password for an account, shown once."""

    title = "Cấp lại mật khẩu"
    submit_label = "Cấp lại mật khẩu"

    def get_question(self) -> str:
        """Which account."""
        return f"Cấp lại mật khẩu cho {self.record.username} ({self.record.get_full_name()})?"

    def get_consequences(self) -> Sequence[str]:
        """What happens."""
        return (
            "Mật khẩu cũ và mọi phiên đăng nhập của tài khoản hết tác dụng.",
            "Mật khẩu mới hiện một lần trên màn hình; người dùng phải đổi khi đăng nhập.",
        )

    def save(self, form: ReasonForm) -> HttpResponseBase:
        """Make one and show it."""
        password = accounts.reset_password(
            user=self.record, acting_user=reader(self.request), reason=form.cleaned_data["reason"]
        )
        return show_password(self, self.record, password)


class AccountUnlink(AccountAct):
    """Take the own record away from an account."""

    title = "Gỡ hồ sơ khỏi tài khoản"
    submit_label = "Gỡ hồ sơ"
    success_text = "Đã gỡ hồ sơ khỏi tài khoản."
    is_destructive = True

    def get_question(self) -> str:
        """Which account."""
        return f"Tài khoản {self.record.username} không xem được hồ sơ đang gắn nữa?"

    def save(self, form: ReasonForm) -> None:
        """Take it away."""
        accounts.unlink_account(user=self.record, acting_user=reader(self.request), reason=form.cleaned_data["reason"])


class GrantEnd(AdministratorScreen, ActionScreen):
    """End a role of somebody else."""

    title = "Thu hồi quyền"
    submit_label = "Thu hồi"
    success_text = "Đã thu hồi quyền."
    is_destructive = True
    form_class = EndForm

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every role but the own."""
        return Grant.objects.exclude(user=request.user.pk).with_unit_name().select_related("user")

    def get_question(self) -> str:
        """Which role of whom."""
        where = f" tại {self.record.unit_name}" if self.record.unit_id else ""
        return f"Thu hồi vai trò «{self.record.get_role_display()}»{where} của {self.record.user.get_full_name()}?"

    def get_success_url(self, result: Any) -> str:
        """Back to the account."""
        return account_url(self.record.user)

    def get_cancel_url(self) -> str:
        """Back to the account."""
        return account_url(self.record.user)

    def save(self, form: EndForm) -> None:
        """End it."""
        grants.end_grant(
            grant=self.record,
            first_day_without=form.cleaned_data["first_day_without"],
            acting_user=reader(self.request),
            reason=form.cleaned_data["reason"],
        )


class RoleTable(Screen):
    """Roles and actions (bảng quyền), for everybody who is signed in."""

    title = "Bảng quyền"
    lead = "Mỗi vai trò làm được gì trong phạm vi được cấp; mỗi quyền có thời hạn và căn cứ."
    template_name = "personnel/access/roles.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """The table of policies, and the reader's own roles of today."""
        mine = Grant.objects.in_force(timezone.localdate()).filter(user=self.request.user).with_unit_name()
        return (
            super().context(
                acts=list(Act),
                rows=[(role, [act in ROLE_ACTIONS[role] for act in Act]) for role in Role],
                mine=mine.order_by("role"),
            )
            | extra
        )


@profile_actions.register
class AccountAction(ProfileAction):
    """An account for the person, from the profile."""

    key, order = "account", 40

    def action(self) -> Action | None:
        """For who keeps the record of somebody without an account."""
        if self.record.account_id is not None or not self.record.opened.may_edit:
            return None
        url = reverse("personnel:cadre-account", args=[self.record.pk])
        return Action(label="Cấp tài khoản", url=url, icon="key-round")


class CadreAccount(FormScreen):
    """An account for a person to read the own record, opened by who keeps it; the password is shown once."""

    title = "Cấp tài khoản xem hồ sơ"
    submit_label = "Cấp tài khoản"
    form_class = OwnAccountForm

    def may_open(self) -> bool:
        """Whoever writes records somewhere."""
        return has_role(reader(self.request), *(role for role in Role if Act.EDIT in ROLE_ACTIONS[role]))

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """People whose records the reader writes."""
        return Cadre.objects.visible_to(reader(request), Act.EDIT)

    def get_lead(self) -> str:
        """For whom."""
        return f"{self.record.full_name} đọc được hồ sơ của mình, không đọc được hồ sơ của người khác."

    def get_initial(self) -> dict[str, Any]:
        """The officer code, where there is one, makes a good name."""
        return {"username": self.record.officer_code}

    def save(self, form: OwnAccountForm) -> HttpResponseBase:
        """Open it and show the password."""
        account, password = accounts.open_own_record(
            cadre=get_object_or_404(self.queryset_for(self.request), pk=self.record.pk),
            username=form.cleaned_data["username"],
            acting_user=reader(self.request),
        )
        return show_password(self, account, password, back=reverse("home"))
