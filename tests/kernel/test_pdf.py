"""Paper: one complete face, nothing fetched, searchable text, heads on every page, many documents at once."""

import base64
import io
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from hrdb.kernel import faces
from hrdb.kernel.faces import Face, NoPaperFace, is_complete, missing_letters, paper_face
from hrdb.kernel.pdf import PrintingFailed, Sheet, merge_pdfs, print_sheets, render_pdf
from hrdb.kernel.press import AddressRefused

ALL_LETTERS = "".join(map(chr, range(0x1EA0, 0x1EFA))) + "ĂăÂâĐđÊêÔôƠơƯưÁÀÃáàãÉÈéèÍÌĨíìĩÓÒÕóòõÚÙŨúùũÝý"


def page(body: str) -> str:
    """A document."""
    return f'<!doctype html><html lang="vi"><head><title>Thử</title></head><body>{body}</body></html>'


def text_of(content: bytes) -> list[str]:
    """The text of each page."""
    return [one.extract_text() for one in PdfReader(io.BytesIO(content)).pages]


def families(content: bytes) -> set[str]:
    """Names of the embedded fonts, without the mark of the subset and the cut."""
    names = set()
    for one in PdfReader(io.BytesIO(content)).pages:
        for font in one["/Resources"]["/Font"].values():
            base = font.get_object()["/BaseFont"].lstrip("/")
            names.add(base.split("+")[-1].split("-")[0].replace(" ", ""))
    return names


def test_face_has_every_vietnamese_letter_in_every_cut() -> None:
    assert [missing_letters(file) for file in paper_face().files] == [set()] * 4


def cut_down(face: Face, folder: Path) -> Face:
    """The same face whose bold cut lacks the letters with a hook or a dot, as some systems ship it."""
    font = TTFont(face.bold)
    kept = [code for code in font.getBestCmap() if not 0x1EA0 <= code <= 0x1EF9]
    cutter = subset.Subsetter()
    cutter.populate(unicodes=kept)
    cutter.subset(font)
    target = folder / "Bold.ttf"
    font.save(target)
    return Face("Thiếu dấu", face.regular, target, face.italic, face.bold_italic)


def test_face_that_lacks_letters_in_one_cut_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = paper_face()
    incomplete = cut_down(whole, tmp_path)
    assert not is_complete(incomplete)
    paper_face.cache_clear()
    monkeypatch.setattr(faces, "known_faces", lambda: iter([incomplete, whole]))
    assert paper_face() == whole
    paper_face.cache_clear()


def test_machine_without_a_complete_face_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    incomplete = cut_down(paper_face(), tmp_path)
    paper_face.cache_clear()
    monkeypatch.setattr(faces, "known_faces", lambda: iter([incomplete]))
    with pytest.raises(NoPaperFace, match="fonts-croscore"):
        paper_face()
    monkeypatch.undo()
    paper_face.cache_clear()


def test_packaged_face_stands_in_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "FONT_FOLDERS", ())
    assert [(face.family, is_complete(face)) for face in faces.known_faces()] == [("Be Vietnam Pro", True)]


def test_text_is_real_vietnamese_in_one_family() -> None:
    content = render_pdf(page(f"<p>{ALL_LETTERS}</p><p><b>Nguyễn Thị Ỷ</b> <i>Đặng Ữ</i> <b><i>Ngõ Ợ</i></b></p>"))
    found = "".join("".join(text_of(content)).split())
    assert unicodedata.is_normalized("NFC", found)
    assert ALL_LETTERS in found
    assert "NguyễnThịỶĐặngỮNgõỢ" in found
    assert families(content) == {paper_face().family.replace(" ", "")}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.png", "https://vi.example/a.png", "file:///etc/hostname", "data:text/css,p{}"]
)
def test_nothing_outside_the_document_is_read(address: str) -> None:
    with pytest.raises(AddressRefused, match="bên ngoài"):
        render_pdf(page(f'<p style="background-image: url({address})">a</p><img src="{address}" alt="">'))


def test_font_folder_is_not_open_to_documents() -> None:
    neighbour = paper_face().regular.with_name("khac.ttf").as_uri()
    with pytest.raises(AddressRefused):
        render_pdf(page(f"<style>@font-face{{font-family:x;src:url({neighbour})}}</style><img src='{neighbour}'>"))


def test_picture_inside_the_document_is_printed() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 6), "navy").save(buffer, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    content = render_pdf(page(f'<img src="{address}" alt="">'))
    assert len(PdfReader(io.BytesIO(content)).pages[0].images) == 1


def test_long_table_repeats_its_head_and_pages_are_numbered() -> None:
    rows = "".join(f"<tr><td>Dòng {number}</td></tr>" for number in range(150))
    pages = text_of(render_pdf(page(f"<table><thead><tr><th>Đầu bảng</th></tr></thead><tbody>{rows}</tbody></table>")))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert text.count("Đầu bảng") == 1
        assert f"Trang {number}/{len(pages)}" in text


def test_documents_come_in_order_and_only_a_few_are_held(tmp_path: Path) -> None:
    taken: list[int] = []

    def sheets() -> Iterator[Sheet]:
        for number in range(12):
            taken.append(number)
            yield Sheet(page(f"<p>Số {number}</p>"), tmp_path / f"{number}.pdf")

    printing = print_sheets(sheets(), printers=2)
    first = next(printing)
    assert len(taken) <= 8
    files = [first, *printing]
    assert [text_of(file.read_bytes())[0].split()[:2] for file in files] == [["Số", str(n)] for n in range(12)]


class Deadly:
    """Ends the process that receives it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (3,)


def test_death_of_a_printing_process_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PrintingFailed, match="dừng giữa chừng"):
        list(print_sheets([Deadly()], printers=1))  # type: ignore[list-item]


def test_merged_documents_stand_under_their_names(tmp_path: Path) -> None:
    parts = []
    for name in ("Lò Thị Ỷ", "Đặng Văn Ưu"):
        file = tmp_path / f"{len(parts)}.pdf"
        file.write_bytes(render_pdf(page(f"<p>{name}</p>")))
        parts.append((name, file))
    target = tmp_path / "all.pdf"
    assert merge_pdfs(parts, target, title="Hồ sơ") == 2
    merged = PdfReader(target)
    assert [entry.title for entry in merged.outline] == ["Lò Thị Ỷ", "Đặng Văn Ưu"]
    assert merged.metadata is not None
    assert merged.metadata.title == "Hồ sơ"
    assert [one.extract_text().splitlines()[0] for one in merged.pages] == ["Lò Thị Ỷ", "Đặng Văn Ưu"]


def test_printing_processes_load_no_framework() -> None:
    code = "import hrdb.kernel.pdf, hrdb.kernel.press, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
