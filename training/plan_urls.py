"""Addresses of the yearly plan (kế hoạch đào tạo, bồi dưỡng)."""

from __future__ import annotations

from django.urls import URLPattern, path

from training.views import plan_reports, plans

urlpatterns: list[URLPattern] = [
    path("ke-hoach/", plans.PlanList.as_view(), name="plan-list"),
    path("ke-hoach/lap/", plans.PlanCreate.as_view(), name="plan-create"),
    path("ke-hoach/nhieu-nam/", plan_reports.PlanYears.as_view(), name="plan-years"),
    path("ke-hoach/<int:pk>/", plans.PlanPage.as_view(), name="plan-detail"),
    path("ke-hoach/<int:pk>/sua/", plans.PlanChange.as_view(), name="plan-change"),
    path("ke-hoach/<int:pk>/bo/", plans.PlanDrop.as_view(), name="plan-drop"),
    path("ke-hoach/<int:pk>/them-lop/", plans.PlannedAdd.as_view(), name="planned-add"),
    path("ke-hoach/<int:pk>/buoc/<slug:to>/", plans.PlanMove.as_view(), name="plan-move"),
    path("ke-hoach/<int:pk>/phe-duyet/", plans.PlanApprove.as_view(), name="plan-approve"),
    path("ke-hoach/<int:pk>/tep/", plan_reports.PlanWorkbook.as_view(), name="plan-workbook"),
    path("ke-hoach/<int:pk>/in/", plan_reports.PlanPrint.as_view(), name="plan-print"),
    path("ke-hoach/dong/<int:pk>/sua/", plans.PlannedChange.as_view(), name="planned-change"),
    path("ke-hoach/dong/<int:pk>/bo/", plans.PlannedDrop.as_view(), name="planned-drop"),
]
