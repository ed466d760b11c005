"""Correcting the person: what warns, what is refused, what is kept; the photograph."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile

from hrdb.kernel.models import User
from personnel.forms.identity import PHOTO_BYTES, SECTIONS
from personnel.models import PARTIAL_DATES, Cadre, Unit
from tests.factories.personnel import make_cadre
from tests.personnel.cadres.pages import profile, send, show, signed_in, text_of, typed

pytestmark = pytest.mark.django_db

D = datetime.date
ADDRESS = "personnel:cadre-correct"


def test_every_editable_column_of_the_person_has_one_place() -> None:
    columns = {field.name for field in Cadre._meta.concrete_fields if field.editable and not field.primary_key}
    named = [name for section in SECTIONS for name in section.names]
    assert len(named) == len(set(named))
    assert columns - set(named) == {*PARTIAL_DATES.values(), "photo", "account"}


def test_every_section_is_sent_back_unchanged(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    before = Cadre.objects.filter(pk=cadre.pk).values().get()
    for section in SECTIONS:
        data = typed(show(client, ADDRESS, cadre.pk, section.key))
        send(client, ADDRESS, cadre.pk, section.key, data=data | {"reason": "xem lại, không đổi gì"})
    assert Cadre.objects.filter(pk=cadre.pk).values().get() == before
    show(client, ADDRESS, cadre.pk, "khong-co", status=404)


def test_a_birth_known_by_year_alone_is_kept_as_such(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = typed(show(client, ADDRESS, cadre.pk, "person")) | {"born": "1984", "reason": "chỉ biết năm sinh"}
    send(client, ADDRESS, cadre.pk, "person", data=data)
    cadre.refresh_from_db()
    assert (cadre.born, cadre.born_precision) == (D(1984, 1, 1), "year")
    assert typed(show(client, ADDRESS, cadre.pk, "person"))["born"] == "1984"


def test_a_birth_that_contradicts_the_record_is_refused_at_its_field(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = typed(show(client, ADDRESS, cadre.pk, "person")) | {"born": "20/05/1999", "reason": "theo khai sinh"}
    html = text_of(send(client, ADDRESS, cadre.pk, "person", data=data, status=422))
    assert "Sinh 20/05/1999: chưa đủ 15 tuổi khi được tuyển dụng lần đầu (ngày 01/09/2006)." in html
    assert 'value="20/05/1999"' in html
    cadre.refresh_from_db()
    assert cadre.born == D(1984, 3, 15)


def test_a_number_that_does_not_fit_is_saved_with_a_warning(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = typed(show(client, ADDRESS, cadre.pk, "person"))
    data |= {"personal_number": "999084000123", "reason": "theo CCCD mới"}
    send(client, ADDRESS, cadre.pk, "person", data=data)
    cadre.refresh_from_db()
    assert cadre.personal_number == "999084000123"
    told_at_once, told_ever_after = profile(client, cadre), profile(client, cadre)
    for text in ("không khớp với giới tính hoặc năm sinh", "không có trong danh mục mã tỉnh"):
        assert told_at_once.count(text) == 2
        assert told_ever_after.count(text) == 1


@pytest.mark.parametrize("number", ["12345", "01008400012a", "0100840001234"])
def test_a_number_of_another_form_is_refused(number: str, cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = typed(show(client, ADDRESS, cadre.pk, "person"))
    changed = data | {"personal_number": number, "reason": "theo CCCD mới"}
    send(client, ADDRESS, cadre.pk, "person", data=changed, status=422)


def test_a_number_of_another_record_is_told_by_name_inside_the_scope_alone(
    cadre: Cadre, unit: Unit, elsewhere: Unit, officer: User
) -> None:
    client = signed_in(officer)
    inside = make_cadre(unit=unit, name="Lò Văn Trong")
    outside = make_cadre(unit=elsewhere, name="Lò Văn Ngoài")
    data = typed(show(client, ADDRESS, cadre.pk, "person")) | {"reason": "theo CCCD mới"}
    told = {}
    for other in (inside, outside):
        changed = data | {"personal_number": other.personal_number}
        told[other] = text_of(send(client, ADDRESS, cadre.pk, "person", data=changed, status=422))
    assert "Số định danh này đã có ở hồ sơ của Lò Văn Trong." in told[inside]
    assert "Trường hợp này cần cấp tỉnh xử lý" in told[outside]
    assert "Lò Văn Ngoài" not in told[outside]


# The photograph -------------------------------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 600)) -> bytes:
    """A picture file."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "navy").save(buffer, kind)
    return buffer.getvalue()


def test_a_photograph_is_kept_as_a_small_jpeg_outside_the_web(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = typed(show(client, "personnel:cadre-photo-change", cadre.pk))
    upload = SimpleUploadedFile("anh.png", picture(size=(3000, 4000)), "image/png")
    send(client, "personnel:cadre-photo-change", cadre.pk, data=data | {"picture": upload})
    cadre.refresh_from_db()
    with default_storage.open(cadre.photo) as file, Image.open(file) as kept:
        assert (kept.format, kept.size) == ("JPEG", (900, 1200))
        assert not kept.getexif()
    assert "anh.png" not in cadre.photo
    answer = client.get(reverse("personnel:cadre-photo", args=[cadre.pk]))
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"%PDF-1.7 khong phai anh", "không phải là ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "không phải là ảnh"),
        (picture("GIF"), "không phải là ảnh"),
        (picture("PNG", (60, 90)), "Ảnh nhỏ quá"),
        (picture("PNG")[:200], "không phải là ảnh"),
        (b"\xff\xd8" + b"0" * (PHOTO_BYTES + 1), "lớn quá 5 MB"),
    ],
)
def test_what_is_no_photograph_is_refused(
    content: bytes, text: str, cadre: Cadre, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as the printing library leaves it
    client = signed_in(officer)
    data = typed(show(client, "personnel:cadre-photo-change", cadre.pk))
    upload = SimpleUploadedFile("anh.jpg", content, "image/jpeg")
    answer = send(client, "personnel:cadre-photo-change", cadre.pk, data=data | {"picture": upload}, status=422)
    assert text in text_of(answer)
    cadre.refresh_from_db()
    assert cadre.photo == "photos/khong-co.jpg"
