// Keys, checkpoints, trees and proofs as docs/proof-format.md has them. No packages, and nothing
// here reads or writes anything: the same file runs in Node (verify.mjs) and in a browser.
//
// `by` is what computes: {sha256(...parts), verifies(key, text, signature)}, each of which may answer
// at once or later. `web` is that of a browser, and of Node, too.

export class Wrong extends Error {}

const utf8 = new TextEncoder();

export const web = {
  async sha256(...parts) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
  },
  async verifies(key, text, signature) {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify("Ed25519", known, signature, utf8.encode(text));
  },
};

// Bytes

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const same = (one, two) =>
  one.length === two.length && one.every((byte, at) => byte === two[at]);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new Wrong("something is not base64");
  }
  if (btoa(raw) !== text) throw new Wrong("something is not base64");
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

export function number(text) {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(text)) throw new Wrong("something is no number");
  return Number(text);
}

// Keys, notes, checkpoints

// The y of points whose order divides 8, in every encoding, without the bit of the sign
const SMALL = new Set([
  "00".repeat(32),
  "01" + "00".repeat(31),
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ec" + "ff".repeat(30) + "7f",
  "ed" + "ff".repeat(30) + "7f",
  "ee" + "ff".repeat(30) + "7f",
]);

function small(key) {
  const plain = Uint8Array.from(key);
  plain[31] &= 127;
  return SMALL.has(hex(plain));
}

export async function policy(by, text) {
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  const keys = [];
  for (const line of lines) {
    const [key, since, until, ...more] = line.split(" ");
    const found = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(key);
    if (!found || until === undefined || more.length) throw new Wrong("no line of a policy");
    const raw = base64(found[3]);
    if (raw.length !== 33 || raw[0] !== 1) throw new Wrong("a key is not Ed25519");
    if (small(raw.subarray(1)))
      throw new Wrong("a key is of small order: it would take a signature over anything");
    const id = (await by.sha256(utf8.encode(`${found[1]}\n`), raw)).subarray(0, 4);
    if (hex(id) !== found[2]) throw new Wrong("a key does not match its id");
    if (keys.some((one) => one.name === found[1] && same(one.raw, raw.subarray(1))))
      throw new Wrong("a key stands twice in a policy");
    const last = until === "-" ? Infinity : number(until);
    keys.push({ name: found[1], raw: raw.subarray(1), id, since: number(since), until: last });
  }
  return keys;
}

export async function signers(by, note, name, keys) {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0 || !note.endsWith("\n") || note.length > 65536) throw new Wrong("no signed note");
  const text = note.slice(0, cut + 1);
  const found = [];
  for (const line of note.slice(cut + 2, -1).split("\n")) {
    const part = /^\u2014 (\S+) (\S+)$/.exec(line);
    if (!part) throw new Wrong("no signed note");
    const raw = base64(part[2]);
    if (raw.length < 5) throw new Wrong("no signed note");
    const key = keys.find(
      (one) => part[1] === name && one.name === name && same(one.id, raw.subarray(0, 4)),
    );
    if (!key) continue;
    if (!(await by.verifies(key.raw, text, raw.subarray(4))))
      throw new Wrong(`the signature of ${name} is not good`);
    found.push(key);
  }
  return [text, found];
}

// What a checkpoint says, whoever has signed it
export function said(note) {
  const [origin, size, root, ...more] = note.split("\n\n")[0].split("\n");
  if (root === undefined || more.length || !origin) throw new Wrong("this is no checkpoint");
  const told = { origin, size: number(size), root: base64(root), note };
  if (told.root.length !== 32) throw new Wrong("this is no checkpoint");
  return told;
}

// What a checkpoint says, if one of these keys has signed it and may sign so much
export async function head(by, note, keys) {
  const told = said(note);
  const [, signed] = await signers(by, note, told.origin, keys);
  if (!signed.length) throw new Wrong(`no known key of ${told.origin} has signed this checkpoint`);
  if (!signed.some((key) => key.since <= told.size && told.size <= key.until))
    throw new Wrong(`the key may not sign a tree of ${told.size}`);
  return told;
}

// Trees

export const leafHash = (by, entry) => by.sha256(Uint8Array.of(0), entry);
const nodeHash = (by, left, right) => by.sha256(Uint8Array.of(1), left, right);

export class Tree {
  peaks = [];
  size = 0;

  constructor(by) {
    this.by = by;
  }

  async add(hash) {
    let height = 0;
    while (this.peaks.length && this.peaks.at(-1).height === height) {
      hash = await nodeHash(this.by, this.peaks.pop().hash, hash);
      height += 1;
    }
    this.peaks.push({ height, hash });
    this.size += 1;
  }

  async root() {
    if (!this.peaks.length) return this.by.sha256();
    let right = this.peaks.at(-1).hash;
    for (const peak of this.peaks.slice(0, -1).reverse())
      right = await nodeHash(this.by, peak.hash, right);
    return right;
  }
}

const half = (size) => {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
};

// The root that a leaf and its proof (RFC 6962 2.1.1) make; null: they make none
export async function included(by, index, size, hash, path) {
  if (!(index >= 0 && index < size)) return null;
  let [first, last] = [0, size];
  const sides = [];
  while (last - first > 1) {
    const middle = first + half(last - first);
    const left = index < middle;
    sides.push(left);
    if (left) last = middle;
    else first = middle;
  }
  if (sides.length !== path.length || path.some((one) => one.length !== 32)) return null;
  sides.reverse();
  for (const [at, beside] of path.entries())
    hash = await (sides[at] ? nodeHash(by, hash, beside) : nodeHash(by, beside, hash));
  return hash;
}

// The roots of the older and of the newer tree that a proof (RFC 6962 2.1.2) makes; null: none
export async function extended(by, old, size, root, path) {
  const hashes = [...path];
  if (!(old > 0 && old <= size)) return null;
  if (hashes.some((one) => one.length !== 32)) return null;
  const walk = async (before, all, whole) => {
    if (before === all) {
      const hash = whole ? root : hashes.shift();
      return [hash, hash];
    }
    const left = half(all);
    if (before <= left) {
      const [older, newer] = await walk(before, left, whole);
      return [older, await nodeHash(by, newer, hashes.shift())];
    }
    const [older, newer] = await walk(before - left, all - left, false);
    const beside = hashes.shift();
    return [await nodeHash(by, beside, older), await nodeHash(by, beside, newer)];
  };
  try {
    const roots = await walk(old, size, true);
    return hashes.length || roots.some((one) => one === undefined) ? null : roots;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

// Proofs as text

export function proof(text) {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n");
  if (cut < 0 || lines.shift() !== "c2sp.org/tlog-proof@v1") throw new Wrong("this is no proof");
  if (lines[0]?.startsWith("extra ")) lines.shift();
  if (!lines[0]?.startsWith("index ")) throw new Wrong("this is no proof");
  const index = number(lines.shift().slice(6));
  return { index, note: text.slice(cut + 2), path: lines.map(base64) };
}
