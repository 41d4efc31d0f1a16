// What a script adds to pages that work without it: the slider shows a moment while it is moved, and
// a proof is checked in this browser. It loads nothing from elsewhere and sends nothing but forms.

import {
  base64,
  extended,
  head,
  hex,
  included,
  leafHash,
  policy,
  proof,
  said,
  same,
  web,
  Wrong,
} from "./proofs.mjs";

const PATIENCE_MS = 250;
const byId = (id) => document.getElementById(id);

// The slider

function steer(slider) {
  let waiting;
  let newest = 0;
  const named = () =>
    [...(slider.list?.options ?? [])].findLast((one) => Number(one.value) <= Number(slider.value));
  const speak = () => {
    const label = named()?.label;
    slider.setAttribute("aria-valuetext", label ? `event ${slider.value}: ${label}` : slider.value);
  };
  const show = async () => {
    const mine = (newest += 1);
    const address = new URL(slider.form.action);
    address.searchParams.set("event", slider.value);
    byId("then").setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== newest) return;
      if (!answer.ok || !made.getElementById("then")) throw new TypeError("no page came");
      take(made, address);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      slider.form.requestSubmit();
    }
  };
  slider.addEventListener("input", () => {
    speak();
    clearTimeout(waiting);
    waiting = setTimeout(show, PATIENCE_MS);
  });
  speak();
}

// Put what the server has written for the moment in the place of what is shown; focus stays.
function take(made, address) {
  const open = [...document.querySelectorAll("#then details")].map((one) => one.open);
  const spoken = byId("shown");
  const fresh = document.importNode(made.getElementById("then"), true);
  [...fresh.querySelectorAll("details")].forEach((one, at) => (one.open = open[at] ?? one.open));
  const told = fresh.querySelector("#shown");
  told.remove();
  byId("then").replaceChildren(spoken, ...fresh.childNodes);
  // The same element goes on, so that it is read aloud.
  spoken.replaceChildren(...told.childNodes);
  byId("then").removeAttribute("aria-busy");
  for (const part of ["steps", "rows", "proof"]) swap(made, part);
  byId("time").value = made.getElementById("time").value;
  history.replaceState(null, "", `${address.pathname}${address.search}`);
}

function swap(made, part) {
  const [old, fresh] = [byId(part), made.getElementById(part)];
  if (old && fresh) old.replaceWith(document.importNode(fresh, true));
}

// The proof

async function judge(place) {
  const told = { checked: [], unchecked: [], wrong: [] };
  try {
    await prove(place, told);
  } catch (error) {
    if (error instanceof Wrong) told.wrong.push(error.message);
    else if (error.name === "NotSupportedError" || !globalThis.crypto?.subtle)
      told.unchecked.push("anything: this browser cannot check Ed25519 here (it takes HTTPS)");
    else throw error;
  }
  return told;
}

async function prove(place, told) {
  const text = (id) => byId(id).textContent;
  const given = byId("trusted").value.trim();
  const keys = await policy(web, given || text("keys"));
  const { index, note, path } = proof(text("path"));
  const signed = await head(web, note, keys);
  if (note !== text("note")) throw new Wrong("the proof is under another checkpoint than is shown");
  if (!signed.origin.endsWith(`/${place.dataset.alliance}`))
    throw new Wrong("the checkpoint is of another alliance");
  told.checked.push(`checkpoint: ${signed.size} events of ${signed.origin}, signed`);
  if (given) told.checked.push("keys: those that you were given");
  else told.unchecked.push("keys: those that this server names were believed");
  if (index !== Number(place.dataset.sequence)) throw new Wrong("the proof is of another event");
  const leaf = await leafOf(place, text, told);
  const root = await included(web, index, signed.size, leaf, path);
  if (!root || !same(root, signed.root)) throw new Wrong("the event is not in the signed tree");
  told.checked.push(`inclusion: leaf ${index} is in the tree that was signed`);
  await follow(place, signed, told);
  told.unchecked.push("body: that it says what this page shows (a bundle holds it)");
  told.unchecked.push("truth: whether what people entered was so");
}

async function leafOf(place, text, told) {
  if (!byId("entry")) {
    told.unchecked.push("entry: it is not shown to you; the leaf was believed");
    return Uint8Array.from(text("leaf").match(/../g), (pair) => parseInt(pair, 16));
  }
  const entry = base64(text("entry"));
  const leaf = await leafHash(web, entry);
  if (hex(leaf) !== text("leaf")) throw new Wrong("the entry does not make the leaf");
  const view = new DataView(entry.buffer);
  const plain = (from, to) => hex(entry.subarray(from, to));
  const kind = new TextDecoder().decode(entry.subarray(61, 61 + entry[60]));
  const micros = BigInt(Math.round(Date.parse(place.dataset.time.slice(0, 19) + "Z"))) * 1000n;
  const fits =
    plain(4, 20) === place.dataset.alliance.replaceAll("-", "") &&
    view.getBigUint64(20) === BigInt(place.dataset.sequence) &&
    view.getBigUint64(28) === BigInt(place.dataset.position) &&
    view.getBigUint64(36) / 1000000n === micros / 1000000n &&
    plain(44, 60) === place.dataset.id.replaceAll("-", "") &&
    kind === place.dataset.kind;
  if (!fits) throw new Wrong("the entry says something else than this page");
  told.checked.push("entry: it makes the leaf; kind, id, position and second are those shown here");
  return leaf;
}

// The history must go on from the checkpoint that this browser saw before
async function follow(place, signed, told) {
  const name = `enquiry checkpoint ${place.dataset.alliance}`;
  const kept = localStorage.getItem(name);
  if (kept === null) told.unchecked.push("history: this browser saw no checkpoint before; it keeps this one");
  else {
    const old = said(kept);
    if (old.origin !== signed.origin) throw new Wrong("fork: this browser knows a history of another name");
    await extends_(place, old, signed, told);
  }
  if (kept === null || said(kept).size < signed.size) localStorage.setItem(name, signed.note);
}

async function extends_(place, old, signed, told) {
  const [less, more] = old.size <= signed.size ? [old, signed] : [signed, old];
  if (less.size === more.size) {
    if (!same(less.root, more.root)) throw new Wrong("fork: two histories of one size were signed");
    told.checked.push("history: the same checkpoint as this browser saw before");
    return;
  }
  const address = `/audit/alliances/${place.dataset.alliance}/extension?old=${less.size}&new=${more.size}`;
  const answer = await fetch(address);
  if (!answer.ok) {
    told.unchecked.push("history: the server gave no proof that it goes on from what was seen before");
    return;
  }
  const path = (await answer.text()).split("\n").filter(Boolean).map(base64);
  const roots = await extended(web, less.size, more.size, less.root, path);
  if (!roots || !same(roots[0], less.root) || !same(roots[1], more.root))
    throw new Wrong("fork: what this browser saw before is no part of this history");
  told.checked.push(`history: the ${less.size} events that this browser saw before are unchanged`);
}

function write(told) {
  const box = document.createElement("div");
  const verdict = told.wrong.length ? "invalid" : told.checked.length ? "valid" : "incomplete";
  box.className = `verdict ${verdict}`;
  const line = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  box.append(line("p", `${verdict[0].toUpperCase()}${verdict.slice(1)}, as far as it was checked.`));
  for (const [name, lines] of [["Wrong", told.wrong], ["Checked", told.checked], ["Not checked", told.unchecked]]) {
    if (!lines.length) continue;
    const list = document.createElement("ul");
    list.append(...lines.map((one) => line("li", one)));
    box.append(line("p", `${name}:`), list);
  }
  byId("verdict").replaceChildren(box);
}

const slider = document.querySelector("input[type=range]");
if (slider) steer(slider);
const place = byId("verify");
if (place) {
  byId("checks").hidden = false;
  byId("check").addEventListener("click", async () => write(await judge(place)));
}
