/**
 * SHA-256 (FIPS 180-4) in plain TypeScript: policies, previews and gates must all name a generation without touching
 * the platform's own crypto. Inputs are short texts, so speed does not matter.
 */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 0x1_0000_0000);

const isPrime = (candidate: number): boolean => {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1)
    if (candidate % divisor === 0) return false;
  return true;
};

const firstPrimes = (count: number): number[] => {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1)
    if (isPrime(candidate)) primes.push(candidate);
  return primes;
};

const PRIMES = firstPrimes(64);
const ROUND = PRIMES.map(prime => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map(prime => fraction(Math.sqrt(prime)));

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
const at = (words: readonly number[], index: number): number => words[index] ?? 0;

/** Hex digest of a text's UTF-8 bytes. */
export const sha256 = (text: string): string => {
  const blocks = toBlocks(new TextEncoder().encode(text));
  return blocks
    .reduce(compress, START)
    .map(word => (word >>> 0).toString(16).padStart(8, "0"))
    .join("");
};

/** Pads to whole blocks of sixteen 32-bit words; the last two words hold the length in bits. */
const toBlocks = (bytes: Uint8Array): number[][] => {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new DataView(new ArrayBuffer(length));
  bytes.forEach((byte, index) => padded.setUint8(index, byte));
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(length - 8, Math.floor((bytes.length * 8) / 0x1_0000_0000));
  padded.setUint32(length - 4, bytes.length * 8);
  return Array.from({ length: length / 64 }, (_, block) =>
    Array.from({ length: 16 }, (_, word) => padded.getUint32(block * 64 + word * 4)),
  );
};

const expand = (block: readonly number[]): number[] => {
  const words = [...block];
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [at(words, index - 15), at(words, index - 2)];
    const small = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const large = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words.push((at(words, index - 16) + small + at(words, index - 7) + large) | 0);
  }
  return words;
};

const compress = (hash: readonly number[], block: readonly number[]): number[] => {
  const end = expand(block).reduce<readonly number[]>((state, word, round) => {
    const [a, b, c, d, e, f, g, h] = state as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + at(ROUND, round) + word;
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    return [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }, hash);
  return hash.map((word, index) => (word + at(end, index)) | 0);
};
