"""Addresses of the machinery."""

from django.conf import settings
from django.urls import path

from hrdb.kernel import csp
from hrdb.kernel.jobs import views as jobs
from hrdb.kernel.screens.palette import PaletteScreen
from hrdb.kernel.screens.signing_in import OwnPassword, SignIn, SignOut
from hrdb.kernel.sessions import alive

app_name = "kernel"
urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("password/", OwnPassword.as_view(), name="password-change"),
    path("alive/", alive, name="alive"),
    path("search/", PaletteScreen.as_view(), name="search"),
    path(settings.CSP_REPORT_PATH.lstrip("/"), csp.report, name="csp-report"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<uuid:key>/", jobs.job_detail, name="job-detail"),
    path("jobs/<uuid:key>/progress/", jobs.job_progress, name="job-progress"),
    path("jobs/<uuid:key>/result/", jobs.job_result, name="job-result"),
]
