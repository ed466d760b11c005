"""Reorganisations on the web: the list, a new case by hand or by workbook, and the page of one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import Job
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.pieces import steps as stepper
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.templatetags.hr_screens import label
from hrdb.kernel.text import fold
from personnel.choices import ReorganisationState, StepKind
from personnel.exports.reorganisation import FILE_NAME, template
from personnel.filters.reorganisations import ReorganisationFilters
from personnel.forms.reorganisations import CaseForm, CaseUploadForm
from personnel.imports.reorganisation.importing import open_file, read_file
from personnel.models import Cadre, Reorganisation, UnitVersion
from personnel.models.access import unit_name
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.reading import log_export
from personnel.services.reorganisation.cases import change_case, open_case
from personnel.services.reorganisation.difference import OF_PEOPLE, OWN_DECISION, PARTS, Line, kept_lines
from personnel.services.reorganisation.working import job_of
from personnel.views.batches import EditorsOnly
from personnel.views.record_forms import ServiceFormScreen
from personnel.views.reorganisation_lines import other_faults, person_lines, posts_held, step_lines

STEPS = ("Soạn phương án", "Chạy thử", "Thực hiện", "Kết quả")
TONES = {"draft": "", "rehearsed": "act", "applied": "good", "undone": "warn"}
PER_PAGE = 50


def _state(case: Reorganisation) -> SafeString:
    return label(case.get_state_display(), TONES[case.state])


def home() -> Crumb:
    """Back to the list."""
    return Crumb("Sắp xếp đơn vị", reverse("personnel:reorganisation-list"))


class ReorganisationList(EditorsOnly, ListScreen):
    """Cases of the reader's reach."""

    title = "Sắp xếp đơn vị"
    noun = "phương án"
    default_sort = "-day"
    filter_class = ReorganisationFilters
    columns = (
        Column(
            key="title",
            label="Phương án",
            value="title",
            second=lambda case: case.reach_name or "Toàn tỉnh",
            link=lambda case: reverse("personnel:reorganisation-detail", args=[case.pk]),
            fixed=True,
            wide=True,
        ),
        Column(key="day", label="Ngày thực hiện", value="day", sort="day", align="right"),
        Column(key="steps", label="Số bước", value="step_count", align="right"),
        Column(key="state", label="Trạng thái", render=_state, sort="state"),
        Column(key="by", label="Người lập", value="drafted_by"),
    )
    empty = Empty(
        title="Chưa có phương án sắp xếp nào",
        text="Một phương án gồm các bước thành lập, đổi tên, sáp nhập, chia tách, giải thể trong cùng một ngày; "
        "người, biên chế, vị trí việc làm và phân quyền đi theo đơn vị.",
        icon="git-merge",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The cases that the reader may see, with the number of their steps."""
        cases = Reorganisation.objects.visible_to(reader(request)).select_related("drafted_by")
        return cases.annotate(step_count=Count("steps"), reach_name=unit_name("unit_id"))

    def get_actions(self) -> Sequence[Button]:
        """Begin one."""
        upload, create = reverse("personnel:reorganisation-upload"), reverse("personnel:reorganisation-create")
        return [
            Button(label="Lập từ tệp", url=upload, icon="file-up"),
            Button(label="Lập phương án", url=create, icon="plus", main=True),
        ]


class CaseFormScreen(EditorsOnly, ServiceFormScreen):
    """What the forms about whole cases share."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [home()]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Units of the reader's scope."""
        return {"user": reader(self.request), "day": self.day}

    def get_initial(self) -> dict[str, Any]:
        """Who edits one unit alone reorganises there."""
        roots = scope_of(reader(self.request), Action.EDIT).roots
        return {"unit": roots[0]} if len(roots) == 1 else {}

    def get_success_url(self, result: Any) -> str:
        """The case."""
        return reverse("personnel:reorganisation-detail", args=[result.pk])


class ReorganisationCreate(CaseFormScreen):
    """Begin a case by hand."""

    title = "Lập phương án sắp xếp"
    lead = "Chưa thay đổi gì cho đến khi phương án được thực hiện."
    form_class = CaseForm
    submit_label = "Lập phương án"
    success_text = "Đã lập phương án. Hãy thêm các bước."

    def write(self, form: Any) -> Reorganisation:
        """Open it."""
        values = {name: form.cleaned_data[name] for name in ("title", "day", "unit", "note")}
        cited = form.cited()
        return open_case(**values, cited=[cited] if cited else [], acting_user=reader(self.request))


class ReorganisationUpload(CaseFormScreen):
    """Begin a case by its workbook; what cannot be read is told by sheet, row and column."""

    title = "Lập phương án từ tệp"
    lead = "Tệp được đọc và kiểm tra; chưa thay đổi gì cho đến khi phương án được thực hiện."
    template_name = "personnel/reorganisation/upload.html"
    form_class = CaseUploadForm
    submit_label = "Đọc tệp"
    success_text = "Đã đọc tệp. Hãy chạy thử phương án."

    def get_actions(self) -> Sequence[Button]:
        """The empty workbook."""
        url = reverse("personnel:reorganisation-template")
        return [Button(label="Tải tệp mẫu", url=url, icon="download", download=True)]

    def save(self, form: Any) -> Any:
        """Read the file; one with faults is shown and not kept."""
        upload, user = form.cleaned_data["file"], reader(self.request)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "phuong-an.xlsx"
            path.write_bytes(upload.read())
            try:
                file = read_file(path, day=form.cleaned_data["day"], acting_user=user, file_name=upload.name)
            except UnreadableFile as error:
                raise ValidationError({"file": str(error)}) from error
        if file.has_faults:
            return self.respond(status=422, form=form, file_faults=file.report.errors, rejected=file.report.rejected)
        self.file = file
        return super().save(form)

    def write(self, form: Any) -> Reorganisation:
        """Keep what the file says."""
        values = {name: form.cleaned_data[name] for name in ("title", "unit")}
        return open_file(self.file, **values, acting_user=reader(self.request))

    def context(self, **extra: Any) -> dict[str, Any]:
        """Without faults at first."""
        return super().context(file_faults=[], rejected=0) | extra


class ReorganisationTemplate(EditorsOnly):
    """The workbook to be filled in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file; whatever leaves is in the trail."""
        log_export(user=reader(request), what="tệp mẫu sắp xếp đơn vị")
        response = HttpResponse(template(), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return response


class CaseScreen(EditorsOnly):
    """What the pages of one case share."""

    @cached_property
    def case(self) -> Reorganisation:
        """The case of the address, 404 when it is not the reader's."""
        cases = Reorganisation.objects.visible_to(reader(self.request))
        found: Reorganisation = get_object_or_404(
            cases.select_related("unit", "drafted_by", "applying__user", "undoing__user"), pk=self.kwargs["pk"]
        )
        return found

    @cached_property
    def job(self) -> Job | None:
        """The long work of the case."""
        return job_of(self.case)

    @property
    def is_busy(self) -> bool:
        """Whether it is being rehearsed, carried out or undone."""
        return self.job is not None and not self.job.is_finished

    @property
    def is_open(self) -> bool:
        """Whether what it says may be changed."""
        return self.case.is_open and not self.is_busy

    def case_url(self, **query: str) -> str:
        """The case's page."""
        return reverse("personnel:reorganisation-detail", args=[self.case.pk], query=query or None)

    def back(self, **query: str) -> HttpResponseRedirect:
        """To the case's page."""
        return HttpResponseRedirect(self.link(self.case_url(**query)))


class CasePartScreen(CaseScreen, ServiceFormScreen):
    """A form about a part of a case that is still open."""

    part = "steps"

    def may_open(self) -> bool:
        """Whoever edits units, while the case is open."""
        return super().may_open() and self.is_open

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the case."""
        return [home(), Crumb(self.case.title, self.case_url(part=self.part))]

    def get_cancel_url(self) -> str:
        """Back to the part."""
        return self.case_url(part=self.part)

    def get_success_url(self, result: Any) -> str:
        """Back to the part."""
        return self.case_url(part=self.part)


class ReorganisationEdit(CasePartScreen):
    """Title, day, reach and note of a case."""

    title = "Sửa phương án"
    form_class = CaseForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """As the case stands."""
        return {"user": reader(self.request), "day": self.day, "case": self.case}

    def get_initial(self) -> dict[str, Any]:
        """As the case stands."""
        case = self.case
        return {"title": case.title, "day": case.day, "unit": case.unit_id, "note": case.note}

    def write(self, form: Any) -> Reorganisation:
        """Change it."""
        values = {name: form.cleaned_data[name] for name in ("title", "day", "unit", "note")}
        return change_case(case=self.case, values=values, acting_user=reader(self.request))


class ReorganisationPage(CaseScreen):
    """One case: its steps, its resolutions, its people, and the full difference of the last rehearsal."""

    template_name = "personnel/reorganisation/detail.html"
    parts = {"steps": "Các bước", "basis": "Căn cứ", "people": "Lãnh đạo, nhân sự", "difference": "Đối chiếu"}

    def get_title(self) -> str:
        """The case's own."""
        return self.case.title

    def get_lead(self) -> str:
        """When and where."""
        case = self.case
        where = "toàn tỉnh"
        if case.unit_id:
            where = UnitVersion.objects.names_on(case.day).get(case.unit_id, "")
        return f"Thực hiện từ ngày {format_date(case.day)} · phạm vi: {where}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [home()]

    def get_actions(self) -> Sequence[Button]:
        """Change, throw away, undo."""
        pk, case = self.case.pk, self.case
        if self.is_busy:
            return []
        if case.state == ReorganisationState.APPLIED:
            url = reverse("personnel:reorganisation-undo", args=[pk])
            return [Button(label="Hoàn tác", url=url, icon="undo-2", harm=True)]
        actions = [Button(label="Sửa", url=reverse("personnel:reorganisation-edit", args=[pk]), icon="pencil")]
        if case.applying_id is None:
            url = reverse("personnel:reorganisation-remove", args=[pk])
            actions.insert(0, Button(label="Xóa", url=url, icon="trash-2", harm=True))
        return actions

    def context(self, **extra: Any) -> dict[str, Any]:
        """The open part of the case."""
        part = self.request.GET.get("part", "steps")
        if part not in self.parts:
            raise Http404
        context = super().context(
            case=self.case,
            job=self.job,
            is_busy=self.is_busy,
            is_open=self.is_open,
            part=part,
            part_links=self._part_links(part),
            steps=stepper(STEPS, self._step()),
            summary=self.case.summary,
            faults=other_faults(self.case),
            warnings=other_faults(self.case, "warnings"),
        )
        return context | getattr(self, f"_{part}")() | extra

    def _step(self) -> int:
        if self.case.state == ReorganisationState.APPLIED:
            return 3
        return 2 if self.case.state == ReorganisationState.REHEARSED else 1 if self.case.steps.exists() else 0

    def _part_links(self, part: str) -> list[tuple[str, str, int | None, bool]]:
        counts = {
            "steps": self.case.steps.count(),
            "basis": self.case.resolutions.count(),
            "people": self.case.placements.count(),
            "difference": sum(one["lines"] for one in self.case.summary.get("parts", {}).values()),
        }
        return [(key, words, counts[key], key == part) for key, words in self.parts.items()]

    def _steps(self) -> dict[str, Any]:
        """Steps in order, and the kinds that may be added."""
        steps = list(self.case.steps.select_related("decision"))
        page = Paginator(step_lines(self.case, steps), PER_PAGE).get_page(self.request.GET.get("page"))
        return {"page": page, "lines": page.object_list, "step_kinds": StepKind.choices}

    def _basis(self) -> dict[str, Any]:
        """The resolutions."""
        return {"resolutions": list(self.case.resolutions.select_related("decision"))}

    def _people(self) -> dict[str, Any]:
        """Leaders and those named, and the units that are divided by name."""
        if self.case.state == ReorganisationState.APPLIED:
            return self._settled()
        lines = person_lines(self.case, reader(self.request))
        words = fold(self.request.GET.get("q", "").strip())
        shown = [line for line in lines if words in fold(line.cadre.full_name)]
        page = Paginator(shown, PER_PAGE).get_page(self.request.GET.get("page"))
        divided = [step.sources[0] for step in self.case.steps.filter(kind=StepKind.SPLIT) if step.sources]
        names = step_lines(self.case, list(self.case.steps.filter(kind=StepKind.SPLIT)))
        return {
            "page": page,
            "lines": page.object_list,
            "words": self.request.GET.get("q", ""),
            "waiting": sum(line.placement is None for line in lines),
            "divided": list(zip(divided, [line.sources[0] for line in names if line.sources], strict=True)),
        }

    def _settled(self) -> dict[str, Any]:
        """Of a case that was carried out: its leaders, what it said of each, and what each holds now."""
        lines = self._visible("leaders", kept_lines(self.case, "leaders"))
        day = max(self.day, self.case.day)
        held = posts_held({line.cadre for line in lines if line.cadre is not None}, day)
        rows = [(line, held.get(line.cadre or 0, "")) for line in lines]
        waiting = [line for line, now in rows if line.note == OWN_DECISION and not now]
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return {"page": page, "settled": page.object_list, "waiting": len(waiting), "settled_day": day}

    def _difference(self) -> dict[str, Any]:
        """One part of the difference, a page at a time; people who are no longer the reader's are left out."""
        asked = self.request.GET.get("of", "units")
        if asked not in PARTS:
            raise Http404
        words = fold(self.request.GET.get("q", "").strip())
        lines = [
            line for line in kept_lines(self.case, asked) if words in fold(f"{line.subject} {line.before} {line.after}")
        ]
        page = Paginator(lines, PER_PAGE).get_page(self.request.GET.get("page"))
        counts = self.case.summary.get("parts", {})
        kinds = [(key, name, counts.get(key, {}), key == asked) for key, name in PARTS.items()]
        return {
            "page": page,
            "lines": self._visible(asked, list(page.object_list)),
            "of": asked,
            "of_name": PARTS[asked],
            "of_counts": counts.get(asked, {}),
            "is_of_people": asked in OF_PEOPLE,
            "kinds": [one for one in kinds if one[2]],
            "words": self.request.GET.get("q", ""),
            "has_difference": bool(counts),
        }

    def _visible(self, asked: str, lines: Sequence[Line]) -> list[Line]:
        if asked not in OF_PEOPLE:
            return list(lines)
        ids = [line.cadre for line in lines if line.cadre is not None]
        seen = set(Cadre.objects.visible_to(reader(self.request)).filter(pk__in=ids).values_list("pk", flat=True))
        return [line for line in lines if line.cadre in seen]
