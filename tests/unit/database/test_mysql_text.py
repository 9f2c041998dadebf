"""What MySQL's engine makes of texts, without a server."""

from __future__ import annotations

import pytest

from velocious.database.mysql.column import read_column
from velocious.database.mysql.errors import failed_check, key_name, target_table, translated
from velocious.database.mysql.script import split_script
from velocious.database.mysql.server import Server, read_server
from velocious.database.mysql.server_errors import Refused
from velocious.database.mysql.shown_text import with_standard_text
from velocious.database.mysql.statement_kind import (
    CONTROL,
    DEFINITION,
    OTHER,
    READ,
    WRITE,
    kind_of,
)
from velocious.database.settings import parse_settings
from velocious.errors import (
    ConnectionLostError,
    DatabaseUnavailableError,
    DeadlockError,
    ForeignKeyConstraintError,
    LockTimeoutError,
    NotNullConstraintError,
    ReadOnlyDatabaseError,
    SerializationError,
    StatementError,
    StatementTimeoutError,
    StorageFullError,
    ValueOutOfRangeError,
)

SETTINGS = parse_settings("default", "mysql://user:s3cret@host/shop")
MARIADB = Server(True, (10, 11, 6))
MYSQL = Server(False, (8, 0, 36))


# Kinds of statements


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", READ),
        (" (select 1)", READ),
        ("WITH a AS (SELECT 1) SELECT * FROM a", READ),
        ("WITH a AS (SELECT 1) DELETE FROM t", WRITE),
        ("/* SELECT */ insert into t values (1)", WRITE),
        ("# a comment\nUPDATE t SET a = 1", WRITE),
        ("/*!50000 COMMIT */", CONTROL),
        ("/*M!100200 DROP TABLE t */", DEFINITION),
        ("START TRANSACTION", CONTROL),
        ("SET autocommit = 1", CONTROL),
        ("SET @a = 1", OTHER),
        ("LOCK TABLES t WRITE", CONTROL),
        ("CREATE TABLE t (id INT)", DEFINITION),
        ("CREATE TEMPORARY TABLE t (id INT)", OTHER),
        ("TRUNCATE t", DEFINITION),
        ("CALL work()", OTHER),
        ("", OTHER),
    ],
)
def test_a_statement_is_known_by_what_it_does(sql: str, kind: int) -> None:
    assert kind_of(sql) == kind


# Scripts


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("a; b ;; ;c", ["a", "b", "c"]),
        ("INSERT INTO t VALUES (';', \"a;b\", `c;d`); x", 2),
        ("-- no; \n# no; \n/* no; */ a; b", ["-- no; \n# no; \n/* no; */ a", "b"]),
        ("SELECT 'it''s; \\'; x", ["SELECT 'it''s; \\'", "x"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN IF new.x THEN SET @a = 1; "
            "END IF; SET @b = IF(1, 2, 3); END; x",
            2,
        ),
        ("CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW SET @a = 1; x", 2),
        (
            "CREATE PROCEDURE p() BEGIN DECLARE c INT; WHILE c < 3 DO SET c = CASE c WHEN 1 THEN 2 "
            "ELSE 3 END; END WHILE; REPEAT SET c = 1; UNTIL 1 END REPEAT; CASE c WHEN 1 THEN SET "
            "c = 2; END CASE; END; x",
            2,
        ),
        ("CREATE TABLE begin_of_it (a INT); x", 2),
        ("BEGIN; x", ["BEGIN", "x"]),
        ("", []),
    ],
)
def test_a_script_is_cut_where_statements_end(script: str, statements: list[str] | int) -> None:
    found = split_script(script)
    assert (found if isinstance(statements, list) else len(found)) == statements


# Definitions


@pytest.mark.parametrize(
    ("shown", "standard"),
    [
        (r"a DEFAULT 'it\'s' COMMENT 'c:\\x'", r"a DEFAULT 'it''s' COMMENT 'c:\x'"),
        (r"'a\nb'", "'a\nb'"),
        ("\"it's\" 'x'", "\"it's\" 'x'"),
        ("`it's` 'x'", "`it's` 'x'"),
    ],
)
def test_text_of_a_definition_is_read_as_it_was_meant(shown: str, standard: str) -> None:
    assert with_standard_text(shown) == standard


@pytest.mark.parametrize(
    ("server", "text", "extra", "default"),
    [
        (MARIADB, "'it\\'s'", "", "'it''s'"),
        (MARIADB, "NULL", "", None),
        (MARIADB, "current_timestamp(6)", "", "current_timestamp(6)"),
        (MYSQL, "it's", "", "'it''s'"),
        (MYSQL, "_utf8mb4\\'x\\'", "DEFAULT_GENERATED", "'x'"),
        (MYSQL, "CURRENT_TIMESTAMP(6)", "DEFAULT_GENERATED", "CURRENT_TIMESTAMP(6)"),
        (MYSQL, None, "", None),
    ],
)
def test_both_servers_words_for_a_default_are_understood(
    server: Server, text: str | None, extra: str, default: str | None
) -> None:
    row = ("name", "varchar(20)", "varchar", "YES", text, extra, 20, None, None, "x", "")
    column = read_column(row, False, frozenset(), server)
    assert column.default == default
    assert not column.generated


@pytest.mark.parametrize(
    ("declared", "base", "collation", "comment", "kind"),
    [
        ("tinyint(1)", "tinyint", None, "", "boolean"),
        ("tinyint(1)", "tinyint", None, "stars (velocious:type=integer)", "integer"),
        ("tinyint(4)", "tinyint", None, "", "integer"),
        ("char(36)", "char", "ascii_bin", "", "uuid"),
        ("char(36)", "char", "utf8mb4_bin", "", "string"),
        ("uuid", "uuid", None, "", "uuid"),
        ("longtext", "longtext", "utf8mb4_bin", "", "text"),
        ("geometry", "geometry", None, "", "any"),
    ],
)
def test_a_kind_is_known_exactly(
    declared: str, base: str, collation: str | None, comment: str, kind: str
) -> None:
    row = ("x", declared, base, "YES", None, "", None, None, None, collation, comment)
    assert read_column(row, False, frozenset(), MARIADB).kind == kind


def test_servers_say_what_they_are() -> None:
    assert read_server("5.5.5-10.11.6-MariaDB-0+deb12u1") == MARIADB
    assert read_server("11.4.2-MariaDB") == Server(True, (11, 4, 2))
    assert read_server("8.0.36") == MYSQL
    assert MARIADB.returning
    assert not MYSQL.returning
    assert not Server(True, (10, 4, 9)).returning
    assert MYSQL.timeout_sql(0.5) == "max_execution_time = 500"
    assert MARIADB.timeout_sql(0.5) == "max_statement_time = 0.500000"


# Errors


@pytest.mark.parametrize(
    ("number", "text", "error"),
    [
        (1048, "Column 'name' cannot be null", NotNullConstraintError),
        (1364, "Field 'name' doesn't have a default value", NotNullConstraintError),
        (1406, "Data too long for column 'name' at row 1", ValueOutOfRangeError),
        (1366, "Incorrect integer value: 'xyzzy' for column `a`.`b`.`c` at row 1", StatementError),
        (1213, "Deadlock found", DeadlockError),
        (1020, "Record has changed since last read in table 't'", SerializationError),
        (1205, "Lock wait timeout exceeded", LockTimeoutError),
        (3572, "Statement aborted because lock(s) could not be acquired", LockTimeoutError),
        (1969, "Query execution was interrupted (max_statement_time exceeded)", StatementError),
        (3024, "maximum statement execution time exceeded", StatementTimeoutError),
        (2013, "Lost connection", ConnectionLostError),
        (1792, "Cannot execute statement in a READ ONLY transaction", ReadOnlyDatabaseError),
        (1114, "The table 't' is full", StorageFullError),
        (
            1045,
            "Access denied for user 'xyzzy'@'h' (using password: YES)",
            DatabaseUnavailableError,
        ),
        (1049, "Unknown database 'shop'", DatabaseUnavailableError),
        (1292, "Truncated incorrect DOUBLE value: 'xyzzy'", ValueOutOfRangeError),
        (9999, "Something about 'xyzzy'", StatementError),
    ],
)
def test_each_number_is_an_error_of_ours_without_values(
    number: int, text: str, error: type[Exception]
) -> None:
    found = translated(Refused(number, text), "UPDATE t SET a = ?", SETTINGS)
    assert isinstance(found, error)
    assert "xyzzy" not in str(found)
    assert "s3cret" not in str(found)


def test_a_foreign_key_names_table_columns_and_itself() -> None:
    text = (
        "Cannot add or update a child row: a foreign key constraint fails (`shop`.`tasks`, "
        "CONSTRAINT `fk_tasks` FOREIGN KEY (`a`, `b`) REFERENCES `projects` (`c`, `d`))"
    )
    found = translated(Refused(1452, text), "INSERT", SETTINGS)
    assert isinstance(found, ForeignKeyConstraintError)
    facts = found.table, found.columns, found.constraint
    assert facts == ("tasks", ("a", "b"), "fk_tasks")


def test_names_are_found_in_messages_and_statements() -> None:
    assert key_name("Duplicate entry 'it's for key 'a'' for key 'tasks.by_name'") == "by_name"
    assert key_name("Duplicate entry '1' for key 'PRIMARY'") == "PRIMARY"
    assert failed_check("CONSTRAINT `tasks.position` failed for `shop`.`tasks`") == (
        "position",
        "tasks",
    )
    assert failed_check("Check constraint 'natural' is violated.") == ("natural", None)
    assert target_table("INSERT INTO `shop`.`odd ``name` (a)") is not None
    assert target_table('UPDATE "tasks" SET a = 1') == "tasks"
    assert target_table("DELETE FROM tasks WHERE 1") == "tasks"
    assert target_table("SELECT 1") is None
