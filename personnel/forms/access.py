"""Forms of accounts, grants, the delegation table and receiving requests."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from hrdb.kernel.forms import DayField, GroupedForm
from hrdb.kernel.models import User
from hrdb.kernel.screens import ReasonForm
from personnel.choices import Bloc, ManagingLevel
from personnel.forms.lookups import LookupField, UnitSource, lookup_sources
from personnel.models import Unit
from personnel.models.scope import has_role
from personnel.policies import MANAGED_ACTIONS, ROLES_WITH_UNIT, ROLES_WITHOUT_UNIT, Action, Role


class EveryUnitSource(UnitSource):
    """Every unit, for the administrator, whose grants reach beyond any scope of his own."""

    key = "every-unit"

    def units(self, user: User | None) -> Any:
        """All units."""
        return Unit.objects.all() if has_role(user, Role.ADMINISTRATOR) else Unit.objects.none()


lookup_sources.register(EveryUnitSource())


def reason_field(label: str = "Lý do", **options: Any) -> forms.CharField:
    """A sentence that the audit trail keeps."""
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **options)


def next_day(day: datetime.date | None) -> datetime.date | None:
    """The first day without, for a last day that a person typed."""
    return None if day is None else day + datetime.timedelta(days=1)


class RoleFields(GroupedForm):
    """A role over a unit for a period: what every grant asks."""

    role = forms.ChoiceField(label="Vai trò", choices=Role.choices)
    effective_from = DayField(label="Từ ngày")
    last_day = DayField(label="Đến hết ngày", required=False, help_text="Để trống: chưa định ngày kết thúc.")
    basis = forms.CharField(
        label="Căn cứ",
        required=False,
        max_length=250,
        help_text="Số, ngày của quyết định hoặc văn bản phân công; bắt buộc với vai trò mở dữ liệu cán bộ.",
    )

    def __init__(self, *args: Any, user: User, day: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = LookupField(
            "every-unit",
            user=user,
            day=day,
            label="Đơn vị",
            required=False,
            help_text="Gõ tên hoặc mã; quyền bao gồm mọi đơn vị trực thuộc.",
        )

    def clean(self) -> dict[str, Any]:
        """A role goes with a unit or without, a period ends after it begins."""
        cleaned = super().clean() or self.cleaned_data
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role in ROLES_WITH_UNIT and unit is None and "unit" not in self.errors:
            self.add_error("unit", f"Vai trò «{Role(role).label}» cần chỉ rõ đơn vị.")
        if role in ROLES_WITHOUT_UNIT and unit is not None:
            self.add_error("unit", f"Vai trò «{Role(role).label}» không gắn với đơn vị.")
        begins, ends = cleaned.get("effective_from"), cleaned.get("last_day")
        if begins and ends and ends < begins:
            self.add_error("last_day", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        return cleaned

    @property
    def grant_values(self) -> dict[str, Any]:
        """The values as the service of grants takes them."""
        cleaned = self.cleaned_data
        return {
            "role": cleaned["role"],
            "unit": cleaned["unit"],
            "effective_from": cleaned["effective_from"],
            "effective_until": next_day(cleaned["last_day"]),
            "basis": cleaned["basis"],
        }


class GrantForm(RoleFields):
    """One more role for an account (cấp quyền)."""

    reason = reason_field()
    groups = (("", ("role", "unit", "effective_from", "last_day", "basis", "reason")),)
    widths = {"effective_from": "half", "last_day": "half"}


class AccountForm(RoleFields):
    """A new account with its first role (mở tài khoản)."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    full_name = forms.CharField(label="Họ và tên", max_length=200)
    reason = reason_field()
    groups = (
        ("Người dùng", ("username", "full_name")),
        ("Quyền đầu tiên", ("role", "unit", "effective_from", "last_day", "basis")),
        ("Ghi nhật ký", ("reason",)),
    )
    widths = {"username": "half", "full_name": "half", "effective_from": "half", "last_day": "half"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        role = self.fields["role"]
        role.choices = [(key, label) for key, label in Role.choices if key != Role.CADRE]  # type: ignore[attr-defined]
        role.help_text = "Tài khoản để cán bộ xem hồ sơ của mình do người quản lý hồ sơ cấp, từ trang hồ sơ."


class EndForm(ReasonForm):
    """The last day of a grant or of a row of the delegation table, with a reason."""

    first_day_without = DayField(
        label="Không còn hiệu lực từ ngày", help_text="Hôm nay: thu hồi ngay.", initial=timezone.localdate
    )
    field_order = ("first_day_without", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = "Được ghi vào nhật ký."


class DelegationForm(GroupedForm):
    """One row of the delegation table (phân cấp)."""

    managing_level = forms.ChoiceField(label="Diện quản lý", choices=ManagingLevel.choices)
    bloc = forms.ChoiceField(label="Khối", choices=[("", "Mọi khối"), *Bloc.choices], required=False)
    action = forms.ChoiceField(
        label="Việc", choices=[(action.value, action.label) for action in Action if action in MANAGED_ACTIONS]
    )
    role = forms.ChoiceField(label="Vai trò được phân cấp", choices=Role.choices)
    effective_from = DayField(label="Từ ngày")
    basis = forms.CharField(label="Căn cứ", max_length=250, help_text="Số, ngày của quy định phân cấp.")
    groups = (("", ("managing_level", "bloc", "action", "role", "unit", "effective_from", "basis")),)
    widths = {"managing_level": "half", "bloc": "half", "action": "half", "role": "half"}

    def __init__(self, *args: Any, user: User, day: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = LookupField(
            "every-unit",
            user=user,
            day=day,
            label="Cơ quan được phân cấp",
            required=False,
            help_text="Để trống: mọi cơ quan có vai trò này, trong phạm vi của mình.",
        )


class AskForm(GroupedForm):
    """A person whom a unit asks to receive (đề nghị tiếp nhận)."""

    personal_number = forms.CharField(
        label="Số định danh cá nhân",
        max_length=12,
        validators=[RegexValidator(r"^[0-9]{12}$", "Số định danh cá nhân phải gồm 12 chữ số.")],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    full_name = forms.CharField(label="Họ và tên", max_length=200)
    note = reason_field(
        "Nội dung đề nghị", required=False, help_text="Căn cứ tiếp nhận: quyết định điều động, hợp đồng, ..."
    )
    groups = (("", ("unit", "personal_number", "full_name", "note")),)
    widths = {"personal_number": "half", "full_name": "half"}

    def __init__(self, *args: Any, user: User, day: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = LookupField("unit", user=user, day=day, label="Đơn vị tiếp nhận")


class AcceptForm(forms.Form):
    """From which day the unit receives the person."""

    day = DayField(label="Tiếp nhận từ ngày", initial=timezone.localdate)
    answer = reason_field("Ý kiến trả lời đơn vị", required=False)


class RefuseForm(forms.Form):
    """The sentence that the asking unit reads."""

    answer = reason_field(
        "Ý kiến trả lời đơn vị", help_text="Đơn vị đọc được câu này: không nêu nơi đang quản lý hồ sơ."
    )


class OwnAccountForm(forms.Form):
    """The name of the account by which a person reads the own record."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SealForm(forms.Form):
    """A file that was exported, or the seal that is printed in it."""

    file = forms.FileField(label="Tệp đã xuất", required=False, help_text="Tệp .xlsx như đã tải về, chưa sửa.")
    seal = forms.CharField(
        label="Hoặc dấu xác nhận",
        required=False,
        max_length=80,
        help_text="64 ký tự in trong trang «Dấu xác nhận» của tệp.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("file") and not cleaned.get("seal"):
            raise forms.ValidationError("Hãy chọn tệp hoặc ghi dấu xác nhận.")
        return cleaned

    def clean_seal(self) -> str:
        """Small letters without blanks, as the seal is stored."""
        return "".join(self.cleaned_data["seal"].split()).lower()
