"""g:attachments and attachments:sweep."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

MODEL = """
from velocious.record import Record, has_one_attachment


class User(Record):
    avatar = has_one_attachment()
"""


async def prepared(application: GeneratedApplication) -> None:
    """Give *application* users with avatars."""
    path = "app/config/configuration.py"
    text = (application.directory / path).read_text()
    storages = 'attachments={"files": {"driver": "files"}},'
    application.write(path, text.replace("browser=BROWSER,", f"browser=BROWSER, {storages}"))
    await application.done("g:model", "User", "name")
    application.write("app/models/user.py", MODEL)
    text = await application.done("g:attachments")
    assert re.search(r"create  app/db/migrations/\d{14}_create_attachments_tables\.py", text)
    await application.done("db:migrate")


async def test_the_tables_come_with_a_migration_and_go_with_it(
    generated: GeneratedApplication,
) -> None:
    await prepared(generated)
    code = 'await (await User.create(name="Ada", avatar="hello")).avatar.download()'
    assert await generated.done("runner", code) == "b'hello'\n"
    await generated.done("db:rollback")
    tables = await generated.done("runner", "await database.table_names()")
    assert "velocious_attachment" not in tables
    code, text = await generated.line("g:attachments")
    assert (code, "already" in text) == (1, True)


async def test_typed_bases_leave_attachments_to_their_declarations(
    generated: GeneratedApplication,
) -> None:
    await prepared(generated)
    await generated.done("g:base-models")
    text = (generated.directory / "app/model_bases/user.py").read_text()
    assert "name: Attribute[str | None]" in text
    assert "avatar" not in text


async def test_files_are_kept_apart_by_environment_and_swept(
    generated: GeneratedApplication,
) -> None:
    await prepared(generated)
    await generated.done("runner", '[await User.create(avatar=text) for text in "abc"]')
    kept = generated.directory / "storage" / "development"
    files = [path for path in kept.rglob("*") if path.is_file()]
    assert len(files) == 3
    await generated.done("runner", 'await database.execute("DELETE FROM velocious_attachments")')
    assert not (generated.directory / "storage" / "test").exists()
    assert "too young to tell" in await generated.done("attachments:sweep")
    for path in files[:2]:
        os.utime(path, (0, 0))
    dry = await generated.done("attachments:sweep", "--older-than", "0.5", "--dry-run")
    assert dry.count("Would remove") == 2
    assert all(path.exists() for path in files)
    done = await generated.done("attachments:sweep", "--older-than", "0.5")
    assert done == dry.replace("Would remove", "Removed")
    assert [path.exists() for path in files] == [False, False, True]
    code, text = await generated.line("attachments:sweep", "--older-than", "-1")
    assert code == 2, text
