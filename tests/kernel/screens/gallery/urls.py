"""The site with the gallery beside it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from hrdb.urls import urlpatterns as site
from tests.kernel.screens.gallery import views


def broken(request: HttpRequest) -> HttpResponse:
    """Fails, to see the page of errors."""
    raise RuntimeError("gallery")


def missing(request: HttpRequest) -> HttpResponse:
    """Is not there."""
    raise Http404


gallery = (
    [
        path("", views.Pieces.as_view(), name="pieces"),
        path("people/", views.PeopleList.as_view(), name="people"),
        path("people/new/", views.NewPerson.as_view(), name="new"),
        path("people/<int:pk>/", views.PersonPage.as_view(), name="person"),
        path("people/<int:pk>/edit/", views.EditPerson.as_view(), name="edit"),
        path("people/<int:pk>/close/", views.ClosePerson.as_view(), name="close"),
        path("figures/", views.Figures.as_view(), name="figures"),
        path("branch/", views.branch, name="branch"),
        path("broken/", broken, name="broken"),
        path("missing/", missing, name="missing"),
    ],
    "gallery",
)

urlpatterns = [*site, path("gallery/", include(gallery))]
