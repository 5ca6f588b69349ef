// The official Pusher client, told by arguments what to do; says what it sees as one JSON object a line.
//   node probe.js HOST PORT KEY SECONDS CHANNEL…
// Ends when its standard input does, or after SECONDS.
"use strict";

const Pusher = require("pusher-js");

const [host, port, key, seconds, ...channels] = process.argv.slice(2);
const say = (what, more) => process.stdout.write(JSON.stringify({ what, ...more }) + "\n");

const pusher = new Pusher(key, {
  cluster: "us2",
  wsHost: host,
  wsPort: Number(port),
  forceTLS: false,
  enabledTransports: ["ws"],
  enableStats: false,
});

pusher.connection.bind("state_change", ({ current }) => say("state", { state: current }));
pusher.connection.bind("error", (error) => {
  const data = (error && error.error && error.error.data) || (error && error.data) || {};
  say("error", { code: data.code === undefined ? null : data.code, message: data.message || String(error && error.type) });
});

for (const name of channels) {
  const channel = pusher.subscribe(name);
  channel.bind("pusher:subscription_succeeded", () => say("subscribed", { channel: name }));
  channel.bind("pusher:subscription_error", (data) => say("refused", { channel: name, data }));
  channel.bind_global((event, data) => {
    if (!event.startsWith("pusher:")) say("event", { channel: name, event, data });
  });
}

const end = () => {
  pusher.disconnect();
  process.exit(0);
};
setTimeout(end, Number(seconds) * 1000);
process.stdin.on("end", end);
process.stdin.resume();
