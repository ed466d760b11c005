"""Qualifications: one of another level is added; what was not known of one that is there is filled in."""

from __future__ import annotations

from hrdb.kernel.many import new_row
from hrdb.kernel.periods import StartPrecision
from hrdb.kernel.text import same_text_key
from personnel.imports.roster.facts import Facts, Learning
from personnel.imports.roster.held import HeldRecord
from personnel.imports.roster.verdicts import Comparison, Difference, Verdict
from personnel.models import Qualification
from personnel.services.rosters import known_from


def compare_learnings(facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict) -> None:
    for learning in facts.learnings:
        same = next(
            (row for row in held.track(Qualification, kind=learning.kind) if _same_learning(row, learning)), None
        )
        if same is not None:
            _complete_learning(same, learning, verdict)
            continue
        start = learning.held_from.value if learning.held_from else compared.day
        new = new_row(
            Qualification,
            cadre_id=held.cadre.pk,
            kind=learning.kind,
            level_id=learning.level_id,
            level_text="" if learning.level_id and _is_plain(learning, compared) else learning.text[:250],
            language_id=learning.language_id,
            field=learning.field_of_study[:250],
            school=learning.school[:250],
            study_form_id=learning.study_form_id,
            effective_from=min(start, compared.day),
            start_precision=learning.held_from.precision if learning.held_from else StartPrecision.KNOWN_FROM,
            basis=known_from(compared.day),
        )
        verdict.changes.inserts.append(new)
        held.rows[Qualification].append(new)
        verdict.differences.append(Difference("Trình độ", "", learning.text, "add"))


def _is_plain(learning: Learning, compared: Comparison) -> bool:
    return same_text_key(compared.name("level", learning.level_id)) == same_text_key(learning.text)


def _same_learning(row: Qualification, learning: Learning) -> bool:
    if learning.language_id != row.language_id:
        return False
    if learning.level_id is not None and row.level_id is not None:
        return row.level_id == learning.level_id
    return learning.level_id == row.level_id and same_text_key(row.level_text) == same_text_key(learning.text)


def _complete_learning(row: Qualification, learning: Learning, verdict: Verdict) -> None:
    """Field and school that were not known are filled in."""
    if row.pk is None:
        return
    for name, value, label in (
        ("field", learning.field_of_study, "Chuyên ngành"),
        ("school", learning.school, "Cơ sở đào tạo"),
    ):
        if value and not getattr(row, name):
            verdict.changes.edit(row, **{name: value[:250]})
            verdict.differences.append(Difference(label, "", value, "fill"))
