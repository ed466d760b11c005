"""Printing a long structure report as a job, so that nobody waits in front of a blank page."""

from __future__ import annotations

import datetime
from typing import Any

from hrdb.kernel.jobs import JobFailed, JobResult, Progress
from hrdb.kernel.models import Job
from personnel.reports.structure import StructureReport
from personnel.services.reading import log_print
from personnel.statistics import StructureTable, UnitNotFound, structure

KIND = "print-structure"

#: Tables of more rows are printed as a job: a row takes some 50 ms.
LONG_TABLE = 40


def job_parameters(table: StructureTable) -> dict[str, Any]:
    """What a job needs to count the table again."""
    return {
        "day": table.day.isoformat(),
        "population": table.population.key,
        "unit": table.asked_unit,
        "rows": table.rows_by,
        "youth": table.youth,
    }


def print_structure(job: Job, progress: Progress) -> JobResult:
    """Count and print for the job's owner, within the owner's scope at this moment."""
    asked = dict(job.parameters)
    day = datetime.date.fromisoformat(asked.pop("day"))
    progress.phase("Tính số liệu")
    try:
        report = StructureReport(structure(user=job.owner, day=day, **asked))
    except (UnitNotFound, KeyError):
        raise JobFailed("Đơn vị hoặc đối tượng thống kê không còn trong phạm vi được giao.") from None
    progress.phase("In")
    path = progress.result_path(f"co-cau-{day:%Y%m%d}.pdf")
    path.write_bytes(report.pdf())
    log_print(user=job.owner, what=report.title, day=day)
    return JobResult(file=path, name=path.name)
