"""Vietnamese text: cleaning what people type, and keys to search, compare and sort by; pure Python.

Stored text is NFC. Legal names are cleaned (`name_case`) and otherwise left alone; everything that has to find, match
or order them goes by a key beside the text: `fold` to search, `same_text_key` to compare, `sort_key` to order people,
`text_order_key` to order anything else.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Characters that print nothing: control characters, soft hyphen, zero-width blanks and joiners, direction marks,
#: byte order mark.
_INVISIBLE: Final = dict.fromkeys(
    [
        *range(9),
        *range(14, 28),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0x00AD,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        0xFEFF,
    ]
)
_APOSTROPHES: Final = dict.fromkeys(map(ord, "’‘‛ʼʻ`´′＇"), "'")
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_STROKE: Final = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_PLACE: Final = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}
_WORD_START: Final = re.compile(r"(^|[\s'’\-–(/.])([^\W\d_])")
_DECOMPOSED_D: Final = re.compile("([dD])\u0335")


def nfc(text: str) -> str:
    """Text with composed letters, as everything is stored."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean_text(text: str) -> str:
    """One line of text: composed letters, no invisible characters, every run of blanks one blank, none at the ends."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
        if "\u0335" in text:
            text = _DECOMPOSED_D.sub(lambda found: "đ" if found[1] == "d" else "Đ", text)
    return " ".join(text.split())


def clean_lines(text: str) -> list[str]:
    """The lines of a text, each cleaned, without empty ones."""
    return [line for line in map(clean_text, text.splitlines()) if line]


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The search key: small letters without diacritics, đ as d, straight apostrophes, single blanks."""
    text = clean_text(text)
    if text.isascii():
        return text.translate(_APOSTROPHES).lower() if "`" in text else text.lower()
    plain = unicodedata.normalize("NFD", text.translate(_APOSTROPHES).translate(_STROKE))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


@lru_cache(maxsize=65_536)
def same_text_key(text: str) -> str:
    """A key that is equal when two texts are the same but for case, blanks, apostrophes and the place of the tone mark.

    *HOÀ* and *Hòa* are the same, *Hòa* and *Hoa* are not.
    """
    text = clean_text(text).translate(_APOSTROPHES).lower()
    if text.isascii():
        return text
    return " ".join("".join(_letters_and_tones(word)) for word in text.split(" "))


@lru_cache(maxsize=65_536)
def sort_key(name: str) -> str:
    """A key whose bytes order names as Vietnamese lists do, the same on every server under the C collation.

    Word by word: given name (the last word), then family name, then the words between; inside a word first the letters
    (a ă â b c d đ ...), then the tone (ngang, huyền, hỏi, ngã, sắc, nặng). Names without a letter sort first.
    """
    words = [key for word in _spaced(clean_text(name)).split(" ") if (key := _sort_word(word))]
    return " ".join(words[-1:] + words[:-1])


@lru_cache(maxsize=65_536)
def text_order_key(text: str) -> str:
    """A key that orders labels, names of units and other texts as Vietnamese read them: word by word from the first."""
    return " ".join(key for word in _spaced(clean_text(text)).split(" ") if (key := _sort_word(word)))


def is_all_caps(text: str) -> bool:
    """Whether a text is written in capitals: at least one word of two letters, no small letter."""
    return text == text.upper() and any(sum(map(str.isalpha, word)) > 1 for word in text.split())


def name_case(name: str) -> str:
    """A person's name as it is stored: cleaned, and from ALL CAPS to a capital at the start of each part.

    A name that is not written in capitals keeps its letters: *H'Hen Niê*, *Y Moan* and *Nguyễn thị Lan* stay.
    """
    name = clean_text(name)
    if not is_all_caps(name):
        return name
    return _WORD_START.sub(lambda found: found[1] + found[2].upper(), name.lower())


def _letters_and_tones(word: str) -> tuple[str, str]:
    """The letters of a word without tone marks, and its tones as digits."""
    letters = []
    tones = []
    for letter in unicodedata.normalize("NFD", word):
        tone = _TONES.get(letter)
        if tone is None:
            letters.append(letter)
        else:
            tones.append(str(tone))
    return unicodedata.normalize("NFC", "".join(letters)), "".join(tones)


def _spaced(name: str) -> str:
    """A name with hyphens as blanks and without marks that do not count when sorting."""
    return "".join(
        " " if mark in "-–/" else mark
        for mark in name.lower()
        if mark.isalnum() or mark in " -–/" or unicodedata.combining(mark)
    )


def _sort_word(word: str) -> str:
    """The part of the sort key for one word: places in the alphabet, then after a low mark the tone."""
    letters, tones = _letters_and_tones(word)
    places = []
    for letter in letters:
        place = _LETTER_PLACE.get(letter)
        if place is None and not letter.isdigit():
            base = unicodedata.normalize("NFD", letter)[0]
            place = _LETTER_PLACE.get(base, "" if not base.isascii() else base)
        places.append(letter if place is None else place)
    key = "".join(places)
    return f"{key}!{tones or '0'}" if key else ""
