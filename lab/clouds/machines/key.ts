import ssh2 from "ssh2";

const TRIES = 10;

/** A new ssh key. About 1 in 400 that ssh2 makes, it can't read itself: those are thrown away. */
export const newKey = (): ssh2.utils.KeyPairReturn => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
  throw new Error(`${String(TRIES)} keys in a row could not be read`);
};
