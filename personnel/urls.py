"""Addresses of the record: people, units, rosters, statistics, access, audit."""

from django.urls import path

from personnel.views import cadre_list

app_name = "personnel"

urlpatterns = [
    path("can-bo/", cadre_list.CadreList.as_view(), name="cadre-list"),
]
