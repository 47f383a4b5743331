// The phones of the simulator: what is written goes out by fetch, what comes back is waited for by one long poll.
"use strict";

const root = document.getElementById("phones");
const words = root.dataset;
const language = document.documentElement.lang;
const phones = new Map([...root.querySelectorAll(".phone")].map((node) => [node.dataset.style, phone(node)]));
const LONGEST_SIDE = 1600; // pixels of a photo; phones make them smaller on the way, too
const PATIENCE = 30_000; // milliseconds that the dots are shown

let id = localStorage.getItem("vecino_phone") ?? newId();
let polling = new AbortController();
let run = ""; // of the server: its phones are empty after a restart

function newId() {
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  localStorage.setItem("vecino_phone", fresh);
  return fresh;
}

function phone(node) {
  const one = { node, style: node.dataset.style, last: 0, dots: null, timer: 0, photos: [] };
  for (const part of ["screen", "note", "write", "text", "photo", "place", "starters"]) one[part] = node.querySelector(`.${part}`);
  return one;
}

// --- what came -------------------------------------------------------------------------------------------------------

async function listen() {
  for (;;) {
    const query = new URLSearchParams([...phones.values()].map((one) => [one.style, one.last]));
    try {
      const answer = await fetch(`/try/phones/${id}?${query}`, { signal: polling.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      if (run && run !== news.run) phones.forEach(clear);
      else for (const [style, bubbles] of Object.entries(news.phones)) show(phones.get(style), bubbles);
      run = news.run;
    } catch (error) {
      if (error.name !== "AbortError") await new Promise((after) => setTimeout(after, 2000));
      else polling = new AbortController();
    }
  }
}

function show(one, bubbles) {
  for (const bubble of bubbles) {
    if (bubble.number <= one.last) continue;
    one.last = bubble.number;
    one.starters.remove();
    if (!bubble.mine) quiet(one);
    one.screen.querySelectorAll(".keys").forEach((keys) => keys.remove());
    one.screen.append(drawn(one, bubble));
    if (bubble.choices.length) one.screen.append(keys(one, bubble));
    if (one.dots) one.screen.append(one.dots);
  }
  if (bubbles.length) scroll(one);
}

function drawn(one, bubble) {
  const node = document.getElementById("bubble").content.firstElementChild.cloneNode(true);
  node.classList.toggle("mine", bubble.mine);
  const text = node.querySelector("p");
  const picture = bubble.mine && bubble.files.length && one.photos.shift(); // gone after a reload: then its name is shown
  if (picture) text.before(Object.assign(new Image(), { src: picture, alt: words.photo, onload: () => scroll(one) }));
  for (const reference of bubble.mine ? [] : bubble.pictures) {
    const src = reference.startsWith("/") ? reference : `/try/phones/${id}/${one.style}/pictures/${reference}`;
    text.before(Object.assign(new Image(), { src, alt: words.photo, onload: () => scroll(one) }));
  }
  const files = picture || bubble.pictures.length ? [] : bubble.files.map((name) => `📎 ${bubble.mine ? words.photo : name}`);
  const pin = bubble.point ? [`📍 ${bubble.point.map((degrees) => degrees.toFixed(5)).join(", ")}`] : [];
  text.textContent = [...files, ...pin, bubble.text].filter(Boolean).join("\n");
  text.dir = "auto";
  node.querySelector(".foot").textContent = [segments(bubble.segments), time(bubble.at)].filter(Boolean).join(" · ");
  return node;
}

function scroll(one) {
  one.screen.scrollTop = one.screen.scrollHeight;
}

function clear(one) {
  quiet(one);
  one.last = 0;
  one.screen.replaceChildren(one.starters);
}

function segments(count) {
  if (!count) return "";
  return count === 1 ? words.one : words.many.replace("#", count);
}

function time(at) {
  return new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

function keys(one, bubble) {
  const row = Object.assign(document.createElement("div"), { className: "keys" });
  for (const choice of bubble.choices) {
    const key = Object.assign(document.createElement("button"), { type: "button", textContent: choice.label });
    key.addEventListener("click", () => {
      one.text.focus();
      say(one, { choice: choice.id, text: choice.label });
    });
    row.append(key);
  }
  return row;
}

// --- what goes out ---------------------------------------------------------------------------------------------------

async function say(one, message) {
  one.note.textContent = "";
  one.note.classList.remove("wrong");
  busy(one);
  try {
    const body = JSON.stringify({ language: document.getElementById("hint").value, ...message });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/try/phones/${id}/${one.style}`, { method: "POST", headers, body });
    if (answer.ok) return true;
    wrong(one, answer.status === 413 ? words.large : words.failed);
  } catch {
    wrong(one, words.failed);
  }
  return false;
}

function busy(one) {
  quiet(one);
  one.dots = document.getElementById("typing").content.firstElementChild.cloneNode(true);
  one.screen.append(one.dots);
  scroll(one);
  one.timer = setTimeout(() => quiet(one), PATIENCE);
}

function quiet(one) {
  clearTimeout(one.timer);
  one.dots?.remove();
  one.dots = null;
}

function wrong(one, text) {
  quiet(one);
  one.note.textContent = text;
  one.note.classList.add("wrong");
}

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * scale, height: picture.height * scale });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

function base64(blob) {
  return new Promise((done, failed) => {
    const reader = Object.assign(new FileReader(), { onload: () => done(reader.result.split(",")[1]), onerror: failed });
    reader.readAsDataURL(blob);
  });
}

async function sendPhoto(one) {
  const [file] = one.photo.files;
  one.photo.value = "";
  if (!file) return;
  const text = one.text.value;
  try {
    const picture = await smaller(file);
    const photo = await base64(picture);
    one.photos.push(URL.createObjectURL(picture));
    if (await say(one, { photo, text })) one.text.value = "";
  } catch {
    wrong(one, words.failed); // not a picture after all
  }
}

async function sendText(one) {
  const text = one.text.value;
  if (!text.trim()) return;
  one.text.value = "";
  if (!(await say(one, { text }))) one.text.value ||= text;
}

// --- the pin ---------------------------------------------------------------------------------------------------------

const dialog = document.getElementById("pin");
let asking = null;

function setUpPins() {
  const [map, landmark] = [document.getElementById("map"), document.getElementById("landmark")];
  const [latitude, longitude] = [document.getElementById("latitude"), document.getElementById("longitude")];
  const frame = Object.fromEntries(Object.entries(map.dataset).map(([name, value]) => [name, Number(value)]));
  const mark = () => {
    const x = (longitude.value - frame.west) * frame.across;
    const y = (frame.north - latitude.value) * frame.down;
    map.querySelector(".pin").setAttribute("transform", latitude.value && longitude.value ? `translate(${x} ${y})` : "translate(-50 -50)");
  };
  const set = (north, east) => {
    [latitude.value, longitude.value] = [Number(north).toFixed(5), Number(east).toFixed(5)];
    mark();
  };
  map.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    set(frame.north - at.y / frame.down, frame.west + at.x / frame.across);
  });
  landmark?.addEventListener("change", () => landmark.value && set(...landmark.value.split(",")));
  for (const field of [latitude, longitude]) field.addEventListener("input", mark);
  document.getElementById("cancel").addEventListener("click", () => dialog.close(""));
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "send") say(asking, { point: { latitude: Number(latitude.value), longitude: Number(longitude.value) } });
    dialog.returnValue = "";
  });
}

// --- beginning -------------------------------------------------------------------------------------------------------

for (const one of phones.values()) {
  one.write.addEventListener("submit", (event) => {
    event.preventDefault();
    sendText(one);
  });
  one.photo.addEventListener("change", () => sendPhoto(one));
  one.place.addEventListener("click", () => {
    asking = one;
    dialog.showModal();
  });
  one.starters.addEventListener("click", (event) => {
    const starter = event.target.closest(".starter");
    if (!starter) return;
    document.getElementById("hint").value = starter.dataset.language;
    say(one, { text: starter.textContent });
  });
}

document.getElementById("renew").addEventListener("click", () => {
  id = newId();
  phones.forEach(clear);
  polling.abort();
});

if (dialog) setUpPins();
listen();
