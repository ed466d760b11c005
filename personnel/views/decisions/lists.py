"""The list that goes with a decision as a workbook: the empty template of a kind."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Screen
from hrdb.kernel.screens.exports import XLSX
from personnel.forms.decision_values import ActControls, Choices
from personnel.imports.decision_list import list_template
from personnel.services.decisions.kinds import decision_acts
from personnel.services.reading import log_export
from personnel.views.decisions.register import may_draw_up

CAPTION = "Mỗi người một dòng. Để trống ô nào thì dùng nội dung ghi chung cho mọi người."


class ListTemplate(Screen):
    """The template of a kind, with the lists that the reader may choose from."""

    def may_open(self) -> bool:
        """Whoever draws up decisions."""
        return may_draw_up(self.request)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook."""
        act = decision_acts.get(request.GET.get("kind", ""))
        if act is None:
            raise Http404
        user = reader(request)
        controls = ActControls(act.person_fields, Choices(user=user, day=self.day), is_table=True)
        response = HttpResponse(list_template(act, controls, caption=CAPTION), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="mau-danh-sach-{act.key}.xlsx"'
        log_export(user=user, what=f"mẫu danh sách {act.label.lower()}")
        return response
