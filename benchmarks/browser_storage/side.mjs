// The same work with the official sqlite-wasm on its opfs-sahpool, in a worker of its own.
//
// That pool has no shared memory, so its write-ahead log needs locking_mode=exclusive.

import sqlite3InitModule from '/sqlite-wasm/index.mjs';

const INSERT = 'INSERT INTO entries (number, text) VALUES (?, ?)';
const SELECT = 'SELECT id, number, text FROM entries';
const GROUP = 5;

const values = (count) => Array.from({ length: count }, (_, number) => [number, `the text of the row ${number}`]);

/** One prepared statement for all rows, as its authors advise. */
function insertAll(database, rows, around = (step) => step()) {
  const statement = database.prepare(INSERT);
  try {
    around(() => { for (const row of rows) statement.bind(row).stepReset(); });
  } finally {
    statement.finalize();
  }
  return rows.length;
}

const WORK = {
  commits: (database, count) => insertAll(database, values(count)),
  transactions(database, count) {
    const rows = values(count);
    const statement = database.prepare(INSERT);
    for (let start = 0; start < count; start += GROUP) {
      database.exec('BEGIN');
      for (const row of rows.slice(start, start + GROUP)) statement.bind(row).stepReset();
      database.exec('COMMIT');
    }
    statement.finalize();
    return count;
  },
  creates: (database, count) => insertAll(database, values(count), (all) => database.transaction(all)),
  bulk: (database, count) => insertAll(database, values(count), (all) => database.transaction(all)),
  select(database) {
    let total = 0;
    for (const row of database.selectArrays(SELECT)) total += row[1];
    return total;
  },
  points(database, count) {
    let total = 0;
    const statement = database.prepare(`${SELECT} WHERE id = ?`);
    for (let key = 1; key <= count; key += 1) {
      statement.bind([key]).step();
      total += statement.get([])[1];
      statement.reset();
    }
    statement.finalize();
    return total;
  },
};

function prepare(database, rows) {
  database.exec('DELETE FROM entries');
  if (rows) insertAll(database, values(rows), (all) => database.transaction(all));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

const sqlite3 = await sqlite3InitModule();
const pool = await sqlite3.installOpfsSAHPoolVfs({ name: 'benchmark', directory: '/sqlite-wasm-benchmark', clearOnInit: true });
const database = new pool.OpfsSAHPoolDb('/benchmark.sqlite3');
for (const pragma of ['locking_mode=exclusive', 'journal_mode=wal', 'synchronous=full', 'foreign_keys=on']) database.exec(`PRAGMA ${pragma}`);
database.exec('CREATE TABLE entries (id INTEGER PRIMARY KEY NOT NULL, number INTEGER, text VARCHAR(255))');

globalThis.onmessage = ({ data: { workload, count, rows } }) => {
  prepare(database, rows);
  const started = performance.now();
  const outcome = WORK[workload](database, count);
  postMessage([performance.now() - started, outcome]);
};
postMessage({ version: sqlite3.version.libVersion, journal: database.selectValue('PRAGMA journal_mode'), synchronous: database.selectValue('PRAGMA synchronous') });
