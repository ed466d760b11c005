"""Text in the old one-byte encodings TCVN3 (.VnTime, ABC) and VNI (VNI-Times), still met in files of old machines.

Such text looks like *NguyÔn V¨n An* or *Nguyeãn Vaên An*. Which encoding a file uses is told by many of its texts
together, never by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from hrdb.kernel.text import nfc

LegacyEncoding = Literal["TCVN3", "VNI"]

_TCVN3: Final = str.maketrans(
    dict(
        zip(
            "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\u00adøõö÷ùýúûüþ¡¢£¤¥¦§",
            "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂÊÔƠƯĐ",
            strict=True,
        )
    )
)
#: Signs of TCVN3 that no Vietnamese text in Unicode has.
_TCVN3_SIGNS: Final = frozenset("¸µ¶·¹¨¾»¼½Æ©ÇË®ÐÎÏÑªÖ×ØÜÞßäåæç«¬ëîïñ\u00adö÷ûüþ¡¢£¤¥¦§")

_VNI_MARKS: Final = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300",
    "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300",
    "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS: Final = str.maketrans(
    {
        "ñ": "đ", "Ñ": "Đ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư",
        "í": "í", "ì": "ì", "æ": "ỉ", "Æ": "Ỉ", "ó": "ĩ", "Ó": "Ĩ", "ò": "ị", "Ò": "Ị", "î": "ỵ", "Î": "Ỵ",
    }
)  # fmt: skip
_VNI_SYLLABLE: Final = re.compile(f"([aeouyAEOUYôöÔÖ])([{''.join(_VNI_MARKS)}{''.join(_VNI_MARKS).upper()}])")
#: A vowel with a mark that stands beside it as a letter of its own: impossible in Vietnamese text in Unicode.
_VNI_SIGN: Final = re.compile(
    "[aeAE][âáàåãäêéèúüëùøûõïÂÁÀÅÃÄÊÉÈÚÜËÙØÛÕÏ]|[oôO][âáàåãäøûïÂÁÀÅÃÄØÛÏ]|[uöU][ùøûïÙØÛÏ]|ñ|Ñ"
)
_UNICODE_ONLY: Final = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")

_ENOUGH_TEXTS: Final = 3
_ENOUGH_SHARE: Final = 0.3


def detect_legacy_encoding(texts: Iterable[str]) -> LegacyEncoding | None:
    """The old encoding in which texts of one file are written, or None; needs several telling texts and no Unicode."""
    foreign = [text for text in texts if text and not text.isascii()]
    if any(_UNICODE_ONLY.search(nfc(text)) for text in foreign):
        return None
    counts: dict[LegacyEncoding, int] = {
        "TCVN3": sum(not _TCVN3_SIGNS.isdisjoint(text) for text in foreign),
        "VNI": sum(_VNI_SIGN.search(text) is not None for text in foreign),
    }
    encoding = max(counts, key=lambda key: counts[key])
    enough = max(_ENOUGH_TEXTS, _ENOUGH_SHARE * len(foreign))
    return encoding if counts[encoding] >= enough else None


def from_legacy(text: str, encoding: LegacyEncoding) -> str:
    """A text of an old encoding in Unicode."""
    if text.isascii():
        return text
    if encoding == "TCVN3":
        return text.translate(_TCVN3)
    return nfc(_VNI_SYLLABLE.sub(_vni_syllable, text).translate(_VNI_LETTERS))


def _vni_syllable(found: re.Match[str]) -> str:
    letter, mark = found[1].translate(_VNI_LETTERS), _VNI_MARKS[found[2].lower()]
    return nfc(letter + mark)
