"""The contract of the files port: what every environment's files do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.files import Files
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def files(environment: TestEnvironment) -> AsyncIterator[Files]:
    async with environment.directory() as directory:
        yield environment.handler().files(directory)


def test_what_was_written_is_read_again(files: Files) -> None:
    files.write_text("notes.txt", "first line\nsecond line\n")
    assert files.read_text("notes.txt") == "first line\nsecond line\n"


def test_bytes_are_read_as_they_are(files: Files) -> None:
    files.write_text("notes.txt", "naïve\r\n")
    assert files.read_bytes("notes.txt") == "naïve\r\n".encode()
    with pytest.raises(PlatformError, match="no file 'absent.png'"):
        files.read_bytes("absent.png")


@pytest.mark.parametrize("text", ["", "a\r\nb\rc\n", "naïve 🐍 שלום\u202e\x00", "x" * 200_000])
def test_text_comes_back_byte_for_byte(files: Files, text: str) -> None:
    files.write_text("text.txt", text)
    assert files.read_text("text.txt") == text


def test_writing_makes_the_missing_folders(files: Files) -> None:
    files.write_text("db/deep/er/structure.sql", "-- nothing\n")
    assert files.list("db/deep/er") == ["structure.sql"]
    assert files.list("db") == ["deep"]


def test_writing_again_replaces_the_whole_text(files: Files) -> None:
    files.write_text("notes.txt", "long text that was there before")
    files.write_text("notes.txt", "short")
    assert files.read_text("notes.txt") == "short"


def test_writing_leaves_no_other_file_behind(files: Files) -> None:
    for text in ("one", "two"):
        files.write_text("db/notes.txt", text)
    assert files.list("db") == ["notes.txt"]


def test_a_write_that_fails_keeps_the_old_text_and_leaves_nothing(files: Files) -> None:
    files.write_text("db/notes.txt", "old")
    with pytest.raises(PlatformError, match="surrogates"):
        files.write_text("db/notes.txt", "a lone surrogate: \ud800")
    assert files.read_text("db/notes.txt") == "old"
    assert files.list("db") == ["notes.txt"]


def test_names_are_listed_in_order(files: Files) -> None:
    for name in ("b.txt", "a.txt", "c/d.txt"):
        files.write_text(f"db/{name}", "")
    assert files.list("db") == ["a.txt", "b.txt", "c"]


def test_an_absent_folder_is_an_empty_list(files: Files) -> None:
    assert files.list("db/migrations") == []


def test_a_folder_is_no_file(files: Files) -> None:
    files.write_text("db/notes.txt", "")
    assert files.exists("db/notes.txt")
    assert not files.exists("db")
    assert not files.exists("notes.txt")


def test_reading_what_is_not_there_names_the_path_and_its_neighbours(files: Files) -> None:
    files.write_text("db/structure.sql", "")
    with pytest.raises(PlatformError, match=r"'db/structur\.sql'(.|\n)*structure\.sql"):
        files.read_text("db/structur.sql")


def test_a_removed_file_is_gone_and_cannot_be_removed_again(files: Files) -> None:
    files.write_text("notes.txt", "")
    files.remove("notes.txt")
    assert not files.exists("notes.txt")
    with pytest.raises(PlatformError, match=r"'notes\.txt'"):
        files.remove("notes.txt")


def test_bytes_that_are_no_text_are_an_error_that_names_the_file(files: Files) -> None:
    files.write_text("image.png", "")
    with open(files.absolute("image.png"), "wb") as file:
        file.write(b"\x89PNG\xff")
    with pytest.raises(PlatformError, match=r"'image\.png' is not UTF-8"):
        files.read_text("image.png")


def test_an_absolute_path_is_used_as_it_is(files: Files) -> None:
    absolute = files.absolute("db/notes.txt")
    assert absolute.startswith("/")
    files.write_text(absolute, "here")
    assert files.read_text("db/notes.txt") == "here"
    assert files.absolute(absolute) == absolute


def test_a_digest_follows_the_content_of_a_file(files: Files) -> None:
    assert files.digest("web/app.css") is None
    files.write_text("web/app.css", "a {}")
    first = files.digest("web/app.css")
    assert first == "9a4487ccbedf68e53bfd4feff149a0fb4e7c47af7ebcdd80db1984dc5cf5abdf"
    assert files.digest("web/app.css") == first
    files.write_text("web/app.css", "b { }")
    assert files.digest("web/app.css") not in (first, None)
    files.write_text("web/copy.css", "a {}")
    assert files.digest("web/copy.css") == first


def test_what_is_no_file_has_no_digest(files: Files) -> None:
    files.write_text("web/app.css", "a {}")
    assert (files.digest("web"), files.digest("web/app.css/more")) == (None, None)


def test_the_same_revision_means_that_no_file_has_changed(files: Files) -> None:
    before = files.revision()
    files.write_text("notes.txt", "one")
    written = files.revision()
    files.remove("notes.txt")
    seen = [before, written, files.revision()]
    # None: other programs may write here, and nobody can tell.
    assert seen == [None, None, None] or len(set(seen)) == 3
