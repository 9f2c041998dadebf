"""The tests that come with a scaffold: they pass as they are generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.generator.template import rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.generator.scaffold_fields import ScaffoldField
    from velocious.generator.scaffold_names import ScaffoldNames

#: Kind → what a form sends, as a Python literal.
SENT = {
    "string": '"Some text"',
    "text": '"Some text"',
    "integer": '"1"',
    "bigint": '"1"',
    "float": '"1.5"',
    "decimal": '"1.5"',
    "boolean": '"1"',
    "uuid": '"00000000-0000-0000-0000-000000000001"',
    "date": '"2026-03-01"',
    "time": '"09:30"',
    "datetime": '"2026-03-01T09:30"',
}


def scaffold_test_text(names: ScaffoldNames, fields: Sequence[ScaffoldField]) -> str:
    """The file of a scaffold's tests."""
    values = {**names.values(), "refused": _refused(names, fields)}
    if any(field.needs_owner for field in fields):
        # What an owner needs is not known here: making one is left to whoever knows.
        return rendered("scaffold/test_with_owner.py", values)
    sent = "".join(
        f'    "{names.singular}[{field.attribute}]": {_sent(field)},\n'
        for field in fields
        if field.kind != "references"
    )
    return rendered("scaffold/test.py", {**values, "sent": f"{{\n{sent}}}"})


def _sent(field: ScaffoldField) -> str:
    return f'"{field.values[0]}"' if field.values else SENT[field.kind]


def _refused(names: ScaffoldNames, fields: Sequence[ScaffoldField]) -> str:
    """A test of the form that comes back, where something must not be empty."""
    needed = next((field for field in fields if field.needs_value), None)
    if needed is None:
        return ""
    field = f"{names.singular}[{needed.attribute}]"
    return (
        "\n\nasync def test_what_is_missing_is_said_at_its_field(client: Client) -> None:\n"
        f'    answer = await client.post("/{names.plural}", form={{"{field}": ""}})\n'
        "    answer.assert_status(422)\n"
        f'    answer.assert_select("#{names.singular}_{needed.attribute}[aria-invalid=true]")\n'
    )
