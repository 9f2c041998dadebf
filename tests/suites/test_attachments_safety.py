"""Files and rows stay together: transactions, rollbacks, crashes and the end of their owner."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.attachments import (
    MODELS,
    CreateTables,
    Paper,
    Team,
    User,
    keeping,
    rows,
    stored_keys,
)
from velocious.errors import (
    AttachmentInputError,
    AttachmentsTableMissingError,
    ConfigurationError,
    ValidationError,
)
from velocious.record import Record, after_save, before_save, has_one_attachment
from velocious.record.attachments.storage import new_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture(params=["files", "database"])
async def kept(
    environment: TestEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Configuration]:
    async with keeping(environment, request.param) as configuration:
        yield configuration


class Stop(Exception):
    """Raised by tests to roll back."""


async def chunks(*pieces: bytes) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


# The owner's end


async def test_rows_and_files_go_with_their_owner(kept: Configuration) -> None:
    ada = await User.create(name="Ada", avatar="a", documents=["b", "c"])
    await User.create(name="Bob", avatar="d")
    await ada.destroy()
    assert await rows(kept) == [("avatar", "attachment.txt")]
    assert len(await stored_keys(kept)) == 1


async def test_files_go_with_an_owner_that_depends_on_another(kept: Configuration) -> None:
    team = await Team.create(name="A")
    await User.create(name="Ada", team=team, avatar="a")
    await team.destroy()
    assert (await rows(kept), await stored_keys(kept)) == ([], [])


async def test_files_stay_where_destroying_is_rolled_back(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar="a")
    with pytest.raises(Stop):
        async with User.transaction():
            await user.destroy()
            raise Stop
    assert await user.avatar.download() == b"a"
    assert await (await User.find(user.id)).avatar.download() == b"a"


async def test_a_marked_owner_keeps_its_files_until_it_is_gone(kept: Configuration) -> None:
    model: Any = Paper
    paper = await model.create(title="x", scan="a")
    await paper.destroy()
    found = await Paper.only_deleted().first()
    assert found is not None
    assert await (await found.restore_deleted()).scan.download() == b"a"
    await found.destroy()
    await found.destroy_permanently()
    assert (await rows(kept), await stored_keys(kept)) == ([], [])


# Transactions


async def test_a_rollback_removes_the_new_file_and_keeps_the_old_one(
    kept: Configuration,
) -> None:
    user = await User.create(name="Ada", avatar="old")
    before = await stored_keys(kept)
    for change in (user.avatar.attach("new"), user.update(avatar="new")):
        with pytest.raises(Stop):
            async with User.transaction():
                await change
                assert await user.avatar.download() == b"new"
                raise Stop
        assert await stored_keys(kept) == before
        assert await (await User.find(user.id)).avatar.download() == b"old"


async def test_what_was_rolled_back_can_be_saved_again(kept: Configuration) -> None:
    user = User(name="Ada", avatar="a", documents=["b"])
    with pytest.raises(Stop):
        async with User.transaction():
            await user.save()
            raise Stop
    assert await stored_keys(kept) == []
    assert user.is_new_record
    assert user.avatar.is_queued
    await user.save()
    assert await user.avatar.download() == b"a"
    assert await user.documents.download_all() == [b"b"]
    assert len(await stored_keys(kept)) == 2


async def test_a_stream_that_was_rolled_back_says_that_it_is_spent(kept: Configuration) -> None:
    user = User(name="Ada", documents=[chunks(b"a")])
    with pytest.raises(Stop):
        async with User.transaction():
            await user.save()
            raise Stop
    with pytest.raises(AttachmentInputError, match="has been read already"):
        await user.save()
    assert await stored_keys(kept) == []
    assert await User.count() == 0


async def test_replaced_files_go_only_after_the_outermost_commit(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar="old")
    (old,) = await stored_keys(kept)
    async with User.transaction():
        await user.avatar.attach("new")
        await user.avatar.attach("newer")
        assert await kept.attachments.storage().exists(old)
    assert len(await stored_keys(kept)) == 1
    assert await user.avatar.download() == b"newer"


async def test_a_save_that_fails_leaves_no_file(kept: Configuration) -> None:
    class User(Record):
        avatar = has_one_attachment()

        @after_save
        def refuse(self) -> None:
            raise Stop

    model: Any = User
    with pytest.raises(Stop):
        await model.create(name="Ada", avatar="a")
    assert (await rows(kept), await stored_keys(kept)) == ([], [])


async def test_a_record_that_is_not_valid_stores_nothing(kept: Configuration) -> None:
    with pytest.raises(ValidationError, match="Name can't be blank"):
        await User.create(name="", avatar="a")
    assert await stored_keys(kept) == []


async def test_a_callback_may_queue_files(kept: Configuration) -> None:
    class User(Record):
        avatar = has_one_attachment()
        photo = has_one_attachment()

        @before_save
        def draw(self) -> None:
            self.avatar.queue(f"avatar of {self.read('name')}")

    model: Any = User
    user = await model.create(name="Ada", photo="p")
    assert await user.avatar.download() == b"avatar of Ada"
    assert await user.photo.download() == b"p"


async def test_a_stream_that_breaks_leaves_nothing(kept: Configuration) -> None:
    async def broken() -> AsyncGenerator[bytes]:
        yield b"x" * 300_000
        raise Stop

    user = await User.create(name="Ada", avatar="old")
    with pytest.raises(Stop):
        await user.documents.attach("fine", broken())
    with pytest.raises(Stop):
        await user.update(name="Countess", documents=["fine", broken()])
    assert await rows(kept) == [("avatar", "attachment.txt")]
    assert len(await stored_keys(kept)) == 1
    assert await User.pluck("name") == ["Ada"]


async def test_a_cancelled_upload_leaves_nothing(kept: Configuration) -> None:
    started = asyncio.Event()

    async def slow() -> AsyncGenerator[bytes]:
        yield b"x" * 300_000
        started.set()
        await asyncio.sleep(60)

    user = await User.create(name="Ada")
    task = asyncio.create_task(user.documents.attach(slow()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await rows(kept), await stored_keys(kept)) == ([], [])


async def test_a_slow_upload_keeps_nobody_from_writing(kept: Configuration) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncGenerator[bytes]:
        yield b"x"
        started.set()
        await go_on.wait()

    user = await User.create(name="Ada")
    task = asyncio.create_task(user.update(documents=[slow()]))
    await started.wait()
    await asyncio.wait_for(User.create(name="Bob"), 5)
    go_on.set()
    await task
    assert await user.documents.download_all() == [b"x"]


async def test_concurrent_uploads_to_one_record_all_find_a_place(kept: Configuration) -> None:
    user = await User.create(name="Ada")
    ones = await User.where(name="Ada").to_list() + [await User.find(user.id) for _ in range(2)]
    await asyncio.gather(*(one.documents.attach(f"{place}") for place, one in enumerate(ones)))
    found = await (await User.find(user.id)).documents.to_list()
    assert [row.position for row in found] == [0, 1, 2]
    await asyncio.gather(*(one.avatar.attach(f"{place}") for place, one in enumerate(ones)))
    assert len(await stored_keys(kept)) == 4
    assert [name for name, _ in await rows(kept)] == ["avatar"] + ["documents"] * 3


# The sweep


async def test_a_sweep_removes_what_no_row_names(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar="a")
    orphan = new_key()
    storage = kept.attachments.storage()
    await storage.write(orphan, chunks(b"left behind"))
    assert await kept.attachments.sweep(older_than=timedelta(hours=1)) == []
    seen = await kept.attachments.sweep(older_than=timedelta(0), dry_run=True)
    assert seen == [("main", orphan)]
    assert await storage.exists(orphan)
    assert await kept.attachments.sweep(older_than=timedelta(0)) == seen
    assert not await storage.exists(orphan)
    assert await user.avatar.download() == b"a"


async def test_a_sweep_removes_what_belonged_to_deleted_rows(kept: Configuration) -> None:
    ada = await User.create(name="Ada", avatar="a", documents=["b", "c"])
    bob = await User.create(name="Bob", avatar="d")
    model: Any = Paper
    paper = await model.create(title="x", scan="e")
    await paper.destroy()
    await User.where(id=ada.id).delete_all()
    before = await rows(kept)
    assert await kept.attachments.sweep(older_than=timedelta(hours=1)) == []
    seen = await kept.attachments.sweep(older_than=timedelta(0), dry_run=True)
    assert (len(seen), await rows(kept)) == (3, before)
    assert sorted(await kept.attachments.sweep(older_than=timedelta(0))) == sorted(seen)
    assert [name for name, _ in await rows(kept)] == ["avatar", "scan"]
    assert len(await stored_keys(kept)) == 2
    assert await bob.avatar.download() == b"d"


async def test_a_sweep_keeps_files_of_models_it_does_not_know(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar="a", documents=["b"])
    for column, value in (("record_type", "Somebody"), ("record_id", "no number")):
        await kept.database().execute(
            f"UPDATE velocious_attachments SET {column} = ? WHERE name = 'avatar'", (value,)
        )
        assert await kept.attachments.sweep(older_than=timedelta(0)) == []
    assert await user.documents.download_all() == [b"b"]


async def test_a_sweep_never_starts_without_knowing_the_rows(environment: TestEnvironment) -> None:
    async with keeping(environment, schema="CREATE TABLE users (id INTEGER PRIMARY KEY)") as kept:
        key = new_key()
        await kept.attachments.storage().write(key, chunks(b"x"))
        with pytest.raises(AttachmentsTableMissingError):
            await kept.attachments.sweep(older_than=timedelta(0))
        assert await kept.attachments.storage().exists(key)
        with pytest.raises(ConfigurationError, match="in the future"):
            await kept.attachments.sweep(older_than=timedelta(hours=-1))


async def test_a_file_that_cannot_be_removed_does_not_undo_the_commit(
    environment: TestEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    storage = Stubborn()
    async with keeping(
        environment, models=MODELS, schema=[CreateTables], attachments={"own": storage}
    ) as kept:
        user = await User.create(name="Ada", avatar="a")
        await user.destroy()
        assert await rows(kept) == []
        assert "attachments:sweep will" in caplog.text


class Stubborn:
    """A storage of one's own, in memory, that deletes nothing."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def write(self, key: str, chunks: Any) -> None:
        self.kept[key] = b"".join([chunk async for chunk in chunks])

    async def read(self, key: str) -> AsyncGenerator[bytes]:
        yield self.kept[key]

    async def delete(self, key: str) -> bool:
        raise Stop

    async def exists(self, key: str) -> bool:
        return key in self.kept

    async def url(self, key: str, *, filename: str, content_type: str) -> str | None:
        return f"memory:{key}"

    async def keys(self) -> AsyncGenerator[Any]:
        for key in self.kept:
            yield key
