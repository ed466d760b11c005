"""Attendance and results of a class: grids, the sheet of results, the end of a class and its undoing, corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen
from hrdb.kernel.screens.actions import ReasonForm
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from planning.forms.rounds import PlainForm
from planning.statistics.names import unit_names
from training.choices import ClassState, MemberState, Presence
from training.exports.classes import RESULT_WORDS, result_sheet
from training.forms.classes import NominationSheetForm, ResultForm
from training.imports.classes import LARGEST, read_results, score_of
from training.models import ClassMember, ClassSession, TrainingClass
from training.models.scope import may_arrange, trained_by
from training.services.reading import log_seen
from training.services.results import (
    correct_result,
    finish_class,
    record_attendance,
    record_results,
    reopen_class,
    versions_of,
)
from training.views.class_opening import ClassEditor, ClassScreen, MemberScreen, member_label

#: What is typed for each mark in the grid of attendance.
MARKS = ((str(Presence.PRESENT), "x"), (str(Presence.EXCUSED), "p"), (str(Presence.ABSENT), "k"))
MARK_WORDS = {str(one.value): str(one.label) for one in Presence}
MOST_FAULTS = 200
RESULT_CHOICES = (("", "Chưa có"), *((str(state), words) for state, words in RESULT_WORDS.items()))


class GridScreen(ClassScreen):
    """A grid over those who attend; who arranges writes in it while the class runs."""

    def may_open(self) -> bool:
        """Whoever reads the class, from its beginning on."""
        if not super().may_open():
            return False
        if self.training_class.state not in (ClassState.RUNNING, ClassState.FINISHED):
            raise Http404
        return True

    @cached_property
    def rows(self) -> list[ClassMember]:
        """Those who attend and whom the reader sees, in the order of names."""
        return list(self.members().attending().order_by("cadre__sort_key", "pk"))

    @cached_property
    def may_write(self) -> bool:
        """Whether the grid is open to the reader."""
        return self.training_class.state == ClassState.RUNNING and may_arrange(self.reader)

    def units(self) -> dict[int, str]:
        """The names of the units that sent them."""
        return unit_names([row.unit_id for row in self.rows], self.day)

    def get_lead(self) -> str:
        """Of which class, how many."""
        return f"{self.training_class.name} · {number_text(len(self.rows))} học viên trong phạm vi của bạn"

    def back(self) -> HttpResponseRedirect:
        """To the grid itself."""
        return HttpResponseRedirect(self.link(self.request.get_full_path()))

    def try_to(self, write: Any) -> tuple[int, list[str]]:
        """How many rows a service changed, and why it refused."""
        try:
            return write(), []
        except ValidationError as error:
            return 0, error.messages
        except StaleVersion as error:
            name = error.current.cadre.full_name  # type: ignore[attr-defined]
            return 0, [f"Kết quả của {name} vừa được người khác sửa: hãy tải lại trang rồi ghi lại."]
        except ServiceRefusal as refusal:
            return 0, [refusal.message]
        except PermissionDenied as error:
            return 0, [str(error)]


@dataclass(frozen=True)
class AttendanceRow:
    """One member with a mark for each session."""

    member: ClassMember
    unit: str
    cells: Sequence[tuple[str, str, str]]
    attended: int
    share: float | None


class Attendance(GridScreen):
    """Who came to which session."""

    part = "attendance"
    title = "Điểm danh"
    template_name = "training/attendance.html"

    @cached_property
    def sessions(self) -> list[ClassSession]:
        """The sessions in order."""
        return list(self.training_class.sessions.all())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Write what was marked; of one session (`all`) all at once."""
        if not self.may_write:
            raise Http404
        marks = self._marks(request.POST)
        count, faults = self.try_to(
            lambda: record_attendance(training_class=self.training_class, marks=marks, acting_user=self.reader)
        )
        if faults:
            return self.respond(status=422, faults=faults)
        messages.success(request, f"Đã ghi điểm danh của {number_text(count)} người." if count else "Không có gì đổi.")
        return self.back()

    def _marks(self, data: QueryDict) -> dict[tuple[int, int], str]:
        """What the grid says; «all present» of a session overrides its empty cells."""
        known = {value for value, _ in MARKS}
        everybody = data.get("all", "")
        marks = {}
        for row in self.rows:
            for session in self.sessions:
                name = f"a-{row.pk}-{session.pk}"
                typed = data.get(name, "")
                if everybody == str(session.pk) and not typed:
                    marks[row.pk, session.pk] = str(Presence.PRESENT)
                elif name in data and (typed in known or not typed):
                    marks[row.pk, session.pk] = typed
        return marks

    def context(self, **extra: Any) -> dict[str, Any]:
        """The grid; who is shown is logged."""
        units = self.units()
        what = f"Điểm danh lớp {self.training_class.name}"
        log_seen(user=self.reader, people=[row.cadre_id for row in self.rows], what=what, day=self.day)
        rows = [
            AttendanceRow(
                row,
                units.get(row.unit_id, ""),
                [self._cell(row, session) for session in self.sessions],
                row.attended or 0,
                (row.attended or 0) / len(row.attendance) if row.attendance else None,
            )
            for row in self.rows
        ]
        return (
            super().context(rows=rows, sessions=self.sessions, may_write=self.may_write, marks=MARK_CHOICES, faults=())
            | extra
        )

    def _cell(self, row: ClassMember, session: ClassSession) -> tuple[str, str, str]:
        mark = row.attendance.get(str(session.pk), "")
        return f"a-{row.pk}-{session.pk}", mark, MARK_WORDS.get(mark, "")


MARK_CHOICES = (("", "–"), *MARKS)


@dataclass
class ResultRow:
    """One member in the grid of results, as typed or as it stands."""

    member: ClassMember
    unit: str
    version: int
    score: str
    grade: str
    state: str
    fault: str = ""
    tag: Any = ""


@dataclass
class TypedResults:
    """What was typed into the grid: values by member, faults by member."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    typed: dict[int, dict[str, str]] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)


class Results(GridScreen):
    """Scores, grades, passed or not."""

    part = "results"
    title = "Kết quả học tập"
    template_name = "training/results.html"

    def get_actions(self) -> Sequence[Button]:
        """The sheet, out and in."""
        if not self.may_write:
            return ()
        pk = self.training_class.pk
        sheet, upload = reverse("training:result-sheet", args=[pk]), reverse("training:result-import", args=[pk])
        return (
            Button(label="Tải bảng", url=sheet, icon="download", download=True),
            Button(label="Nhập bảng", url=upload, icon="file-up"),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Write what was typed; what cannot be keeps its place with the reason."""
        if not self.may_write:
            raise Http404
        typed = self._typed(request.POST)
        if typed.faults:
            return self.respond(status=422, typed=typed, faults=["Có ô điểm không đúng."])
        count, faults = self.try_to(
            lambda: record_results(
                training_class=self.training_class,
                results=typed.values,
                versions=typed.versions,
                acting_user=self.reader,
            )
        )
        if faults:
            return self.respond(status=422, typed=typed, faults=faults)
        messages.success(request, f"Đã ghi kết quả của {number_text(count)} người." if count else "Không có gì đổi.")
        return self.back()

    def _typed(self, data: QueryDict) -> TypedResults:
        found = TypedResults()
        states = {value for value, _ in RESULT_CHOICES}
        for row in self.rows:
            if f"r-{row.pk}" not in data:
                continue
            texts = {name: data.get(f"{key}-{row.pk}", "").strip() for key, name in CELLS}
            found.typed[row.pk] = texts
            score = score_of(texts["score"]) if texts["score"] else None
            if texts["score"] and score is None:
                found.faults[row.pk] = "Cần một số từ 0 đến 100, nhiều nhất hai chữ số sau dấu phẩy."
            elif len(texts["grade"]) > 100:
                found.faults[row.pk] = "Xếp loại dài quá 100 ký tự."
            elif texts["state"] not in states:
                found.faults[row.pk] = "Kết quả là đạt hoặc không đạt."
            state = texts["state"] or str(MemberState.CHOSEN)
            found.values[row.pk] = {"score": score, "grade": texts["grade"], "state": state}
            if (version := typed_key(data.get(f"v-{row.pk}"))) is not None:
                found.versions[row.pk] = version
        return found

    def context(self, **extra: Any) -> dict[str, Any]:
        """The grid; who is shown is logged."""
        typed: TypedResults | None = extra.pop("typed", None)
        what = f"Kết quả lớp {self.training_class.name}"
        log_seen(user=self.reader, people=[row.cadre_id for row in self.rows], what=what, day=self.day)
        units, versions = self.units(), versions_of(self.rows)
        rows = [self._row(row, units, versions, typed) for row in self.rows]
        counted = {state: sum(row.state == state for row in self.rows) for state in RESULT_WORDS}
        mine = set(
            trained_by(self.reader).filter(pk__in=[row.cadre_id for row in self.rows]).values_list("pk", flat=True)
        )
        is_finished = self.training_class.state == ClassState.FINISHED
        return (
            super().context(
                rows=rows,
                may_write=self.may_write,
                may_correct=is_finished and may_arrange(self.reader),
                mine=mine,
                choices=RESULT_CHOICES,
                passed=counted[MemberState.PASSED],
                failed=counted[MemberState.FAILED],
                waiting=len(self.rows) - sum(counted.values()),
                faults=(),
            )
            | extra
        )

    def _row(
        self, row: ClassMember, units: Mapping[int, str], versions: Mapping[int, int], typed: TypedResults | None
    ) -> ResultRow:
        score = "" if row.score is None else f"{row.score.normalize():f}".replace(".", ",")
        state = row.state if row.state in RESULT_WORDS else ""
        stands = {"score": score, "grade": row.grade, "state": state}
        shown = typed.typed.get(row.pk, stands) if typed is not None else stands
        return ResultRow(
            member=row,
            unit=units.get(row.unit_id, ""),
            version=versions.get(row.pk, 0),
            fault=typed.faults.get(row.pk, "") if typed is not None else "",
            tag=member_label(row),
            **shown,
        )


#: The controls of a row of results, by the letter before its member.
CELLS = (("s", "score"), ("g", "grade"), ("r", "state"))


class ResultSheet(ClassEditor, GridScreen):
    """The sheet of results as a file."""

    states = (ClassState.RUNNING,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Those who attend, with what was noted."""
        what = f"Bảng kết quả lớp {self.training_class.name}"
        log_export(user=self.reader, people=[row.cadre_id for row in self.rows], what=what, day=self.day)
        content = result_sheet(self.training_class, self.rows, self.units())
        headers = {"Content-Disposition": 'attachment; filename="ket-qua.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)


class ResultImport(ClassEditor, ServiceFormScreen):
    """The sheet, filled in: all or nothing, every fault by its cell."""

    part = "results"
    title = "Nhập kết quả học tập"
    states = (ClassState.RUNNING,)
    template_name = "training/sheet_import.html"
    form_class: ClassVar[type[forms.BaseForm]] = NominationSheetForm
    submit_label = "Kiểm tra và ghi"

    def get_lead(self) -> str:
        """Of which class."""
        return f"{self.training_class.name} · tải bảng, điền điểm và kết quả, rồi gửi lại"

    def save(self, form: Any) -> Any:
        """Read, and write when nothing is wrong."""
        try:
            read = read_results(form.cleaned_data["file"].read(LARGEST), rows=list(self.members().attending()))
        except UnreadableFile as error:
            raise ValidationError({"file": str(error)}) from error
        if read.faults:
            return self.refuse(form, faults=read.faults[:MOST_FAULTS], fault_total=len(read.faults))
        if not read.results:
            raise ValidationError({"file": "Bảng không có kết quả nào."})
        self.read = read
        return super().save(form)

    def write(self, form: Any) -> int:
        """Record everything."""
        return record_results(training_class=self.training_class, results=self.read.results, acting_user=self.reader)

    def get_success_text(self, result: Any) -> str:
        """How many."""
        return f"Đã ghi kết quả của {number_text(result)} người." if result else "Không có gì đổi."

    def get_success_url(self, result: Any) -> str:
        """The grid."""
        return reverse("training:class-results", args=[self.training_class.pk])

    def get_cancel_url(self) -> str:
        """The grid."""
        return self.get_success_url(None)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Nothing is wrong yet."""
        url = reverse("training:result-sheet", args=[self.training_class.pk])
        return super().context(**({"faults": (), "fault_total": 0, "sheet_url": url} | extra))


class ClassFinish(ClassEditor, ServiceFormScreen, ActionScreen):
    """End a class; what was passed is written into the records."""

    title, submit_label = "Kết thúc lớp", "Kết thúc lớp, ghi vào hồ sơ"
    success_text = "Đã kết thúc lớp; kết quả đạt đã ghi vào hồ sơ."
    states, needs_whole = (ClassState.RUNNING,), True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which."""
        return f"Kết thúc «{self.training_class.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What is written."""
        rows = list(self.members().attending().values_list("state", flat=True))
        passed, waiting = rows.count(MemberState.PASSED), rows.count(MemberState.CHOSEN)
        programme = self.training_class.programme
        told = [f"{number_text(passed)} người đạt, {number_text(rows.count(MemberState.FAILED))} người không đạt."]
        if waiting:
            told.append(f"Còn {number_text(waiting)} học viên chưa có kết quả: phải ghi đủ mới kết thúc được.")
        if programme.gives:
            gives = programme.level.name if programme.level is not None else programme.certificate or programme.name
            told.append(f"Hồ sơ của người đạt được ghi thêm trình độ: {gives}.")
        else:
            told.append("Chương trình không cấp văn bằng, chứng chỉ nên hồ sơ không ghi thêm trình độ.")
        return [*told, "Ghi sai thì sửa kết quả từng người hoặc mở lại lớp; hồ sơ được sửa theo."]

    def write(self, form: Any) -> TrainingClass:
        """End it."""
        return finish_class(training_class=self.training_class, day=timezone.localdate(), acting_user=self.reader)


class ClassReopen(ClassEditor, ServiceFormScreen, ActionScreen):
    """Take the end of a class back."""

    title, submit_label, success_text = "Mở lại lớp", "Mở lại lớp", "Đã mở lại lớp."
    is_destructive = True
    states, needs_whole = (ClassState.FINISHED,), True
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def get_question(self) -> str:
        """Which."""
        return f"Mở lại «{self.training_class.name}» để sửa kết quả?"

    def get_consequences(self) -> Sequence[str]:
        """What goes."""
        count = self.members().filter(qualification__isnull=False).count()
        return [f"Trình độ đã ghi vào {number_text(count)} hồ sơ từ lớp này được rút ra; lịch sử hồ sơ vẫn giữ."]

    def write(self, form: Any) -> TrainingClass:
        """Take it back."""
        return reopen_class(
            training_class=self.training_class, reason=form.cleaned_data["reason"], acting_user=self.reader
        )


class ResultCorrect(MemberScreen, ServiceFormScreen):
    """Correct the result of one member of a finished class."""

    title, submit_label, success_text = "Sửa kết quả", "Sửa kết quả", "Đã sửa; hồ sơ được sửa theo."
    form_class: ClassVar[type[forms.BaseForm]] = ResultForm
    read_once: ClassVar[Sequence[str]] = ("member", "training_class")

    def may_open(self) -> bool:
        """Who arranges; of a finished class."""
        if not may_arrange(self.reader):
            return False
        is_result = self.member.state in (MemberState.PASSED, MemberState.FAILED)
        if self.training_class.state != ClassState.FINISHED or not is_result:
            raise Http404
        return True

    def get_lead(self) -> str:
        """Whose."""
        return f"{self.member.cadre.full_name} · {self.training_class.name}"

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {name: getattr(self.member, name) for name in ("state", "score", "grade")}

    def get_version(self) -> str:
        """The member's version."""
        return str(version_of(self.member))

    def write(self, form: Any) -> ClassMember:
        """Correct it."""
        values = {name: form.cleaned_data[name] for name in ("state", "score", "grade")}
        return correct_result(
            member=self.member,
            values=values,
            reason=form.cleaned_data["reason"],
            version=self.version_shown,
            acting_user=self.reader,
        )

    def get_success_url(self, result: Any) -> str:
        """The grid."""
        return reverse("training:class-results", args=[self.training_class.pk])

    def get_cancel_url(self) -> str:
        """The grid."""
        return self.get_success_url(None)
