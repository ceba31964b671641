"""Archives that mean harm are refused before anything of them is written, or while it is."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from curation.uploads.archive import list_archive, unpack
from curation.uploads.limits import Limits, UploadError
from tests.curation.uploads.archives import (
    PAGE,
    archive,
    bzip2,
    device,
    entry,
    link,
    marked,
    write,
)

LIMITS = Limits(received=10**6, unpacked=10**7, page=2 * 10**6, files=20, ratio=100)


def take(folder: Path, data: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Unpack an archive; return the pages by what they were called."""
    pages = folder / "pages"
    pages.mkdir()
    names = unpack(write(folder, data), pages, limits, lambda _: None)
    assert {file.name for file in pages.iterdir()} == set(names)
    return {name: (pages / own).read_bytes() for own, name in names.items()}


def test_pages_come_out_under_names_of_our_own(tmp_path: Path) -> None:
    data = archive(("yeast/q9uk53.md", PAGE), ("yeast/", b""), ("Ü (1).MD", b"--- other"))
    assert take(tmp_path, data) == {"q9uk53.md": PAGE, "Ü (1).MD": b"--- other"}
    assert sorted(file.name for file in (tmp_path / "pages").iterdir()) == [
        "000001.md",
        "000002.md",
    ]


def test_what_is_no_page_is_left_out_and_named(tmp_path: Path) -> None:
    data = archive(
        ("q9uk53.md", PAGE),
        ("README.txt", b"x"),
        (".DS_Store", b"x"),
        ("__MACOSX/._q9uk53.md", b"x"),
    )
    listing = list_archive(write(tmp_path, data), LIMITS)
    assert [name for _, name in listing.pages] == ["q9uk53.md"]
    assert listing.skipped == ("README.txt", ".DS_Store", "__MACOSX/._q9uk53.md")


def test_only_the_first_of_many_left_out_are_named(tmp_path: Path) -> None:
    others = [(f"{number}.txt", b"x") for number in range(60)]
    listing = list_archive(write(tmp_path, archive(("a.md", PAGE), *others)), LIMITS)
    assert len(listing.skipped) == 51
    assert listing.skipped[-1] == "and 10 more"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../a.md", "leads out of its folder"),
        ("pages/../../a.md", "leads out of its folder"),
        ("../../etc/passwd", "leads out of its folder"),
        ("/etc/a.md", "is an absolute path"),
        ("//server/share/a.md", "is an absolute path"),
        ("C:/a.md", "names a drive"),
        ("c:a.md", "names a drive"),
        ("..\\a.md", "holds a backslash"),
        ("pages\\a.md", "holds a backslash"),
        ("a.md\x00.png", "holds a NUL"),
        ("a" * 900 + ".md", "has 903 characters"),
        ("a" * 250 + ".md", "200 are the most"),
        ("a\x1b[2J.md", "characters that cannot be stored"),
        ("\u202egnp.md", "characters that cannot be stored"),
    ],
)
def test_names_that_mean_harm_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(UploadError, match=reason):
        take(tmp_path, archive(("good.md", PAGE), (name, PAGE)))
    assert list((tmp_path / "pages").iterdir()) == []
    assert {file.name for file in tmp_path.iterdir()} == {"a.zip", "pages"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [(link, "is a link"), (device, "is not a usual file"), (bzip2, "in an unusual manner")],
)
def test_entries_of_other_kinds_are_refused(tmp_path: Path, change: Any, reason: str) -> None:
    with pytest.raises(UploadError, match=reason):
        take(tmp_path, entry("a.md", b"/etc/passwd", change))


def test_a_link_that_is_no_page_is_refused_as_well(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="is a link"):
        take(tmp_path, entry("pages", b"/etc", link))


@pytest.mark.parametrize("flags", [0x1, 0x41])
def test_an_encrypted_entry_is_refused(tmp_path: Path, flags: int) -> None:
    with pytest.raises(UploadError, match="is encrypted"):
        take(tmp_path, marked(entry("a.md"), flags=flags))


@pytest.mark.parametrize(("first", "second"), [("A.md", "a.md"), ("x/a.md", "y/a.md")])
def test_two_pages_of_one_name_are_refused(tmp_path: Path, first: str, second: str) -> None:
    with pytest.raises(UploadError, match="two pages called"):
        take(tmp_path, archive((first, PAGE), (second, PAGE)))


@pytest.mark.parametrize("name", ["more.zip", "x/pages.tar.gz", "a.7z"])
def test_an_archive_within_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UploadError, match="holds another archive"):
        take(tmp_path, archive(("a.md", PAGE), (name, entry("b.md"))))


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04" + b"x" * 100, PAGE])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UploadError, match=r"not a \.zip file"):
        take(tmp_path, data)


def test_an_archive_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="holds no page"):
        take(tmp_path, archive(("README.txt", b"x")))


@pytest.mark.parametrize("cut", [3, 30, 60])
def test_an_archive_that_is_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    with pytest.raises(UploadError):
        take(tmp_path, entry("a.md")[:-cut])


def test_an_archive_whose_middle_is_damaged_is_refused(tmp_path: Path) -> None:
    data = bytearray(entry("a.md"))
    data[60] ^= 0xFF
    with pytest.raises(UploadError, match="damaged"):
        take(tmp_path, bytes(data))


# Bombs


def test_a_page_that_says_it_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match=r"has 3 MB; a page has 2 MB at most"):
        take(tmp_path, entry("a.md", b"0" * 3_000_000))


def test_a_page_that_decompresses_to_too_much_of_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="more than 100 times its size"):
        take(tmp_path, entry("a.md", b"0" * 1_900_000))


def test_many_small_bombs_together_are_refused(tmp_path: Path) -> None:
    limits = replace(LIMITS, page=10**6)
    bombs = archive(*((f"{number}.md", b"0" * 900_000) for number in range(8)))
    with pytest.raises(UploadError, match="The archive decompresses to more than 100 times"):
        take(tmp_path, bombs, limits)


def test_pages_that_say_they_are_too_large_together_are_refused(tmp_path: Path) -> None:
    limits = replace(LIMITS, unpacked=1_000_000, ratio=10_000)
    data = archive(*((f"{number}.md", b"0" * 300_000) for number in range(4)))
    with pytest.raises(UploadError, match=r"unpacks to 1\.2 MB; 1 MB are the most"):
        take(tmp_path, data, limits)


def test_a_page_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    data = marked(entry("a.md", b"0" * 1_500_000), size=900_000)
    with pytest.raises(UploadError, match="damaged"):
        take(tmp_path, data, replace(LIMITS, page=10**6))
    written = sum(file.stat().st_size for file in (tmp_path / "pages").iterdir())
    assert written <= 900_000


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    data = archive(*((f"{number}.md", PAGE) for number in range(21)))
    with pytest.raises(UploadError, match="more than 20 files"):
        take(tmp_path, data)


def test_a_table_of_contents_without_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entries take 46 bytes each of the file, and hundreds once `zipfile` has read them."""
    head = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 16)
    data = head * 50_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(data), 0, 0)
    monkeypatch.setattr("curation.uploads.archive.ZipFile", None)
    with pytest.raises(UploadError, match="more than 20 files"):
        take(tmp_path, data + end)


@pytest.mark.parametrize("comment", [0, 65_535])
def test_an_archive_of_the_form_for_very_large_ones_is_refused(
    tmp_path: Path, comment: int
) -> None:
    """Its second table of contents would be read instead of the one that is bounded."""
    data = entry("a.md")
    end = data.index(b"PK\x05\x06")
    locator = b"PK\x06\x07" + b"\x00" * 16
    tail = data[end:-2] + struct.pack("<H", comment) + b"x" * comment
    with pytest.raises(UploadError, match="ZIP64"):
        take(tmp_path, data[:end] + locator + tail)


def test_entries_that_share_their_data_are_counted_each(tmp_path: Path) -> None:
    """A bomb without nesting: many entries of the table of contents, one body."""
    one = entry("a.md", b"0" * 900_000)
    central = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    heads = b"".join(
        one[central:end].replace(b"a.md", f"{letter}.md".encode()) for letter in "abcdefghijklmnop"
    )
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 16, 16, len(heads), central, 0)
    with pytest.raises(UploadError):
        take(tmp_path, one[:central] + heads + tail, replace(LIMITS, ratio=10_000))
    written = sum(file.stat().st_size for file in (tmp_path / "pages").iterdir())
    assert written <= 900_000
