"""``db:vacuum`` in a shell."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

DATABASE = "db/development.sqlite3"


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    """A database most of whose rows were deleted."""
    await generated.done("g:model", "Post", "body:text")
    await generated.done("db:migrate")
    await generated.done("runner", 'await Post.insert_multiple(["body"], [["x" * 20_000]] * 100)')
    await generated.done("runner", "await Post.where(Post.id > 1).delete_all()")
    return generated


async def test_the_room_of_deleted_rows_goes_back_to_the_disk(blog: GeneratedApplication) -> None:
    file = blog.directory / DATABASE
    before = file.stat().st_size
    text = await blog.done("db:vacuum")
    after = file.stat().st_size
    assert f"{before:,} bytes before, {after:,} bytes after" in text
    assert after < before / 10
    assert await blog.done("runner", "await Post.count()") == "1\n"


async def test_a_disk_without_room_for_the_copy_changes_nothing(
    blog: GeneratedApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (blog.directory / DATABASE).read_bytes()
    usage = shutil.disk_usage(blog.directory)._replace(free=10_000)

    def nearly_full(path: str) -> object:
        return usage

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    code, text = await blog.line("db:vacuum")
    assert code == 1
    assert "10,000 are free. Nothing was changed" in text
    assert (blog.directory / DATABASE).read_bytes() == before


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("postgresql://localhost/nothing", "autovacuum"),
        ("mysql://localhost/nothing", "OPTIMIZE TABLE"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
async def test_a_database_that_is_no_file_gets_advice_of_its_own(
    generated: GeneratedApplication, url: str, advice: str
) -> None:
    generated.write(
        "app/config/configuration.py",
        "from velocious import Configuration\n\n\ndef configuration(environment_handler):\n"
        "    return Configuration(environment_handler=environment_handler, directory='.', "
        f"databases={{'default': {url!r}}})\n",
    )
    code, text = await generated.line("db:vacuum")
    assert code == 1
    assert advice in text
    assert "Traceback" not in text
