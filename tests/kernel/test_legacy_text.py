"""Old one-byte encodings are recognised by many texts together, never in Unicode text."""

import pytest

from hrdb.kernel.legacy_text import LegacyEncoding, detect_legacy_encoding, from_legacy

TCVN3 = ["NguyÔn V¨n An", "TrÇn ThÞ Hång", "Lª §øc Thä", "Hä vµ tªn", "D©n téc", "Ngµy sinh"]
VNI = ["Nguyeãn Vaên An", "Traàn Thò Hoàng", "Leâ Ñöùc Thoï", "Hoï vaø teân", "Daân toäc", "Ngaøy sinh"]
UNICODE = ["Nguyễn Văn An", "Trần Thị Hồng", "Lê Đức Thọ", "Họ và tên", "Dân tộc", "Ngày sinh"]


@pytest.mark.parametrize(("texts", "encoding"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
def test_old_encodings_become_unicode(texts: list[str], encoding: LegacyEncoding) -> None:
    assert detect_legacy_encoding(texts) == encoding
    assert [from_legacy(text, encoding) for text in texts] == UNICODE


@pytest.mark.parametrize(
    "texts", [UNICODE, ["Hà", "Hoà", "Toàn", "Lê", "Tô", "Võ"], ["Nguyen Van A"] * 9, [], ["§ 5", "Điều 3"]]
)
def test_unicode_stays_as_it_is(texts: list[str]) -> None:
    assert detect_legacy_encoding(texts) is None
