"""The gallery's pages, written as an app would write them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hrdb.kernel import charts
from hrdb.kernel.forms import CommaDecimalField, DayField, GroupedForm, PartialDateField
from hrdb.kernel.models.user import User
from hrdb.kernel.registries import Registry
from hrdb.kernel.screens import (
    Action,
    ActionScreen,
    Column,
    Crumb,
    DetailScreen,
    Empty,
    FilterForm,
    FormScreen,
    ListScreen,
    Screen,
    StaleRecord,
    Tab,
)
from hrdb.kernel.screens.formats import masked_text
from hrdb.kernel.screens.pieces import Change, Fact, FindingLine, TimelineEntry, TreeNode, steps
from hrdb.kernel.screens.pieces import Tag as Label
from hrdb.kernel.templatetags.hr_screens import label
from tests.kernel.screens.gallery import people


class PeopleFilters(FilterForm):
    """Filters with a search, a default and a yes-no."""

    search = "q"
    primary = ("state", "sex")
    defaults = {"state": "working"}

    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tìm theo tên, không cần dấu"}))
    state = forms.ChoiceField(
        label="Trạng thái", choices=[("", "Mọi trạng thái"), ("working", "Đang làm việc"), ("left", "Đã nghỉ")]
    )
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "—"), ("female", "Nữ"), ("male", "Nam")])
    minority = forms.BooleanField(label="Dân tộc thiểu số")
    age_from = forms.IntegerField(label="Tuổi từ")
    incomplete = forms.BooleanField(label="Hồ sơ còn thiếu")
    degree = forms.MultipleChoiceField(
        label="Trình độ", choices=[(one, one) for one in people.DEGREES], widget=forms.CheckboxSelectMultiple
    )

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(full_name__icontains=value)

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(is_active=value == "working")

    def say_state(self, value: str) -> str:
        return {"working": "Đang làm việc", "left": "Đã nghỉ"}[value]

    def apply_sex(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(full_name__contains=" Thị ") if value == "female" else queryset

    def apply_minority(self, queryset: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return queryset

    def apply_incomplete(self, queryset: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return queryset

    def apply_age_from(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        return queryset

    def apply_degree(self, queryset: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return queryset


def full_tag(row: Any) -> str:
    """The completeness as a small label."""
    value = people.completeness(row)
    return label(f"{value}%", "good" if value >= 80 else "warn" if value >= 60 else "bad")


class PeopleList(ListScreen):
    """A list like the register of people."""

    title = "Cán bộ, công chức, viên chức"
    noun = "người"
    default_sort = "name"
    export_name = "can-bo"
    filter_class = PeopleFilters
    empty = Empty(title="Chưa có hồ sơ nào", text="Nhập danh sách hoặc thêm từng hồ sơ.", icon="users")
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="full_name",
            second=lambda row: f"{people.born(row):%d/%m/%Y} · {people.pick(people.PEOPLES, row)}",
            link=lambda row: reverse("gallery:person", args=[row.pk]),
            sort="full_name",
            fixed=True,
        ),
        Column(
            key="title",
            label="Chức vụ, đơn vị",
            value=lambda row: people.pick(people.TITLES, row),
            second=lambda row: people.pick(people.PLACES, row),
            second_label="Đơn vị",
        ),
        Column(key="degree", label="Chuyên môn", value=lambda row: people.pick(people.DEGREES, row), sort="username"),
        Column(key="theory", label="Lý luận chính trị", value=lambda row: people.pick(people.THEORY, row)),
        Column(
            key="number",
            label="Số định danh",
            value=lambda row: f"0{row.pk:08d}214",
            render=lambda row: masked_text(f"0{row.pk:08d}214"),
        ),
        Column(
            key="kind", label="Đối tượng", value=lambda row: "Công chức", render=lambda row: label("Công chức", "act")
        ),
        Column(key="born", label="Ngày sinh", value=people.born, hidden=True),
        Column(
            key="full", label="Hồ sơ", value=people.completeness, render=full_tag, align="right", sort="-date_joined"
        ),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.filter(username__startswith="nguoi")

    def lead_for(self, count: str) -> str:
        return f"{count} người trong Sở Nội vụ và đơn vị trực thuộc"

    def get_actions(self) -> list[Action]:
        return [
            Action(label="Nhập danh sách", url="/gallery/"),
            Action(label="Thêm hồ sơ", url=reverse("gallery:new"), main=True),
        ]


person_tabs: Registry[type[Tab]] = Registry("tab của trang mẫu")


@person_tabs.register
class FactsTab(Tab):
    """The facts of the person."""

    key, label, template_name, order = "facts", "Lý lịch", "gallery/facts.html", 10

    def context(self) -> dict[str, Any]:
        return {
            "personal": [
                Fact("Họ và tên khai sinh", self.record.full_name),
                Fact("Số định danh cá nhân", None),
                Fact("Sinh ngày", people.born(self.record)),
                Fact("Dân tộc", people.pick(people.PEOPLES, self.record)),
                Fact("Quê quán", "Xã Bát Xát, tỉnh Lào Cai", "trước 01/07/2025: huyện Bát Xát"),
                Fact("Nơi ở hiện nay", "Tổ 12, phường Cam Đường, tỉnh Lào Cai", wide=True),
            ]
        }


@person_tabs.register
class CareerTab(Tab):
    """The career with the card of findings beside it."""

    key, label, template_name, order = "career", "Quá trình công tác", "gallery/career.html", 20

    def count(self) -> int | None:
        return 4

    def context(self) -> dict[str, Any]:
        no_decision = [Label(label="chưa có quyết định")]
        return {
            "entries": [
                TimelineEntry(
                    when="08/2024 – nay",
                    title="Phó Giám đốc",
                    detail="Sở Nội vụ · Quyết định 1482/QĐ-UBND ngày 25/07/2024",
                    is_key=True,
                    actions=[Action(label="Sửa", url="#", icon="pencil")],
                ),
                TimelineEntry(
                    when="03/2020 – 07/2024",
                    title="Trưởng phòng Tổ chức – Cán bộ",
                    detail="Sở Nội vụ · Quyết định 96/QĐ-SNV ngày 28/02/2020",
                ),
                TimelineEntry(
                    when="06/2017 – 02/2020",
                    title="Phó Chủ tịch UBND huyện (luân chuyển)",
                    detail="UBND huyện Bát Xát, kết thúc hoạt động 30/06/2025",
                ),
                TimelineEntry(when="09/2006 – 05/2017", title="Chuyên viên", detail="Sở Nội vụ", tags=no_decision),
            ],
            "lines": [
                FindingLine(
                    state="met",
                    label="Còn đủ tuổi công tác",
                    fact="Còn 156 tháng tại mốc 03/2031, cần từ 60 tháng",
                    citation="HD 45-HD/BTCTW ngày 21/11/2025, mục II.5.2",
                    verdict="đến 03/2039",
                ),
                FindingLine(
                    state="from",
                    label="Thời gian giữ chức vụ hiện tại",
                    fact="16 tháng, cần từ 24 tháng theo quy định của tỉnh",
                    citation="Quy định 09-QĐ/TU ngày 13/11/2025, Điều 6",
                    verdict="từ 01/08/2026",
                ),
                FindingLine(
                    state="unknown",
                    label="Kết luận tiêu chuẩn chính trị",
                    fact="Hồ sơ chưa có kết luận còn hiệu lực",
                    citation="QĐ 367-QĐ/TW ngày 04/09/2025",
                    supply_url="#",
                ),
                FindingLine(
                    state="not",
                    label="Số chức danh được quy hoạch",
                    fact="Đã có trong 3 chức danh cùng cấp, tối đa 3",
                    citation="HD 45-HD/BTCTW, mục II.6.2",
                    verdict="chưa đạt",
                ),
            ],
        }


for key, name in (
    ("training", "Đào tạo"),
    ("pay", "Lương"),
    ("awards", "Khen thưởng, kỷ luật"),
    ("family", "Gia đình"),
    ("rating", "Đánh giá"),
    ("planning", "Quy hoạch"),
    ("papers", "Tài liệu"),
    ("changes", "Lịch sử thay đổi"),
):
    person_tabs.register(
        type(f"{key.title()}Tab", (Tab,), {"key": key, "label": name, "template_name": "gallery/nothing.html"})
    )


class PersonPage(DetailScreen):
    """One person with tabs."""

    summary_template = "gallery/person.html"
    tabs = person_tabs

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.filter(username__startswith="nguoi")

    def get_lead(self) -> str:
        return "Phó Giám đốc Sở Nội vụ · từ 01/08/2024, hết thời hạn bổ nhiệm 31/07/2029"

    def get_crumbs(self) -> list[Crumb]:
        return [Crumb("Cán bộ", reverse("gallery:people")), Crumb(self.get_title())]

    def get_actions(self) -> list[Action]:
        return [
            Action(label="In sơ yếu lý lịch", url="#", icon="printer"),
            Action(label="Lập quyết định", url=reverse("gallery:edit", args=[self.record.pk]), main=True),
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        retires = Fact("Nghỉ hưu", date(2044, 3, 31), "60 tuổi · NĐ 135/2020, Điều 4")
        head = [
            Fact("Ngày sinh", "15/03/1984 · 41 tuổi"),
            Fact("Dân tộc", "Tày"),
            Fact("Ngạch, hệ số", "01.002 · 4,74"),
        ]
        labels = [
            Label(label="Công chức", tone="act"),
            Label(label="Đảng viên"),
            Label(label="Diện BTV Tỉnh ủy quản lý"),
        ]
        warned = Label(label="Thiếu giấy khám sức khỏe", tone="warn", icon="triangle-alert")
        return super().context(head=[*head, retires], labels=[*labels, warned], **extra)


class PersonForm(GroupedForm):
    """A form with groups, days and a decimal comma."""

    groups = (
        ("Thông tin chung", ("full_name", "born", "sex", "people")),
        ("Lương", ("coefficient", "from_day", "is_over")),
        ("Ghi chú", ("note",)),
    )
    widths = {
        "full_name": "half",
        "born": "quarter",
        "sex": "quarter",
        "people": "half",
        "coefficient": "third",
        "from_day": "third",
    }

    full_name = forms.CharField(label="Họ và tên khai sinh", max_length=120)
    born = PartialDateField(label="Ngày sinh", help_text="Chỉ biết năm thì ghi năm.")
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Chọn"), ("female", "Nữ"), ("male", "Nam")])
    people = forms.ChoiceField(label="Dân tộc", choices=[(one, one) for one in people.PEOPLES])
    coefficient = CommaDecimalField(label="Hệ số", max_digits=4, decimal_places=2)
    from_day = DayField(label="Hưởng từ ngày")
    is_over = forms.BooleanField(label="Có phụ cấp thâm niên vượt khung", required=False)
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class NewPerson(FormScreen):
    """A form that makes a record."""

    title = "Thêm hồ sơ"
    lead = "Ghi những gì đã biết; phần còn thiếu bổ sung sau."
    form_class = PersonForm
    submit_label = "Tạo hồ sơ"
    success_text = "Đã tạo hồ sơ."

    def get_crumbs(self) -> list[Crumb]:
        return [Crumb("Cán bộ", reverse("gallery:people")), Crumb("Thêm hồ sơ")]

    def save(self, form: Any) -> User:
        if form.cleaned_data["full_name"] == "Trùng":
            raise ValidationError({"full_name": "Đã có hồ sơ mang tên này."})
        made: User = User.objects.create(
            username=f"nguoi-{User.objects.count()}", full_name=form.cleaned_data["full_name"]
        )
        return made

    def get_success_url(self, result: Any) -> str:
        return reverse("gallery:person", args=[result.pk])


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """One field of a record."""

    class Meta:
        model = User
        fields = ("full_name", "email")
        labels = {"full_name": "Họ và tên", "email": "Thư điện tử"}


class EditPerson(FormScreen):
    """A form that changes a record under its version."""

    title = "Sửa hồ sơ"
    form_class = NameForm

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.filter(username__startswith="nguoi")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": User.objects.get(pk=self.record.pk)}

    def get_version(self) -> str:
        return self.record.full_name

    def save(self, form: Any) -> User:
        if form.cleaned_data["full_name"] == "Chậm":
            User.objects.filter(pk=self.record.pk).update(full_name="Người khác vừa ghi")
            raise StaleRecord
        User.objects.filter(pk=self.record.pk).update(full_name=form.cleaned_data["full_name"])
        return self.record

    def get_success_url(self, result: Any) -> str:
        return reverse("gallery:person", args=[self.record.pk])


class ClosePerson(ActionScreen):
    """An act that asks first."""

    title = "Hủy đợt nhập"
    question = "Hủy đợt nhập danh sách Sở Nội vụ ngày 20/11/2026?"
    submit_label = "Hủy đợt nhập"
    is_destructive = True

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        return User.objects.filter(username__startswith="nguoi")

    def get_consequences(self) -> list[str]:
        return [
            "12 hồ sơ mới bị xóa khỏi danh sách.",
            "48 hồ sơ trở lại như trước khi nhập.",
            "Lịch sử vẫn giữ cả hai lần ghi.",
        ]

    def save(self, form: Any) -> User:
        User.objects.filter(pk=self.record.pk).update(is_active=False)
        return self.record

    def get_success_url(self, result: Any) -> str:
        return reverse("gallery:people")

    def get_cancel_url(self) -> str:
        return reverse("gallery:people")


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(label="Tệp")


class Pieces(Screen):
    """Every component on one page."""

    title = "Nhập danh sách cán bộ"
    lead = "Sở Nội vụ · danh sach can bo 2026.xlsx · 64 dòng"
    template_name = "gallery/pieces.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        running = SimpleNamespace(
            state="running", phase="Đang kiểm tra từng dòng", done=12450, total=20000, is_finished=False, error=""
        )
        done = SimpleNamespace(state="done", phase="", done=64, total=64, is_finished=True, error="")
        failed = SimpleNamespace(
            state="failed", phase="", done=3, total=64, is_finished=True, error="Tệp có mật khẩu, không đọc được."
        )
        return super().context(
            steps=steps(["Tải tệp lên", "Cách hiểu tệp", "Kiểm tra", "Xác nhận", "Kết quả"], 2, {0: "#", 1: "#"}),
            jobs=[running, done, failed],
            upload_form=UploadForm(),
            changes=[
                Change("Chức vụ", "Phó Trưởng phòng", "Trưởng phòng"),
                Change("Hệ số lương", None, "4,74", "theo danh sách, chưa có quyết định"),
                Change("Ngày sinh", date(1984, 3, 15), date(1984, 3, 5)),
            ],
            nodes=tree_nodes(),
            **extra,
        )


def tree_nodes() -> list[TreeNode]:
    """A small tree, one branch of which is fetched."""
    leaves = [
        TreeNode(key="a", label="Văn phòng", url="#", end=["12 người", "biên chế 13"]),
        TreeNode(key="b", label="Phòng Tổ chức – Cán bộ", url="#", end=["9 người", "biên chế 9"]),
    ]
    return [
        TreeNode(
            key="root",
            label="Ủy ban nhân dân tỉnh",
            url="#",
            is_open=True,
            end=["2.014 người"],
            children=[
                TreeNode(
                    key="snv",
                    label="Sở Nội vụ",
                    url="#",
                    children=leaves,
                    is_open=True,
                    end=["64 người", "biên chế 66"],
                ),
                TreeNode(
                    key="sgd",
                    label="Sở Giáo dục và Đào tạo",
                    url="#",
                    children_url=reverse("gallery:branch"),
                    end=["412 người"],
                    tags=[Label(label="vượt biên chế 3", tone="warn", icon="triangle-alert")],
                ),
                TreeNode(
                    key="h", label="Ủy ban nhân dân huyện Bát Xát", url="#", detail="kết thúc hoạt động 30/06/2025"
                ),
            ],
        )
    ]


class Figures(Screen):
    """A page of statistics."""

    title = "Cơ cấu đội ngũ cán bộ"
    lead = "Toàn tỉnh · 3.902 cán bộ lãnh đạo, quản lý · tính đến ngày 31/12/2025"
    template_name = "gallery/figures.html"

    def get_actions(self) -> list[Action]:
        return [
            Action(label="Vì sao thay đổi?", url="#"),
            Action(label="Xuất Excel", url="#"),
            Action(label="In PDF", url="#"),
            Action(label="Phát hành báo cáo", url="#", main=True),
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        ages = ("Trên 60", "56–60", "51–55", "46–50", "41–45", "36–40", "31–35", "30 trở xuống")
        men, women = (12, 118, 196, 284, 402, 455, 338, 121), (3, 41, 152, 263, 421, 498, 401, 197)
        units = (
            ("Sở Giáo dục và Đào tạo", 412, 168, 121, 96, 377, "Đạt", "good", "check"),
            ("Sở Y tế", 286, 101, 74, 41, 240, "Trẻ: thiếu 2", "warn", "triangle-alert"),
            ("Sở Nội vụ", 64, 22, 19, 11, 61, "Đạt", "good", "check"),
            ("Sở Tài chính", 71, 19, 12, 9, 68, "Nữ: thiếu 5", "bad", "x"),
            ("UBND xã Bát Xát", 38, 8, 25, 12, 37, "Nữ: thiếu 2", "warn", "triangle-alert"),
        )
        return super().context(
            pyramid=charts.population_pyramid(
                [charts.PyramidRow(*row) for row in zip(ages, men, women, strict=True)], "Nam", "Nữ", title="Tháp tuổi"
            ),
            young=charts.target_track(0.174, 0.15, 0.20, top=0.3, title="Tỷ lệ cán bộ trẻ"),
            women=charts.target_track(0.231, 0.25, top=0.3, title="Tỷ lệ cán bộ nữ"),
            minority=charts.target_track(0.389, 0.576, top=0.6, title="Tỷ lệ cán bộ dân tộc thiểu số"),
            retiring=charts.target_track(128, top=390, title="Nghỉ hưu trong 12 tháng tới"),
            degrees=charts.share_bar(
                [
                    charts.Part("Tiến sĩ", 61),
                    charts.Part("Thạc sĩ", 902),
                    charts.Part("Đại học", 2610),
                    charts.Part("Khác", 329),
                ],
                title="Trình độ chuyên môn",
            ),
            curve=charts.curve(
                [("2020", 0.142), ("2021", 0.149), ("2022", 0.151), ("2023", 0.160), ("2024", 0.168), ("2025", 0.174)],
                title="Tỷ lệ cán bộ trẻ theo năm",
            ),
            spark=charts.sparkline([3, 5, 4, 7, 8, 8, 11], title="Số hồ sơ nhập theo tháng"),
            units=units,
            **extra,
        )


def branch(request: HttpRequest) -> HttpResponse:
    """The children of a node."""
    nodes = [TreeNode(key="t", label="Trường THPT số 1", url="#", end=["88 người"])]
    return render(request, "components/tree_nodes.html", {"nodes": nodes})
