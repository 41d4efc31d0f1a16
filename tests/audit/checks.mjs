// Runs what the page runs, with the web's own cryptography, on cases that come by standard input.

import { readFileSync } from "node:fs";

const { extended, head, hex, included, leafHash, policy, Tree, web, Wrong } = await import(process.argv[2]);
const bytes = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const said = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) {
  const path = one.path?.map(bytes);
  if (one.ask === "leaf") said.push(hex(await leafHash(web, bytes(one.entry))));
  else if (one.ask === "root") {
    const tree = new Tree(web);
    for (const leaf of one.leaves) await tree.add(bytes(leaf));
    said.push(hex(await tree.root()));
  } else if (one.ask === "included") {
    const root = await included(web, one.index, one.size, bytes(one.leaf), path);
    said.push(root && hex(root));
  } else if (one.ask === "extended") {
    const roots = await extended(web, one.old, one.size, bytes(one.root), path);
    said.push(roots && roots.map(hex));
  } else {
    try {
      said.push((await head(web, one.note, await policy(web, one.keys))).size);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      said.push(error.message);
    }
  }
}
console.log(JSON.stringify(said));
