"""Opening pages of training: who may at all, and the way between its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import NoReverseMatch, reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import User
from hrdb.kernel.screens import Crumb, Screen
from training.models.scope import may_arrange, may_train

#: The pages of training, in the order of the year's work; one appears once its address exists.
PAGES = (
    ("needs", "Nhu cầu", "training:need-matrix"),
    ("plans", "Kế hoạch năm", "training:plan-list"),
    ("classes", "Lớp học", "training:class-list"),
    ("programmes", "Chương trình", "training:programme-list"),
    ("form10", "Biểu số 10", "training:form10"),
)


@dataclass(frozen=True)
class TrainingLink:
    """One of the pages of training."""

    key: str
    label: str
    url: str
    is_current: bool


class TrainingScreen(Screen):
    """A page for who trains somewhere; `page_key` says which of `PAGES` it is or belongs to."""

    page_key: ClassVar[str] = ""

    def may_open(self) -> bool:
        """Whoever has the action of training in some unit."""
        return may_train(reader(self.request))

    @property
    def reader(self) -> User:
        """The account that asks."""
        return reader(self.request)

    @property
    def may_arrange(self) -> bool:
        """Whether the reader arranges programmes, plans and classes."""
        return may_arrange(self.reader)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the page of training that it belongs to."""
        return [Crumb(link.label, link.url) for link in training_links(self.page_key) if link.is_current]

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the way between the pages of training (`training/nav.html`)."""
        return super().context(training_links=training_links(self.page_key)) | extra


class ArrangerScreen(TrainingScreen):
    """A page for who arranges the province's training."""

    def may_open(self) -> bool:
        """An officer of the province."""
        return may_arrange(reader(self.request))


def training_links(current: str) -> list[TrainingLink]:
    """The pages of training that exist."""
    found = []
    for key, words, view in PAGES:
        try:
            url = reverse(view)
        except NoReverseMatch:
            continue
        found.append(TrainingLink(key, words, url, key == current))
    return found
