// velocious' own WebsocketClient: node velocious.mjs PORT USER
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { say, obey } = require("./orders.cjs");
const WebSocket = require("ws");

const [port, user] = process.argv.slice(2);
globalThis.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url, { headers: { Cookie: `user=${user}` } });
  }
};
const { default: WebsocketClient } = await import(
  "velocious/build/src/http-client/websocket-client.js"
);
const client = new WebsocketClient({
  url: `ws://127.0.0.1:${port}/websocket`,
  reconnectDelays: [100],
});
const handles = new Map();
const heard = (key) => ({
  onConnect: () => say("opened", { key }),
  onMessage: (body) => say("message", { key, body }),
  onDisconnect: () => say("away", { key }),
  onResume: () => say("resumed", { key }),
  onClose: (reason) => say("closed", { key, reason }),
});

obey({
  async connect() {
    await client.connect();
    say("connected");
  },
  async request({ method, path, body, headers }) {
    const answer = await client.request(method, path, { body, headers });
    const { statusCode, statusMessage, headers: found, body: text } = answer;
    say("response", { status: statusCode, phrase: statusMessage, headers: found, body: text });
  },
  async subscribe({ channel, params, lastEventId }) {
    await client.subscribeAndWait(channel, { params, lastEventId }, (payload, message) =>
      say("event", { channel, payload, message }),
    );
    say("subscribed", { channel });
  },
  async channel({ key, type, params, lastEventId }) {
    const handle = client.subscribeChannel(type, { params, lastEventId, ...heard(key) });
    handles.set(key, handle);
    await handle.waitForReady();
    say("ready", { key });
  },
  connection: ({ key, type, params }) => {
    handles.set(key, client.openConnection(type, { params, ...heard(key) }));
  },
  tell: ({ key, body }) => handles.get(key).sendMessage(body),
  close: ({ key }) => handles.get(key).close(),
  metadata: ({ name, value }) => client.setMetadata(name, value),
  drop: () => client.socket.terminate(),
});
say("there");
