"""Text as issued -> text as it is compared: half-width, without blanks, quotation marks or brackets as the reader asks.

Four strengths, each a step further; every room names the one it needs:
``narrow`` (widths only), ``unspaced`` (without blanks), ``label_key`` (a label: also without quotes, one sort of bracket),
``bare`` (a wording: also without brackets and stops) and ``letters`` (only letters and digits).
"""

from __future__ import annotations

import functools
import re
import unicodedata

MAX_LABEL = 200
# NFKC would turn 5² into 52, ⑴ into (1), which is -1 in a table of figures, and ① into a digit of what follows
_KEPT = re.compile("([\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u249b]+)")
_BLANKS = re.compile(r"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_DASHES = str.maketrans(dict.fromkeys("–—―─−～〜∼﹣", "-"))
_QUOTES = re.compile("[\"'“”‘’„‟「」『』《》〈〉`]")
_SPEECH = str.maketrans("", "", "“”‘’\"'「」『』")
_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "﹑": "、"})
_STOPS = re.compile(r"[“”\"‘’'()〔〕\[\]【】《》、·,.。]+")
_CIRCLED = re.compile("[①-⒇]")
_SIGNS = re.compile(r"[\W_]+")
WIDE_STOPS = str.maketrans(",:;!?", "，：；！？")


def narrow(text: str) -> str:
    """Half-width letters, digits, signs and brackets (NFKC); superscripts and circled numbers stay what they are."""
    if text.isascii():
        return text
    if _KEPT.search(text) is None:
        return unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    parts = _KEPT.split(text)
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return "".join(parts).replace("\u2212", "-")


def letter_by_letter(text: str) -> str:
    """``narrow`` for readers that report places: no letter becomes two, none is joined to its neighbour."""
    wide = (unicodedata.normalize("NFKC", letter) for letter in text)
    return "".join(made if len(made) == 1 else letter for letter, made in zip(text, wide, strict=True))


def unspaced(text: str) -> str:
    """Without any blank, line break or invisible sign."""
    return _BLANKS.sub("", text)


def one_dash(text: str) -> str:
    """One sign for every dash and wave."""
    return text.translate(_DASHES)


def one_bracket(text: str) -> str:
    """Round brackets for square ones."""
    return text.translate(_BRACKETS)


def unquoted(text: str) -> str:
    """Without quotation marks."""
    return text.translate(_SPEECH)


@functools.lru_cache(maxsize=16384)
def label_key(text: str) -> str:
    """A label, heading or title as it is compared: narrow, no blanks, no quotes, one sort of bracket.

    A circled number becomes a list number (①支出 is 1、支出): its digit alone would be glued to the label.
    """
    text = narrow(_CIRCLED.sub(_listed, text[:MAX_LABEL]))
    return _QUOTES.sub("", _BLANKS.sub("", text)).translate(_BRACKETS)


def _listed(found: re.Match[str]) -> str:
    return f"{(ord(found[0]) - ord('①')) % 20 + 1}、"


def bare(text: str) -> str:
    """A wording without blanks, brackets, quotation marks and stops; operators and letters stay."""
    return _STOPS.sub("", unspaced(narrow(text)))


def letters(text: str) -> str:
    """The letters and digits of a text alone: what two spellings of one title share."""
    return _SIGNS.sub("", narrow(text))


def uncoded(text: str) -> str:
    """What a file exported for a spreadsheet means by ``="1601"`` and ``'1601``: the text 1601."""
    if len(text) > 2 and text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text[1:] if text.startswith("'") and text[1:].replace(".", "").isdigit() else text
