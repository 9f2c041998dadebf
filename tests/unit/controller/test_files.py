"""Files, bytes and attachments as answers: whole, in parts, or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.controller.answers import client_of
from tests.unit.controller.raw import Conversation
from velocious.controller import Controller
from velocious.controller.sending.byte_ranges import Part, Unsatisfiable, asked_part
from velocious.controller.sending.disposition import content_disposition
from velocious.errors import PlatformError, RenderError
from velocious_browser.served_files import BrowserServedFiles
from velocious_node.served_files import NodeServedFiles

if TYPE_CHECKING:
    from pathlib import Path

TEXT = bytes(range(256)) * 4


class FilesController(Controller):
    async def one(self) -> None:
        await self.send_file("files/one.bin")

    async def chosen(self) -> None:
        await self.send_file(self.params["name"], inside="files", disposition="inline")

    async def missing(self) -> None:
        await self.send_file("files/nothing")

    async def data(self) -> None:
        self.send_data(b"a,b\n", filename="übersicht 1.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files/inner").mkdir(parents=True)
    (tmp_path / "files/one.bin").write_bytes(TEXT)
    (tmp_path / "files/inner/two.txt").write_text("two")
    (tmp_path / "files/.hidden").write_text("hidden")
    (tmp_path / "files-2").mkdir()
    (tmp_path / "files-2/secret").write_text("secret")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "files/link").symlink_to(tmp_path / "secret")
    (tmp_path / "files/inner/link").symlink_to(tmp_path / "files/one.bin")
    os.mkfifo(tmp_path / "files/pipe")
    return tmp_path


def client(folder: Path, **options: Any) -> Any:
    return client_of(FilesController, directory=str(folder), **options)


async def test_a_file_is_sent_with_what_a_client_needs_to_ask_again(folder: Path) -> None:
    async with client(folder) as asking:
        answer = await asking.get("/one")
        known = {"if-none-match": answer.headers["etag"]}
        again = await asking.get("/one", headers=known)
        dated = {"if-modified-since": answer.headers["last-modified"]}
        by_date = await asking.get("/one", headers=dated)
    assert answer.content == TEXT
    assert answer.headers["content-length"] == str(len(TEXT))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="one.bin"'
    assert answer.headers["accept-ranges"] == "bytes"
    for unchanged in (again, by_date):
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-3", Part(0, 4)),
        ("bytes=1020-", Part(1020, 4)),
        ("bytes=-3", Part(1021, 3)),
        ("bytes=0-99999999999999999999999999", Part(0, 1024)),
        ("bytes=-99999999999999999999999999", Part(0, 1024)),
        ("BYTES= 5-5 ", Part(5, 1)),
        ("bytes=0-1,3-4", None),
        ("bytes=4-3", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=0-1", None),
        ("bytes=0-1\n", None),
        ("bytes=１-2", None),
    ],
)
def test_a_range_is_read_as_the_rfc_says(asked: str, part: Part | None) -> None:
    assert asked_part(asked, 1024) == part


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=2000-3000", "bytes=-0"])
async def test_a_part_that_is_not_there_is_416_with_the_size(folder: Path, asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked_part(asked, 1024)
    async with client(folder) as asking:
        answer = await asking.get("/one", headers={"range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == "bytes */1024"


async def test_parts_are_sent_where_the_rest_still_fits(folder: Path) -> None:
    async with client(folder) as asking:
        tag = (await asking.get("/one")).headers["etag"]
        part = await asking.get("/one", headers={"range": "bytes=250-260"})
        fits = await asking.get("/one", headers={"range": "bytes=1-1", "if-range": tag})
        changed = await asking.get("/one", headers={"range": "bytes=1-1", "if-range": '"x"'})
        weak = await asking.get("/one", headers={"range": "bytes=1-1", "if-range": f"W/{tag}"})
        head = await asking.head("/one", headers={"range": "bytes=1-1"})
    assert (part.status_code, part.content) == (206, TEXT[250:261])
    assert part.headers["content-range"] == "bytes 250-260/1024"
    assert part.headers["content-length"] == "11"
    assert (fits.status_code, fits.content) == (206, b"\x01")
    assert [one.status_code for one in (changed, weak, head)] == [200, 200, 200]
    assert (head.headers["content-length"], head.content) == ("1024", b"")


@pytest.mark.parametrize("name", ["one.bin", "inner/two.txt", "inner/link", "inner\\two.txt"])
async def test_a_client_s_name_is_found_inside_the_folder(folder: Path, name: str) -> None:
    async with client(folder) as asking:
        answer = await asking.get("/chosen", params={"name": name})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('inline; filename="')


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "inner/../../secret",
        "..\\secret",
        "/etc/passwd",
        "//etc/passwd",
        "./one.bin",
        "link",
        ".hidden",
        "inner",
        "inner/",
        "",
        ".",
        "..",
        "one.bin\0.txt",
        "one.bin/",
        "C:\\one.bin",
        "one.bin:stream",
        "../files-2/secret",
        "pipe",
        "nothing",
        "a" * 5000,
    ],
)
async def test_a_client_s_name_never_leads_out_of_the_folder(folder: Path, name: str) -> None:
    async with client(folder) as asking:
        answer = await asking.get("/chosen", params={"name": name})
    # A NUL character is refused with the parameters already.
    assert answer.status_code == (400 if "\0" in name else 404)
    assert str(folder) not in answer.text


async def test_a_missing_file_of_the_action_s_own_is_explained(folder: Path) -> None:
    async with client(folder, environment="development") as asking:
        answer = await asking.get("/missing")
    assert "There is no file 'files/nothing' to send" in answer.json()["error"]["message"]


async def test_bytes_are_sent_like_a_file(folder: Path) -> None:
    async with client(folder) as asking:
        answer = await asking.get("/data")
        part = await asking.get("/data", headers={"range": "bytes=2-"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"_bersicht 1.csv\"; filename*=UTF-8''%C3%BCbersicht%201.csv"
    )
    assert (part.status_code, part.content) == (206, b"b\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.txt", 'attachment; filename="a.txt"'),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ('a"; filename=evil.exe', None),
        ("a\r\nSet-Cookie: x=1", None),
        ("50%.txt", "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"),
        ("\u202egpj.exe", 'attachment; filename="gpj.exe"'),
        ("", "attachment"),
    ],
)
def test_a_file_s_name_stays_in_its_place(name: str, said: str | None) -> None:
    value = content_disposition("attachment", name)
    assert said is None or value == said
    assert value.isascii() and not set(value) & set("\r\n\0")
    assert value.count('"') in (0, 2)


def test_a_disposition_is_one_of_two() -> None:
    with pytest.raises(RenderError, match="neither 'attachment' nor 'inline'"):
        content_disposition("download", "a")


@pytest.mark.parametrize("kind", [NodeServedFiles, BrowserServedFiles])
async def test_both_environments_read_parts_and_notice_a_file_that_shrinks(
    folder: Path, kind: Any
) -> None:
    files = kind(str(folder))
    found = await files.find("files/one.bin")
    assert [chunk async for chunk in files.read(found, 1000, 10)] == [TEXT[1000:1010]]
    assert await files.find("files/pipe") is None
    assert await files.find("files") is None
    (folder / "files/one.bin").write_bytes(b"short")
    with pytest.raises(PlatformError, match="became shorter"):
        _ = [chunk async for chunk in files.read(found, 0, 1024)]
    (folder / "files/one.bin").unlink()
    with pytest.raises(PlatformError, match="could not be read"):
        _ = [chunk async for chunk in files.read(found, 0, 1)]


async def test_a_large_file_leaves_in_pieces_and_is_let_go_when_the_client_is_gone(
    folder: Path,
) -> None:
    (folder / "files/one.bin").write_bytes(b"x" * 3_000_000)
    async with client(folder) as asking:
        whole = Conversation(asking, "GET", "/one")
        await whole.run()
        gone = Conversation(asking, "GET", "/one")
        gone.hang_up()
        await gone.run()
    assert len(whole.body) == 3_000_000
    assert max(len(message.get("body", b"")) for message in whole.heard) <= 256 * 1024
    assert len(gone.body) < 3_000_000
