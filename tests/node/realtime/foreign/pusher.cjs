// pusher-js: node pusher.cjs PORT USER
"use strict";

const Pusher = require("pusher-js");
const { say, obey } = require("./orders.cjs");

const [port, user] = process.argv.slice(2);
const pusher = new Pusher("app-key", {
  cluster: "none",
  wsHost: "127.0.0.1",
  wsPort: Number(port),
  forceTLS: false,
  enabledTransports: ["ws"],
  disableStats: true,
  channelAuthorization: { endpoint: `http://127.0.0.1:${port}/auth`, headers: { "X-User": user } },
});

pusher.connection.bind("state_change", ({ current }) => {
  say("state", { state: current, socketId: pusher.connection.socket_id });
});
pusher.connection.bind("error", (error) => say("error", { data: error?.data ?? error?.error?.data }));
pusher.bind_global((event, data) => {
  if (!event.startsWith("pusher")) say("global", { event, data });
});

obey({
  subscribe({ channel }) {
    const heard = pusher.subscribe(channel);
    heard.bind("client-typing", (data, { user_id }) => say("typing", { data, user: user_id }));
    heard.bind_global((event, data) => {
      if (event === "pusher:subscription_succeeded") {
        const found = [];
        heard.members?.each((member) => found.push(member));
        say("subscribed", { channel, members: found, me: heard.members?.me ?? null });
      } else {
        say("event", { channel, event, data });
      }
    });
  },
  unsubscribe: ({ channel }) => pusher.unsubscribe(channel),
  trigger: ({ channel, event, data }) => {
    say("triggered", { sent: pusher.channel(channel).trigger(event, data) });
  },
  send: ({ event, data }) => pusher.send_event(event, data),
  ping: () => pusher.send_event("pusher:ping", {}),
  disconnect: () => pusher.disconnect(),
});
