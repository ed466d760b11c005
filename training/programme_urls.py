"""Addresses of programmes (chương trình) and standards of ranks."""

from __future__ import annotations

from django.urls import URLPattern, path

from training.views import programmes, rank_standards

urlpatterns: list[URLPattern] = [
    path("chuong-trinh/", programmes.ProgrammeList.as_view(), name="programme-list"),
    path("chuong-trinh/them/", programmes.ProgrammeCreate.as_view(), name="programme-create"),
    path("chuong-trinh/<int:pk>/", programmes.ProgrammePage.as_view(), name="programme-detail"),
    path("chuong-trinh/<int:pk>/sua/", programmes.ProgrammeChange.as_view(), name="programme-change"),
    path("chuong-trinh/<int:pk>/dung/", programmes.ProgrammeSwitch.as_view(), name="programme-switch"),
    path("chuong-trinh/<int:pk>/chi-tieu/", programmes.ProgrammeAllot.as_view(), name="programme-allot"),
    path("tieu-chuan-ngach/", rank_standards.RankStandardList.as_view(), name="rank-standard-list"),
    path("tieu-chuan-ngach/khai/", rank_standards.RankStandardSet.as_view(), name="rank-standard-set"),
    path("tieu-chuan-ngach/<int:pk>/thoi/", rank_standards.RankStandardEnd.as_view(), name="rank-standard-end"),
]
