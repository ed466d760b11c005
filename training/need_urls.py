"""Addresses of requirements and needs (nhu cầu đào tạo)."""

from __future__ import annotations

from django.urls import URLPattern, path

from training.views import needs, person

urlpatterns: list[URLPattern] = [
    path("nhu-cau/", needs.NeedMatrix.as_view(), name="need-matrix"),
    path("nhu-cau/nguoi/", needs.NeedPeople.as_view(), name="need-people"),
    path("de-nghi/nhieu-nguoi/", person.NeedProposeMany.as_view(), name="need-propose-many"),
    path("can-bo/<int:pk>/", person.PersonNeeds.as_view(), name="person-needs"),
    path("can-bo/<int:pk>/de-nghi/", person.NeedPropose.as_view(), name="need-propose"),
    path("de-nghi/<int:pk>/rut/", person.NeedWithdraw.as_view(), name="need-withdraw"),
]
