// A turn of the event loop for whatever else waits for one, as short as that takes.
//
// Timers would do, too, but a browser makes one that follows others wait for 4 ms.

/** What became due while Python ran may be queued only when the first of them is over. */
const ROUNDS = 2;

export async function turn() {
  for (let round = 0; round < ROUNDS; round += 1) await task();
}

/** Ends in a task of its own: all messages that wait at one port come in a single one. */
function task() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => { port1.close(); resolve(undefined); };
    port2.postMessage(null);
  });
}
