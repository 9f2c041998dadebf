"""Files that come with a request."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.asking import MULTIPART, ask, field, file, multipart
from tests.suites.attachments import User, keeping
from velocious.controller import Controller, UploadedFile
from velocious.controller.body.uploads import IN_MEMORY, upload_name
from velocious.errors import RenderError
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import ASGIApp

    from tests.suites.asking import Answer
    from velocious.testing.environment import TestEnvironment

LARGE = bytes(range(256)) * 8192  # two megabytes, which leave the memory


class UploadsController(Controller):
    seen: list[UploadedFile] = []

    async def describe(self) -> None:
        self.seen[:] = uploads = [
            one for one in self.params.values() if isinstance(one, UploadedFile)
        ]
        described = [[one.filename, one.content_type, one.size] for one in uploads]
        rest = [
            [name, one] for name, one in self.params.items() if not isinstance(one, UploadedFile)
        ]
        self.render(json={"files": described, "rest": dict(rest)})

    async def attach(self) -> None:
        post = self.params.expect(post=["name", "cover"])
        user = await User.create(name=post["name"])
        await user.avatar.attach(post["cover"])
        self.render(json=[user.avatar.filename, user.avatar.byte_size])

    async def twice(self) -> None:
        upload: UploadedFile = self.params["file"]
        self.seen[:] = [upload]
        start = await upload.read(3)
        rest = await upload.read()
        again = b"".join([piece async for piece in upload])
        self.render(json=[start + rest == again, len(again), await upload.read() == b""])

    async def save(self) -> None:
        upload: UploadedFile = self.params["file"]
        await upload.save_to(self.params["path"])
        handler = self.configuration.environment_handler
        files = handler.byte_files(self.configuration.directory)
        kept = b"".join([piece async for piece in files.read(self.params["path"])])
        self.render(json=kept == LARGE)

    async def fail(self) -> None:
        self.seen[:] = [self.params["file"]]
        raise ArithmeticError("no")

    async def form(self) -> None:
        form = await self.request.form()
        self.render(json=sorted(form))


@asynccontextmanager
async def uploading(environment: TestEnvironment, **http: Any) -> AsyncGenerator[ASGIApp]:
    # What is asked here is the same for every database.
    environment.needs("sqlite_files")
    routes = Routes()
    for action in ("describe", "attach", "twice", "save", "fail", "form"):
        routes.post(f"/{action}", to=(UploadsController, action))
    UploadsController.seen.clear()
    async with keeping(environment, routes=routes, http=http) as configuration:
        yield configuration.asgi()


async def post(app: ASGIApp, path: str, body: Any, content_type: str = MULTIPART) -> Answer:
    return await ask(app, "POST", path, body, content_type=content_type)


async def in_pieces(body: bytes, size: int) -> AsyncGenerator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def test_an_ordinary_form_with_a_line_break_after_its_end_is_read(
    environment: TestEnvironment,
) -> None:
    body = multipart(field("title", "Nötes"), file("cover", "a.txt", b"hello\r\n"))
    assert body.endswith(b"--\r\n")
    async with uploading(environment) as app:
        answer = await post(app, "/describe", body)
    assert answer.json == {"files": [["a.txt", "text/plain", 7]], "rest": {"title": "Nötes"}}


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_it_does_not_matter_where_the_body_is_cut(
    environment: TestEnvironment, size: int
) -> None:
    content = b"\r\n--X-bound\r\n--X-boundar\r\n" * 20
    body = multipart(field("a[b][]", "1"), file("f", "f.bin", content), field("a[b][]", "2"))
    async with uploading(environment) as app:
        answer = await post(app, "/describe", in_pieces(body, size))
        assert answer.json["rest"] == {"a": {"b": ["1", "2"]}}
        assert answer.json["files"] == [["f.bin", "text/plain", len(content)]]


async def test_a_small_and_a_large_file_are_read_from_where_they_are_and_again(
    environment: TestEnvironment,
) -> None:
    async with uploading(environment) as app:
        for content in (b"abcdef", LARGE):
            answer = await post(
                app, "/twice", in_pieces(multipart(file("file", "x", content)), 65536)
            )
            assert answer.json == [True, len(content), True]


async def test_an_upload_is_attached_to_a_record(environment: TestEnvironment) -> None:
    png = b"\x89PNG" + bytes(IN_MEMORY)
    body = multipart(field("post[name]", "Ada"), file("post[cover]", "../me.png", png, "image/png"))
    async with uploading(environment) as app:
        answer = await post(app, "/attach", body)
        assert answer.json == ["me.png", len(png)]
        user = await User.find_by_or_fail(name="Ada")
        await user.load("avatar")
        assert await user.avatar.download() == png


async def test_an_upload_is_saved_to_a_file(environment: TestEnvironment) -> None:
    async with environment.directory() as directory, uploading(environment) as app:
        body = multipart(field("path", f"{directory}/in/x.bin"), file("file", "x", LARGE))
        assert (await post(app, "/save", body)).json is True


@pytest.mark.parametrize("path", ["/describe", "/fail"])
@pytest.mark.parametrize("content", [b"x", LARGE], ids=["small", "large"])
async def test_nothing_of_an_upload_is_left_when_the_request_is_over(
    environment: TestEnvironment, path: str, content: bytes
) -> None:
    async with uploading(environment) as app:
        await post(app, path, multipart(file("file", "x", content)))
        (upload,) = UploadsController.seen
        with pytest.raises(RenderError, match="gone with its request"):
            await upload.read()


async def test_nothing_is_left_of_what_a_client_sent_before_it_left(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[UploadedFile] = []
    close = UploadedFile._close

    async def watched(upload: UploadedFile) -> None:
        closed.append(upload)
        await close(upload)

    monkeypatch.setattr(UploadedFile, "_close", watched)

    async def leaving() -> AsyncGenerator[bytes | None]:
        yield multipart(file("file", "x", LARGE))[: IN_MEMORY * 2]
        yield None

    async with uploading(environment) as app:
        answer = await post(app, "/describe", leaving())
    assert (answer.status, [one.size > IN_MEMORY for one in closed]) == (499, [True])


async def test_the_empty_file_of_a_form_nobody_chose_one_for_is_no_parameter(
    environment: TestEnvironment,
) -> None:
    octets = "application/octet-stream"
    body = multipart(file("cover", "", b"", octets), field("a", ""), file("b", "empty", b""))
    async with uploading(environment) as app:
        answer = await post(app, "/describe", body)
    assert answer.json == {"files": [["empty", "text/plain", 0]], "rest": {"a": ""}}


async def test_an_action_may_still_ask_starlette_for_the_form(environment: TestEnvironment) -> None:
    body = multipart(file("cover", "a", b"1"), field("name", "x"))
    async with uploading(environment) as app:
        assert (await post(app, "/form", body)).json == ["cover", "name"]


@pytest.mark.parametrize(
    ("parts", "http", "status", "said"),
    [
        (
            [field("a", "x" * 200)],
            {"body_limit": 100},
            413,
            "body of the request is larger than 100",
        ),
        (
            [field("a" * 200, "x")],
            {"body_limit": 100},
            413,
            "body of the request is larger than 100",
        ),
        ([file("f", "n.txt", b"x" * 101)], {"upload_limit": 100}, 413, "file 'n.txt' is larger"),
        ([file("f", "n", b"x")] * 3, {"file_limit": 2}, 400, "more than 2 files"),
        ([field("a", "x")] * 6, {"parameter_limit": 5}, 400, "more than 5 parameters"),
    ],
)
async def test_every_limit_holds_while_the_body_arrives(
    environment: TestEnvironment, parts: list[bytes], http: Any, status: int, said: str
) -> None:
    pulled: list[bytes] = []

    async def endless() -> AsyncGenerator[bytes]:
        async for piece in in_pieces(multipart(*parts, end=""), 50):
            yield piece
        while len(pulled) < 1000:
            pulled.append(b"")
            yield b"y" * 1000

    async with uploading(environment, **http) as app:
        answer = await post(app, "/describe", endless())
    assert (answer.status, said in answer.error["message"]) == (status, True), answer.body
    # The first pieces may be looked at before: a form can name the method it means.
    assert len(pulled) < 20


@pytest.mark.parametrize(
    "start",
    [b"\r\n", multipart(field("a", "1")), b"--X-boundary\r\n"],
    ids=["before", "after", "in"],
)
async def test_what_is_no_part_of_a_form_has_an_end_too(
    environment: TestEnvironment, start: bytes
) -> None:
    pulled: list[bytes] = []

    async def endless() -> AsyncGenerator[bytes]:
        yield start
        while len(pulled) < 1000:
            pulled.append(b"")
            yield b"\r\n" * 5000

    async with uploading(environment, body_limit=100, parameter_limit=10) as app:
        answer = await post(app, "/describe", endless())
    assert answer.status in (400, 413)
    assert len(pulled) < 20


async def test_what_a_length_announces_is_refused_unread(environment: TestEnvironment) -> None:
    pulled: list[bytes] = []

    async def endless() -> AsyncGenerator[bytes]:
        while len(pulled) < 1000:
            pulled.append(b"")
            yield b"x" * 10_000

    async with uploading(environment, body_limit=1, upload_limit=1, file_limit=1) as app:
        for kind in (MULTIPART, "application/json", "application/x-www-form-urlencoded"):
            answer = await ask(
                app, "POST", "/describe", endless(), content_type=kind, content_length="99999999"
            )
            assert answer.status == 413
    # The first piece of a form may be looked at before: it can name the method it means.
    assert len(pulled) <= 2


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"nonsense", MULTIPART),
        (b"", MULTIPART),
        (multipart(field("a", "1"), end=""), MULTIPART),
        (multipart(file("a", "x", b"cut off"))[:-30], MULTIPART),
        (multipart(b"Content-Type: text/plain\r\n\r\nno name"), MULTIPART),
        (multipart(b'Content-Disposition: attachment; name="a"\r\n\r\nx'), MULTIPART),
        (multipart(b"Content-Disposition: form-data\r\n\r\nx"), MULTIPART),
        (multipart(b'Content-Disposition: form-data; name="a"\r\n' * 2 + b"\r\nx"), MULTIPART),
        (multipart(b"X-Many: 1\r\n" * 20 + field("a", "1")), MULTIPART),
        (multipart(b"X-Long: " + b"x" * 9000 + b"\r\n" + field("a", "1")), MULTIPART),
        (multipart(field("a", b"\xff")), MULTIPART),
        (multipart(field("a", b"x\0")), MULTIPART),
        (multipart(field("a[", "1")), MULTIPART),
        (multipart(field("a", "1"), field("a[b]", "1")), MULTIPART),
        (multipart(file("a", "x", b"1"), file("a[b]", "x", b"1")), MULTIPART),
        (multipart(field("a", "1")), "multipart/form-data"),
        (multipart(field("a", "1")), "multipart/form-data; boundary="),
        (multipart(field("a", "1")), f"multipart/form-data; boundary={'x' * 71}"),
        (multipart(field("a", "1")), "multipart/form-data; boundary=other"),
        (b"--X-boundary\r\n" * 5000, MULTIPART),
        (b"\r\n" * 5000, MULTIPART),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(
    environment: TestEnvironment, body: bytes, content_type: str
) -> None:
    async with uploading(environment) as app:
        answer = await post(app, "/describe", body, content_type)
    assert (answer.status, answer.error["code"]) == (400, "malformed_request"), answer.body


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\me\\cat.png", "cat.png"),
        ("/", "attachment.bin"),
        ("..", "attachment.bin"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1.log", "_com1.log"),
        ("console.txt", "console.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("naïve.txt", "naïve.txt"),
        ("x" * 400 + ".png", "x" * 251 + ".png"),
    ],
)
def test_the_name_of_a_file_is_only_ever_a_name(given: str, kept: str) -> None:
    assert upload_name(given) == kept
