"""Closed choices of appraisal."""

from __future__ import annotations

from django.db.models import TextChoices


class CycleKind(TextChoices):
    """Kỳ of a cycle."""

    YEAR = "year", "Năm"
    QUARTER = "quarter", "Quý"
    MONTH = "month", "Tháng"


class CycleState(TextChoices):
    """Trạng thái of a cycle."""

    OPEN = "open", "Đang mở"
    CLOSED = "closed", "Đã khóa"


class LevelChoice(TextChoices):
    """Mức xếp loại, from the highest."""

    EXCELLENT = "excellent", "Hoàn thành xuất sắc nhiệm vụ"
    GOOD = "good", "Hoàn thành tốt nhiệm vụ"
    COMPLETED = "completed", "Hoàn thành nhiệm vụ"
    NOT_COMPLETED = "not_completed", "Không hoàn thành nhiệm vụ"


#: Codes of the dated list of levels (personnel's `RatingLevel`).
LEVEL_CODES = {
    LevelChoice.EXCELLENT: "01",
    LevelChoice.GOOD: "02",
    LevelChoice.COMPLETED: "03",
    LevelChoice.NOT_COMPLETED: "04",
}


class SubmissionState(TextChoices):
    """Trạng thái of a unit's ratings in a cycle."""

    DRAFT = "draft", "Đang nhập"
    SUBMITTED = "submitted", "Đã trình"
    RETURNED = "returned", "Bị trả lại"
    APPROVED = "approved", "Đã duyệt"
    PUBLISHED = "published", "Đã công khai"


#: States in which a unit's ratings may be changed.
OPEN_SUBMISSIONS = (SubmissionState.DRAFT, SubmissionState.RETURNED)

#: States in which a unit's ratings stand as they were approved.
FROZEN_SUBMISSIONS = (SubmissionState.APPROVED, SubmissionState.PUBLISHED)


class Exclusion(TextChoices):
    """Vì sao không xếp loại."""

    SHORT = "short", "Công tác chưa đủ thời gian để xếp loại"
    LEAVE = "leave", "Nghỉ dài ngày trong kỳ"
    STUDY = "study", "Đi học dài hạn, xếp loại theo kết quả học tập"
    ELSEWHERE = "elsewhere", "Do cơ quan khác xếp loại"
