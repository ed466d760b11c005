"""Pages that who trains, inspects or approves reads: which of the ways between pages are open to him."""

from __future__ import annotations

from typing import Any

from hrdb.kernel.accounts import reader
from training.models.readers import reads_plans, reads_training
from training.models.scope import may_train
from training.views.opening import TrainingScreen


class PlanReader(TrainingScreen):
    """A page of yearly plans: who trains, inspects, or approves at the top."""

    page_key = "plans"

    def may_open(self) -> bool:
        """Whoever reads plans."""
        return reads_plans(reader(self.request))

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the ways that are open to this reader."""
        context = super().context(**extra)
        if not may_train(self.reader):
            opened = {"plans": True, **dict.fromkeys(("classes", "form10"), reads_training(self.reader))}
            context["training_links"] = [one for one in context["training_links"] if opened.get(one.key)]
        return context


class ClassReader(PlanReader):
    """A page of classes: who trains or inspects."""

    page_key = "classes"

    def may_open(self) -> bool:
        """Whoever trains or inspects somewhere."""
        return reads_training(reader(self.request))
