// laravel-echo over pusher-js: node echo.mjs PORT TOKEN
import { createRequire } from "node:module";
import Echo from "laravel-echo";

const require = createRequire(import.meta.url);
const Pusher = require("pusher-js");
const { say, obey } = require("./orders.cjs");

const [port, token] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };
const client = new Pusher("my-key", {
  cluster: "none",
  wsHost: "127.0.0.1",
  wsPort: Number(port),
  forceTLS: false,
  enabledTransports: ["ws"],
  disableStats: true,
  channelAuthorization: { endpoint: `http://127.0.0.1:${port}/app/my-key/auth`, headers },
});
client.connection.bind("state_change", ({ current }) => say("state", { state: current }));

const echo = new Echo({ broadcaster: "pusher", key: "my-key", client });
const channels = new Map();

/** @param {string} name @param {any} channel */
function follow(name, channel) {
  channels.set(name, channel);
  channel.subscribed(() => say("subscribed", { channel: name, socket: echo.socketId() }));
  channel.error((error) => say("refused", { channel: name, status: error.status }));
  channel.listenToAll((event, data) => say("event", { channel: name, event, data }));
}

obey({
  channel: ({ name }) => follow(name, echo.channel(name)),
  private: ({ name }) => follow(name, echo.private(name)),
  join({ name }) {
    const room = echo.join(name);
    follow(name, room);
    room.here((members) => say("here", { channel: name, members }));
    room.joining((member) => say("joining", { channel: name, member }));
    room.leaving((member) => say("leaving", { channel: name, member }));
  },
  listen: ({ name, event }) => {
    channels.get(name).listen(event, (data) => say("heard", { channel: name, event, data }));
  },
  hearWhispers: ({ name, event }) => {
    channels.get(name).listenForWhisper(event, (data) => say("whisper", { channel: name, event, data }));
    say("listening", { channel: name, event });
  },
  whisper: ({ name, event, data }) => channels.get(name).whisper(event, data),
  leave: ({ name }) => echo.leave(name),
});
