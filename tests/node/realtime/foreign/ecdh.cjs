// Ignis' own encryption, asked for one step at a time.
"use strict";

const { say, obey } = require("./orders.cjs");

// Its logger writes to the console: only answers may stand there.
console.log = console.info = console.debug = () => {};
const { ECDH } = require("@venizia/ignis-helpers");

let ecdh;
let pair;
let key;

const optional = (context) => (context ? { additionalData: context } : undefined);

obey({
  async pair({ info }) {
    ecdh = ECDH.withAlgorithm(info ? { hkdfInfo: info } : undefined);
    pair = await ecdh.generateKeyPair();
    say("pair", { publicKey: pair.publicKeyB64 });
  },
  async derive({ peer, salt }) {
    const peerPublicKey = await ecdh.importPublicKey({ rawKeyB64: peer });
    const derived = await ecdh.deriveAESKey({
      privateKey: pair.keyPair.privateKey,
      peerPublicKey,
      salt,
    });
    key = derived.key;
    say("derive", { salt: derived.salt });
  },
  async open({ frame, context }) {
    const { event, data } = JSON.parse(frame);
    const text = await ecdh.decrypt({ message: data, secret: key, opts: optional(context) });
    say("open", { event, text });
  },
  async seal({ text, context }) {
    const data = await ecdh.encrypt({ message: text, secret: key, opts: optional(context) });
    say("seal", { frame: JSON.stringify({ event: "encrypted", data }) });
  },
});
