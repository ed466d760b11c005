"""Addresses of appraisal."""

from django.urls import path

from appraisal.views import (
    cycles,
    own,
    person,
    reports,
    tabs,  # noqa: F401  registers the tab of the profile
    unit,
    unit_acts,
    uploads,
    votes,
)

app_name = "appraisal"

_UNIT = "ky/<str:slug>/don-vi/<str:code>/"

urlpatterns = [
    path("", cycles.CycleList.as_view(), name="cycle-list"),
    path("mo-ky/", cycles.CycleOpen.as_view(), name="cycle-open"),
    path("cho-duyet/", unit_acts.ApprovalList.as_view(), name="approval-list"),
    path("phieu-tin-nhiem/", votes.VoteList.as_view(), name="vote-list"),
    # Một kỳ
    path("ky/<str:slug>/", cycles.CyclePage.as_view(), name="cycle-detail"),
    path("ky/<str:slug>/han/", cycles.CycleDeadline.as_view(), name="cycle-deadline"),
    path("ky/<str:slug>/khoa/", cycles.CycleSwitch.as_view(), name="cycle-switch"),
    path("ky/<str:slug>/tong-hop/", reports.SummaryPage.as_view(), name="summary"),
    path("ky/<str:slug>/tu-cham/", own.OwnScore.as_view(), name="own-score"),
    path("ky/<str:slug>/phieu/<int:pk>/", reports.ResultSheet.as_view(), name="result-sheet"),
    path("ky/<str:slug>/nhap/", uploads.Upload.as_view(), name="upload"),
    # Một đơn vị trong một kỳ
    path(_UNIT, unit.UnitPage.as_view(), name="unit"),
    path(f"{_UNIT}o/", unit.CellSave.as_view(), name="cell"),
    path(f"{_UNIT}xep-loai/", unit_acts.UnitRate.as_view(), name="unit-rate"),
    path(f"{_UNIT}nhap/", uploads.UnitUpload.as_view(), name="unit-upload"),
    path(f"{_UNIT}mau/", uploads.UnitTemplate.as_view(), name="unit-template"),
    path(f"{_UNIT}trinh/", unit_acts.Submit.as_view(), name="submit"),
    path(f"{_UNIT}tra-lai/", unit_acts.Return.as_view(), name="return"),
    path(f"{_UNIT}duyet/", unit_acts.Approve.as_view(), name="approve"),
    path(f"{_UNIT}cong-khai/", unit_acts.Publish.as_view(), name="publish"),
    path(f"{_UNIT}tong-hop/", reports.UnitSummary.as_view(), name="unit-summary"),
    path(f"{_UNIT}nguoi/<int:pk>/", person.PersonPage.as_view(), name="person"),
    path(f"{_UNIT}nguoi/<int:pk>/dinh-chinh/", person.Correct.as_view(), name="correct"),
    # Tệp đã gửi
    path("tep/<int:pk>/", uploads.BatchPage.as_view(), name="batch"),
    path("tep/<int:pk>/tien-do/", uploads.BatchProgress.as_view(), name="batch-progress"),
    path("tep/<int:pk>/ghi/", uploads.BatchConfirm.as_view(), name="batch-confirm"),
    path("tep/<int:pk>/hoan-tac/", uploads.BatchUndo.as_view(), name="batch-undo"),
]
