"""The address of the home page."""

from django.urls import path

from hrdb.home.views import HomeScreen

urlpatterns = [path("", HomeScreen.as_view(), name="home")]
