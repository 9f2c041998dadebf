"""Names of indexes."""

from __future__ import annotations

from velocious.migration.index_name import LONGEST, foreign_key_name, index_name


def test_an_index_is_named_after_its_table_and_columns() -> None:
    assert index_name("tasks", ["project_id", "name"]) == "index_tasks_on_project_id_and_name"
    assert foreign_key_name("tasks", ["project_id"]) == "fk_tasks_project_id"


def test_a_long_name_is_cut_to_what_every_database_takes() -> None:
    name = index_name("t" * 40, ["c" * 40])
    assert len(name.encode()) == LONGEST
    assert name != index_name("t" * 40, ["c" * 41])
    assert name == index_name("t" * 40, ["c" * 40])


def test_a_letter_of_several_bytes_is_never_cut_in_two() -> None:
    for length in range(30, 40):
        assert len(index_name("ü" * length, ["x"]).encode()) <= LONGEST
