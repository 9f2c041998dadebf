// The client of ignis: its own ECDH class, asked for one step a line.
'use strict';

const readline = require('node:readline');
const { ECDH } = require('@venizia/ignis-helpers');

let ecdh;
let pair;
let key;

const steps = {
  async pair({ info }) {
    ecdh = ECDH.withAlgorithm(info ? { hkdfInfo: info } : undefined);
    pair = await ecdh.generateKeyPair();
    return { publicKey: pair.publicKeyB64 };
  },
  async derive({ peer, salt }) {
    const peerPublicKey = await ecdh.importPublicKey({ rawKeyB64: peer });
    const derived = await ecdh.deriveAESKey({
      privateKey: pair.keyPair.privateKey,
      peerPublicKey,
      salt,
    });
    key = derived.key;
    return { salt: derived.salt };
  },
  async open({ frame, context }) {
    const { event, data } = JSON.parse(frame);
    const opts = context ? { additionalData: context } : undefined;
    return { event, text: await ecdh.decrypt({ message: data, secret: key, opts }) };
  },
  async seal({ text, context }) {
    const opts = context ? { additionalData: context } : undefined;
    const data = await ecdh.encrypt({ message: text, secret: key, opts });
    return { frame: JSON.stringify({ event: 'encrypted', data }) };
  },
};

async function answer(line) {
  const { step, ...given } = JSON.parse(line);
  try {
    return await steps[step](given);
  } catch (error) {
    return { error: String(error.name) };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`answer ${JSON.stringify(await answer(line))}\n`);
  }
})();
