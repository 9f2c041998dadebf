// What was typed before, for the arrow keys; it outlives the page.

const LONGEST = 200;

export class History {
  #key;
  #entries;
  #place;
  #draft = '';

  /** @param {string} name */
  constructor(name) {
    this.#key = `velocious:devtools:${name}`;
    this.#entries = read(this.#key);
    this.#place = this.#entries.length;
  }

  /** @param {string} text */
  add(text) {
    if (this.#entries.at(-1) !== text) this.#entries = [...this.#entries, text].slice(-LONGEST);
    this.#place = this.#entries.length;
    localStorage.setItem(this.#key, JSON.stringify(this.#entries));
  }

  /** The entry before, or null at the beginning. @param {string} now  what the field holds */
  older(now) {
    if (this.#place === 0) return null;
    if (this.#place === this.#entries.length) this.#draft = now;
    this.#place -= 1;
    return this.#entries[this.#place];
  }

  /** The entry after, at last what was being typed; null behind it. */
  newer() {
    if (this.#place === this.#entries.length) return null;
    this.#place += 1;
    return this.#place === this.#entries.length ? this.#draft : this.#entries[this.#place];
  }

  /**
   * Arrow keys of a field: where its text has several lines, only together with Ctrl or Alt.
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   */
  serve(field) {
    field.addEventListener('keydown', (event) => {
      const { key, ctrlKey, altKey } = /** @type {KeyboardEvent} */ (event);
      if (key !== 'ArrowUp' && key !== 'ArrowDown') return;
      if (field instanceof HTMLTextAreaElement && !ctrlKey && !altKey) return;
      const text = key === 'ArrowUp' ? this.older(field.value) : this.newer();
      if (text === null) return;
      event.preventDefault();
      field.value = text;
      field.setSelectionRange(text.length, text.length);
      field.dispatchEvent(new Event('input'));
    });
  }
}

/** @param {string} key @returns {string[]} */
function read(key) {
  try {
    const entries = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(entries) ? entries.filter((entry) => typeof entry === 'string') : [];
  } catch {
    // somebody else's text under our name: it is replaced by the next entry
    return [];
  }
}
