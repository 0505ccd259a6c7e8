"""The order of words in each language's own alphabet: a simple key, where a whole collation library is not worth it.

The alphabets are those of Unicode's CLDR.  A letter that is not in an alphabet takes the place of the one that it is
written over (á is a), as CLDR has it; what has no place there follows in the order of Unicode.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_LATIN: Final = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
_ALPHABETS: Final = {
    "": _LATIN,
    "fi": f"{_LATIN} å ä ö",
    "sv": f"{_LATIN} å ä ö",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "ru": "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "ar": "ا ب ة ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ى ي",
    "fa": "ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی",
    "ckb": "ئ ا ب پ ت ج چ ح خ د ر ڕ ز ژ س ش ع غ ف ڤ ق ک گ ل ڵ م ن و ۆ ه ە ی ێ",
    "sq": "a b c ç d dh e ë f g gj h i j k l ll m n nj o p q r rr s sh t th u v x xh y z zh",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p r s ş t u ü v y z",
    "vi": "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
}
_ARTICLE: Final = "ال"
_AFTER: Final = 1000
"""The place of what is in no alphabet: after all letters."""


def sorting_key(text: str, language: str) -> tuple[list[int], str]:
    """Return the key by which `text` stands in a list in `language` (a code of the portal; an unknown one is plain)."""
    if language.partition("-")[0] == "zh":
        # Its first part, the common characters, stands in the order of their sounds (GB 2312).
        return list(text.encode("gb18030")), text
    letters = _letters(language)
    longest = max(map(len, letters))
    rest, key = _small(text, language), []
    while rest:
        found = next((rest[:size] for size in range(longest, 0, -1) if rest[:size] in letters), "")
        key += [letters[found]] if found else _of_stranger(rest[0], letters)
        rest = rest[len(found or rest[0]) :]
    return key, text


@lru_cache
def _letters(language: str) -> dict[str, int]:
    name = next((one for one in (language, language.partition("-")[0]) if one in _ALPHABETS), "")
    return {letter: place for place, letter in enumerate(_ALPHABETS[name].split(), start=1)}


def _small(text: str, language: str) -> str:
    """Return `text` in small letters, without the article that an Arabic index passes over."""
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    text = unicodedata.normalize("NFC", text).lower()
    return " ".join(word.removeprefix(_ARTICLE) for word in text.split(" ")) if language == "ar" else text


def _of_stranger(sign: str, letters: dict[str, int]) -> list[int]:
    """Return the place of a sign that is in no alphabet: a space is before all letters, a mark has none."""
    parts = unicodedata.normalize("NFD", sign)
    # Vietnamese has a second mark, of the tone, on letters that have one of their own: ậ is â, not a.
    for plain in (*(unicodedata.normalize("NFC", parts[0] + mark) for mark in parts[1:]), parts[0]):
        if plain in letters:
            return [letters[plain]]
    if sign.isspace():
        return [0]
    return [_AFTER + ord(sign)] if sign.isalnum() else []
