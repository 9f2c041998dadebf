// What a follower's page asks of the files themselves, which only the owner has: run there, answered here.
//
//   follower -> owner   {kind: "do", number, request, files}    a request of messages.mjs, and the files that a command line names
//   owner -> follower   {kind: "notice", notice}                what happens meanwhile: progress, log, a file for the person
//                       {kind: "done", number, value}
//                       {kind: "failed", number, error: Failure}
//   to all              {kind: "schema"}                        the tables have changed

import { RemoteError, RuntimeFailure, describe } from '../failure.mjs';

/** @typedef {import('../messages.mjs').Failure} Failure */
/** @typedef {import('../messages.mjs').Notice} Notice */
/** @typedef {{place: number, path: string, bytes: Uint8Array}} NamedFile  place: of the word in the command line */
/** @typedef {{type: "persistence"} | {type: "status"} | {type: "read", path: string} | {type: "write", path: string, bytes: ArrayBuffer} | {type: "command", arguments: string}} FilesRequest */
/** @typedef {{kind: "do", number: number, request: FilesRequest, files: NamedFile[]} | {kind: "notice", notice: Notice} | {kind: "done", number: number, value: unknown} | {kind: "failed", number: number, error: Failure} | {kind: "schema"}} Errand */

/**
 * @typedef {object} Way
 * @property {() => string | null} owner
 * @property {(id: string, errand: Errand) => void} tell
 * @property {(request: FilesRequest, files: NamedFile[], post: (notice: Notice) => void) => Promise<unknown>} perform  in the owner
 * @property {(notice: Notice) => void} post  to this tab's page
 * @property {() => void} refresh  the tables have changed
 */

export class Errands {
  #way;
  #lastNumber = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();

  /** @param {Way} way */
  constructor(way) {
    this.#way = way;
  }

  /**
   * Has the owner do it.
   * @param {FilesRequest} request
   * @param {NamedFile[]} [files]
   * @returns {Promise<any>}
   */
  run(request, files = []) {
    const owner = this.#way.owner();
    if (!owner) throw lost('is not there at the moment', request.type);
    const number = ++this.#lastNumber;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#way.tell(owner, { kind: 'do', number, request, files });
    });
  }

  /** The owner that was asked is gone. */
  abandon() {
    for (const { reject } of this.#waiting.values()) reject(lost('went away before it had answered', 'it'));
    this.#waiting.clear();
  }

  /** @param {Errand} errand @param {string} from */
  async hear(errand, from) {
    switch (errand.kind) {
      case 'do': return this.#do(errand, from);
      case 'notice': return this.#way.post(errand.notice);
      case 'done': return this.#settle(errand.number)?.resolve(errand.value);
      case 'failed': return this.#settle(errand.number)?.reject(new RemoteError(errand.error));
      case 'schema': return this.#way.refresh();
    }
  }

  /** @param {Extract<Errand, {kind: "do"}>} errand @param {string} from */
  async #do({ number, request, files }, from) {
    try {
      const value = await this.#way.perform(request, files, (notice) => this.#way.tell(from, { kind: 'notice', notice }));
      this.#way.tell(from, { kind: 'done', number, value: value ?? null });
    } catch (error) {
      this.#way.tell(from, { kind: 'failed', number, error: describe(error) });
    }
  }

  /** @param {number} number */
  #settle(number) {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    return waiting;
  }
}

/** @param {string} what @param {string} work */
function lost(what, work) {
  return new RuntimeFailure('owner_lost', `the tab that owns the database ${what}, and ${work} needs its files - look with storage:status what was done, and do it again`);
}
