// What the developer tools ask Python (velocious_browser/devtools), and the values that come back.
//
// A cell is null, a boolean, a number or a text, or an object for what JSON cannot hold: see Special.

/** @typedef {import('./client.mjs').App} App */
/** @typedef {{type: "integer" | "float", text: string} | {type: "bytes", hex: string, size: number} | {type: "text", text: string, size: number}} Special */
/** @typedef {null | boolean | number | string | Special} Cell */
/** @typedef {{name: string, kind: "table" | "view" | "virtual", rows: number, bytes: number | null}} TableSummary */
/** @typedef {{name: string, address: string, read_only: boolean, bytes: number, tables: TableSummary[]}} DatabaseSummary */
/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} kind  Velocious' name of its type: "string", "integer", "datetime", …
 * @property {string} declared  its type as the database spells it
 * @property {boolean} null
 * @property {string | null} default  SQL text
 * @property {boolean} primary_key
 * @property {boolean} automatic  the database makes the value where none is given
 * @property {boolean} generated
 * @property {number | null} limit
 */
/**
 * @typedef {object} Table
 * @property {string} name
 * @property {boolean} editable
 * @property {Column[]} columns
 * @property {string[]} primary_key
 * @property {{name: string, columns: string[], unique: boolean, where: string | null}[]} indexes
 * @property {{columns: string[], to_table: string, to_columns: string[], on_delete: string, on_update: string}[]} foreign_keys
 * @property {string[]} sql
 */
/** @typedef {{key: string | null, cells: Cell[]}} Row */
/** @typedef {{columns: string[], rows: Row[], count: number, milliseconds: number}} Page */
/** @typedef {{column: string | null, operator: string, value: string}} Filter */
/** @typedef {{columns: string[], rows: Cell[][], count: number, changed: number | null, reads: boolean, milliseconds: number}} Outcome */
/** @typedef {{depth: number, text: string}} PlanStep */
/**
 * @typedef {object} Migration
 * @property {string} database
 * @property {string} version
 * @property {string} name
 * @property {"up" | "down" | "missing" | "interrupted"} state
 * @property {string | null} applied_at
 * @property {boolean} edited
 * @property {boolean} out_of_order
 */
/** @typedef {{name: string, group: string, summary: string, arguments: string[], options: string[]}} Command */

/**
 * @param {App} app
 * @param {string} question  one of QUESTIONS in velocious_browser/devtools/devtools.py
 * @param {Record<string, unknown>} [parameters]
 * @returns {Promise<any>}
 */
export async function ask(app, question, parameters = {}) {
  return JSON.parse(await app.request({ type: 'devtools', question, parameters: JSON.stringify(parameters) }));
}

/**
 * The value of JavaScript: a BigInt where a number would lose digits, a Uint8Array for bytes.
 * @param {Cell} cell
 * @returns {null | boolean | number | string | bigint | Uint8Array}
 */
export function valueOf(cell) {
  if (cell === null || typeof cell !== 'object') return cell;
  switch (cell.type) {
    case 'integer': return BigInt(cell.text);
    case 'float': return { inf: Infinity, '-inf': -Infinity }[cell.text] ?? NaN;
    case 'bytes': return Uint8Array.from(cell.hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    case 'text': return cell.text;
  }
}

/**
 * The cell of a value of JavaScript, for a statement's parameters.
 * @param {unknown} value
 * @returns {Cell}
 */
export function cellOf(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return { type: 'integer', text: String(value) };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { type: 'float', text: String(value).replace('Infinity', 'inf') };
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '000');
  if (value instanceof Uint8Array) return { type: 'bytes', hex: Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(''), size: value.length };
  throw new TypeError(`${String(value)} cannot be a parameter of SQL - give null, booleans, numbers, BigInts, text, Dates or Uint8Arrays`);
}
