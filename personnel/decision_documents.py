"""What the page of a decision offers to make or open (văn bản, hồ sơ, quy trình): each is one entry of a registry.

Subclass `DecisionDocument` and register an instance in `decision_documents`; upper apps add theirs the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from hrdb.kernel.registries import Registry
from hrdb.kernel.screens import Action
from personnel.models import Decision


class DecisionDocument:
    """One button of a decision's page."""

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    icon: ClassVar[str] = "file-text"
    order: ClassVar[int] = 100
    is_download: ClassVar[bool] = False

    def url(self, decision: Decision) -> str:
        """Its address."""
        raise NotImplementedError

    def is_offered(self, decision: Decision, user: Any) -> bool:
        """Whether this reader, who has the page of the decision open, gets it for this decision."""
        return True


decision_documents: Registry[DecisionDocument] = Registry("văn bản, hồ sơ của quyết định")


def documents_of(decision: Decision, user: Any) -> Sequence[Action]:
    """The buttons of a decision for a reader, in order."""
    offered = [one for one in decision_documents if one.is_offered(decision, user)]
    return [
        Action(label=one.label, url=one.url(decision), icon=one.icon, download=one.is_download)
        for one in sorted(offered, key=lambda one: one.order)
    ]
