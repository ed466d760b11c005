"""A small province for walking every address: one user of each role, things inside the scope and things outside it.

Everything outside bears names and numbers that occur nowhere else, so that a page which lets one slip shows it.
"""

from __future__ import annotations

import datetime
import io
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from appraisal.imports.checking import check_batch as check_ratings
from appraisal.models import RatingCycle
from hrdb.kernel.jobs import Progress
from hrdb.kernel.models import AuditEvent, Job, User
from personnel.choices import BatchState, DecisionState
from personnel.imports.roster.checking import check_batch
from personnel.imports.workbook.checking import check_batch as check_workbook
from personnel.models import (
    Assignment,
    Cadre,
    Decision,
    DecisionItem,
    DecisionKind,
    EthnicGroup,
    Grant,
    ImportBatch,
    ReceivingRequest,
    Relative,
    RelativeKind,
    Seat,
    Title,
    Unit,
)
from personnel.models.scope import scope_of
from personnel.policies import Action, Role
from personnel.services.batches import store_upload
from personnel.services.delegations import load_default_delegations
from personnel.services.reading import log_reading
from personnel.services.receiving import ask
from tests.architecture.planning_world import NO_PLANS, PLAN_MODELS, plan_target, plan_things
from tests.architecture.reorganisation_world import CASE_MODELS, NO_CASES, case_things
from tests.architecture.rotation_world import rotation_rule
from tests.architecture.training_world import NO_TRAINING, TRAINING_MODELS, TRAINING_SHARED, training_things
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_code, make_title, make_unit, make_user
from tests.factories.record_workbooks import EditedBook
from tests.factories.workbooks import workbook

ANONYMOUS, NOBODY = "anonymous", "nobody"

#: Every kind of visitor: one that is not signed in, one with an account and no role, and one of each role.
VISITORS = (ANONYMOUS, NOBODY, *(role.value for role in Role))

#: Visitors whose scope ends at a unit: for them, what lies outside does not exist.
LIMITED = frozenset({NOBODY, "unit_officer", "approver", "inspector", "administrator", "cadre"})

#: Names and numbers of the side outside; no page of a limited visitor may contain one of them.
SECRET_NAME, SECRET_NUMBER = "Thạch Sùng Mẻ Kho", "046099987654"
SECRET_TEXTS = (
    SECRET_NAME, SECRET_NUMBER, "Tô Thị Ngoài Cuộc", "QĐ-NGOAI-77", "danh-sach-ngoai.xlsx", "Mã Thị Kín Tiếng",
)  # fmt: skip

#: The number of a person outside whom a roster of the unit inside lists under another name.
ASKED_NUMBER = "046099955555"
INSIDE_NAME, INSIDE_NUMBER = "Nông Thị Trong Nhà", "046099912345"


@dataclass
class Side:
    """Things of one unit."""

    unit: Unit
    person: Cadre
    assignment: Assignment
    relative: Relative
    decision: Decision
    draft: Decision
    appointment: Decision
    event: AuditEvent
    request: ReceivingRequest
    seat: Seat
    jobs: dict[str, Job] = field(default_factory=dict)
    batches: dict[str, ImportBatch] = field(default_factory=dict)
    written: dict[str, ImportBatch] = field(default_factory=dict)
    ratings: dict[str, ImportBatch] = field(default_factory=dict)
    written_ratings: dict[str, ImportBatch] = field(default_factory=dict)
    workbooks: dict[str, ImportBatch] = field(default_factory=dict)
    written_workbooks: dict[str, ImportBatch] = field(default_factory=dict)
    cases: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    plans: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    training: dict[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass
class World:
    """The province: both sides, the visitors and their sessions."""

    inside: Side
    outside: Side
    users: dict[str, User]
    sessions: dict[str, str]
    own: Cadre
    account: User
    grant: Grant
    delegation: int
    cycle: RatingCycle

    def client(self, visitor: str) -> Client:
        """A fresh browser of a visitor, signed in unless anonymous."""
        client = Client()
        if visitor in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[visitor]
        return client


def build_world() -> World:
    """Make everything; runs inside a transaction that is rolled back."""
    _begin_ids(Cadre, Assignment, Relative, Decision, DecisionItem, ReceivingRequest, ImportBatch, AuditEvent, Seat)
    top = make_unit("GOC", name="Tỉnh Mẫu")
    home = make_unit("SO-TRONG", parent=top, name="Sở Trong Phạm Vi")
    away = make_unit("SO-NGOAI", parent=top, name="Sở Ở Xa")
    load_default_delegations()
    cycle = _cycle()
    _begin_ids(*CASE_MODELS, *PLAN_MODELS, *TRAINING_MODELS)
    make_code(EthnicGroup, "01", name="Kinh", is_minority=False)
    users = {NOBODY: make_user(full_name="Không Vai Trò")}
    for role in Role:
        tied = role in {Role.UNIT_OFFICER, Role.APPROVER, Role.INSPECTOR}
        users[role.value] = make_user(role, unit=home if tied else None, username=f"vai-{role.value}")
    make_cadre(unit=away, name=SECRET_TEXTS[5], personal_number=ASKED_NUMBER)
    own = make_cadre(unit=home, name="Lò Văn Chính Mình", account=users["cadre"])
    account = make_user(full_name="Người Khác")
    grant = make(Grant, user=account, role=Role.APPROVER, unit=home, effective_from=LONG_AGO)
    world = World(
        inside=_side(home, INSIDE_NAME, INSIDE_NUMBER, "Tô Thị Trong Cuộc", "QĐ-TRONG-11", users, "046099911111"),
        outside=_side(away, *SECRET_TEXTS[:4], users, "046099922222"),
        users=users,
        sessions={},
        own=own,
        account=account,
        grant=grant,
        delegation=_first_delegation(),
        cycle=cycle,
    )
    for name, user in users.items():
        client = Client()
        client.force_login(user)
        world.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return world


def _side(unit: Unit, name: str, number: str, relative: str, decision: str, users: dict[str, User], asked: str) -> Side:
    """Things of one unit."""
    day = datetime.date(2024, 5, 6)
    scan = default_storage.save("decisions/thu.pdf", ContentFile(b"%PDF-1.4"))
    place = make(Decision, number=decision, signed_on=day, issuer="Sở", effective_on=day, unit=unit, file=scan)
    person = make_cadre(
        unit=unit, name=name, personal_number=number, title_text=f"Chức của {name}", photo=_photo(), phone="0203.111"
    )
    assignment = person.assignment_set.get()
    relation = make(Relative, cadre=person, kind=make_code(RelativeKind, "01", name="Bố đẻ"), full_name=relative)
    make(Assignment, cadre=person, unit=unit, kind="concurrent", effective_from=day, decision=place, title_text="Kiêm")
    make(DecisionItem, decision=place, cadre=person, position=1)
    draft = _draft(unit, person, f"Điều động {name}")
    event = log_reading(user=users[NOBODY], cadre=person, parts=["sức khỏe"])
    assert event is not None
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    request = ask(unit=unit, personal_number=asked, full_name=f"Xin {name}", acting_user=officer)
    owners = users if number == INSIDE_NUMBER else dict.fromkeys(users, officer)
    jobs = {key: Job.objects.create(owner=owner, kind="x", key=uuid.uuid4()) for key, owner in owners.items()}
    title = Title.objects.filter(code="GD").first() or make_title("GD", name="Giám đốc", is_leadership=True)
    seat = make(Seat, unit=unit, title=title, effective_from=day)
    appointment = _appointment(unit, person, title)
    side = Side(unit, person, assignment, relation, place, draft, appointment, event, request, seat, jobs)
    file_name = "danh-sach-ngoai.xlsx" if number == SECRET_NUMBER else "danh-sach.xlsx"
    side.cases = case_things(unit, person, place)
    side.plans = plan_things(unit, person)
    side.training = training_things(unit, person)
    for key, owner in owners.items():
        side.batches[key] = _batch(owner, unit, file_name)
        side.workbooks[key] = _workbook(owner, person, unit, file_name)
        written = {"user": owner, "unit": unit, "file_name": file_name, "sha256": "0" * 64}
        side.written[key] = ImportBatch.objects.create(**written, state=BatchState.COMMITTED)
        side.written_workbooks[key] = ImportBatch.objects.create(**written, state=BatchState.COMMITTED, kind="workbook")
    for key, owner in owners.items():
        side.ratings[key] = _ratings(owner, unit, file_name, number)
        side.written_ratings[key] = ImportBatch.objects.create(
            kind="ratings", user=owner, unit=unit, file_name=file_name, sha256="0" * 64, state=BatchState.COMMITTED
        )
    return side


def _draft(unit: Unit, person: Cadre, summary: str) -> Decision:
    """A draft of the unit's own about the person."""
    kind = make_code(DecisionKind, "x-dieu-dong", name="Điều động")
    day = datetime.date(2026, 1, 5)
    draft = make(Decision, kind=kind, unit=unit, effective_on=day, summary=summary, state=DecisionState.DRAFT)
    make(DecisionItem, decision=draft, cadre=person, position=1)
    return draft  # type: ignore[no-any-return]


def _appointment(unit: Unit, person: Cadre, title: Title) -> Decision:
    """A draft by which the person would lead the unit, with the votes of one step."""
    kind = make_code(DecisionKind, "x-bo-nhiem", name="Bổ nhiệm")
    day, terms = datetime.date(2026, 1, 5), {"title": title.pk, "unit": unit.pk}
    draft = make(Decision, kind=kind, unit=unit, effective_on=day, terms=terms, state=DecisionState.DRAFT)
    votes = [{"name": person.full_name, "count": 7}]
    step = {"step": "leadership-vote", "summoned": 9, "present": 9, "votes": votes}
    tallies = [{"procedure": "on_site_five_steps", "steps": [step]}]
    make(DecisionItem, decision=draft, cadre=person, position=1, tallies=tallies)
    return draft  # type: ignore[no-any-return]


def _ratings(owner: User, unit: Unit, file_name: str, number: str) -> ImportBatch:
    """A sheet of ratings that its owner has sent and that was checked; others than officers never get so far."""
    options = {"cycle": CYCLE}
    if scope_of(owner, Action.EDIT).is_empty:
        return ImportBatch.objects.create(
            kind="ratings", user=owner, unit=unit, file_name=file_name, sha256="0" * 64, options=options
        )
    upload = SimpleUploadedFile(file_name, workbook([("Số CCCD", "Điểm"), (number, 80), (ASKED_NUMBER, 80)]))
    batch = store_upload(upload=upload, unit=unit, options=options, acting_user=owner, kind="ratings")
    with Progress(Job.objects.create(owner=owner, kind="ratings-check")) as progress:
        check_ratings(batch, owner, progress)
    return batch


def _cycle() -> RatingCycle:
    """The year's ratings, open."""
    begins, ends = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
    return make(RatingCycle, code=CYCLE, name="Năm 2026", begins_on=begins, ends_on=ends)  # type: ignore[no-any-return]


def _batch(owner: User, unit: Unit, file_name: str) -> ImportBatch:
    """A roster that its owner has sent and that was checked; others than officers never get so far."""
    if not scope_of(owner, Action.EDIT).is_empty:
        rows = [
            ("STT", "Họ và tên", "Số định danh", "Ngày sinh", "Giới tính", "Dân tộc", "Đơn vị"),
            (1, "Người Mới Đến", "046085000001", "01/02/1985", "Nam", "Kinh", "Sở Trong Phạm Vi"),
            (2, "Lạ Thị Lẫm", ASKED_NUMBER, "01/02/1985", "Nữ", "Kinh", "Sở Trong Phạm Vi"),
        ]
        upload = SimpleUploadedFile(file_name, workbook(rows))
        batch = store_upload(upload=upload, unit=unit, options={}, acting_user=owner)
        with Progress(Job.objects.create(owner=owner, kind="roster-check")) as progress:
            check_batch(batch, owner, progress)
        return batch
    return ImportBatch.objects.create(user=owner, unit=unit, file_name=file_name, sha256="0" * 64)


def _workbook(owner: User, person: Cadre, unit: Unit, file_name: str) -> ImportBatch:
    """A record workbook that its owner has sent and that was compared, with a line about somebody elsewhere."""
    if not scope_of(owner, Action.EDIT).is_empty:
        book = EditedBook.exported([person], owner)
        book.add("Quan hệ gia đình", ASKED_NUMBER, **{"Quan hệ": "Bố đẻ", "Họ và tên": "Lạ Thị Lẫm"})
        upload = SimpleUploadedFile(file_name, book.content)
        batch = store_upload(upload=upload, unit=unit, options={}, acting_user=owner, kind="workbook")
        with Progress(Job.objects.create(owner=owner, kind="workbook-check")) as progress:
            check_workbook(batch, owner, progress)
        return batch
    return ImportBatch.objects.create(user=owner, unit=unit, file_name=file_name, sha256="0" * 64, kind="workbook")


def _begin_ids(*models: Any) -> None:
    """Let the ids of some tables begin far away."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, FIRST_ID])


def _photo() -> str:
    """A picture on disk."""
    buffer = io.BytesIO()
    Image.new("RGB", (30, 40), "grey").save(buffer, "JPEG")
    return str(default_storage.save("photos/thu.jpg", ContentFile(buffer.getvalue())))


def _first_delegation() -> int:
    from personnel.models import Delegation

    return int(Delegation.objects.order_by("pk").values_list("pk", flat=True)[0])


#: An address that leads to nothing; of as many digits as the ids of the sample.
NO_ID, NO_CODE = 9_999_991, "KHONG-CO"

#: Where the ids of the sample begin, so that an id is told from any other number on a page.
FIRST_ID = 5_100_001

#: The cycle of ratings, which is everybody's.
CYCLE = "KY-2026"

#: How each kind of thing fills the address: the thing of a side, for the visitor's key.
THINGS: dict[str, Any] = {
    "person": lambda side, key: (side.person.pk,),
    "section": lambda side, key: (side.person.pk, "person"),
    "part": lambda side, key: (side.person.pk, "relatives"),
    "row": lambda side, key: (side.person.pk, "assignments", side.assignment.pk),
    "sensitive_row": lambda side, key: (side.person.pk, "relatives", side.relative.pk),
    "unit": lambda side, key: (side.unit.code,),
    "unit_part": lambda side, key: (side.unit.code, "seats"),
    "unit_row": lambda side, key: (side.unit.code, "seats", side.seat.pk),
    "request": lambda side, key: (side.request.pk,),
    "event": lambda side, key: (side.event.pk,),
    "job": lambda side, key: (side.jobs[key].key,),
    "decision": lambda side, key: (side.decision.pk,),
    "appointment": lambda side, key: (side.appointment.pk,),
    "candidate": lambda side, key: (side.appointment.pk, side.appointment.items.get().pk),
    "draft": lambda side, key: (side.draft.pk,),
    "batch": lambda side, key: (side.batches[key].pk,),
    "written_batch": lambda side, key: (side.written[key].pk,),
    "rating_unit": lambda side, key: (CYCLE, side.unit.code),
    "rating": lambda side, key: (CYCLE, side.unit.code, side.person.pk),
    "result": lambda side, key: (CYCLE, side.person.pk),
    "ratings": lambda side, key: (side.ratings[key].pk,),
    "written_ratings": lambda side, key: (side.written_ratings[key].pk,),
    "workbook": lambda side, key: (side.workbooks[key].pk,),
    "written_workbook": lambda side, key: (side.written_workbooks[key].pk,),
    **{thing: partial(lambda thing, side, key: side.cases[thing], thing) for thing in NO_CASES},
    **{thing: partial(lambda thing, side, key: side.plans[thing], thing) for thing in NO_PLANS},
    **{thing: partial(lambda thing, side, key: side.training[thing], thing) for thing in NO_TRAINING},
}

#: The same addresses leading to nothing: what a limited visitor must not be able to tell from a thing outside.
NOTHING: dict[str, tuple[Any, ...]] = {
    "person": (NO_ID,),
    "section": (NO_ID, "person"),
    "part": (NO_ID, "relatives"),
    "row": (NO_ID, "assignments", NO_ID),
    "sensitive_row": (NO_ID, "relatives", NO_ID),
    "unit": (NO_CODE,),
    "unit_part": (NO_CODE, "seats"),
    "unit_row": (NO_CODE, "seats", NO_ID),
    "request": (NO_ID,),
    "event": (NO_ID,),
    "job": (uuid.UUID(int=9),),
    "decision": (NO_ID,),
    "appointment": (NO_ID,),
    "candidate": (NO_ID, NO_ID),
    "draft": (NO_ID,),
    "batch": (NO_ID,),
    "written_batch": (NO_ID,),
    "rating_unit": (CYCLE, NO_CODE),
    "rating": (CYCLE, NO_CODE, NO_ID),
    "result": (CYCLE, NO_ID),
    "ratings": (NO_ID,),
    "written_ratings": (NO_ID,),
    "workbook": (NO_ID,),
    "written_workbook": (NO_ID,),
    **NO_CASES,
    **NO_PLANS,
    **NO_TRAINING,
}

#: A thing outside reached through one inside: never found either.
MIXED: dict[str, Any] = {
    "row": lambda world: (world.inside.person.pk, "assignments", world.outside.assignment.pk),
    "sensitive_row": lambda world: (world.inside.person.pk, "relatives", world.outside.relative.pk),
    "candidate": lambda world: (world.inside.appointment.pk, world.outside.appointment.items.get().pk),
    "unit_row": lambda world: (world.inside.unit.code, "seats", world.outside.seat.pk),
    "rating": lambda world: (CYCLE, world.inside.unit.code, world.outside.person.pk),
}

#: Things that no scope limits: accounts and tables of the administrator.
SHARED: dict[str, Any] = {
    "account": lambda world: (world.account.pk,),
    "grant": lambda world: (world.grant.pk,),
    "delegation": lambda world: (world.delegation,),
    "unit_lookup": lambda world: ("unit",),
    "paper_kind": lambda world: ("leaving",),
    "code_list": lambda world: ("ethnicgroup",),
    "cycle": lambda world: (CYCLE,),
    "feed": lambda world: ("khong-ai-mo",),
    "plan_title": lambda world: (Title.objects.get(code="TP-QH").pk,),
    "plan_target": lambda world: (plan_target().pk,),
    "rotation_rule": lambda world: (rotation_rule().pk,),
    **TRAINING_SHARED,
}
