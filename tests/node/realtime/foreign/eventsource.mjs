// The package eventsource: node eventsource.mjs URL HEADERS
import { createRequire } from "node:module";
import { EventSource } from "eventsource";

const { say, obey } = createRequire(import.meta.url)("./orders.cjs");

const [url, given] = process.argv.slice(2);
const more = given === undefined ? {} : JSON.parse(given);
const source = new EventSource(url, {
  fetch: (input, init) => {
    const headers = { ...init.headers, ...more };
    say("asked", { url: String(input), lastId: headers["Last-Event-ID"] ?? null, at: Date.now() });
    return fetch(input, { ...init, headers });
  },
});
source.onopen = () => say("open");
source.onmessage = ({ data }) => say("message", { data });
source.addEventListener("error", (event) => {
  // The server has events of this name, too; those have data.
  if (event.data === undefined) {
    say("broken", { state: source.readyState, code: event.code ?? null, at: Date.now() });
  } else {
    say("error", { frame: JSON.parse(event.data), id: event.lastEventId });
  }
});
for (const kind of ["connected", "ready", "sub.ok", "unsub.ok", "event", "resync", "bye"]) {
  source.addEventListener(kind, ({ data, lastEventId }) => {
    say(kind, { frame: JSON.parse(data), id: lastEventId });
  });
}
obey({ close: () => source.close() });
