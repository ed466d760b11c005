"""Addresses of classes, nominations and results (lớp học)."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
