"""Addresses of the record: people, units, rosters, statistics, access, audit."""

from django.urls import path

from personnel.views import cadre_list, documents

app_name = "personnel"

urlpatterns = [
    path("can-bo/", cadre_list.CadreList.as_view(), name="cadre-list"),
    path("can-bo/in/", documents.PrintSelection.as_view(), name="cadre-print-selection"),
    path("can-bo/<int:pk>/in/", documents.PrintCurriculum.as_view(), name="cadre-print"),
]
