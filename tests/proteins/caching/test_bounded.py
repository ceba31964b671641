"""The one bounded cache: what is read is there, and the rest within the limit."""

from __future__ import annotations

from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from proteins.caching.bounded import BoundedCache

LIMIT = 12
REQUESTS = st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=LIMIT + 3), max_size=30)


@given(REQUESTS)
def test_what_is_read_is_there_and_the_rest_is_bounded(requests: list[set[int]]) -> None:
    cache: BoundedCache[int, str] = BoundedCache(LIMIT)
    for keys in requests:
        values = cache.of(keys, lambda some: {key: str(key) for key in some})
        assert values == {key: str(key) for key in keys}
        assert len(cache) == cache.size <= LIMIT


def test_the_least_recently_used_go_first() -> None:
    read: list[int] = []

    def note(keys: set[int]) -> dict[int, int]:
        read.extend(sorted(keys))
        return {key: key for key in keys}

    cache: BoundedCache[int, int] = BoundedCache(LIMIT)
    for start in (0, 4, 8):
        cache.of(set(range(start, start + 4)), note)
    cache.of({0, 12}, note)  # 1 makes room
    assert [key for key in range(13) if key in cache] == [0, *range(2, 13)]
    assert cache.get(2) == 2
    cache.put(13, 13)
    assert 2 in cache
    assert 3 not in cache
    assert read == list(range(13))


def test_a_limit_on_sizes() -> None:
    cache: BoundedCache[str, bytes] = BoundedCache(10, len)
    for name in "abc":
        cache.put(name, b"1234")
    assert ("a" in cache, cache.size) == (False, 8)
    cache.put("b", b"1")
    assert (len(cache), cache.size) == (2, 5)
    cache.put("d", b"x" * 11)  # has no room at all
    assert (len(cache), cache.size) == (0, 0)
    assert cache.pop("b") is None


def test_threads() -> None:
    cache: BoundedCache[int, int] = BoundedCache(50)
    failed: list[BaseException] = []

    def work(offset: int) -> None:
        try:
            for start in range(1_000):
                keys = {(offset + start + number) % 90 for number in range(20)}
                assert cache.of(keys, lambda some: {key: key + 1 for key in some}) == {
                    key: key + 1 for key in keys
                }
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=work, args=(offset,)) for offset in (0, 30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert cache.size == len(cache) <= 50
