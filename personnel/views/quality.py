"""Quality of the data (chất lượng dữ liệu): texts that wait for a code, and records that lack something."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Screen
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import link
from hrdb.kernel.screens.pieces import Fact
from hrdb.kernel.text import fold
from personnel.models import Cadre
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.mapping import QUEUES, Queue, tie_text, waiting_texts
from personnel.statistics.completeness import incomplete_q

SHOWN = 200
NEAREST = 5


class QualityPage(Screen):
    """What keeps the record from being right: to be mended here, once for all rows."""

    title = "Chất lượng dữ liệu"
    lead = "Giá trị ghi theo văn bản, chưa khớp danh mục: khớp một lần, áp dụng cho mọi dòng trong phạm vi của bạn."
    template_name = "personnel/quality.html"

    def may_open(self) -> bool:
        """Those who keep records."""
        user = reader(self.request)
        return not scope_of(user, Action.EDIT).is_empty

    @property
    def queue(self) -> Queue:
        """The queue that is open."""
        asked = self.request.GET.get("part") or self.request.POST.get("part") or QUEUES[0].key
        found = next((queue for queue in QUEUES if queue.key == asked), None)
        if found is None:
            raise Http404
        return found

    def context(self, **extra: Any) -> dict[str, Any]:
        """The open queue with the nearest codes, and how many wait in each."""
        user = reader(self.request)
        queue = self.queue
        texts = waiting_texts(queue, user)
        names = dict(queue.targets().values_list("code", "name"))
        counts = [(one, texts if one is queue else waiting_texts(one, user)) for one in QUEUES]
        return (
            super().context(
                queue=queue,
                waiting=[(text, number, _nearest(text, names)) for text, number in texts[:SHOWN]],
                hidden=max(0, len(texts) - SHOWN),
                queues=[(one.key, one.label, len(found), one is queue) for one, found in counts],
                choices=sorted(names.items(), key=lambda pair: fold(pair[1])),
                record_facts=self._records(user),
            )
            | extra
        )

    def _records(self, user: Any) -> Sequence[Fact]:
        today = self.request.today  # type: ignore[attr-defined]
        people = Cadre.objects.held_on(user, today).present_on(today)
        lacking = people.filter(incomplete_q(today)).count()
        nobody = people.filter(personal_number=None).count()
        return [
            Fact(
                "Hồ sơ còn thiếu mục bắt buộc", lacking, url=link(self.request, "personnel:cadre-list", incomplete="on")
            ),
            Fact("Chưa có số định danh", nobody),
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tie one text to a code."""
        user = reader(request)
        queue, text = self.queue, request.POST.get("text", "")
        code = request.POST.get("code", "").strip()
        if code:
            try:
                number = tie_text(queue=queue, text=text, code=code, acting_user=user)
                messages.success(request, f"Đã khớp «{text}» cho {number_text(number)} dòng.")
            except ValidationError as error:
                messages.error(request, "; ".join(error.messages))
        else:
            messages.error(request, f"Hãy chọn mục danh mục cho «{text}».")
        return HttpResponseRedirect(link(request, "personnel:quality", part=queue.key))


def _nearest(text: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """Codes whose names are most like a text."""
    folded = {fold(name): code for code, name in names.items()}
    words = difflib.get_close_matches(fold(text), folded, n=NEAREST, cutoff=0.4)
    return [(folded[word], names[folded[word]]) for word in words]
