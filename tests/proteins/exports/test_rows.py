"""What files keep of the proteins and the evidence that their rows name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proteins.api import written
from proteins.exports import rows

MOST = 12
ASKED = st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=MOST), max_size=30)


@given(ASKED)
def test_what_is_asked_for_is_there_and_the_rest_is_bounded(asked: list[set[int]]) -> None:
    kept: rows._Kept[int, str] = rows._Kept(lambda ids: {key: key for key in ids}, str, MOST)
    for ids in asked:
        found = kept.of(ids)
        assert {key: found[key] for key in ids} == {key: str(key) for key in ids}
        assert len(found) <= MOST


@given(ASKED)
def test_texts_too(asked: list[set[int]]) -> None:
    kept: written._Kept[str] = written._Kept(MOST)
    for ids in asked:
        found = kept.of(ids, lambda some: {key: str(key) for key in some})
        assert found == {key: str(key) for key in ids}
        assert len(kept._texts) <= MOST


def test_the_oldest_go_first() -> None:
    read: list[int] = []

    def note(ids: set[int]) -> dict[int, int]:
        read.extend(sorted(ids))
        return {key: key for key in ids}

    kept = rows._Kept(note, lambda value: value, MOST)
    for start in (0, 4, 8):
        kept.of(set(range(start, start + 4)))
    kept.of({0, 12})  # 1 to 3 make room
    assert set(kept.of({0, 4, 11, 12})) == {0, *range(4, 13)}
    assert read == list(range(13))
