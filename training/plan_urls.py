"""Addresses of the yearly plan (kế hoạch đào tạo, bồi dưỡng)."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
