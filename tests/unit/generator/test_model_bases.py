"""The bases of models whose columns and values are called as they like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.generator.model_bases import base_of
from velocious.record import Record, SoftDelete, enum, validates
from velocious.record.declared import attribute
from velocious.record.user import SecurePassword, generates_token_for
from velocious.sql.types import ColumnType

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE oddities (
  id INTEGER PRIMARY KEY NOT NULL, "class" TEXT, "two words" TEXT, status TEXT, shape TEXT,
  password_digest TEXT, deleted_at DATETIME
);
"""


class UnknownType(ColumnType):
    kind: ClassVar[str] = "unknown"

    def decode(self, value: Any) -> Any:
        return value


class Oddity(SoftDelete, SecurePassword):
    status: Any = enum(["import", "in-progress"])
    shape: Any = attribute(type=UnknownType())
    invitation: Any = generates_token_for(expires_in=5)
    validations = [validates("status", confirmation=True)]


async def test_what_python_cannot_name_is_left_out(environment: TestEnvironment) -> None:
    async with environment.application(models=[Oddity], schema=SCHEMA):
        text = base_of(Oddity)
    compile(text, "oddity.py", "exec")
    lines = {line.strip() for line in text.splitlines()}
    assert "in_progress: Scope[[]]" in lines
    assert "def is_import(self) -> bool: ..." in lines
    assert "import: Scope[[]]" not in lines
    assert not any(line.startswith(("class:", "two words")) for line in lines)


async def test_a_type_that_tells_nothing_is_any(environment: TestEnvironment) -> None:
    async with environment.application(models=[Oddity], schema=SCHEMA):
        assert "shape: Attribute[Any]" in base_of(Oddity)


async def test_what_the_library_types_itself_is_not_repeated(environment: TestEnvironment) -> None:
    async with environment.application(models=[Oddity], schema=SCHEMA):
        text = base_of(Oddity)
    assert "find_by_invitation_token" in text
    assert "status_confirmation: VirtualAttribute[Any]" in text
    for known in ("PlainText", "authenticate_password", "password_reset", "with_deleted"):
        assert known not in text


async def test_a_model_without_declarations_has_no_block_for_them(
    environment: TestEnvironment,
) -> None:
    class Plain(Record):
        table_name = "oddities"

    async with environment.application(models=[Plain], schema=SCHEMA):
        text = base_of(Plain)
    assert text.count("if TYPE_CHECKING:") == 1
    assert "password_digest: Attribute[str | None]" in text
