// The moving map: the city's own areas and streets, marks that the server counts, the rows of a list, a place to pick.
"use strict";

const CLOSE = 17, DEEPEST = 19, NAMES = 16, MOST_NAMES = 40; // zooms, and street names at once
const STEP = 12; // pixels that an arrow key moves a pin; with shift 2
const CALM = 150; // milliseconds without moving, after which the marks are asked for
const cities = new Map(); // address -> the layers, fetched once for all maps of a page

class CityMap {
  constructor(figure) {
    this.figure = figure;
    this.data = figure.dataset;
    this.said = JSON.parse(this.data.said);
    this.room = figure.querySelector(".moving");
    this.room.hidden = false;
    this.map = L.map(this.room, {
      zoomControl: false, attributionControl: Boolean(this.data.tiles), minZoom: 2, maxZoom: DEEPEST,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches, fadeAnimation: false, bounceAtZoomLimits: false,
      scrollWheelZoom: this.data.map === "cells",
    });
    L.control.zoom({ zoomInTitle: this.said.in, zoomOutTitle: this.said.out }).addTo(this.map);
    this.marks = L.layerGroup().addTo(this.map);
    this.names = L.layerGroup().addTo(this.map);
    if (this.data.tiles) this.pictures();
    this.whole();
    this.draw();
    this.map.on("popupopen", ({ popup }) => this.opened(popup));
  }

  // Where everything is: the city, or the earth where nothing of a city is known.
  whole() {
    const [south, west, north, east] = numbers(this.data.frame ?? "-60,-170,70,170");
    this.map.fitBounds([[south, west], [north, east]], { animate: false });
  }

  pictures() {
    this.map.attributionControl.setPrefix(false).addAttribution(escaped(this.data.whose));
    L.tileLayer(this.data.tiles, { maxZoom: DEEPEST, maxNativeZoom: Number(this.data.deepest) }).addTo(this.map);
  }

  async draw() {
    const city = await layersOf(this.data.city).catch(() => null);
    if (!city) return this.tell(this.said.failed);
    const canvas = L.canvas({ padding: 0.3 }), style = getComputedStyle(this.figure), colour = (name) => style.getPropertyValue(name).trim();
    const drawn = Boolean(this.data.tiles);
    for (const [name, line] of city.areas) {
      L.polygon(line, { renderer: canvas, interactive: false, weight: 1.5, color: colour("--accent"), opacity: 0.6, fill: !drawn, fillColor: colour("--accent-ground"), fillOpacity: 1 }).addTo(this.map);
      if (!drawn) this.name(L.latLngBounds(line).getCenter(), name, "area").addTo(this.map);
    }
    if (drawn) return;
    for (const [, line] of city.streets) L.polyline(line, { renderer: canvas, interactive: false, weight: 5, color: colour("--surface"), opacity: 1 }).addTo(this.map);
    for (const [, [at]] of city.landmarks) L.circleMarker(at, { renderer: canvas, interactive: false, radius: 4, weight: 1.5, color: colour("--surface"), fillColor: colour("--warm"), fillOpacity: 1 }).addTo(this.map);
    this.map.on("moveend", () => this.label(city));
    this.label(city);
  }

  // Names of what is near enough to be read, not more than fit.
  label(city) {
    this.names.clearLayers();
    if (this.map.getZoom() < NAMES) return;
    const seen = this.map.getBounds(), shown = [];
    for (const [name, line] of city.streets) {
      const at = line[Math.floor(line.length / 2)], middle = line.length === 2 ? [(line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2] : at;
      const here = seen.contains(middle) ? middle : line.find((point) => seen.contains(point));
      if (here) shown.push([here, name, "street"]);
    }
    for (const [name, [at]] of city.landmarks) if (seen.contains(at)) shown.push([at, name, "landmark"]);
    for (const one of shown.slice(0, MOST_NAMES)) this.name(...one).addTo(this.names);
  }

  name(at, text, kind) {
    const node = document.createElement("span");
    node.textContent = text;
    return L.marker(at, { icon: L.divIcon({ className: `name ${kind}`, html: node, iconSize: [0, 0] }), interactive: false, keyboard: false, zIndexOffset: -1000 });
  }

  // A sign with a name of its own, for fingers, keys and screen readers.
  mark({ at, kind, text, name, size = 1, aside = [0, 0] }, chosen) {
    const sign = document.createElement("b"), wide = kind === "many emergency" ? 10 : 0, side = kind.startsWith("many") ? 30 + wide + 6 * Math.min(size, 5) : 30;
    sign.textContent = text;
    const marker = L.marker(at, { icon: L.divIcon({ className: `sign ${kind}`, html: sign, iconSize: [side, side], iconAnchor: [side / 2 - aside[0], side / 2 - aside[1]] }), keyboard: true, riseOnHover: true, riseOffset: 500 });
    marker.on("add", () => named(marker.getElement(), name));
    marker.on("click", () => chosen(marker));
    marker.on("keydown", ({ originalEvent: key }) => {
      if (key.key !== "Enter" && key.key !== " ") return;
      key.preventDefault();
      chosen(marker);
    });
    return marker;
  }

  // What is there, in a bubble; the keyboard goes into it, and back to the sign when it closes.
  async bubble(marker, box) {
    const room = document.createElement("div");
    room.textContent = "…";
    const popup = L.popup({ maxWidth: 300, minWidth: 200, maxHeight: 260, autoPanPadding: [20, 20] }).setLatLng(marker.getLatLng()).setContent(room);
    popup.from = marker.getElement().getAttribute("aria-label");
    popup.openOn(this.map);
    try {
      const answer = await fetch(`${this.data.tickets}&box=${box.join(",")}`, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // redirected: the session is over
      const page = new DOMParser().parseFromString(await answer.text(), "text/html"); // runs no script
      room.replaceChildren(...page.body.childNodes);
    } catch {
      room.textContent = this.said.failed;
    }
    popup.update();
    room.querySelector("a")?.focus({ preventScroll: true });
  }

  opened(popup) {
    const node = popup.getElement(), close = node.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", this.said.close);
    if (close) close.title = this.said.close;
    node.addEventListener("keydown", (key) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      this.map.closePopup(popup);
    });
    popup.once("remove", () => {
      if (document.activeElement === document.body || node.contains(document.activeElement)) this.back(popup.from);
    });
  }

  // To the sign of that name: it may have been drawn anew meanwhile. Where it is gone, to the map.
  back(name) {
    const same = [...this.room.querySelectorAll(".leaflet-marker-icon")].find((node) => node.getAttribute("aria-label") === name);
    (same ?? this.room).focus({ preventScroll: true });
  }

  tell(words) {
    this.figure.querySelector(".told").textContent = words;
  }
}

// --- the marks that the server counts ------------------------------------------------------------------------------------

class Cells extends CityMap {
  constructor(figure) {
    super(figure);
    this.asking = null;
    this.timer = 0;
    this.map.on("moveend zoomend", () => this.soon());
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), CALM);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const seen = this.map.getBounds(), box = [clamped(seen.getSouth(), 90), clamped(seen.getWest(), 180), clamped(seen.getNorth(), 90), clamped(seen.getEast(), 180)];
    try {
      const answer = await fetch(`${this.data.cells}&zoom=${this.map.getZoom()}&box=${box.join(",")}`, { signal: this.asking.signal });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // redirected: the session is over
      this.show(await answer.json());
      this.tell("");
    } catch (error) {
      if (error.name !== "AbortError") this.tell(this.said.failed);
    }
  }

  // The one with the keyboard keeps it, where it is still there.
  show({ marks, legend }) {
    const held = this.room.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    this.marks.clearLayers();
    for (const one of marks) (one.square ? this.shade(one) : this.mark(one, (marker) => this.chosen(one, marker))).addTo(this.marks);
    if (legend) this.legend(legend);
    if (held && !this.room.contains(document.activeElement)) this.back(held);
  }

  chosen(one, marker) {
    const [south, west, north, east] = one.box;
    if (one.number || one.last || this.map.getZoom() >= DEEPEST) return this.bubble(marker, one.box);
    this.map.fitBounds([[south, west], [north, east]], { padding: [40, 40], maxZoom: Math.min(DEEPEST, this.map.getZoom() + 3) });
    this.room.focus({ preventScroll: true });
  }

  shade({ square, step, text, name }) {
    const [south, west, north, east] = square, corner = this.map.latLngToLayerPoint([north, west]), other = this.map.latLngToLayerPoint([south, east]);
    const size = [Math.round(other.x - corner.x), Math.round(other.y - corner.y)];
    const sign = document.createElement("b");
    sign.textContent = text;
    const marker = L.marker([(south + north) / 2, (west + east) / 2], { icon: L.divIcon({ className: `heat step${step}`, html: sign, iconSize: size }), keyboard: true });
    marker.on("add", () => named(marker.getElement(), name));
    const closer = () => this.map.fitBounds([[south, west], [north, east]], { maxZoom: Math.min(DEEPEST, this.map.getZoom() + 2) });
    marker.on("click", closer);
    marker.on("keydown", ({ originalEvent: key }) => key.key === "Enter" && closer());
    return marker;
  }

  legend(words) {
    const room = document.getElementById("shades");
    if (!room) return;
    const shades = words.map((text, n) => Object.assign(document.createElement("span"), { className: `shade step${n + 1}`, textContent: text }));
    room.replaceChildren(room.firstElementChild, ...shades);
  }
}

// --- one ticket among those that are open around it ------------------------------------------------------------------------

class Spot extends Cells {
  constructor(figure) {
    super(figure);
    const at = numbers(this.data.at);
    this.map.setView(at, CLOSE, { animate: false });
    const here = L.divIcon({ className: "pinned", iconSize: [28, 36], iconAnchor: [14, 36] });
    L.marker(at, { icon: here, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(this.map);
  }
}

// --- the rows of a list ------------------------------------------------------------------------------------------------

class Rows extends CityMap {
  constructor(figure) {
    super(figure);
    this.pins = new Map();
    this.fill();
    new MutationObserver(() => this.fill()).observe(figure.querySelector(".still"), { childList: true, subtree: true });
    for (const [event, lit] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
      document.addEventListener(event, ({ target }) => {
        const row = target instanceof Element && target.closest("tr[data-number]");
        if (row) this.pins.get(row.dataset.number)?.getElement()?.classList.toggle("lit", lit);
      });
    }
  }

  fill() {
    this.marks.clearLayers();
    this.pins.clear();
    const places = [], crowd = new Map();
    for (const link of this.figure.querySelectorAll(".still a[data-number]")) {
      const one = link.dataset, at = numbers(one.at), before = crowd.get(one.at) ?? 0;
      crowd.set(one.at, before + 1);
      const marker = this.mark({ at, aside: around(before), kind: one.kind, text: one.sign, name: link.getAttribute("aria-label") }, () => this.go(one.number)).addTo(this.marks);
      for (const [event, lit] of [["mouseover", true], ["mouseout", false]]) marker.on(event, () => this.light(one.number, lit));
      for (const [event, lit] of [["focus", true], ["blur", false]]) marker.getElement().addEventListener(event, () => this.light(one.number, lit));
      this.pins.set(one.number, marker);
      places.push(at);
    }
    if (places.length) this.map.fitBounds(places, { padding: [30, 30], maxZoom: NAMES, animate: false });
  }

  light(number, lit) {
    document.getElementById(`t-${number}`)?.classList.toggle("lit", lit);
    this.pins.get(number)?.getElement()?.classList.toggle("lit", lit);
  }

  go(number) {
    const row = document.getElementById(`t-${number}`);
    row?.scrollIntoView({ block: "nearest" });
    row?.querySelector("a")?.focus({ preventScroll: true });
  }
}

// --- a place to pick -----------------------------------------------------------------------------------------------------

class Pick extends CityMap {
  constructor(figure) {
    super(figure);
    this.field = document.getElementById(this.data.field);
    this.pin = null;
    this.map.on("click", ({ latlng }) => this.put(latlng));
    this.room.addEventListener("keydown", (key) => key.target === this.room && key.key === "Enter" && this.begin(key));
    this.field.addEventListener("input", () => this.read());
    this.read();
    const began = numbers(this.data.at ?? "");
    if (this.pin) this.map.setView(this.pin.getLatLng(), CLOSE, { animate: false });
    else if (began.length === 2) this.map.setView(began, CLOSE, { animate: false });
  }

  begin(key) {
    key.preventDefault();
    this.put(this.map.getCenter());
    this.pin.getElement().focus();
  }

  // As it was typed; what is not yet a point moves nothing.
  read() {
    const at = numbers(this.field.value.includes(";") ? this.field.value.replaceAll(",", ".").replace(";", ",") : this.field.value);
    if (at.length === 2 && at.every(Number.isFinite) && Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180) this.stand(at);
    else if (!this.field.value.trim()) this.stand(null);
  }

  put(at) {
    this.stand(at);
    this.field.value = `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}`;
    this.tell(this.field.value);
  }

  stand(at) {
    if (at && this.pin) return this.pin.setLatLng(at);
    this.pin?.remove();
    this.pin = null;
    if (!at) return null;
    this.pin = L.marker(at, { icon: L.divIcon({ className: "pinned", iconSize: [28, 36], iconAnchor: [14, 36] }), draggable: true, keyboard: true, autoPan: true });
    this.pin.on("add", () => named(this.pin.getElement(), this.said.pin));
    this.pin.on("dragend", () => this.put(this.pin.getLatLng()));
    this.pin.on("keydown", ({ originalEvent: key }) => this.push(key));
    return this.pin.addTo(this.map);
  }

  push(key) {
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key.key];
    if (!way) return;
    key.preventDefault();
    key.stopPropagation();
    const much = key.shiftKey ? 2 : STEP, from = this.map.latLngToContainerPoint(this.pin.getLatLng());
    this.put(this.map.containerPointToLatLng(from.add([way[0] * much, way[1] * much])));
    this.map.panInside(this.pin.getLatLng(), { padding: [40, 40] });
  }
}

// ---------------------------------------------------------------------------------------------------------------------------

function layersOf(address) {
  if (!cities.has(address)) cities.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then(unpacked));
  return cities.get(address);
}

function unpacked({ scale, ...kinds }) {
  const line = (steps) => {
    const found = [];
    for (let n = 0, east = 0, north = 0; n < steps.length; n += 2) found.push([(north += steps[n + 1]) / scale, (east += steps[n]) / scale]);
    return found;
  };
  return Object.fromEntries(Object.entries(kinds).map(([kind, all]) => [kind, all.map(([name, steps]) => [name, line(steps)])]));
}

function named(node, name) {
  node.setAttribute("aria-label", name);
  node.title = name;
}

function numbers(text) {
  return text.split(",").map((part) => part.trim()).filter(Boolean).map(Number);
}

// Where the n-th of one point stands, in pixels beside it: on rings of 6, 12, 18 ...
function around(n) {
  let ring = 0, first = 1;
  for (; n >= first; first += 6 * ring) ring += 1;
  if (!ring) return [0, 0];
  const angle = ((n - first) / (6 * ring)) * 2 * Math.PI;
  return [Math.round(30 * ring * Math.cos(angle)), Math.round(30 * ring * Math.sin(angle))];
}

function clamped(degrees, most) {
  return Math.max(-most, Math.min(most, degrees));
}

function escaped(text) {
  return Object.assign(document.createElement("i"), { textContent: text }).innerHTML;
}

const KINDS = { cells: Cells, spot: Spot, rows: Rows, pick: Pick };

// A map that nobody sees yet (in a form that is folded) begins when it is seen.
if (window.L) {
  const seen = new IntersectionObserver((all) => {
    for (const { isIntersecting, target } of all) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      new KINDS[target.dataset.map](target);
    }
  });
  const find = () => document.querySelectorAll("[data-map]:not([data-begun])").forEach((figure) => {
    figure.dataset.begun = "";
    seen.observe(figure);
  });
  find();
}
