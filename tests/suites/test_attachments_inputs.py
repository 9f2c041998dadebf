"""What can be attached, and what is refused."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.attachments import CreateTables, Paper, User, keeping, stored_keys
from velocious.errors import (
    AttachmentInputError,
    ConfigurationError,
    UnknownOptionError,
    UnknownRelationshipError,
    ValidationError,
)
from velocious.record import Record, has_many_attachments, has_one_attachment, validates

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def kept(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with keeping(environment, "database") as configuration:
        yield configuration


class Upload:
    """Shaped as the uploads of web frameworks are."""

    def __init__(self, content: bytes, filename: str | None, content_type: str | None) -> None:
        self._file = io.BytesIO(content)
        self.filename = filename
        self.content_type = content_type
        self.size = len(content)

    async def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


async def pieces(*given: Any) -> AsyncGenerator[Any]:
    for one in given:
        yield one


@pytest.mark.parametrize(
    ("make", "content", "filename", "content_type"),
    [
        (lambda: b"\x00\xff", b"\x00\xff", "attachment.bin", "application/octet-stream"),
        (lambda: bytearray(b"ab"), b"ab", "attachment.bin", "application/octet-stream"),
        (lambda: memoryview(b"ab"), b"ab", "attachment.bin", "application/octet-stream"),
        (lambda: "née", "née".encode(), "attachment.txt", "text/plain"),
        (lambda: {"content": "a", "filename": "a.csv"}, b"a", "a.csv", "text/csv"),
        (
            lambda: {"content": b"a", "filename": "a.txt", "content_type": "Image/PNG; x=y"},
            b"a",
            "a.txt",
            "image/png",
        ),
        (lambda: {"content_base64": "YQA=", "filename": "a"}, b"a\0", "a", None),
        (lambda: {"content": io.BytesIO(b"abc"), "filename": "a.pdf"}, b"abc", "a.pdf", None),
        (lambda: {"content": pieces(b"a", b"b")}, b"ab", "attachment.bin", None),
        (lambda: io.BytesIO(b"abc"), b"abc", "attachment.bin", None),
        (lambda: pieces(b"a", bytearray(b"b"), b""), b"ab", "attachment.bin", None),
        (lambda: Upload(b"x", "x.png", "image/x"), b"x", "x.png", "image/x"),
        (lambda: Upload(b"x", None, None), b"x", "attachment.bin", None),
        (lambda: b"", b"", "attachment.bin", None),
    ],
)
async def test_files_come_in_many_shapes(
    environment: TestEnvironment,
    make: Any,
    content: bytes,
    filename: str,
    content_type: str | None,
) -> None:
    async with keeping(environment, "database"):
        model: Any = Paper
        paper = await model.create(title="x", scan=make())
        assert await paper.scan.download() == content
        assert paper.scan.filename == filename
        assert paper.scan.byte_size == len(content)
        if content_type is not None:
            assert paper.scan.content_type == content_type


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (5, AttachmentInputError, "5 cannot be attached"),
        ([b"a"], AttachmentInputError, "cannot be attached"),
        ({"contents": b"a"}, UnknownOptionError, "Did you mean 'content'"),
        ({}, AttachmentInputError, "none of them"),
        ({"filename": "a"}, AttachmentInputError, "none of them"),
        ({"content": b"a", "path": "/x"}, AttachmentInputError, "content and path"),
        ({"content_base64": "not base64!"}, AttachmentInputError, "is not base64"),
        ({"content_base64": "data:x;base64,YQ=="}, AttachmentInputError, "is not base64"),
        ({"content": b"a", "filename": 5}, AttachmentInputError, "filename .* is text"),
        ({"content": 5}, AttachmentInputError, "5 cannot be attached"),
        ({"path": "/etc/passwd"}, AttachmentInputError, "allow_path_input=True"),
    ],
)
async def test_what_is_no_file_is_refused_at_once(
    kept: Configuration, wrong: Any, error: type[Exception], message: str
) -> None:
    user = await User.create(name="Ada")
    for use in (user.avatar.queue, user.documents.queue, partial(setattr, user, "avatar")):
        with pytest.raises(error, match=message):
            use(wrong)
    with pytest.raises(error, match=message):
        await user.avatar.attach(wrong)
    with pytest.raises(AttachmentInputError, match="is assigned a list"):
        user.documents = "a"


@pytest.mark.parametrize("wrong", ["text", 5, None])
async def test_a_stream_of_something_else_is_refused(kept: Configuration, wrong: Any) -> None:
    user = await User.create(name="Ada")
    with pytest.raises(AttachmentInputError, match="instead of bytes"):
        await user.documents.attach(pieces(b"a", wrong))
    with pytest.raises(AttachmentInputError, match='"rb"'):
        await user.documents.attach(io.StringIO("opened as text"))
    assert await stored_keys(kept) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\notes.txt", "notes.txt"),
        ("a/b\\c/d.txt", "d.txt"),
        ("nul\0.txt\r\n", "nul.txt"),
        ("..", "attachment.bin"),
        ("  .hidden. ", "hidden"),
        ("exe.\u202egpj", "exe.gpj"),
        ("a.txt:stream", "a.txt_stream"),
        ("\ud800lone.txt", "lone.txt"),
        ("x" * 400 + ".png", "x" * 251 + ".png"),
        ("é" * 200, "é" * 127),
    ],
)
async def test_names_are_reduced_to_what_is_safe(
    kept: Configuration, given: str, name: str
) -> None:
    user = await User.create(name="Ada", documents=[{"content": b"x", "filename": given}])
    assert user.documents[0].filename == name


async def test_a_type_that_is_none_is_guessed(kept: Configuration) -> None:
    for wrong in ("", "png", "image/png\r\nX-Evil: 1", "a/b/c", "<script>/x"):
        given = {"content": b"x", "filename": "a.png", "content_type": wrong}
        user = await User.create(name="Ada", avatar=given)
        assert user.avatar.content_type == "image/png"


# Validations


async def test_presence_asks_for_a_file(kept: Configuration) -> None:
    model: Any = Paper
    with pytest.raises(ValidationError, match="Scan can't be blank"):
        await model.create(title="x")
    paper = await model.create(title="x", scan="a")
    with pytest.raises(ValidationError, match="Scan can't be blank"):
        await paper.update(scan=None)
    found = await model.first()
    # What is stored stays, loaded or not.
    await found.update(title="y")
    await found.update(scan="b")
    paper = await model.preload("scan").first()
    assert await paper.is_valid()
    paper.scan.detach()
    assert not await paper.is_valid()


async def test_types_sizes_and_counts_are_validated(kept: Configuration) -> None:
    user = User(name="Ada", avatar={"content": b"x" * 400_001, "filename": "a.exe"})
    assert not await user.is_valid()
    assert user.errors.codes("avatar") == ["content_type", "file_too_large"]
    assert "is too large (maximum is 391 KB)" in user.errors.on("avatar")
    user = User(name="Ada", documents=["a", "b", "c", "d", ""])
    assert not await user.is_valid()
    assert user.errors.codes("documents") == ["file_too_small", "too_many_files"]
    user = await User.create(name="Ada", documents=["a", "b"])
    found = await User.find(user.id)
    with pytest.raises(ValidationError, match="too many files"):
        await found.documents.attach("c", "d")
    await found.update(documents=["c", "d", "e"])
    assert len(await stored_keys(kept)) == 3


async def test_streams_are_stopped_at_the_limit(kept: Configuration) -> None:
    read: list[int] = []

    async def endless() -> AsyncGenerator[bytes]:
        while True:
            read.append(100_000)
            yield b"x" * 100_000

    user = await User.create(name="Ada")
    stream = {"content": endless(), "filename": "a.png"}
    with pytest.raises(ValidationError, match="Avatar is too large"):
        await user.avatar.attach(stream)
    assert sum(read) == 500_000
    with pytest.raises(ValidationError, match="Avatar is too large"):
        await User.create(name="Bob", avatar={"content": endless(), "filename": "a.png"})
    assert await User.count() == 1
    assert await stored_keys(kept) == []


async def test_the_declared_size_is_a_limit_without_a_validation(
    environment: TestEnvironment,
) -> None:
    class User(Record):
        avatar = has_one_attachment(maximum_size=3)

    model: Any = User
    async with keeping(environment, "database", models=[User], schema=[CreateTables]) as kept:
        for content in (b"four", pieces(b"fo", b"ur")):
            with pytest.raises(ValidationError, match="maximum is 3 bytes"):
                await model.create(name="Ada", avatar=content)
        user = await model.create(name="Ada", avatar=b"333")
        assert await user.avatar.download() == b"333"
        assert len(await stored_keys(kept)) == 1


async def test_small_streams_are_measured_afterwards(kept: Configuration) -> None:
    user = await User.create(name="Ada")
    with pytest.raises(ValidationError, match="Documents is too small"):
        await user.documents.attach(pieces())
    assert await stored_keys(kept) == []


async def test_conditions_decide_about_streams_too(environment: TestEnvironment) -> None:
    class User(Record):
        avatar = has_one_attachment()
        validations = [
            validates("avatar", attachment={"maximum_size": 3}, unless="is_large"),
            validates("avatar", attachment={"maximum_size": 9}, if_="is_large"),
        ]

        def is_large(self) -> bool:
            return self.read("name") == "large"

    model: Any = User
    async with keeping(environment, "database", models=[User], schema=[CreateTables]) as kept:
        await model.create(name="large", avatar=pieces(b"four"))
        with pytest.raises(ValidationError, match="maximum is 3 bytes"):
            await model.create(name="small", avatar=pieces(b"four"))
        with pytest.raises(ValidationError, match="maximum is 9 bytes"):
            await model.create(name="large", avatar=pieces(b"1234567890"))
        await model(name="small", avatar=pieces(b"unchecked")).save(validate=False)
        assert len(await stored_keys(kept)) == 2


async def test_a_stream_that_lies_about_its_size_is_measured(kept: Configuration) -> None:
    upload = Upload(b"x" * 500_000, "me.png", "image/png")
    upload.size = 5
    with pytest.raises(ValidationError, match="Avatar is too large"):
        await User.create(name="Ada", avatar=upload)
    assert await stored_keys(kept) == []


async def test_a_validation_of_what_holds_no_files_is_explained(
    environment: TestEnvironment,
) -> None:
    class User(Record):
        avatar = has_one_attachment()
        validations = [validates("avatr", attachment={"maximum_size": 5})]

    model: Any = User
    async with keeping(environment, "database", models=[User], schema=[CreateTables]):
        with pytest.raises(UnknownRelationshipError, match="Did you mean 'avatar'"):
            await model.create(name="Ada")


def test_wrong_declarations_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="needs a list of content_types"):
        validates("avatar", attachment=True)
    with pytest.raises(ConfigurationError, match="needs a list of content_types"):
        validates("avatar", attachment={"content_types": "image/png"})
    with pytest.raises(UnknownOptionError, match="maximum_size"):
        validates("avatar", attachment={"maximun_size": 5})
    with pytest.raises(ConfigurationError, match="Give a list of directories"):
        has_one_attachment(allow_path_input=True, allowed_path_prefixes="/srv")
    with pytest.raises(ConfigurationError, match="allow_path_input is not True"):
        has_many_attachments(allowed_path_prefixes=["/srv"])
    with pytest.raises(ConfigurationError, match="no number of bytes"):
        has_many_attachments(maximum_size=-1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"files": {"driver": "file"}}, "Did you mean 'files'"),
        ({"files": {}}, "has no option 'None'"),
        ({"files": {"driver": "files", "folder": "x"}}, "has no option 'folder'"),
        ({"files": {"driver": "database", "directory": "x"}}, "has no option 'directory'"),
        ({"default": "fils", "files": {"driver": "files"}}, "Did you mean 'files'"),
        ({"files": "storage"}, "which is no storage: it has no write"),
    ],
)
async def test_wrong_storages_stop_the_start(
    environment: TestEnvironment, given: Any, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        async with keeping(environment, attachments=given):
            raise AssertionError("it started")


async def test_a_storage_that_is_not_named_is_explained(environment: TestEnvironment) -> None:
    two = {"one": {"driver": "database"}, "two": {"driver": "database"}}
    async with keeping(environment, attachments=two) as kept:
        with pytest.raises(ConfigurationError, match="not which of them is meant"):
            await User.create(name="Ada", avatar="a")
        with pytest.raises(ConfigurationError, match="Did you mean 'one'"):
            kept.attachments.storage("onne")
