"""Texts of a decision to be downloaded (văn bản của quyết định): a place where draft texts and lists register."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest

from hrdb.kernel.registries import Registry
from hrdb.kernel.screens import Action as Button
from personnel.views.decisions.opening import OpenedDecision


class DecisionPaper:
    """A text of a decision: subclass it and register it in `decision_papers`. Only who may read all is offered it."""

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    icon: ClassVar[str] = "download"
    order: ClassVar[int] = 100
    is_download: ClassVar[bool] = True

    def __init__(self, request: HttpRequest, opened: OpenedDecision) -> None:
        self.request, self.opened = request, opened

    def is_offered(self) -> bool:
        """Whether there is such a text of this decision."""
        return True

    def url(self) -> str:
        """The address of the file."""
        raise NotImplementedError

    def button(self) -> Button:
        """The button of the page."""
        return Button(label=self.label, url=self.url(), icon=self.icon, download=self.is_download)


decision_papers: Registry[type[DecisionPaper]] = Registry("văn bản của quyết định")


def papers_of(request: HttpRequest, opened: OpenedDecision) -> list[DecisionPaper]:
    """The texts of a decision in order."""
    made = [paper(request, opened) for paper in sorted(decision_papers, key=lambda one: one.order)]
    return [paper for paper in made if paper.is_offered()]
