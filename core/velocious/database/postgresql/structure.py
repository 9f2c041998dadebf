"""The statements that make a PostgreSQL schema again, read from its catalogue.

Law: the same schema gives the same text, on every server; loading it gives the same schema. No name
is qualified by the schema it lives in, so that it loads into any. Owners and grants are the
server's own matter, and rows are data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.database.driver import Connection

# What an extension brought along comes with the extension.
_OWN = "NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = {}.oid AND e.deptype = 'e')"
_HERE = "n.nspname = ANY(current_schemas(false))"

_EXTENSIONS = """
    SELECT format('CREATE EXTENSION IF NOT EXISTS %I', extname) FROM pg_extension
    WHERE extname <> 'plpgsql' ORDER BY extname COLLATE "C"
"""
_ENUMS = f"""
    SELECT format('CREATE TYPE %I AS ENUM (%s)', t.typname,
      (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
       FROM pg_enum WHERE enumtypid = t.oid))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND {_HERE} AND {_OWN.format("t")} ORDER BY t.typname COLLATE "C"
"""
_DOMAINS = f"""
    SELECT format('CREATE DOMAIN %I AS %s%s%s%s', t.typname,
      format_type(t.typbasetype, t.typtypmod),
      coalesce(' DEFAULT ' || t.typdefault, ''),
      CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END,
      coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname,
          pg_get_constraintdef(k.oid, true)), '' ORDER BY k.conname COLLATE "C")
        FROM pg_constraint k WHERE k.contypid = t.oid), ''))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND {_HERE} AND {_OWN.format("t")} ORDER BY t.oid
"""
# Those that belong to no identity column: it makes its own.
_SEQUENCES = f"""
    SELECT format(
      'CREATE SEQUENCE %I AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s%s',
      c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
      CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_HERE} AND {_OWN.format("c")} AND NOT EXISTS (
      SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')
    ORDER BY c.relname COLLATE "C"
"""
_OWNED_SEQUENCES = f"""
    SELECT format('ALTER SEQUENCE %I OWNED BY %I.%I', c.relname, t.relname, a.attname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'a'
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE c.relkind = 'S' AND {_HERE} ORDER BY c.relname COLLATE "C"
"""
_COMPOSITES = f"""
    SELECT format('CREATE TYPE %I AS (%s)', c.relname,
      (SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', '
         ORDER BY attnum)
       FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'c' AND {_HERE} AND {_OWN.format("c")} ORDER BY c.oid
"""
# Functions may be used by defaults and checks, and name tables in their bodies, which PostgreSQL
# looks at when they run: they come first, unchecked. Those that take or give rows of a table, or
# whose body is standard SQL, come behind the tables.
_FUNCTIONS = f"""
    SELECT pg_get_functiondef(p.oid), format('FUNCTION %I.', n.nspname),
      format('PROCEDURE %I.', n.nspname),
      p.prosqlbody IS NOT NULL OR EXISTS (
        SELECT 1 FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind <> 'c'
        LEFT JOIN pg_type a ON a.typelem = t.oid
        WHERE t.oid = p.prorettype OR t.oid = ANY(p.proargtypes) OR a.oid = p.prorettype)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND {_HERE} AND {_OWN.format("p")}
    ORDER BY p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid)
"""
_TABLES = f"""
    SELECT c.oid::bigint, format('%I', c.relname), c.relpersistence::text,
      CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
      CASE WHEN c.relispartition THEN
        format('%I', (SELECT parent.relname FROM pg_inherits i
          JOIN pg_class parent ON parent.oid = i.inhparent WHERE i.inhrelid = c.oid)) END,
      pg_get_expr(c.relpartbound, c.oid, true)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {_HERE} AND {_OWN.format("c")}
    ORDER BY c.relispartition, c.relname COLLATE "C"
"""
_COLUMNS = """
    SELECT a.attrelid::bigint, format('%I %s%s%s%s%s', a.attname,
      format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attcollation <> t.typcollation THEN
        (SELECT format(' COLLATE %I', collname) FROM pg_collation WHERE oid = a.attcollation)
        ELSE '' END,
      CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
        WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END ||
        coalesce((SELECT format(' (START WITH %s INCREMENT BY %s)', s.seqstart, s.seqincrement)
          FROM pg_sequence s JOIN pg_depend i ON i.objid = s.seqrelid AND i.deptype = 'i'
          WHERE i.refobjid = a.attrelid AND i.refobjsubid = a.attnum
            AND (s.seqstart, s.seqincrement) <> (1, 1)), ''),
      CASE WHEN d.adbin IS NULL THEN ''
        WHEN a.attgenerated = 's' THEN
          format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid, true))
        ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid, true) END,
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ANY($1::bigint[]) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
"""
_CONSTRAINTS = """
    SELECT k.conrelid::bigint,
      format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid, true)), k.contype = 'f'
    FROM pg_constraint k
    WHERE k.conrelid = ANY($1::bigint[]) AND k.contype IN ('p', 'u', 'c', 'x', 'f')
      AND k.conparentid = 0 AND k.conislocal
    ORDER BY k.conrelid, position(k.contype::text IN 'puxcf'), k.conname COLLATE "C"
"""
_INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE i.indrelid = ANY($1::bigint[]) AND NOT c.relispartition
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
        AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY t.relname COLLATE "C", c.relname COLLATE "C"
"""
# A view that uses another one was made after it.
_VIEWS = f"""
    SELECT format('CREATE %s %I AS%s%s',
        CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname,
        chr(10), rtrim(pg_get_viewdef(c.oid, true), ';'))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND {_HERE} AND {_OWN.format("c")}
    ORDER BY c.oid
"""
_VIEW_INDEXES = f"""
    SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'm' AND {_HERE} ORDER BY x.relname COLLATE "C"
"""
_TRIGGERS = """
    SELECT pg_get_triggerdef(g.oid, true) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE g.tgrelid = ANY($1::bigint[]) AND NOT g.tgisinternal AND g.tgparentid = 0
    ORDER BY c.relname COLLATE "C", g.tgname COLLATE "C"
"""
_RULES = """
    SELECT rtrim(pg_get_ruledef(r.oid, true), ';') FROM pg_rewrite r
    JOIN pg_class c ON c.oid = r.ev_class
    WHERE r.ev_class = ANY($1::bigint[]) AND r.rulename <> '_RETURN'
    ORDER BY c.relname COLLATE "C", r.rulename COLLATE "C"
"""
_ROW_SECURITY = """
    SELECT format('ALTER TABLE %I %s ROW LEVEL SECURITY', c.relname, part.word)
    FROM pg_class c JOIN LATERAL (VALUES
      (1, 'ENABLE', c.relrowsecurity), (2, 'FORCE', c.relforcerowsecurity)
    ) AS part (place, word, wanted) ON part.wanted
    WHERE c.oid = ANY($1::bigint[]) ORDER BY c.relname COLLATE "C", part.place
"""
_POLICIES = """
    SELECT format('CREATE POLICY %I ON %I AS %s FOR %s TO %s%s%s', p.polname, c.relname,
      CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
      (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC'
          ELSE quote_ident(pg_get_userbyid(role)) END, ', ' ORDER BY role)
        FROM unnest(p.polroles) AS role),
      coalesce(format(' USING (%s)', pg_get_expr(p.polqual, p.polrelid, true)), ''),
      coalesce(format(' WITH CHECK (%s)', pg_get_expr(p.polwithcheck, p.polrelid, true)), ''))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE p.polrelid = ANY($1::bigint[])
    ORDER BY c.relname COLLATE "C", p.polname COLLATE "C"
"""
_COMMENTS = """
    SELECT format('COMMENT ON %s IS %L',
      CASE WHEN d.objsubid = 0 THEN format('TABLE %I', c.relname)
        ELSE format('COLUMN %I.%I', c.relname, a.attname) END, d.description)
    FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = ANY($1::bigint[])
    ORDER BY c.relname COLLATE "C", d.objsubid
"""


async def structure(connection: Connection) -> list[str]:
    """The statements, in an order that loads."""
    tables = await connection.fetch(_TABLES)
    ids = [row[0] for row in tables]
    made: list[str] = []
    for query in (_EXTENSIONS, _ENUMS, _DOMAINS, _COMPOSITES, _SEQUENCES):
        made += await _texts(connection, query)
    early, late = await _functions(connection)
    if early or late:
        made += ["SET LOCAL check_function_bodies = off", *early]
    columns = _by_table(await connection.fetch(_COLUMNS, (ids,)))
    constraints = await connection.fetch(_CONSTRAINTS, (ids,))
    own = _by_table([row for row in constraints if not row[2]])
    for table in tables:
        made.append(_create_table(table, columns.get(table[0], []), own.get(table[0], [])))
    made += await _texts(connection, _OWNED_SEQUENCES)
    made += await _texts(connection, _INDEXES, ids)
    names = {row[0]: row[1] for row in tables}
    made += [f"ALTER TABLE {names[row[0]]} ADD {row[1]}" for row in _foreign(constraints, names)]
    made += late
    for query in (_VIEWS, _VIEW_INDEXES):
        made += await _texts(connection, query)
    for query in (_TRIGGERS, _RULES, _ROW_SECURITY, _POLICIES, _COMMENTS):
        made += await _texts(connection, query, ids)
    return made


async def _texts(connection: Connection, query: str, ids: list[int] | None = None) -> list[str]:
    return [text for (text,) in await connection.fetch(query, () if ids is None else (ids,))]


async def _functions(connection: Connection) -> tuple[list[str], list[str]]:
    """Functions for before and behind the tables, without the schema that PostgreSQL always writes
    before their names.
    """
    early: list[str] = []
    late: list[str] = []
    for text, function, procedure, needs_tables in await connection.fetch(_FUNCTIONS):
        plain = text.replace(function, "FUNCTION ", 1).replace(procedure, "PROCEDURE ", 1)
        (late if needs_tables else early).append(plain)
    return early, late


def _by_table(rows: list[tuple[int, ...]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for table, text, *_ in rows:
        found.setdefault(table, []).append(str(text))
    return found


def _foreign(rows: list[tuple[int, ...]], names: dict[int, str]) -> list[tuple[int, ...]]:
    """The foreign keys, in the order of their tables' names."""
    return sorted((row for row in rows if row[2]), key=lambda row: names[row[0]])


def _create_table(table: tuple[object, ...], columns: list[str], constraints: list[str]) -> str:
    _, name, persistence, partitioned, parent, bound = table
    kind = "UNLOGGED TABLE" if persistence == "u" else "TABLE"
    if parent:
        return f"CREATE {kind} {name} PARTITION OF {parent} {bound}"
    body = ",\n  ".join([*columns, *constraints])
    suffix = f" PARTITION BY {partitioned}" if partitioned else ""
    return f"CREATE {kind} {name} (\n  {body}\n){suffix}"
