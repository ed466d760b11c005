"""Rosters on the web: send, see what was understood, see every row, confirm, follow, read the result, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import format_date
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, FormScreen, ListScreen
from hrdb.kernel.screens.pieces import Change, steps
from hrdb.kernel.text import text_order_key
from personnel.choices import DIVISION_KIND, BatchState
from personnel.forms.rosters import ConfirmForm, UploadForm
from personnel.imports.kept import checked
from personnel.imports.roster.columns import LIST_LABELS, column_choices
from personnel.imports.roster.database import CATEGORY_BASIS
from personnel.models import Cadre, ImportBatch, Unit, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.batches import MISSING_ANSWERS, start_work, store_upload
from personnel.views.batches import OUTCOMES, TONES, BatchScreen, EditorsOnly, counts_text, state_label

STEPS = ("Tải lên", "Hiểu tệp", "Đối chiếu", "Ghi", "Kết quả")
HOWS = {
    "new": "hồ sơ mới",
    "fill": "bổ sung",
    "correct": "đính chính",
    "succeed": "thay từ ngày của danh sách",
    "add": "thêm",
    "earlier": "lùi ngày biết",
}
ROWS_PER_PAGE = 50
KEEP_TEXT = "-"


class RosterList(EditorsOnly, ListScreen):
    """Batches that one has sent; the province sees all."""

    title = "Nhập danh sách"
    noun = "đợt nhập"
    default_sort = "-created_at"
    columns = (
        Column(
            key="file_name",
            label="Tệp",
            value="file_name",
            second=counts_text,
            link=lambda row: reverse("personnel:roster-detail", args=[row.pk]),
            fixed=True,
            wide=True,
        ),
        Column(key="day", label="Tính đến ngày", value="day", align="right"),
        Column(key="user", label="Người nhập", value="user"),
        Column(key="state", label="Trạng thái", render=state_label, sort="state"),
        Column(key="created_at", label="Lúc tải lên", value="created_at", sort="created_at", align="right"),
    )
    empty = Empty(
        title="Chưa nhập danh sách nào",
        text="Gửi danh sách trích ngang đúng như đơn vị vẫn làm; phần mềm tự hiểu các cột và chỉ ra từng lỗi.",
        icon="file-up",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The batches that the reader may see."""
        user = reader(request)
        return ImportBatch.objects.visible_to(user).filter(kind="roster").select_related("user")

    def get_actions(self) -> Sequence[Button]:
        """Send another roster."""
        return [Button(label="Nhập danh sách mới", url=reverse("personnel:roster-upload"), icon="file-up", main=True)]


class RosterUpload(EditorsOnly, FormScreen):
    """Send a roster; it is checked in the background, nothing is written yet."""

    title = "Nhập danh sách mới"
    lead = "Tệp được kiểm tra trước; chưa ghi gì vào hồ sơ cho đến khi bạn xác nhận."
    template_name = "personnel/roster/upload.html"
    form_class = UploadForm
    submit_label = "Tải lên và kiểm tra"
    success_text = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units that may be chosen."""
        return {"units": _offices(self.request)}

    def get_initial(self) -> dict[str, Any]:
        """An officer of one unit sends rosters of that unit."""
        user = reader(self.request)
        roots = scope_of(user, Action.EDIT).roots
        return {"unit": Unit.objects.get(pk=roots[0]).code} if len(roots) == 1 else {}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the batches."""
        return [Crumb("Nhập danh sách", reverse("personnel:roster-list"))]

    def save(self, form: Any) -> ImportBatch:
        """Keep the file and start its check."""
        user = reader(self.request)
        day = form.cleaned_data["day"]
        batch = store_upload(
            upload=form.cleaned_data["file"],
            unit=form.cleaned_data["unit"],
            options={"day": day.isoformat()} if day else {},
            acting_user=user,
        )
        return start_work(batch=batch, kind="roster-check", acting_user=user)

    def get_success_url(self, result: ImportBatch) -> str:
        """The batch."""
        return reverse("personnel:roster-detail", args=[result.pk])


def _offices(request: HttpRequest) -> list[tuple[Unit, str]]:
    """Units of the scope that a roster may be for, by their names; divisions are told by the roster itself."""
    user = reader(request)
    scope = scope_of(user, Action.EDIT)
    versions = UnitVersion.objects.in_force(request.today).filter(scope.covers("unit_id"))  # type: ignore[attr-defined]
    versions = versions.exclude(kind__code=DIVISION_KIND) if scope.is_whole_province else versions
    offices = [(one.unit, one.name) for one in versions.select_related("unit")]
    return sorted(offices, key=lambda office: text_order_key(office[1]))


class RosterPage(BatchScreen):
    """One batch: what was understood, unknown values, every row with its differences, who is not listed."""

    template_name = "personnel/roster/detail.html"
    fragments = {"roster-rows": "personnel/roster/rows.html"}
    parts = {"rows": "Từng dòng", "columns": "Các cột", "values": "Giá trị lạ", "missing": "Vắng tên"}

    def get_title(self) -> str:
        """The file's name."""
        return self.batch.file_name

    def get_lead(self) -> str:
        """Counts and day."""
        day = f" · tính đến ngày {format_date(self.batch.day)}" if self.batch.day else ""
        return counts_text(self.batch) + day

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the batches."""
        return [Crumb("Nhập danh sách", reverse("personnel:roster-list"))]

    def get_actions(self) -> Sequence[Button]:
        """Bad rows, undo."""
        pk, actions = self.batch.pk, []
        if self.batch.report.get("rejected") and not self.is_busy:
            url = reverse("personnel:roster-rejected", args=[pk])
            actions.append(Button(label="Tải các dòng lỗi", url=url, icon="download"))
        if self.batch.state == BatchState.COMMITTED and not self.is_busy:
            url = reverse("personnel:roster-undo", args=[pk])
            actions.append(Button(label="Hoàn tác", url=url, icon="undo-2", harm=True))
        return actions

    def context(self, **extra: Any) -> dict[str, Any]:
        """The open part of the batch."""
        found = None if self.is_busy else checked(self.batch)
        part = self.request.GET.get("part", "rows")
        if part not in self.parts:
            raise Http404
        context = super().context(
            batch=self.batch,
            job=self.job,
            is_busy=self.is_busy,
            is_open=self.is_open,
            found=found,
            part=part,
            steps=steps(STEPS, self._step()),
            part_links=self._part_links(found, part),
        )
        if found is not None:
            context |= getattr(self, f"_{part}")(found)
            context["confirm_form"] = ConfirmForm(initial=self.batch.options)
            context["waiting"] = _waiting_corrections(found)
            context["asking"] = self.batch.report.get("asking", 0)
            context["changing"] = self.batch.report.get("changed", 0) - self.batch.report.get("pending", 0)
        return context | extra

    def _step(self) -> int:
        if self.batch.state in (BatchState.COMMITTED, BatchState.UNDONE):
            return 4
        return 2 if self.batch.state == BatchState.CHECKED else 1

    def _part_links(self, found: dict[str, Any] | None, part: str) -> list[tuple[str, str, int, bool]]:
        if found is None:
            return []
        counts = {
            "rows": len(found["rows"]),
            "columns": sum(len(table["columns"]) for table in found["tables"]),
            "values": len(found["unknown_values"]),
            "missing": len(found["missing"]),
        }
        return [(key, label, counts[key], key == part) for key, label in self.parts.items()]

    def _rows(self, found: dict[str, Any]) -> dict[str, Any]:
        """Rows by outcome, a page at a time."""
        outcome = self.request.GET.get("outcome", "")
        words = self.request.GET.get("q", "").strip().lower()
        rows = [row for row in found["rows"] if not outcome or row["outcome"] == outcome]
        rows = [row for row in rows if not words or words in row["name"].lower()]
        page = Paginator(rows, ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        confirmed = {tuple(item) for item in self.batch.options.get("confirmed", [])}
        tally = {key: sum(row["outcome"] == key for row in found["rows"]) for key in OUTCOMES}
        return {
            "page": page,
            "outcome": outcome,
            "words": words,
            "drawn": [_drawn(row, confirmed) for row in page.object_list],
            "outcomes": [(key, label, tally[key]) for key, label in OUTCOMES.items()],
            "file_faults": found["file_faults"],
        }

    def _columns(self, found: dict[str, Any]) -> dict[str, Any]:
        """Tables with their columns, and doubtful dates."""
        return {
            "tables": found["tables"],
            "column_choices": column_choices(),
            "swapped": found["swapped"],
            "skipped": found["skipped"],
        }

    def _values(self, found: dict[str, Any]) -> dict[str, Any]:
        """Values that no list knows, with the nearest known ones."""
        unknown = [
            {**value, "may_keep": may_keep_text(value), "label": LIST_LABELS.get(value["list_name"], "")}
            for value in found["unknown_values"]
        ]
        return {"unknown_values": list(enumerate(unknown)), "keep_text": KEEP_TEXT}

    def _missing(self, found: dict[str, Any]) -> dict[str, Any]:
        """People of the units whom the roster does not list, within the reader's scope."""
        user = reader(self.request)
        ids = [person["pk"] for person in found["missing"]]
        people = Cadre.objects.visible_to(user, Action.EDIT).filter(pk__in=ids).order_by("sort_key", "pk")
        answers = self.batch.options.get("missing", {})
        page = Paginator(people, ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        rows = [(cadre, MISSING_ANSWERS.get(answers.get(str(cadre.pk), ""), "")) for cadre in page.object_list]
        return {"page": page, "missing_rows": rows, "missing_answers": list(MISSING_ANSWERS.items())}


def may_keep_text(value: dict[str, Any]) -> bool:
    """Whether an unknown value may stay text: not where the law needs a code, nor what a category was inferred from."""
    return not value["is_error"] and value["list_name"] != CATEGORY_BASIS


def _drawn(row: dict[str, Any], confirmed: set[tuple[Any, ...]]) -> dict[str, Any]:
    changes = [
        Change(item["label"], item["old"] or None, item["new"], _how(item))
        for item in row["differences"]
        if item["how"] not in ("new", "differs")
    ]
    waiting = [
        (
            item["label"],
            f"{row['sheet']}\t{row['row']}\t{item['label']}",
            (row["sheet"], row["row"], item["label"]) in confirmed,
        )
        for item in row["differences"]
        if item["how"] == "correct"
    ]
    return {
        **row,
        "label": OUTCOMES[row["outcome"]],
        "tone": TONES[row["outcome"]],
        "changes": changes,
        "waiting": waiting,
        "errors": [fault for fault in row["faults"] if fault["severity"] == "error"],
        "warnings": [fault for fault in row["faults"] if fault["severity"] == "warning"],
    }


def _how(item: dict[str, Any]) -> str:
    return HOWS[item["how"]] if item["is_written"] else f"{HOWS[item['how']]}, chờ xác nhận"


def _waiting_corrections(found: dict[str, Any]) -> int:
    return sum(item["how"] == "correct" for row in found["rows"] for item in row["differences"])
