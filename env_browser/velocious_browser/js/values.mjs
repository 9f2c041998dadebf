// Values between JavaScript and Python: JSON text, with marks for what JSON has no form for (docs/javascript.md has the table).
//
// The other half is velocious.wire of Python. Text without a mark is read by JSON.parse alone.

const MARK = '__velocious_type';

/** Containers in containers; Python refuses more, too. */
const DEEPEST = 200;

const ADVICE = 'send null, booleans, numbers, BigInt, text, Date, Uint8Array, and arrays, sets, maps and plain objects of those';

/**
 * @param {unknown} value
 * @returns {string} what velocious.wire.decode reads
 * @throws {TypeError} a value has no form; the message says where it lies
 */
export function encode(value) {
  return JSON.stringify(tagged(value, [], [])) ?? 'null';
}

/**
 * @param {string} text  of velocious.wire.encode
 * @returns {any}
 * @throws {TypeError} a mark stands for nothing
 */
export function decode(text) {
  const value = JSON.parse(text);
  return text.includes(MARK) ? read(value) : value;
}

/**
 * A copy in which everything that JSON has no form for is marked.
 * @param {any} value
 * @param {(string | number)[]} path  to it
 * @param {object[]} inside  what it lies in
 * @returns {any} undefined for undefined, which objects leave out and JSON makes null in arrays
 */
function tagged(value, path, inside) {
  switch (typeof value) {
    case 'string': case 'boolean': case 'undefined': return value;
    case 'number': return Number.isFinite(value) ? value : marked('number', String(value));
    case 'bigint': return marked('bigint', String(value));
    case 'object': return value === null ? null : container(value, path, inside);
    default: throw refusal(`a ${typeof value} has no form`, path);
  }
}

/**
 * @param {any} value
 * @param {(string | number)[]} path
 * @param {object[]} inside
 */
function container(value, path, inside) {
  if (value instanceof Date) return marked('date', moment(value, path));
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return marked('bytes', base64(bytesOf(value, path)));
  if (inside.includes(value)) throw refusal('a value holds itself', path);
  if (inside.length >= DEEPEST) throw refusal(`values are nested more than ${DEEPEST} deep`, path);
  inside.push(value);
  const copy = copied(value, path, inside);
  inside.pop();
  return copy;
}

/**
 * @param {any} value
 * @param {(string | number)[]} path
 * @param {object[]} inside
 */
function copied(value, path, inside) {
  if (Array.isArray(value)) return members(value, path, inside);
  if (value instanceof Set) return marked('set', members([...value], path, inside));
  if (value instanceof Map) return object(value, path, inside);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null) return object(Object.entries(value), path, inside);
  if (typeof value.toJSON === 'function') return tagged(value.toJSON(), path, inside);
  throw refusal(`an object of class ${prototype.constructor?.name ?? 'unknown'} has no form`, path);
}

/**
 * @param {any[]} values
 * @param {(string | number)[]} path
 * @param {object[]} inside
 */
function members(values, path, inside) {
  const copy = [];
  for (let index = 0; index < values.length; index += 1) {
    path.push(index);
    copy.push(tagged(values[index], path, inside));
    path.pop();
  }
  return copy;
}

/**
 * @param {Iterable<[any, any]>} entries
 * @param {(string | number)[]} path
 * @param {object[]} inside
 */
function object(entries, path, inside) {
  /** @type {Record<string, any>} */
  const copy = {};
  for (const [name, value] of entries) {
    if (typeof name !== 'string') throw refusal(`a map has the key ${String(name)}, and an object has texts only`, path);
    path.push(name);
    const inner = tagged(value, path, inside);
    path.pop();
    if (inner === undefined) continue;
    if (name !== '__proto__') copy[name] = inner;
    else Object.defineProperty(copy, name, { value: inner, enumerable: true });
  }
  return Object.hasOwn(copy, MARK) ? marked('object', Object.entries(copy)) : copy;
}

/** @param {string} kind @param {unknown} value */
function marked(kind, value) {
  return { [MARK]: kind, value };
}

/** @param {Date} date @param {(string | number)[]} path */
function moment(date, path) {
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return date.toISOString();
  throw refusal(Number.isNaN(year) ? 'an invalid Date has no form' : `Python has no year ${year}`, path);
}

/** @param {ArrayBuffer | ArrayBufferView} value @param {(string | number)[]} path */
function bytesOf(value, path) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray || value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  throw refusal(`a ${value.constructor.name} has no form: send its numbers, Array.from(…), or its bytes, new Uint8Array(….buffer)`, path);
}

/** @param {string} problem @param {(string | number)[]} path */
function refusal(problem, path) {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join('');
  return new TypeError(`${place ? `at value${place}: ` : ''}${problem} - ${ADVICE}`);
}

/** @type {Record<string, (value: any) => unknown>} */
const READERS = {
  date: (value) => new Date(value),
  bigint: BigInt,
  number: Number,
  undefined: () => undefined,
  bytes: bytes,
  set: (value) => new Set(value.map(read)),
  object: (value) => Object.fromEntries(value.map((/** @type {[string, any]} */ [name, inner]) => [name, read(inner)])),
  tuple: (value) => value.map(read),
  decimal: String,
  uuid: String,
  plain_date: String,
  plain_time: String,
  plain_datetime: String,
};

/** Changes objects and arrays in place: they came from JSON.parse, and nobody has them yet. @param {any} value @returns {any} */
function read(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = read(value[index]);
    return value;
  }
  if (Object.hasOwn(value, MARK)) return unmarked(value[MARK], value.value);
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (inner !== null && typeof inner === 'object') value[name] = read(inner);
  }
  return value;
}

/** @param {unknown} kind @param {unknown} value */
function unmarked(kind, value) {
  if (typeof kind !== 'string' || !Object.hasOwn(READERS, kind)) throw new TypeError(`${JSON.stringify(kind)} marks no value: the page and the worker are of different versions - reload the page`);
  return READERS[kind](value);
}

/** @typedef {Uint8Array & {toBase64?: () => string}} Bytes */

/** @param {Bytes} array @returns {string} */
function base64(array) {
  if (array.toBase64) return array.toBase64();
  let text = '';
  // String.fromCharCode takes each byte as an argument, and there is a limit to those
  for (let from = 0; from < array.length; from += 0x8000) text += String.fromCharCode(...array.subarray(from, from + 0x8000));
  return btoa(text);
}

/** @param {string} text @returns {Uint8Array} */
function bytes(text) {
  const known = /** @type {{fromBase64?: (text: string) => Uint8Array}} */ (/** @type {unknown} */ (Uint8Array));
  return known.fromBase64 ? known.fromBase64(text) : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
