"""How offices write the headers of rosters (cách viết tiêu đề cột): the spellings that the province adds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from hrdb.kernel.accounts import reader
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Crumb, Screen
from hrdb.kernel.screens.links import link
from hrdb.kernel.text import clean_text, text_order_key
from personnel.imports.roster.columns import BY_KEY, column_choices
from personnel.imports.roster.recognition import path_key
from personnel.models import ColumnMapping
from personnel.models.scope import has_role, scope_of
from personnel.policies import Action, Role
from personnel.services.batches import forget_column, teach_column

NOT_READ = "Không đọc cột này"


class Spellings(Screen):
    """Headers that hold for every office; an office's own are kept with its rosters."""

    title = "Cách viết tiêu đề cột"
    lead = "Tiêu đề thêm ở đây được hiểu cho danh sách của mọi đơn vị, cùng với các cách viết có sẵn."
    template_name = "personnel/spellings.html"

    def may_open(self) -> bool:
        """The administrator, and who keeps records of the whole province."""
        user = reader(self.request)
        return has_role(user, Role.ADMINISTRATOR) or scope_of(user, Action.EDIT).is_whole_province

    def get_crumbs(self) -> list[Crumb]:
        """Back to the lists."""
        return [Crumb("Danh mục", link(self.request, "personnel:code-list"))]

    def context(self, **extra: Any) -> dict[str, Any]:
        """What the province has added, and the columns to choose from."""
        labels = {key: column.label for key, column in BY_KEY.items()}
        taught = sorted(ColumnMapping.objects.filter(unit=None), key=lambda row: text_order_key(row.header))
        return (
            super().context(
                taught=[(row, labels.get(row.field, NOT_READ)) for row in taught],
                column_choices=column_choices(),
                not_read=NOT_READ,
            )
            | extra
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Add a spelling or take one back."""
        user = reader(request)
        if removed := request.POST.get("remove", ""):
            row = get_object_or_404(ColumnMapping, pk=typed_key(removed) or 0, unit=None)
            forget_column(mapping_id=row.pk, acting_user=user)
            messages.success(request, f"Đã bỏ «{row.header}».")
            return HttpResponseRedirect(link(request, "personnel:spellings"))
        header, column = clean_text(request.POST.get("header", ""))[:250], request.POST.get("column", "")
        key = path_key([part.strip() for part in header.split(">")])
        if not key or (column != "-" and column not in BY_KEY):
            messages.error(request, "Hãy ghi tiêu đề cột như trong tệp và chọn cột tương ứng.")
        else:
            teach_column(key=key, header=header, column="" if column == "-" else column, acting_user=user)
            messages.success(request, f"Đã thêm «{header}».")
        return HttpResponseRedirect(link(request, "personnel:spellings"))
