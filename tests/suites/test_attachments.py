"""Files of records: attaching, reading and replacing them."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.attachments import CreateTables, User, keeping, rows, stored_keys
from tests.suites.statements import recorded_statements
from velocious.errors import (
    AttachmentDamagedError,
    AttachmentNotFoundError,
    AttachmentsTableMissingError,
    AttachmentWithoutUrlError,
    ConfigurationError,
    RecordNotPersistedError,
    RelationshipNotLoadedError,
    ValidationError,
)
from velocious.migration import Migration
from velocious.record import Record, has_one_attachment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

PNG = {"content": b"\x89PNG\x00\xff", "filename": "me.png"}


@pytest.fixture(params=["files", "database"])
async def kept(
    environment: TestEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Configuration]:
    async with keeping(environment, request.param) as configuration:
        yield configuration


async def test_a_file_is_attached_with_a_new_record(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar=PNG)
    found = await User.preload("avatar").find(user.id)
    for one in (user, found):
        assert one.avatar.is_attached
        assert (one.avatar.filename, one.avatar.content_type) == ("me.png", "image/png")
        assert one.avatar.byte_size == 6
        assert await one.avatar.download() == b"\x89PNG\x00\xff"
    digest = hashlib.sha256(b"\x89PNG\x00\xff").hexdigest()
    assert user.avatar.checksum == found.avatar.checksum == digest


async def test_attaching_to_a_stored_record_saves_nothing_else(kept: Configuration) -> None:
    user = await User.create(name="Ada")
    user.name = "Countess"
    row = await user.avatar.attach(PNG)
    assert (row.name, row.record_type, row.record_id) == ("avatar", "User", str(user.id))
    assert await User.pluck("name") == ["Ada"]
    assert user.is_changed("name")
    assert await (await User.find(user.id)).avatar.download() == PNG["content"]


async def test_attaching_to_a_new_record_is_refused(kept: Configuration) -> None:
    with pytest.raises(RecordNotPersistedError, match=r"record\.avatar\.queue"):
        await User(name="Ada").avatar.attach(PNG)
    assert await stored_keys(kept) == []


async def test_what_is_queued_is_stored_with_the_save(kept: Configuration) -> None:
    user = await User.create(name="Ada")
    user.avatar.queue("one")
    user.documents.queue("a", "b")
    assert user.is_changed()
    assert user.avatar.is_queued
    assert await stored_keys(kept) == []
    await user.save()
    assert not user.is_changed()
    assert not user.avatar.is_queued
    assert await user.documents.download_all() == [b"a", b"b"]
    assert len(await stored_keys(kept)) == 3


async def test_a_new_file_takes_the_place_of_the_old_one(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar=PNG)
    (old,) = await stored_keys(kept)
    await user.update(avatar={"content": "new", "filename": "new.txt"})
    assert await user.avatar.download() == b"new"
    (new,) = await stored_keys(kept)
    assert new != old
    await user.avatar.attach("newer")
    assert await user.avatar.download() == b"newer"
    assert len(await stored_keys(kept)) == 1
    assert await rows(kept) == [("avatar", "attachment.txt")]


async def test_many_files_keep_their_order(kept: Configuration) -> None:
    user = await User.create(name="Ada", documents=["a", "b"])
    (added,) = await user.documents.attach({"content": "c", "filename": "c.txt"})
    assert [row.position for row in user.documents] == [0, 1, 2]
    found = await User.find(user.id)
    assert [row.position for row in await found.documents.to_list()] == [0, 1, 2]
    assert await found.documents.download(added.id) == b"c"
    assert await found.documents.download(str(added.id)) == b"c"
    await found.documents.purge(found.documents[0])
    assert await found.documents.download_all() == [b"b", b"c"]
    await found.documents.attach("d")
    assert [row.position for row in found.documents] == [1, 2, 3]
    assert len(await stored_keys(kept)) == 3


async def test_assigned_files_take_the_place_of_all_that_are_not_among_them(
    kept: Configuration,
) -> None:
    user = await User.create(name="Ada", documents=["a", "b"])
    await user.update(documents=[user.documents[1], "c"])
    assert await user.documents.download_all() == [b"b", b"c"]
    user.documents.detach(user.documents[0].id)
    await user.save()
    assert await user.documents.download_all() == [b"c"]
    await user.update(documents=[])
    assert (await stored_keys(kept), await rows(kept)) == ([], [])


async def test_a_file_of_another_record_is_not_found(kept: Configuration) -> None:
    ada = await User.create(name="Ada", documents=["a"])
    bob = await User.create(name="Bob", documents=["b"])
    for wrong in (ada.documents[0].id, "nonsense", 5):
        with pytest.raises(AttachmentNotFoundError, match="no file with the id"):
            await bob.documents.download(wrong)
    await bob.documents.purge(ada.documents[0].id)
    assert await ada.documents.download_all() == [b"a"]


async def test_none_removes_the_file_with_the_save(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar=PNG)
    user.avatar.detach()
    assert not user.avatar.is_attached
    assert len(await stored_keys(kept)) == 1
    await user.save()
    assert (await stored_keys(kept), await rows(kept)) == ([], [])
    with pytest.raises(AttachmentNotFoundError, match="has no avatar"):
        await user.avatar.download()


async def test_purging_removes_the_file_at_once(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar=PNG, documents=["a", "b"])
    await user.avatar.purge()
    await user.avatar.purge()
    await user.documents.purge_all()
    assert not user.avatar.is_attached
    assert list(user.documents) == []
    assert (await stored_keys(kept), await rows(kept)) == ([], [])


async def test_a_row_can_be_purged_by_itself(kept: Configuration) -> None:
    user = await User.create(name="Ada", documents=["a", "b"])
    await user.documents[0].purge()
    assert await (await User.find(user.id)).documents.download_all() == [b"b"]
    assert len(await stored_keys(kept)) == 1


async def test_unloaded_files_are_read_with_await_and_refused_without(
    kept: Configuration,
) -> None:
    await User.create(name="Ada", avatar=PNG)
    user = await User.first()
    assert user is not None
    with pytest.raises(RelationshipNotLoadedError, match=r'preload\("avatar"\)'):
        _ = user.avatar.filename
    with pytest.raises(RelationshipNotLoadedError, match=r'load\("documents"\)'):
        list(user.documents)
    assert await user.avatar.download() == PNG["content"]
    assert user.avatar.filename == "me.png"
    again = await User.first()
    assert again is not None
    assert (await again.load("avatar")).filename == "me.png"


async def test_a_hundred_records_need_one_query_for_their_files(kept: Configuration) -> None:
    for number in range(20):
        await User.create(name=f"{number}", avatar=f"{number}", documents=["x"])
    with recorded_statements(kept) as statements:
        users = await User.preload("avatar", "documents").order("id").to_list()
        assert [user.avatar.byte_size for user in users[:11]] == [1] * 10 + [2]
        assert all(len(user.documents) == 1 for user in users)
    assert len(statements) == 3
    users = await User.order("id").to_list()
    with recorded_statements(kept) as statements:
        for user in users:
            await user.load("avatar")
    assert len(statements) == 1


async def test_records_are_found_by_their_files(kept: Configuration) -> None:
    await User.create(name="Ada", avatar=PNG, documents=["a"])
    await User.create(name="Bob", documents=["b"])
    assert await User.where(avatar={"filename": "me.png"}).pluck("name") == ["Ada"]
    assert await User.where_missing("avatar").pluck("name") == ["Bob"]


async def test_a_stream_gives_the_file_in_pieces(kept: Configuration) -> None:
    user = await User.create(name="Ada", documents=[b"x" * 700_000])
    pieces = [len(piece) async for piece in user.documents.stream(user.documents[0])]
    assert sum(pieces) == 700_000
    assert len(pieces) == 3


async def test_a_damaged_file_is_noticed(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar="abc")
    await kept.database().execute("UPDATE velocious_attachments SET byte_size = 4")
    with pytest.raises(AttachmentDamagedError, match="3 bytes that are not the 4"):
        await (await User.find(user.id)).avatar.download()


async def test_a_file_that_is_gone_is_explained(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar="abc")
    (key,) = await stored_keys(kept)
    await kept.attachments.storage().delete(key)
    with pytest.raises(AttachmentNotFoundError, match=key):
        await user.avatar.download()
    await user.avatar.purge()
    assert await rows(kept) == []


async def test_an_address_needs_a_base_url(environment: TestEnvironment) -> None:
    async with keeping(environment) as kept:
        user = await User.create(name="Ada", avatar=PNG)
        with pytest.raises(AttachmentWithoutUrlError, match=r"'main'.*'me\.png'.*base_url"):
            await user.avatar.url()
    storages = {"main": {"driver": "database", "base_url": "https://files.test/"}}
    async with keeping(environment, attachments=storages) as kept:
        user = await User.create(name="Ada", avatar=PNG)
        (key,) = await stored_keys(kept)
        assert await user.avatar.url() == f"https://files.test/{key}"


async def test_missing_tables_say_how_they_are_made(environment: TestEnvironment) -> None:
    class CreateUsers(Migration):
        async def up(self) -> None:
            async with self.create_table("users") as t:
                t.string("name")
                t.references("team")

    async with keeping(environment, models=[User], schema=[CreateUsers]) as kept:
        user = await User.create(name="Ada")
        with pytest.raises(AttachmentsTableMissingError, match="g:attachments"):
            await user.avatar.attach(PNG)
        with pytest.raises(AttachmentsTableMissingError):
            await User.preload("avatar").to_list()
        assert await stored_keys_of_files(kept) == []


async def stored_keys_of_files(kept: Configuration) -> list[str]:
    return [found.key async for found in kept.attachments.storage().keys()]


async def test_without_a_storage_the_configuration_is_shown(environment: TestEnvironment) -> None:
    async with keeping(environment, attachments=None):
        with pytest.raises(ConfigurationError, match=r"Configuration\(attachments="):
            await User.create(name="Ada", avatar=PNG)
        assert await User.count() == 0


async def test_each_attachment_may_have_a_storage_of_its_own(
    environment: TestEnvironment,
) -> None:
    class User(Record):
        avatar = has_one_attachment(storage="rows")
        photo = has_one_attachment()

    model: Any = User
    storages = {
        "default": "blobs",
        "rows": {"driver": "database"},
        "blobs": {"driver": "database"},
    }
    async with keeping(
        environment, models=[User], schema=[CreateTables], attachments=storages
    ) as kept:
        await model.create(name="Ada", avatar="a", photo="b")
        found = await kept.database().fetch(
            "SELECT name, storage FROM velocious_attachments ORDER BY name"
        )
        assert found == [("avatar", "rows"), ("photo", "blobs")]


async def test_the_file_of_another_record_is_copied(kept: Configuration) -> None:
    ada = await User.create(name="Ada", avatar=PNG, documents=["a", "b"])
    bob = await User.create(name="Bob", avatar=ada.avatar.attachment, documents=list(ada.documents))
    await bob.update(documents=[ada.documents[1], bob.documents[0]])
    await ada.destroy()
    assert bob.avatar.filename == "me.png"
    assert await bob.avatar.download() == PNG["content"]
    assert await bob.documents.download_all() == [b"b", b"a"]
    assert len(await stored_keys(kept)) == 3


async def test_restoring_forgets_what_is_queued(kept: Configuration) -> None:
    user = await User.create(name="Ada", avatar=PNG)
    for names in ((), ("avatar",)):
        user.avatar = "other"
        user.restore("name")
        assert user.avatar.is_queued
        user.restore(*names)
        assert not user.is_changed()
    user.documents.queue("a")
    await user.reload()
    assert not user.documents.is_queued


async def test_what_is_queued_stays_queued_while_another_file_is_attached(
    kept: Configuration,
) -> None:
    user = await User.create(name="Ada")
    user.documents.queue("later")
    await asyncio.gather(*(user.documents.attach(text) for text in ("a", "b")))
    assert user.documents.is_queued
    assert sorted(await user.documents.download_all()) == [b"a", b"b"]
    await user.save()
    assert (await user.documents.download_all())[2] == b"later"
    with pytest.raises(ValidationError, match="too many files"):
        await user.documents.attach("one too many")
    assert len(await stored_keys(kept)) == 3


async def test_assigned_files_have_the_order_of_their_list(kept: Configuration) -> None:
    user = await User.create(name="Ada", documents=["a", "b", "c"])
    a, b, c = user.documents
    await user.update(documents=[c, a, c])
    assert await user.documents.download_all() == [b"c", b"a"]
    await user.update(documents=["new", a, c])
    found = await User.find(user.id)
    assert await found.documents.download_all() == [b"new", b"a", b"c"]
    positions = [row.position for row in found.documents]
    assert positions == sorted(set(positions))
    # What is gone meanwhile is passed over.
    await found.update(documents=[b, found.documents[0]])
    assert await found.documents.download_all() == [b"new"]
