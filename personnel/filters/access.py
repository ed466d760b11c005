"""Filters of accounts and receiving requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hrdb.kernel.screens import FilterForm
from personnel.choices import ReceivingState
from personnel.models import Grant
from personnel.policies import Role

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
