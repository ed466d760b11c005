"""Addresses of the machinery."""

from django.urls import URLPattern

app_name = "kernel"
urlpatterns: list[URLPattern] = []
