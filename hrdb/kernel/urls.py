"""Addresses of the machinery."""

from django.conf import settings
from django.urls import path

from hrdb.kernel import csp
from hrdb.kernel.jobs import views as jobs

app_name = "kernel"
urlpatterns = [
    path(settings.CSP_REPORT_PATH.lstrip("/"), csp.report, name="csp-report"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<uuid:key>/", jobs.job_detail, name="job-detail"),
    path("jobs/<uuid:key>/progress/", jobs.job_progress, name="job-progress"),
    path("jobs/<uuid:key>/result/", jobs.job_result, name="job-result"),
]
