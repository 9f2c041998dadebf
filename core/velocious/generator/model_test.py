"""The test that comes with a generated model: one that passes, and can be built upon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.generator.template import rendered
from velocious.naming import humanize, pluralize, underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.generator.column import GeneratedColumn

#: A value for each kind that needs one, as code; and the import it needs.
_SAMPLES = {
    "string": ('"{name}"', ""),
    "text": ('"{name}"', ""),
    "integer": ("1", ""),
    "bigint": ("1", ""),
    "float": ("1.5", ""),
    "decimal": ('"1"', ""),
    "boolean": ("True", ""),
    "json": ("{{}}", ""),
    "binary": ('b"{name}"', ""),
    "uuid": ("uuid4()", "from uuid import uuid4"),
    "date": ("datetime.now(UTC).date()", "from datetime import UTC, datetime"),
    "time": ("datetime.now(UTC).time()", "from datetime import UTC, datetime"),
    "datetime": ("datetime.now(UTC)", "from datetime import UTC, datetime"),
}


def model_test_text(class_name: str, columns: Sequence[GeneratedColumn]) -> str:
    """The file of a model's test."""
    name = underscore(class_name)
    owners = [
        column.name
        for column in columns
        if column.kind == "references" and "optional" not in column.flags
    ]
    needed = [column for column in columns if column.required and column.kind in _SAMPLES]
    samples = [(column.name, *_SAMPLES[column.kind]) for column in needed]
    values = ", ".join(f"{column}={code.format(name=column[:20])}" for column, code, _ in samples)
    call = f"await {class_name}.create({values})"
    typing = "from typing import TYPE_CHECKING"
    imports = sorted({typing, *(line for _, _, line in samples if line)})
    head = (
        f"(application: Configuration) -> None:\n    from app.models.{name} import {class_name}\n"
    )
    if owners:
        body = (
            f"async def test_a_{name}_needs_its_{owners[0]}{head}\n"
            f"    with pytest.raises(VelociousError):\n        {call}"
        )
        imports += ["", "import pytest", "from velocious import VelociousError"]
    else:
        body = f"async def test_a_{name}_is_stored{head}\n    {call}\n"
        body += f"    assert await {class_name}.count() == 1"
    return rendered(
        "model_test.py",
        {
            "plural": humanize(pluralize(name)),
            "imports": "\n".join(imports),
            "body": f"\n{body}",
        },
    )
