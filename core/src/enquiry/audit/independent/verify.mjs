// A second verifier for bundles, written from docs/proof-format.md alone: plain Node, no packages but
// proofs.mjs beside it.
//
//   node verify.mjs BUNDLE [POLICY [KNOWN ...]] [--json]
//
// Exits with 0 if the bundle is valid, 1 if it is not, 2 if something could not be checked, 3 if it
// was asked wrongly.

import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { readFileSync } from "node:fs";

import {
  head,
  included,
  leafHash,
  number as size_,
  policy,
  proof,
  said,
  same,
  signers,
  Tree,
  Wrong,
} from "./proofs.mjs";

const FORMAT = "enquiry-bundle/1";
const PROFILES = ["proof-only", "structure", "pseudonymised", "full"];
const FINDINGS_MAX = 100;
const NAME = /^bag\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,40}\/){0,8}[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}$/;
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
// A bundle has many thousands of hashes: Node's own are far faster than those of the web.
const by = {
  sha256,
  verifies(key, text, signature) {
    const spki = Buffer.concat([SPKI, key]);
    const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
    return verifySignature(null, Buffer.from(text), publicKey, signature);
  },
};

// Reading

function untar(content) {
  const files = new Map();
  let at = 0;
  for (;;) {
    const header = content.subarray(at, at + 512);
    if (header.length < 512) throw new Wrong("the file ends before the bundle does");
    if (header.every((byte) => byte === 0)) break;
    const [name, size] = header_(header);
    const end = at + 512 + size;
    const next = end + ((512 - (size % 512)) % 512);
    if (next > content.length) throw new Wrong(`${name} does not end as it should`);
    if (!content.subarray(end, next).every((byte) => byte === 0))
      throw new Wrong(`${name} does not end as it should`);
    if (files.has(name)) throw new Wrong(`${name} stands twice`);
    files.set(name, content.subarray(at + 512, end));
    at = next;
  }
  const rest = content.subarray(at);
  if (rest.length < 1024 || rest.length > 1 << 20 || !rest.every((byte) => byte === 0))
    throw new Wrong("something follows the end of the bundle");
  return files;
}

function header_(header) {
  const octal = (from, to) => {
    const text = header.toString("latin1", from, to);
    if (!/^[0-7]+$/.test(text)) throw new Wrong("no tar header where one must be");
    return parseInt(text, 8);
  };
  const name = header.toString("latin1", 0, 100).replace(/\0+$/, "");
  const size = octal(124, 135);
  let sum = 8 * 32;
  header.forEach((byte, index) => (sum += index >= 148 && index < 156 ? 0 : byte));
  if (octal(148, 154) !== sum) throw new Wrong("a tar header does not match its checksum");
  const plain = header.toString("latin1", 257, 263) === "ustar\0" && header[156] === 0x30;
  if (!plain || !header.subarray(345, 500).every((byte) => byte === 0))
    throw new Wrong(`${JSON.stringify(name)} is not a plain file`);
  if (!NAME.test(name) || name.includes("..")) throw new Wrong("a name that no bundle has");
  return [name.slice(4), size];
}

function tileName(number, width) {
  let digits = String(number);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = digits.match(/.../g);
  const path = [...groups.slice(0, -1).map((group) => `x${group}`), groups.at(-1)].join("/");
  return width === 256 ? path : `${path}.p/${width}`;
}

function* widths(hashes) {
  for (let number = 0; number < Math.floor(hashes / 256); number += 1) yield [number, 256];
  if (hashes % 256) yield [Math.floor(hashes / 256), hashes % 256];
}

function packed(content, prefix, name) {
  const found = [];
  for (let at = 0; at < content.length; ) {
    if (at + prefix > content.length) throw new Wrong(`${name} ends within a value`);
    const end = at + prefix + content.readUIntBE(at, prefix);
    if (end > content.length) throw new Wrong(`${name} ends within a value`);
    found.push(content.subarray(at + prefix, end));
    at = end;
  }
  return found;
}

// The whole check

class Check {
  checked = [];
  unchecked = [];
  findings = [];

  wrong(what, event = null) {
    if (this.findings.length < FINDINGS_MAX) this.findings.push({ event, what });
  }

  async run(content, trusted, known) {
    try {
      this.files = untar(content);
      const tags = this.manifests();
      const scope = this.scope();
      const keys = trusted ?? (await policy(by, this.text("data/keys")));
      if (trusted === null) this.unchecked.push("keys: those of the bundle itself were believed");
      const signed = await head(by, this.text("data/checkpoint"), keys);
      if (signed.origin !== scope.origin || !signed.origin.endsWith(`/${scope.alliance}`))
        throw new Wrong("the checkpoint is of another history than the bundle says");
      this.checked.push(`checkpoint: ${signed.size} events of ${signed.origin}, signed`);
      await this.handedOut(tags, scope, keys);
      const tiles = this.level(0, signed.size);
      await this.tree(tiles, signed, known);
      new Events(this, scope, tiles).check();
      await this.platform(signed, keys);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.wrong(error.message);
    }
    return this;
  }

  read(name) {
    const content = this.files.get(name);
    if (content === undefined) throw new Wrong(`${name} is missing`);
    return content;
  }

  text(name) {
    const content = this.read(name);
    const text = content.toString("utf8");
    if (!Buffer.from(text).equals(content)) throw new Wrong(`${name} is not UTF-8`);
    return text;
  }

  manifests() {
    if (!this.text("bagit.txt").startsWith("BagIt-Version: 1.0\n"))
      throw new Wrong("this is no BagIt bag");
    const told = new Map();
    for (const manifest of ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
      for (const line of this.text(manifest).split("\n").slice(0, -1)) {
        const found = /^([0-9a-f]{64})  (\S+)$/.exec(line);
        if (!found || told.has(found[2])) throw new Wrong(`${manifest} has a line that is none`);
        told.set(found[2], found[1]);
      }
    for (const name of this.files.keys())
      if (!told.has(name) && !["manifest.note", "tagmanifest-sha256.txt"].includes(name))
        this.wrong(`${name} is in no manifest`);
    for (const name of ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"])
      if (!told.has(name)) this.wrong(`${name} is in no manifest`);
    for (const [name, digest] of told)
      if (!this.files.has(name)) this.wrong(`${name} is not in the bundle`);
      else if (sha256(this.read(name)).toString("hex") !== digest)
        this.wrong(`${name} is not as it was when the bundle was made`);
    this.checked.push(`files: ${told.size}, each against its digest`);
    return sha256(this.read("tagmanifest-sha256.txt")).toString("hex");
  }

  scope() {
    const said = new Map();
    for (const line of this.text("bag-info.txt").split("\n")) {
      const cut = line.indexOf(": ");
      if (cut > 0) said.set(line.slice(0, cut), line.slice(cut + 2));
    }
    const [alliance, stream] = [said.get("Enquiry-Alliance"), said.get("Enquiry-Stream")];
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    if (said.get("Enquiry-Format") !== FORMAT) throw new Wrong(`this verifier reads ${FORMAT}`);
    const profile = said.get("Enquiry-Profile") ?? "structure";
    const extent = stream === "all" || stream === "some" || uuid.test(stream);
    if (!uuid.test(alliance) || !extent || !PROFILES.includes(profile))
      throw new Wrong("bag-info.txt does not say what the bundle holds");
    const one = stream !== "all" && stream !== "some";
    const whole = profile !== "proof-only";
    return { origin: said.get("External-Identifier"), alliance, stream, one, whole };
  }

  async handedOut(tags, scope, keys) {
    if (!this.files.has("manifest.note")) {
      this.unchecked.push("bundle: nobody has signed that it was handed out like this");
      return;
    }
    const [text, signed] = await signers(by, this.text("manifest.note"), scope.origin, keys);
    if (text !== `${FORMAT}\n${scope.origin}\n${tags}\n` || !signed.length)
      throw new Wrong("manifest.note was signed for another bundle, or by nobody who is known");
    this.checked.push("bundle: signed as it was handed out");
  }

  level(level, size) {
    // Tile by tile: a bundle that says it is enormous ends at the first tile that is not there.
    const found = [];
    for (const [number, width] of widths(Math.floor(size / 256 ** level))) {
      const name = `data/tile/${level}/${tileName(number, width)}`;
      const tile = this.read(name);
      if (tile.length !== width * 32) throw new Wrong(`${name} has not ${width} hashes`);
      found.push(tile);
    }
    return found;
  }

  async tree(tiles, signed, known) {
    const roots = new Map(known.map((note) => [said(note), null]));
    const whole = new Tree(by);
    const pass = async () => {
      for (const old of roots.keys())
        if (old.size === whole.size) roots.set(old, await whole.root());
    };
    await pass();
    for (const tile of tiles)
      for (let at = 0; at < tile.length; at += 32) {
        await whole.add(tile.subarray(at, at + 32));
        await pass();
      }
    for (const [old, root] of roots)
      if (old.origin !== signed.origin || root === null)
        this.unchecked.push("a known checkpoint is of another history, or beyond this bundle");
      else if (same(root, old.root)) this.checked.push(`extends: ${old.size} events are unchanged`);
      else this.wrong(`fork: another history of ${old.size} events was signed before`);
    for (let level = 1, below = tiles; Math.floor(signed.size / 256 ** level) > 0; level += 1) {
      const here = this.level(level, signed.size);
      for (const [index, tile] of below.filter((one) => one.length === 8192).entries()) {
        const part = new Tree(by);
        for (let at = 0; at < 8192; at += 32) await part.add(tile.subarray(at, at + 32));
        const at = (index % 256) * 32;
        if (!same(here[Math.floor(index / 256)].subarray(at, at + 32), await part.root()))
          this.wrong(`tile ${level}/${Math.floor(index / 256)} does not fit those below it`);
      }
      below = here;
    }
    if (!same(await whole.root(), signed.root)) this.wrong("the tree is not the one that was signed");
    else this.checked.push("tree: the tiles make the root that was signed");
  }

  async platform(signed, keys) {
    if (!this.files.has("data/platform/proof")) {
      this.unchecked.push("platform: no proof that the checkpoint stands in its tree");
      return;
    }
    const { index, note, path } = proof(this.text("data/platform/proof"));
    const own = (await policy(by, this.text("data/platform/keys"))).filter((key) =>
      keys.some((trusted) => same(trusted.raw, key.raw)),
    );
    const above = await head(by, note, own);
    const leaf = await leafHash(by, Buffer.from(`EQP1 checkpoint\n${signed.note.split("\n\n")[0]}\n`));
    const found = index < above.size ? await included(by, index, above.size, leaf, path) : null;
    if (signed.origin.slice(0, signed.origin.lastIndexOf("/")) !== above.origin)
      throw new Wrong("the platform's checkpoint is of another log");
    if (!found || !same(found, above.root)) throw new Wrong("the checkpoint is not in the platform tree");
    this.checked.push(`platform: the checkpoint is entry ${index} of ${above.origin}`);
  }
}

class Events {
  constructor(check, scope, tiles) {
    Object.assign(this, { all: check, scope, tiles, entries: 0, bodies: 0, bare: 0, sealed: 0 });
    this.position = 0n;
    this.time = 0n;
    this.revisions = new Map();
    this.ids = new Set();
  }

  check() {
    this.tiles.forEach((tile, number) => {
      const width = tile.length / 32;
      const name = tileName(number, width);
      const entries = this.pack(`data/tile/entries/${name}`, 2, width);
      const bodies = this.pack(`data/bodies/${name}`, 4, width);
      const sealed = `data/sealed/${name}`;
      const values = this.all.files.has(sealed)
        ? packed(this.all.read(sealed), 4, sealed).reverse()
        : null;
      entries.forEach((raw, index) => {
        const at = number * 256 + index;
        if (raw.length) {
          this.event(at, raw, tile.subarray(index * 32, index * 32 + 32), bodies[index], values);
        } else if (this.scope.stream === "all" && this.scope.whole) this.all.wrong("is left out", at);
        else if (bodies[index].length) this.all.wrong("has a body and no entry", at);
      });
      if (values?.length) this.all.wrong(`${sealed} holds more than was sealed`);
    });
    if (this.bare) this.all.unchecked.push(`bodies: ${this.bare} were withheld`);
    if (!this.scope.whole) this.all.unchecked.push("entries: withheld, only the tree was checked");
    else if (!this.entries) this.all.wrong("the bundle holds no event");
    this.all.checked.push(
      `entries: ${this.entries}, bodies: ${this.bodies}, sealed values: ${this.sealed}`,
    );
  }

  pack(name, prefix, width) {
    if (!this.all.files.has(name)) return Array(width).fill(Buffer.alloc(0));
    const found = packed(this.all.read(name), prefix, name);
    if (found.length !== width) throw new Wrong(`${name} has not ${width} values`);
    return found;
  }

  event(at, raw, leaf, body, values) {
    const wrong = (what) => this.all.wrong(what, at);
    if (!leafHash(by, raw).equals(leaf)) wrong("is not what was signed");
    const named = 61 + (raw[60] ?? 0);
    const seals = raw.length >= named + 34 ? raw.readUInt16BE(named + 32) : -1;
    const laidOut =
      seals >= 0 &&
      raw[60] > 0 &&
      raw.length === named + 34 + 50 * seals &&
      raw.toString("latin1", 0, 4) === "EQL1" &&
      raw.subarray(61, named).every((byte) => byte < 128);
    if (!laidOut) return wrong("is not laid out as an entry");
    this.entries += 1;
    const [sequence, position, time] = [20, 28, 36].map((from) => raw.readBigUInt64BE(from));
    if (raw.toString("hex", 4, 20) !== this.scope.alliance.replaceAll("-", ""))
      wrong("belongs to another alliance");
    if (sequence !== BigInt(at)) wrong("stands at another place than its own");
    if (position <= this.position) wrong("has a position that is not above the one before");
    if (time < this.time) wrong("was recorded before the one before it");
    const id = raw.toString("hex", 44, 60);
    if (this.ids.has(id)) wrong("has the id of another event");
    this.ids.add(id);
    [this.position, this.time] = [position, time];
    this.body(wrong, body, raw.subarray(named, named + 32));
    this.seals(wrong, raw.subarray(named + 34), values);
  }

  body(wrong, body, digest) {
    if (!body.length) {
      this.bare += 1;
      return;
    }
    if (!sha256(body).equals(digest)) return wrong("has another body than was signed");
    this.bodies += 1;
    let said;
    try {
      said = JSON.parse(body.toString("utf8"));
    } catch {
      return wrong("has a body that is no JSON");
    }
    const { stream, revision } = said ?? {};
    if (typeof stream !== "string" || !Number.isSafeInteger(revision))
      return wrong("has a body that does not say its stream and revision");
    if (this.scope.one && stream !== this.scope.stream)
      wrong("is of another stream than the bundle");
    const before = this.revisions.get(stream) ?? 0;
    if (this.scope.stream === "some" ? revision <= before : revision !== before + 1)
      wrong("does not follow on the event before it in its stream");
    this.revisions.set(stream, revision);
  }

  seals(wrong, seals, values) {
    let before = -1;
    for (let at = 0; at < seals.length; at += 50) {
      const slot = seals.readUInt16BE(at);
      if (slot <= before) wrong("has slots that are not in order");
      before = slot;
      if (values === null) continue;
      const value = values.pop();
      if (value === undefined) return wrong(`has no place for its sealed value ${slot}`);
      if (!value.length) continue;
      if (!sha256(value).equals(seals.subarray(at + 18, at + 50)))
        wrong(`has another ciphertext in slot ${slot} than was signed`);
      else this.sealed += 1;
    }
  }
}

async function main(words) {
  const files = words.filter((word) => word !== "--json");
  if (!files.length) throw new TypeError("say which bundle");
  const [bundle, trusted, ...known] = files.map((file) => readFileSync(file));
  let keys = null;
  try {
    if (trusted !== undefined) keys = await policy(by, trusted.toString());
    known.forEach((note) => said(note.toString()));
  } catch (error) {
    throw new TypeError(error.message);
  }
  const done = await new Check().run(bundle, keys, known.map(String));
  const bad = done.findings.filter((one) => one.event !== null).map((one) => one.event);
  const code = done.findings.length ? 1 : done.unchecked.length ? 2 : 0;
  const told = {
    verdict: ["valid", "invalid", "incomplete"][code],
    first_bad_event: bad.length ? Math.min(...bad) : null,
    findings: done.findings,
    checked: done.checked,
    not_checked: done.unchecked,
  };
  if (words.includes("--json")) console.log(JSON.stringify(told, null, 2));
  else {
    console.log(told.verdict.toUpperCase());
    if (bad.length) console.log(`first bad event: sequence ${told.first_bad_event}`);
    for (const { event, what } of told.findings)
      console.log(`  wrong        ${event === null ? "" : `event ${event}: `}${what}`);
    for (const line of told.checked) console.log(`  checked      ${line}`);
    for (const line of told.not_checked) console.log(`  not checked  ${line}`);
  }
  return code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`asked wrongly: ${error.message}`);
  process.exitCode = 3;
}
