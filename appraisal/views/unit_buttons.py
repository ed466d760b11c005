"""The buttons of a unit's sheet: what a reader may do with it as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appraisal.choices import SubmissionState
from hrdb.kernel.screens import Action as Button
from personnel.policies import Action

if TYPE_CHECKING:
    from appraisal.views.unit import UnitPage


def unit_buttons(page: UnitPage) -> list[Button]:
    """Summary for everybody; entering, submitting, approving and publishing for those whose turn it is."""
    state = page.submission.state
    buttons = [Button(label="Bảng tổng hợp", url=page.unit_url("appraisal:unit-summary"), icon="file-text")]
    if page.may_enter:
        url = page.unit_url("appraisal:unit-upload")
        buttons.append(Button(label="Nhập từ tệp", url=url, icon="file-up"))
        buttons.append(Button(label="Trình duyệt", url=page.unit_url("appraisal:submit"), icon="send", main=True))
    if state == SubmissionState.SUBMITTED and page.may_on_unit(Action.APPROVE):
        buttons.append(Button(label="Trả lại", url=page.unit_url("appraisal:return"), icon="undo-2"))
        buttons.append(Button(label="Duyệt", url=page.unit_url("appraisal:approve"), icon="badge-check", main=True))
    if state == SubmissionState.APPROVED and page.may_on_unit(Action.APPRAISE):
        buttons.append(Button(label="Công khai", url=page.unit_url("appraisal:publish"), icon="megaphone", main=True))
    return buttons
