"""Reference lists and law in force (danh mục, quy định đang áp dụng), to be read by everyone who signs in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.parameters import all_parameters
from hrdb.kernel.screens import Column, Crumb, ListScreen, Screen
from hrdb.kernel.screens.filters import FilterForm
from hrdb.kernel.screens.links import link
from personnel.models import CODE_LISTS, CodeList, Title
from personnel.models.scope import has_role, scope_of
from personnel.policies import Action, Role
from personnel.rules import law

#: The parameters of law of this app are read when their book is imported.
LAW = law.LAW


def _lists() -> dict[str, Any]:
    models: list[Any] = [*CODE_LISTS, Title]
    return {model._meta.model_name or "": model for model in models}


def _validity(row: CodeList) -> str:
    parts = []
    if row.valid_from:
        parts.append(f"từ {row.valid_from:%d/%m/%Y}")
    if row.valid_until:
        parts.append(f"đến trước {row.valid_until:%d/%m/%Y}")
    return " ".join(parts)


class CodeLists(Screen):
    """All reference lists with the number of their items."""

    title = "Danh mục"
    lead = "Giá trị dùng chung của hồ sơ, có thời hạn: giá trị đã đóng vẫn đọc được trên hồ sơ cũ."
    template_name = "personnel/code_lists.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Name, address and size of each list."""
        lists = [
            (str(model._meta.verbose_name), link(self.request, "personnel:code-items", key), model.objects.count())
            for key, model in _lists().items()
        ]
        user = reader(self.request)
        may_teach = has_role(user, Role.ADMINISTRATOR) or scope_of(user, Action.EDIT).is_whole_province
        return super().context(lists=lists, may_teach=may_teach) | extra


class CodeItems(ListScreen):
    """The items of one list."""

    noun = "mục"
    filter_class = FilterForm
    columns = (
        Column(key="code", label="Mã", value="code", sort="code", fixed=True),
        Column(key="name", label="Tên", value="name", sort="name", wide=True),
        Column(key="aliases", label="Cách viết khác", value=lambda row: ", ".join(row.aliases), wide=True),
        Column(key="validity", label="Thời hạn dùng", value=_validity),
        Column(key="confidence", label="Độ tin cậy", value="get_confidence_display"),
    )

    @property
    def model(self) -> Any:
        """The list of the address, or 404."""
        found = _lists().get(self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        """The list's name."""
        name = str(self.model._meta.verbose_name)
        return name[:1].upper() + name[1:]

    def get_crumbs(self) -> list[Crumb]:
        """Back to all lists."""
        return [Crumb("Danh mục", link(self.request, "personnel:code-list"))]

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every item, closed ones too."""
        found: QuerySet[Any] = self.model.objects.all()
        return found


class LawInForce(Screen):
    """Every number of law that the software uses, with its citation and how well it is confirmed."""

    title = "Quy định đang áp dụng"
    lead = "Mỗi con số có thời gian, căn cứ và mức kiểm chứng; con số chưa kiểm chứng thì quy tắc trả lời «chưa rõ»."
    template_name = "personnel/law.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Parameters by group."""
        groups: dict[str, list[Any]] = {}
        for parameter in all_parameters():
            groups.setdefault(parameter.group_label, []).append(parameter)
        return super().context(groups=groups) | extra
