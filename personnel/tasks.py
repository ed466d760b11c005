"""The long work of this app; loaded with it, so the work itself is imported only when it runs."""

from __future__ import annotations

from datetime import date

from hrdb.kernel.daily import daily
from hrdb.kernel.jobs import JobFailed, JobResult, Progress, job_kind
from hrdb.kernel.models import Job


@job_kind("print-curricula", "In sơ yếu lý lịch hàng loạt")
def print_curricula(job: Job, progress: Progress) -> JobResult:
    """Print the sơ yếu lý lịch of a selection."""
    from personnel.reports.batch import print_selection

    return print_selection(job, progress)


@job_kind("print-roster-list", "In danh sách trích ngang")
def print_roster_list(job: Job, progress: Progress) -> JobResult:
    """Print a long danh sách trích ngang."""
    from personnel.reports.roster_list import print_list

    return print_list(job, progress)


@job_kind("print-structure", "In thống kê cơ cấu")
def print_structure(job: Job, progress: Progress) -> JobResult:
    """Print a long structure report."""
    from personnel.reports import structure_printing

    return structure_printing.print_structure(job, progress)


@job_kind("roster-check", "Kiểm tra danh sách")
def check_roster(job: Job, progress: Progress) -> JobResult:
    """Understand a roster and compare it with the record."""
    from personnel.imports.roster.checking import check_batch
    from personnel.models import ImportBatch

    check_batch(ImportBatch.objects.visible_to(job.owner).get(pk=job.parameters["batch"]), job.owner, progress)
    return JobResult()


@job_kind("roster-commit", "Ghi danh sách vào hồ sơ")
def commit_roster(job: Job, progress: Progress) -> JobResult:
    """Write a checked roster."""
    from personnel.imports.roster.checking import commit_batch
    from personnel.models import ImportBatch

    batch = ImportBatch.objects.visible_to(job.owner).get(pk=job.parameters["batch"])
    return JobResult(values=commit_batch(batch, job.owner, progress))


@job_kind("print-due", "In danh sách việc đến hạn")
def print_due(job: Job, progress: Progress) -> JobResult:
    """Print a long list of due matters."""
    from personnel.reports.due import print_due as print_list

    return print_list(job, progress)


@job_kind("workbook-export", "Xuất sổ hồ sơ")
def export_workbook(job: Job, progress: Progress) -> JobResult:
    """Write the whole records of a selection into a workbook."""
    from personnel.exports.workbook.exporting import export_selection

    return export_selection(job, progress)


@job_kind("workbook-check", "Kiểm tra sổ hồ sơ")
def check_workbook(job: Job, progress: Progress) -> JobResult:
    """Compare a workbook with the record."""
    from personnel.imports.workbook.checking import batch_of, check_batch

    check_batch(batch_of(job.owner, job.parameters["batch"]), job.owner, progress)
    return JobResult()


@job_kind("workbook-commit", "Ghi sổ hồ sơ vào hồ sơ")
def commit_workbook(job: Job, progress: Progress) -> JobResult:
    """Write a checked workbook."""
    from personnel.imports.workbook.checking import batch_of, commit_batch

    return JobResult(values=commit_batch(batch_of(job.owner, job.parameters["batch"]), job.owner, progress))


@job_kind("reorganisation-rehearse", "Chạy thử phương án sắp xếp đơn vị")
@job_kind("reorganisation-apply", "Thực hiện phương án sắp xếp đơn vị")
@job_kind("reorganisation-undo", "Hoàn tác phương án sắp xếp đơn vị")
def reorganise_units(job: Job, progress: Progress) -> JobResult:
    """Rehearse, carry out or undo a reorganisation."""
    from personnel.services.reorganisation.working import work

    return JobResult(values=work(job, progress))


@job_kind("roster-rejected", "Xuất các dòng lỗi của danh sách")
def export_bad_rows(job: Job, progress: Progress) -> JobResult:
    """Write the bad rows of a long roster with their reasons."""
    from hrdb.kernel.spreadsheets.errors import UnreadableFile
    from personnel.imports.roster.checking import write_bad_rows
    from personnel.models import ImportBatch

    batch = ImportBatch.objects.visible_to(job.owner).get(pk=job.parameters["batch"])
    path = progress.result_path(f"dong-loi-{batch.pk}.xlsx")
    progress.phase("Đang đọc lại danh sách")
    try:
        write_bad_rows(batch, job.owner, path)
    except UnreadableFile as error:
        raise JobFailed(str(error)) from error
    return JobResult(file=path)


@daily("project-grants", "Làm mới bảng quyền theo ngày")
def refresh_permissions(day: date) -> None:
    """Grants begin and end by date: when the day comes the permission tables follow, and files made under them go."""
    from personnel.services.grants import forget_results_of_ended_grants, project_grants

    project_grants(day=day)
    forget_results_of_ended_grants(day=day)


@job_kind("decision-texts", "Lập văn bản quyết định hàng loạt")
def write_decision_texts(job: Job, progress: Progress) -> JobResult:
    """Write the texts of many decisions, or of each person of one."""
    from personnel.reports.decision_texts.batch import write_texts

    return write_texts(job, progress)
