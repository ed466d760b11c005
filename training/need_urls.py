"""Addresses of requirements and needs (nhu cầu đào tạo)."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
