"""Every address of the site, by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("hrdb.home.urls")),
    path("", include("hrdb.kernel.urls")),
    path("", include("personnel.urls")),
    path("danh-gia/", include("appraisal.urls")),
    path("quy-hoach/", include("planning.urls")),
    path("dao-tao/", include("training.urls")),
]
