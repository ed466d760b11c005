"""Filters of accounts, of the delegation table and of receiving requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hrdb.kernel.screens import FilterForm
from personnel.choices import Bloc, ManagingLevel, ReceivingState
from personnel.models import Grant
from personnel.policies import MANAGED_ACTIONS, Action, Role

STATES = [("open", "Đang mở"), ("closed", "Đã khóa")]


class AccountFilters(FilterForm):
    """Accounts by name, role and state."""

    search = "q"
    primary = ("role", "state")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên đăng nhập, họ và tên"}))
    role = forms.ChoiceField(label="Vai trò", choices=[("", "Tất cả"), *Role.choices])
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *STATES])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By a part of the login name or of the full name."""
        return queryset.filter(Q(username__icontains=value) | Q(full_name__icontains=value))

    def apply_role(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those who have the role today."""
        held = Grant.objects.in_force(timezone.localdate()).filter(user=OuterRef("pk"), role=value)
        return queryset.filter(Exists(held))

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Open or closed accounts."""
        return queryset.filter(is_active=value == "open")


class ReceivingFilters(FilterForm):
    """Receiving requests by state."""

    primary = ("state",)
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *ReceivingState.choices])


class DelegationFilters(FilterForm):
    """Rows of the delegation table by level, act, role and bloc; a row for every bloc belongs to each."""

    primary = ("managing_level", "action", "role", "bloc")
    managing_level = forms.ChoiceField(label="Diện quản lý", choices=[("", "Tất cả"), *ManagingLevel.choices])
    action = forms.ChoiceField(
        label="Việc",
        choices=[("", "Tất cả"), *((one.value, one.label) for one in Action if one in MANAGED_ACTIONS)],
    )
    role = forms.ChoiceField(label="Ai được làm", choices=[("", "Tất cả"), *Role.choices])
    bloc = forms.ChoiceField(label="Khối", choices=[("", "Tất cả"), *Bloc.choices])

    def apply_bloc(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """What holds in a bloc."""
        return queryset.filter(bloc__in=[value, ""])
