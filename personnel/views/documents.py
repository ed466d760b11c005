"""Papers from the page: one person's sơ yếu lý lịch at once, a selection's as a background job."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import Job
from hrdb.kernel.screens import Screen
from hrdb.kernel.screens.formats import number_text
from personnel.reports.batch import start_printing
from personnel.reports.curriculum import curriculum_name, forms, print_curriculum, printable
from personnel.reports.roster_list import start_list_printing
from personnel.views.selections import SelectionScreen

MERGED, ZIP, ROSTER_LIST = "pdf", "zip", "list"
OUTPUTS = [
    (MERGED, "Một tệp PDF gồm mọi hồ sơ"),
    (ZIP, "Một tệp nén, mỗi người một tệp PDF"),
    (ROSTER_LIST, "Danh sách trích ngang (PDF)"),
]
LIST_TITLE = "Danh sách trích ngang cán bộ, công chức, viên chức"


def form_choices() -> list[tuple[str, str]]:
    """The registered forms."""
    return [(form.key, form.label) for form in forms]


class PrintCurriculum(Screen):
    """One person's form as of the asked day, shown by the browser; printing is logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The PDF; who is out of scope, or a day that cannot be read, does not exist."""
        form = forms.get(request.GET.get("form", "unified"))
        if form is None or getattr(request, "day_fault", False):
            raise Http404
        user = reader(request)
        cadre = get_object_or_404(printable(user, self.day), pk=kwargs["pk"])
        record, content = print_curriculum(cadre, form=form, day=self.day, acting_user=user)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(curriculum_name(record, form))}"
        return response


class PrintOrderForm(django_forms.Form):
    """What to print for a selection."""

    output = django_forms.ChoiceField(
        label="In thành", choices=OUTPUTS, widget=django_forms.RadioSelect, initial=MERGED
    )
    form = django_forms.ChoiceField(
        label="Mẫu sơ yếu lý lịch", choices=form_choices, help_text="Không dùng cho danh sách trích ngang."
    )


class PrintSelection(SelectionScreen):
    """Print for a selection."""

    title = "In cho cả danh sách"
    submit_label: ClassVar[str] = "In"
    form_class: ClassVar[type[django_forms.BaseForm]] = PrintOrderForm

    def get_question(self) -> str:
        """How many people would be printed."""
        return f"In hồ sơ của {number_text(self.people().count())} người?"

    def get_consequences(self) -> list[str]:
        """What will happen."""
        return [
            "Việc in chạy nền; có thể theo dõi tiến độ và tải tệp khi xong.",
            "Phần dữ liệu nhạy cảm chỉ in với hồ sơ mà tài khoản có quyền xem.",
            "Mỗi người được in đều được ghi vào nhật ký.",
            "Cần xử lý tiếp số liệu thì xuất Excel từ danh sách sẽ tiện hơn.",
        ]

    def save(self, form: Any) -> Job:
        """Start the job."""
        chosen, user = form.cleaned_data, reader(self.request)
        if chosen["output"] == ROSTER_LIST:
            return start_list_printing(people=self.people(), title=LIST_TITLE, day=self.day, acting_user=user)
        return start_printing(
            people=self.people(),
            form=forms[chosen["form"]],
            day=self.day,
            as_zip=chosen["output"] == ZIP,
            acting_user=user,
        )
