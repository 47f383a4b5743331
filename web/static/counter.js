// Counts the SMS segments of an answer while it is typed, exactly as channels/segments.py does at the server, which
// counts first. The alphabet, its foldings and the text around the clerk's own words come from the page.
"use strict";

const ROOM = { gsm7: [160, 153], ucs2: [70, 67] }; // in one segment alone, in each of several
const MARK = /[\u0300-\u036f]/g; // combining marks of Latin

function alphabet(given) {
  return { basic: new Set(given.basic), extended: new Set(given.extended), folds: new Map(Object.entries(given.folds)) };
}

function known(letters, character) {
  return letters.basic.has(character) || letters.extended.has(character);
}

function translated(letters, text) {
  return Array.from(text, (character) => letters.folds.get(character) ?? character).join("");
}

function folded(letters, text) {
  const nearest = (character) => {
    if (known(letters, character)) return character;
    const near = translated(letters, translated(letters, character).normalize("NFKD").replace(MARK, ""));
    return Array.from(near).every((one) => known(letters, one)) ? near : character;
  };
  return Array.from(text.normalize("NFC"), nearest).join("").normalize("NFC");
}

function counted(letters, text) {
  const characters = Array.from(text);
  const gsm = characters.every((one) => known(letters, one));
  const widths = characters.map((one) => ((gsm ? letters.extended.has(one) : one.codePointAt(0) > 0xffff) ? 2 : 1));
  const [alone, joined] = ROOM[gsm ? "gsm7" : "ucs2"];
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= alone) return { encoding: gsm ? "gsm7" : "ucs2", units, segments: Math.min(units, 1) };
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > joined) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding: gsm ? "gsm7" : "ucs2", units, segments };
}

// What the page shows for a count: the words are in its attributes, in the clerk's language and its plural forms.
function worded(box, count, left) {
  const form = (name, number) => {
    const forms = JSON.parse(box.dataset[name]);
    const rule = new Intl.PluralRules(document.documentElement.lang).select(number);
    return (forms[rule] ?? forms.other).replace("%(num)s", number.toLocaleString(document.documentElement.lang));
  };
  const parts = [];
  if (count) parts.push(form("segments", count.segments), form("units", count.units));
  if (count && count.encoding === "ucs2") parts.push(box.dataset.dear);
  parts.push(form("left", left));
  return parts.join(" · ");
}

// As Python's strip: what the server does before it sends.
const EDGES = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;
const NARROW = /[\u00a0\u202f\u2009]/g;

function arriving(letters, folding, text) {
  if (folding === "gsm") return folded(letters, text);
  return folding === "spaces" ? text.replace(NARROW, " ") : text;
}

function begin(box) {
  const field = document.getElementById(box.dataset.of);
  const letters = box.dataset.alphabet ? alphabet(JSON.parse(box.dataset.alphabet)) : null;
  const [before, after] = [box.dataset.before ?? "", box.dataset.after ?? ""];
  const show = () => {
    const own = field.value.replace(/\0/g, "").replace(EDGES, "");
    const whole = before + own + after;
    const count = letters && counted(letters, arriving(letters, box.dataset.folding, whole));
    box.textContent = worded(box, own ? count : null, Number(box.dataset.longest) - Array.from(field.value).length);
  };
  field.addEventListener("input", show);
  show();
}

// A reply at hand is put in without a new page; without this script the button asks the server.
function insert(event) {
  const [from, into] = [this.dataset.insert, this.dataset.into].map((id) => document.getElementById(id));
  const text = from.selectedOptions[0]?.dataset.text;
  if (!text) return;
  event.preventDefault();
  into.value = [into.value.replace(EDGES, ""), text].filter(Boolean).join("\n");
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
}

if (typeof document === "undefined") {
  module.exports = { alphabet, arriving, counted, EDGES };
} else {
  document.querySelectorAll("[data-counter]").forEach(begin);
  document.querySelectorAll("[data-insert]").forEach((button) => button.addEventListener("click", insert));
}
