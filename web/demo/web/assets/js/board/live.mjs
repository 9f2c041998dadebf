// Who looks at the server's board, and what they change: a websocket that comes back by itself.

const CHANNEL = 'presence-board';
const SHORTEST = 500;
const LONGEST = 30_000;

/** Changed: somebody changed something. People: their names, the own one included. */
export class Live {
  #changed;
  #people;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #position = undefined;
  #members = new Map();

  constructor({ changed, people }) {
    this.#changed = changed;
    this.#people = people;
  }

  start() {
    if (this.#socket || this.#timer) return;
    this.#connect();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#show([]);
  }

  #connect() {
    this.#timer = 0;
    const url = new URL('../../../realtime', import.meta.url);
    url.protocol = url.protocol.replace('http', 'ws');
    url.searchParams.set('guest', guest());
    const socket = this.#socket = new WebSocket(url, 'velocious.v1');
    let wait = null;
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      const frame = JSON.parse(data);
      if (frame.type === 'bye') wait = frame.reconnect ? (frame.retry_after ?? 0) * 1000 : Infinity;
      else this.#hear(frame, socket);
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.#show([]);
      this.#again(wait);
    };
  }

  /** Later and later while nobody answers, and not all at the same moment. */
  #again(wait) {
    if (wait === Infinity) return;
    const most = Math.min(LONGEST, SHORTEST * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#connect(), wait ?? SHORTEST / 2 + Math.random() * most);
  }

  #hear(frame, socket) {
    if (frame.type === 'ready') socket.send(JSON.stringify({ type: 'sub', ch: CHANNEL, since: this.#position }));
    else if (frame.type === 'ping') socket.send('{"type":"pong"}');
    else if (frame.type === 'resync') this.#changed();
    else if (frame.type === 'sub.ok') {
      this.#failures = 0;
      this.#position = frame.pos;
      this.#show(frame.members);
      if (frame.recovered === false) this.#changed();
    } else if (frame.type === 'event' && frame.ch === CHANNEL) this.#happen(frame);
  }

  #happen({ event, data, pos }) {
    if (pos) this.#position = pos;
    if (event === 'member.removed') this.#members.delete(data.id);
    else if (event.startsWith('member.')) this.#members.set(data.id, data);
    else return this.#changed();
    this.#show([...this.#members.values()]);
  }

  #show(members) {
    this.#members = new Map(members.map((member) => [member.id, member]));
    this.#people(members.map(({ info }) => info?.name ?? 'Guest'));
  }
}

/** The same one in all tabs of this browser; another one where nothing can be kept. */
function guest() {
  const made = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    const known = localStorage.getItem('board.guest') ?? made;
    localStorage.setItem('board.guest', known);
    return known;
  } catch {
    return made;
  }
}
