"""Denormalised facets of proteins: the kinds of support of a protein, by which lists are filtered.

A protein may have twelve thousand interactions, and there are twelve million: the databases,
methods, verdicts, scales and tiers of support of those of a protein (rejected ones left out),
and whether it has binding sites, are stored with the protein, as words in one text.

`bits` of a text go before it in indexes: a protein that lacks one of the requested bits
lacks the word, so that the text is read only of those that have all bits. Databases and
methods share a few dozen bits by their primary keys; that two of them may share one costs a
look at the text and is never wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from proteins.domain.tiers import Tier

SMALL_SCALE: Final = "small-scale"
BINDING_SITES: Final = "binding-sites"
#: By the values of `ReviewStatus`; a rejected interaction gives no facet.
STATUSES: Final = ("unreviewed", "confirmed", "disputed")
#: By the values of `Tier`.
TIERS: Final = tuple(tier.label for tier in sorted(Tier))
#: What has a bit of its own, in the order of the bits.
_OWN: Final = (SMALL_SCALE, BINDING_SITES, *STATUSES, *TIERS)
#: How many bits databases and methods share; all together are the 63 of a signed integer.
_SHARED: Final = {"s": (len(_OWN), 27), "m": (len(_OWN) + 27, 27)}


def source(key: int) -> str:
    """The word for a source database, by its primary key."""
    return f"s{key}"


def method(key: int) -> str:
    """The word for a detection method, by its primary key."""
    return f"m{key}"


def text_of(words: Iterable[str]) -> str:
    """Return words as they are stored: each once, in order, with a space around each."""
    ordered = sorted(set(words))
    return f" {' '.join(ordered)} " if ordered else ""


def within(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def bits(words: Iterable[str]) -> int:
    """Return the bits of words, as one number."""
    number = 0
    for word in words:
        number |= 1 << _place(word)
    return number


def _place(word: str) -> int:
    if word in _OWN:
        return _OWN.index(word)
    first, shared = _SHARED[word[0]]
    return first + int(word[1:]) % shared


def has_own_bit(word: str) -> bool:
    """Whether no other word shares its bit, so that lists can be filtered by its absence."""
    return word in _OWN


class Alphabet:
    """Sets of words as numbers, which are united much faster; each word gets a bit as it is met.

    These bits are of no meaning to others, unlike those of `bits`.
    """

    def __init__(self) -> None:
        self._words: list[str] = []
        self._bit: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._sets: dict[str, int] = {}

    def set_of(self, words: Iterable[str]) -> int:
        number = 0
        for word in words:
            bit = self._bit.get(word)
            if bit is None:
                bit = self._bit[word] = 1 << len(self._words)
                self._words.append(word)
            number |= bit
        return number

    def set_of_text(self, text: str) -> int:
        """Return the set of a stored text; a few thousand different ones recur."""
        if text not in self._sets:
            self._sets[text] = self.set_of(within(text))
        return self._sets[text]

    def numbers(self, sets: Mapping[int, int]) -> Counter[str]:
        """Return how often each word is in some sets, of which each counts so often."""
        # By bytes of the sets first: eight words at once.
        width = -(-len(self._words) // 8)
        by_byte = [[0] * 256 for _ in range(width)]
        for one, number in sets.items():
            for counts, byte in zip(by_byte, one.to_bytes(width, "little"), strict=True):
                counts[byte] += number
        return Counter(
            {
                word: sum(
                    number
                    for byte, number in enumerate(by_byte[place // 8])
                    if byte >> place % 8 & 1
                )
                for place, word in enumerate(self._words)
            }
        )

    def text(self, number: int) -> str:
        """Return a set as it is stored."""
        if number not in self._texts:
            words = (word for word in self._words if self._bit[word] & number)
            self._texts[number] = text_of(words)
        return self._texts[number]
