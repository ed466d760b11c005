"""Texts of many decisions, or one for each person (văn bản hàng loạt): a background job that hands out one zip."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from hrdb.kernel.jobs import JobFailed, JobResult, Progress, start_job
from hrdb.kernel.models import Job, User
from hrdb.kernel.pdf import PrintingFailed, Sheet, merge_pdfs, print_sheets
from personnel.exports.decision_texts import fill_text, text_name
from personnel.models import Decision
from personnel.reports.decision_texts.paper import STYLESHEETS, text_parts
from personnel.reports.decision_texts.reading import DecisionText, read_text, read_texts_by_person, readable_texts
from personnel.services.decision_templates import template_for
from personnel.services.errors import ServiceRefusal
from personnel.services.reading import log_export

KIND: Final = "decision-texts"
MOST_TEXTS: Final = 3000
NOTHING: Final = "Không có quyết định nào có văn bản trong phạm vi của bạn."
WHAT: Final = "Văn bản quyết định"


@dataclass(frozen=True)
class TextOrder:
    """What is to be written, as it travels in a job's parameters."""

    decisions: tuple[int, ...]
    by_person: bool
    formats: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"decisions": list(self.decisions), "by_person": self.by_person, "formats": list(self.formats)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The order that was written by `as_json`."""
        return cls(tuple(values["decisions"]), bool(values["by_person"]), tuple(values["formats"]))


def start_texts(*, decisions: QuerySet[Decision], by_person: bool, formats: Sequence[str], acting_user: User) -> Job:
    """Queue the texts; who may have them is asked again when the job runs. Raises ValidationError."""
    ids = list(decisions.filter(pk__in=readable_texts(acting_user).values("pk")).values_list("pk", flat=True))
    if not ids:
        raise ValidationError(NOTHING)
    order = TextOrder(tuple(ids), by_person, tuple(formats))
    scope = f"{len(ids)} quyết định" + (", mỗi người một văn bản" if by_person else "")
    return start_job(kind=KIND, owner=acting_user, parameters=order.as_json(), scope=scope)


def write_texts(job: Job, progress: Progress) -> JobResult:
    """Do the job: read the decisions one by one, write their texts, put them into one zip, log it."""
    order, user = TextOrder.from_json(job.parameters), job.owner
    decisions = list(
        readable_texts(user).filter(pk__in=order.decisions).select_related("kind", "rests_on", "target__kind")
    )
    if not decisions:
        raise JobFailed(NOTHING)
    folder = progress.result_path("parts")
    folder.mkdir(exist_ok=True, mode=0o700)
    try:
        texts, refused = _read_all(decisions, order, progress)
        files = [*_in_word(texts, order, folder, progress), *_in_pdf(texts, order, folder, progress)]
        target = progress.result_path("van-ban.zip")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name, path in files:
                archive.write(path, name)
            if refused:
                archive.writestr("Khong lap duoc.txt", "\r\n".join(refused))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    people = {pk for text in texts for pk in text.people}
    log_export(user=user, what=WHAT, people=people, file_format="zip")
    name = f"Van ban quyet dinh - {len(texts)} van ban.zip"
    return JobResult(file=target, name=name, values={"texts": len(texts), "refused": len(refused)})


def _read_all(
    decisions: Sequence[Decision], order: TextOrder, progress: Progress
) -> tuple[list[DecisionText], list[str]]:
    """The texts, and a sentence for each decision that has none."""
    texts: list[DecisionText] = []
    refused: list[str] = []
    progress.phase("Đang đọc quyết định", total=len(decisions))
    for done, decision in enumerate(decisions, 1):
        try:
            texts += read_texts_by_person(decision) if order.by_person else [read_text(decision)]
        except ServiceRefusal as refusal:
            refused.append(f"{decision}: {refusal}")
        if len(texts) > MOST_TEXTS:
            raise JobFailed(f"Mỗi lần lập nhiều nhất {MOST_TEXTS} văn bản. Hãy chọn ít quyết định hơn.")
        progress.report(done)
    if not texts:
        raise JobFailed(refused[0] if refused else NOTHING)
    return texts, refused


def _in_word(
    texts: Sequence[DecisionText], order: TextOrder, folder: Path, progress: Progress
) -> Iterator[tuple[str, Path]]:
    if "docx" not in order.formats:
        return
    progress.phase("Đang lập văn bản Word", total=len(texts))
    templates: dict[tuple[int | None, str], bytes | None] = {}
    for number, text in enumerate(texts, 1):
        office = text.decision.unit_id, text.kind.key
        if office not in templates:
            templates[office] = template_for(*office)
        path = folder / f"{number:05d}.docx"
        try:
            path.write_bytes(fill_text(text, templates[office]))
        except ServiceRefusal as refusal:
            raise JobFailed(str(refusal)) from None
        yield f"{number:04d} {text_name(text, '.docx')}", path
        progress.report(number)


def _in_pdf(
    texts: Sequence[DecisionText], order: TextOrder, folder: Path, progress: Progress
) -> Iterator[tuple[str, Path]]:
    if "pdf" not in order.formats:
        return
    progress.phase("Đang in PDF", total=len(texts))
    parts: list[list[Path]] = [[] for _ in texts]

    def sheets() -> Iterator[Sheet]:
        for number, text in enumerate(texts):
            for place, html in enumerate(text_parts(text)):
                path = folder / f"{number:05d}-{place:03d}.pdf"
                parts[number].append(path)
                yield Sheet(html, path, STYLESHEETS)

    try:
        for _ in print_sheets(sheets()):
            pass
    except PrintingFailed as failure:
        raise JobFailed(str(failure)) from failure
    for number, (text, paths) in enumerate(zip(texts, parts, strict=True), 1):
        path = paths[0]
        if len(paths) > 1:
            path = folder / f"{number:05d}.pdf"
            merge_pdfs([("", part) for part in paths], path, title=text.values["subject"])
        yield f"{number:04d} {text_name(text, '.pdf')}", path
        progress.report(number)
