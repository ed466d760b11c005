"""Confidence votes (phiếu tín nhiệm): a part of the record with its verdict, and the list of the scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from appraisal.filters import VoteFilters
from appraisal.forms.votes import VoteForm
from appraisal.models import ConfidenceVote
from appraisal.views.base import AppraisalScreen
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text, percent_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Cadre
from personnel.record_parts import RecordPart, record_parts
from personnel.rules.leaving import CONSEQUENCE_LABELS, votes_of_low_confidence
from personnel.services.reading import log_export

TONES = {"none": "good", "resignation": "warn", "removal": "bad"}


def consequence_of(vote: ConfidenceVote) -> str:
    """What follows from a vote, in words, by the law of its day."""
    found = votes_of_low_confidence(low=vote.low, counted=vote.cast, day=vote.held_on).consequence
    return CONSEQUENCE_LABELS[found] if found else "Chưa rõ quy định"


def _verdict(vote: ConfidenceVote) -> SafeString:
    found = votes_of_low_confidence(low=vote.low, counted=vote.cast, day=vote.held_on).consequence
    return label(consequence_of(vote), TONES.get(found or "", ""))


def _share(number: int, vote: ConfidenceVote) -> str:
    share = f" ({percent_text(number / vote.cast)})" if vote.cast else ""
    return f"{number_text(number)}{share}"


def _counts(vote: ConfidenceVote) -> str:
    return f"{number_text(vote.cast)} / {number_text(vote.summoned)}"


VOTE_COLUMNS = (
    Column(key="cast", label="Phiếu thu về / triệu tập", value=_counts, align="right"),
    Column(key="high", label="Tín nhiệm cao", value=lambda vote: _share(vote.high, vote), align="right"),
    Column(key="medium", label="Tín nhiệm", value=lambda vote: _share(vote.medium, vote), align="right"),
    Column(key="low", label="Tín nhiệm thấp", value=lambda vote: _share(vote.low, vote), align="right"),
)

record_parts.register(
    RecordPart(
        key="confidence-votes",
        model=ConfidenceVote,
        label="Phiếu tín nhiệm",
        noun="lần lấy phiếu",
        tab="rating",
        order=10,
        form_class=VoteForm,
        columns=(
            Column(key="held_on", label="Ngày", value=lambda row: row.row.held_on),
            Column(
                key="body",
                label="Cơ quan lấy phiếu",
                value=lambda row: row.row.body,
                second=lambda row: row.row.title_text,
            ),
            *(
                Column(
                    key=column.key,
                    label=column.label,
                    value=lambda row, column=column: column.raw(row.row),  # type: ignore[misc]
                    align=column.align,
                )
                for column in VOTE_COLUMNS
            ),
            Column(key="verdict", label="Hệ quả", render=lambda row: _verdict(row.row)),
        ),
        ordering=("-held_on",),
        known_on=lambda day: Q(held_on__lte=day),
        empty="Chưa ghi lần lấy phiếu tín nhiệm nào.",
    )
)


class VoteList(AppraisalScreen, ListScreen):
    """Every confidence vote of the scope, with what follows from it."""

    title = "Phiếu tín nhiệm"
    noun = "lần lấy phiếu"
    export_name = "phieu-tin-nhiem"
    filter_class = VoteFilters
    default_sort = "-held_on"
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="cadre.full_name",
            second="title_text",
            second_label="Chức vụ",
            link=lambda vote: with_query(reverse("personnel:cadre-detail", args=[vote.cadre_id]), tab="rating"),
            sort="cadre__sort_key",
            fixed=True,
            wide=True,
        ),
        Column(key="held_on", label="Ngày", value="held_on", sort="held_on"),
        Column(key="body", label="Cơ quan lấy phiếu", value="body", wide=True),
        *VOTE_COLUMNS,
        Column(key="verdict", label="Hệ quả", render=_verdict, export=consequence_of),
    )
    empty = Empty(
        title="Chưa ghi lần lấy phiếu tín nhiệm nào",
        text="Ghi kết quả ở thẻ «Đánh giá» trên hồ sơ của từng người.",
        icon="vote",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Votes on people of the reader's scope, known on the asked day."""
        people = Cadre.objects.visible_to(self.user)
        votes = ConfidenceVote.objects.filter(cadre__in=people, held_on__lte=self.day)
        return votes.select_related("cadre")

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The workbook of what is seen; whom it shows is logged."""
        log_export(user=self.user, what="phiếu tín nhiệm", people=list(rows.values_list("cadre_id", flat=True)))
        return super().export(columns, rows)
