"""The sheet of a unit: a grid that is filled by keyboard and saved cell by cell, with its checks beside it.

Without scripts the grid is one form. What is approved is shown as it was approved, with its hash.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from appraisal.choices import FROZEN_SUBMISSIONS, LevelChoice, SubmissionState
from appraisal.forms.ratings import (
    CELLS,
    GROUND_LABELS,
    REASON_CHOICES,
    CellsForm,
    previous_text,
    score_text,
    shown_cell,
)
from appraisal.models import Rating, UnitRating
from appraisal.reports.corrections import correction_text
from appraisal.services.correcting import correctable_people
from appraisal.services.entering import allowed_people, enter_rating, may_rate_unit
from appraisal.services.submitting import is_intact, strays
from appraisal.statistics.checking import OFF_DUTY_REASON, UnitCheck, check_unit
from appraisal.statistics.rated import members_of
from appraisal.statistics.sheet import SheetLine, people_in_order, sheet_lines
from appraisal.views.base import UnitCycleScreen
from appraisal.views.checks import drawn_checks, wrong_text
from appraisal.views.cycles import TONES
from appraisal.views.unit_buttons import unit_buttons
from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens.formats import number_text
from personnel.choices import TitleGroup
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal, StaleVersion

PER_PAGE: Final = 50
#: Short words in the cells of levels; each begins with the letter that types it.
SHORT: Final = {
    LevelChoice.EXCELLENT: "Xuất sắc",
    LevelChoice.GOOD: "Tốt",
    LevelChoice.COMPLETED: "Hoàn thành",
    LevelChoice.NOT_COMPLETED: "Không HT",
}
SCORES: Final = ("self_score", "general_score", "results_score", "score")


@dataclass
class Cell:
    """One cell: its name in the form, its value, whether it is a score, what is wrong with it."""

    name: str
    field: str
    label: str
    value: str
    kind: str
    options: Sequence[tuple[str, str]] = ()
    reasons: Sequence[tuple[str, str]] = ()
    fault: str = ""
    #: Why it is closed to everybody (no member of the Party); empty for what may be entered.
    closed: str = ""

    @property
    def shown(self) -> str:
        """The value in words, for those who only read."""
        return dict([*self.options, *self.reasons]).get(self.value, self.value) if self.kind == "level" else self.value


@dataclass
class GridRow:
    """One person of the grid as it is drawn."""

    line: SheetLine
    is_open: bool
    is_hidden: bool
    why: str
    wrong: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def came(self) -> str:
        """Earlier units of the year, with what they sent."""
        row = self.line.rating
        told = [previous_text(one) for one in row.previous_scores] if row and not self.is_hidden else []
        return "; ".join(told) or "; ".join(one.name for one in self.line.came)


_LEVEL_OPTIONS: Final = [("", "—"), *((str(level), short) for level, short in SHORT.items())]
_REASONS: Final = REASON_CHOICES
_HEADS: Final = {
    "self_score": "Tự chấm",
    "general_score": "Tiêu chí chung",
    "results_score": "Kết quả",
    "score": "Điểm",
    "proposed_level": "Tập thể đề nghị",
    "level": "Mức xếp loại",
    "party_level": "Đảng viên",
    "note": "Ghi chú",
}


def _cell(row: Rating | None, cadre_id: int, name: str, typed: str | None = None, fault: str = "") -> Cell:
    kind = "score" if name in SCORES else "words" if name == "note" else "level"
    value = shown_cell(row, name) if typed is None else typed
    reasons = _REASONS if name == "level" else ()
    options = _LEVEL_OPTIONS if kind == "level" else ()
    return Cell(f"r{cadre_id}-{name}", name, _HEADS[name], value, kind, options, reasons, fault)


class UnitPage(UnitCycleScreen):
    """The sheet of one unit in one cycle."""

    template_name = "appraisal/unit.html"
    fragments = {"checks": "appraisal/checks.html"}

    def get_title(self) -> str:
        """The unit."""
        return self.unit_name

    def get_lead(self) -> str:
        """Cycle, how far, until when."""
        done, people = number_text(self.check.done), number_text(len(self.check.rated))
        return f"{self.cycle.name} · đã xếp loại {done} / {people} người · {self.deadline_text()}"

    def get_crumbs(self) -> Sequence[Any]:
        """Back to the cycle."""
        return [self.room(), self.cycle_crumb()]

    def get_actions(self) -> Sequence[Any]:
        """What this reader may do with the sheet as it stands."""
        return unit_buttons(self)

    @cached_property
    def check(self) -> UnitCheck:
        """What is found of the unit's ratings."""
        return check_unit(self.cycle, self.unit.pk, agencies=self.agencies)

    @cached_property
    def may_enter(self) -> bool:
        """Whether this reader may enter anything now."""
        is_open = self.cycle.is_open and self.submission.state in (SubmissionState.DRAFT, SubmissionState.RETURNED)
        return is_open and self.may_on_unit(Action.APPRAISE)

    @cached_property
    def page(self) -> Page[Any]:
        """The people of the page that is asked."""
        return Paginator(people_in_order(self.check), PER_PAGE).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[SheetLine]:
        """Their lines."""
        return sheet_lines(self.cycle, self.check, self.agencies, list(self.page.object_list))

    @cached_property
    def members(self) -> set[int]:
        """Who of the page is a member of the Party on the last day."""
        return members_of([line.cadre.pk for line in self.lines], self.cycle.ends_on)

    @cached_property
    def allowed(self) -> set[int]:
        """Whom of the page this reader may rate."""
        if not self.may_enter:
            return set()
        return set(allowed_people(self.cycle, [line.cadre.pk for line in self.lines], acting_user=self.user))

    def grid(self, typed: dict[int, dict[str, str]], faults: dict[str, str]) -> list[GridRow]:
        """The rows as drawn, with what was typed and is refused still in its cells."""
        rows = []
        for line in self.lines:
            pk = line.cadre.pk
            is_open = pk in self.allowed
            is_hidden = self.is_unpublished_own(line.cadre)
            row = GridRow(line, is_open, is_hidden, "", wrong_text(line.wrong) if not is_hidden else "")
            if self.may_enter and not is_open:
                row.why = "kết quả của bạn" if line.cadre.account_id == self.user.pk else "cấp trên xếp loại"
            own = typed.get(pk, {})
            row.cells = [
                _cell(None if is_hidden else line.rating, pk, name, own.get(name), faults.get(f"r{pk}-{name}", ""))
                for name in CELLS
            ]
            if pk not in self.members and not (line.rating and line.rating.party_level):
                row.cells[CELLS.index("party_level")].closed = "không phải đảng viên"
            rows.append(row)
        return rows

    def is_unpublished_own(self, cadre: Cadre) -> bool:
        """Whether it is the reader's own result before it was published."""
        return cadre.account_id == self.user.pk and self.submission.state != SubmissionState.PUBLISHED

    def context(self, **extra: Any) -> dict[str, Any]:
        """The grid or what was approved, and the checks."""
        is_frozen = self.submission.state in FROZEN_SUBMISSIONS
        context = super().context(
            cycle=self.cycle,
            unit=self.unit,
            submission=self.submission,
            state_label=self.submission.get_state_display(),
            state_tone=TONES.get(self.submission.state, ""),
            is_frozen=is_frozen,
            may_enter=self.may_enter,
            own_text=self._own_text(),
            may_rate_unit=self.may_rate_unit,
            checks=drawn_checks(self.check, self.agencies, self.user),
            page=self.page,
            heads=[(name, _HEADS[name]) for name in CELLS],
            save_url=self.unit_url("appraisal:cell"),
            checks_url=self.unit_url(page=self.request.GET.get("page")),
            before_url=self._page_url(-1),
            after_url=self._page_url(1),
        )
        if is_frozen:
            context |= self._frozen()
        else:
            context["rows"] = self.grid(extra.pop("typed", {}), extra.pop("faults", {}))
        return context | extra

    def _page_url(self, step: int) -> str:
        number = self.page.number + step
        return self.unit_url(page=number) if 1 <= number <= self.page.paginator.num_pages else ""

    @property
    def may_rate_unit(self) -> bool:
        """Whether this reader rates the unit itself, now."""
        is_open = self.cycle.is_open and self.submission.state not in FROZEN_SUBMISSIONS
        return is_open and may_rate_unit(self.unit, acting_user=self.user, day=self.cycle.ends_on)

    def _own_text(self) -> str:
        """The unit's own rating in a line; empty before it is rated."""
        own = UnitRating.objects.filter(cycle=self.cycle, unit=self.unit).first()
        if own is None:
            return ""
        told = [own.get_level_display() or "chưa có mức"]
        if own.score is not None:
            told.append(f"{number_text(own.score)} điểm")
        if own.percent_done is not None:
            told.append(f"hoàn thành {number_text(own.percent_done)}% chỉ tiêu, nhiệm vụ")
        if own.targets_missed is not None:
            told.append(f"{number_text(own.targets_missed)} chỉ tiêu cơ bản không đạt")
        if own.is_outstanding:
            told.append("có thành tích nổi trội")
        return " · ".join(told)

    def _frozen(self) -> dict[str, Any]:
        """What was approved, row by row, and corrections that came after."""
        content = self.submission.content or {"people": []}
        corrections: dict[int, list[str]] = {}
        for told in content.get("corrections", ()):
            corrections.setdefault(told["cadre"], []).append(correction_text(told))
        place = {cadre.pk: number for number, cadre in enumerate(people_in_order(self.check))}
        people = sorted(content["people"], key=lambda one: place.get(one["cadre"], len(place)))
        open_to = correctable_people(self.cycle, self.unit, acting_user=self.user)
        may_correct = set(open_to.values_list("pk", flat=True))
        own = Cadre.objects.filter(account_id=self.user.pk).values_list("pk", flat=True).first()
        is_published = self.submission.state == SubmissionState.PUBLISHED
        rows = []
        for one in people:
            if one["cadre"] == own and not is_published:
                rows.append({"name": one["name"], "is_hidden": True})
                continue
            rows.append(
                {
                    "pk": one["cadre"],
                    "name": one["name"],
                    "title": self._title_of(one["cadre"]),
                    "score": score_text(one["score"]),
                    "level": _level(one["level"], one["exclusion"]),
                    "party_level": LevelChoice(one["party_level"]).label if one["party_level"] else "",
                    "note": one["note"],
                    "grounds": _grounds_text(one.get("grounds") or {}),
                    "corrections": corrections.get(one["cadre"], ()),
                    "may_correct": one["cadre"] in may_correct,
                }
            )
        return {
            "frozen": rows,
            "is_intact": is_intact(self.submission),
            "strays": strays(self.submission),
            "corrected": len(content.get("corrections", ())),
            "may_correct": bool(may_correct),
        }

    def _title_of(self, cadre_id: int) -> str:
        """The title of somebody on the last day, as the grid shows it."""
        rated = self.check.rated.get(cadre_id)
        return "" if rated is None else rated.title or str(TitleGroup(rated.title_group).label)

    # Without scripts --------------------------------------------------------------------------------------------------

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save every row of the page that differs; what is refused stays typed with its reason."""
        if not self.may_enter:
            messages.error(request, "Kết quả của đơn vị không còn nhập được.")
            return HttpResponseRedirect(self.unit_url())
        typed: dict[int, dict[str, str]] = {}
        faults: dict[str, str] = {}
        saved = 0
        for line in self.lines:
            if line.cadre.pk in self.allowed:
                saved += self._save_row(line, typed, faults)
        if saved:
            messages.success(request, f"Đã lưu {number_text(saved)} người.")
        elif not faults:
            messages.info(request, "Không có gì thay đổi.")
        if not faults:
            return HttpResponseRedirect(self.unit_url(page=request.GET.get("page")))
        messages.error(request, f"Còn {number_text(len(faults))} ô chưa lưu được, xem từng ô bên dưới.")
        for name in ("check", "lines", "page"):
            self.__dict__.pop(name, None)
        return self.respond(422, typed=typed, faults=faults)

    def _save_row(self, line: SheetLine, typed: dict[int, dict[str, str]], faults: dict[str, str]) -> int:
        """Save one row if it differs; answers how many rows were saved."""
        pk = line.cadre.pk
        sent = {name: self.request.POST.get(f"r{pk}-{name}") for name in CELLS}
        changed = [name for name, value in sent.items() if value is not None and value != shown_cell(line.rating, name)]
        if not changed:
            return 0
        form = CellsForm({name: sent[name] for name in changed})
        if form.is_valid():
            version = self.request.POST.get(f"v{pk}", "")
            try:
                enter_rating(
                    cycle=self.cycle,
                    cadre=line.cadre,
                    values=form.values(*changed),
                    version=typed_key(version) or 0,
                    acting_user=self.user,
                )
                return 1
            except (ServiceRefusal, ValidationError, Cadre.DoesNotExist) as error:
                faults |= {f"r{pk}-{name}": sentence(error) for name in changed[:1]}
        else:
            faults |= {f"r{pk}-{name}": " ".join(map(str, texts)) for name, texts in form.errors.items()}
        typed[pk] = {name: sent[name] or "" for name in changed}
        return 0


def sentence(error: Exception) -> str:
    """What a refusal says, in one sentence."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, Cadre.DoesNotExist):
        return "Người này không do bạn xếp loại trong kỳ này."
    return str(error)


def _level(level: str, exclusion: str) -> str:
    if exclusion:
        return f"Không xếp loại: {Rating(exclusion=exclusion).get_exclusion_display().lower()}"
    return str(LevelChoice(level).label) if level else ""


def _grounds_text(grounds: dict[str, Any]) -> str:
    """Special cases that the approval kept, in words."""
    told = [GROUND_LABELS[name] for name in GROUND_LABELS if grounds.get(name)]
    reason = grounds.get(OFF_DUTY_REASON)
    return "; ".join(told) + (f": {reason}" if reason else "")


class CellSave(UnitPage):
    """One cell, sent by itself; answers with the checks, and in a header with the row as it now stands."""

    http_method_names = ["post"]

    def may_open(self) -> bool:
        """Whoever appraises somewhere."""
        return super().may_open() and self.is_open_to(Action.APPRAISE)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save it; 409 when somebody else changed the row first, 422 with the reason when it is refused."""
        _ = self.unit
        cadre, name = self._asked()
        form = CellsForm({name: request.POST.get("value", "")})
        if not form.is_valid():
            return self._answer(422, cadre, refused=" ".join(map(str, form.errors.get(name, ()))))
        version = request.POST.get("version", "")
        try:
            enter_rating(
                cycle=self.cycle,
                cadre=cadre,
                values=form.values(name),
                version=typed_key(version) or 0,
                acting_user=self.user,
            )
        except StaleVersion:
            return self._answer(409, cadre, refused=self._clash(cadre, name))
        except (ServiceRefusal, ValidationError) as error:
            return self._answer(422, cadre, refused=sentence(error))
        except Cadre.DoesNotExist:
            raise Http404 from None
        return self._answer(200, cadre)

    def _clash(self, cadre: Cadre, name: str) -> str:
        """That somebody else wrote the row first, and what stands in the cell now."""
        cell = _cell(Rating.objects.filter(cycle=self.cycle, cadre=cadre).first(), cadre.pk, name)
        shown = cell.shown if cell.shown not in ("", "—") else "trống"
        return f"Người khác vừa sửa dòng này: ô «{cell.label}» nay là {shown}. Bấm Enter ở ô này để ghi đè."

    def _asked(self) -> tuple[Cadre, str]:
        """The person and the cell; 404 for whom the unit does not rate and for what is no cell."""
        key, name = self.request.POST.get("row", ""), self.request.POST.get("field", "")
        people = Cadre.objects.visible_to(self.user, Action.APPRAISE)
        cadre = people.filter(pk=typed_key(key) or 0).first()
        if cadre is None or name not in CELLS:
            raise Http404
        return cadre, name

    def _answer(self, status: int, cadre: Cadre, refused: str = "") -> HttpResponse:
        self.__dict__.pop("check", None)
        row = Rating.objects.filter(cycle=self.cycle, cadre=cadre).first()
        told: dict[str, Any] = {
            "row": cadre.pk,
            "version": version_of(row) if row else 0,
            "values": {name: shown_cell(row, name) for name in CELLS},
            "wrong": wrong_text([one for one in self.check.findings.get(cadre.pk, ()) if one.outcome == "not_met"]),
            "refused": refused,
        }
        checks = drawn_checks(self.check, self.agencies, self.user)
        context = {"checks": checks, "lead": self.get_lead(), "is_fragment": True}
        response = TemplateResponse(self.request, "appraisal/checks.html", context, status=status)
        response["HX-Trigger"] = json.dumps({"hr:cell": told})
        return response
