"""Texts made alike for searching: without case, accents, and the letters that people and keyboards mix up.

Folding keeps, for every sign of what it makes, the place of that sign in the text, so that a hit can be marked where
the reader sees it.  It follows Unicode (case folding, compatibility decomposition) and adds what Unicode leaves apart:
Arabic, Persian and Sorani letters of one sound, ё and ґ, đ, ø, the dotless ı.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ALIKE: Final = str.maketrans(
    {
        "ى": "ي", "ی": "ي", "ې": "ي", "ێ": "ي",
        "ک": "ك", "ڪ": "ك",
        "ة": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه",
        "ٱ": "ا", "ۆ": "و", "ڵ": "ل", "ڕ": "ر",
        # The hamza and its seats: مسؤول and مسئول are one word, and many write neither.
        "ء": "", "ؤ": "", "ئ": "",
        # Tatweel stretches a word; the others are not seen at all.
        "ـ": "", "\u00ad": "", "\u200b": "", "\u200d": "", "\ufeff": "",
        "ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th",
        "ґ": "г",
    }
)  # fmt: skip
_JOINTS: Final = frozenset("'’‘ʼʻ`´\u200c")
"""Apostrophes and the zero-width non-joiner: within a word they vanish, and what follows may be a word of its own."""

_GROUPED: Final = re.compile(r"(?<!\d)\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)")
"""A number with its thousands set apart, which nobody types into a search field."""

_PROCLITICS: Final = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل")
"""What Arabic writes in one with the word after it: and, in, as, so, for, the."""

_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a folded text: where it begins and ends in there, and where else in it a hit may begin."""

    start: int
    end: int
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `places[i]` is where its sign `i` stands in the original, and one more for the end."""

    text: str
    places: Sequence[int]
    words: tuple[Word, ...]

    def spelled(self, word: Word) -> str:
        """Return a word as folded."""
        return self.text[word.start : word.end]


def is_han(sign: str) -> bool:
    """Say whether `sign` is a Chinese character (CJK unified ideographs); those know no spaces between words."""
    return "\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf"


def folded(text: str) -> Folded:
    """Return `text` folded; a space stands for whatever parts its words."""
    dropped = {
        place
        for number in _GROUPED.finditer(text)
        for place in range(number.start(), number.end())
        if not text[place].isdigit()
    }
    signs: list[str] = []
    places = array("L")  # Texts are kept folded, and a list of numbers weighs many times as much.
    joints: set[int] = set()
    for place, sign in enumerate(text):
        if place in dropped:
            continue
        if sign in _JOINTS:
            joints.add(len(signs))
            continue
        for one in _fold(sign):
            signs.append(one)
            places.append(place)
    places.append(len(text))
    made = "".join(signs)
    return Folded(made, places, tuple(_words(made, joints)))


@lru_cache(maxsize=4096)
def _fold(sign: str) -> str:
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return str(digit)
    # The letter's own decomposition would make ئ a ي; so what is alike comes before and after it.
    plain = unicodedata.normalize("NFKD", sign.translate(_ALIKE).casefold().translate(_ALIKE))
    kept = [one for one in plain.casefold() if unicodedata.category(one) not in {"Mn", "Me"}]
    return "".join(one if one.isalnum() else " " for one in "".join(kept).translate(_ALIKE))


def _words(text: str, joints: set[int]) -> list[Word]:
    words = []
    for found in re.finditer(r"\S+", text):
        start, end = found.span()
        starts = {start} | {
            place
            for place in range(start + 1, end)
            if place in joints or is_han(text[place]) or is_han(text[place - 1])
        }
        for begin in sorted(starts):
            starts |= {begin + skipped for skipped in _skips(text[begin:end])}
        words.append(Word(start, end, tuple(sorted(starts))))
    return words


def _skips(word: str) -> list[int]:
    """Return how many letters an Arabic word has in front of itself, if any: the longest of what may stand there."""
    for front in _PROCLITICS:
        rest = word.removeprefix(front)
        # What is left of "parent" (والد) without its first letter is no article with a word.
        if rest != word and len(rest) >= _SHORTEST_STEM and not rest.startswith("ال"):
            return [len(front)]
    return []
