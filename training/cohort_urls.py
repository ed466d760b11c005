"""Addresses of cohorts (chọn học viên)."""

from __future__ import annotations

from django.urls import URLPattern, path

from training.views import choosing, choosing_many, form10

urlpatterns: list[URLPattern] = [
    path("chon-nhieu-lop/", choosing_many.CohortMany.as_view(), name="cohort-many"),
    path("lop/<int:pk>/chon/", choosing.CohortPage.as_view(), name="cohort"),
    path("lop/<int:pk>/chon/bo-chot/", choosing.CohortUndo.as_view(), name="cohort-undo"),
    path("bieu-10/", form10.Form10Page.as_view(), name="form10"),
    path("bieu-10/nguoi/", form10.Form10People.as_view(), name="form10-people"),
]
