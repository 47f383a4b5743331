// What the desk's scripts share: its words, its live region, and parts of the list that are shown anew.
// Words for people stand in #desk (data-said), numbers as one sentence of each kind that the language has.
"use strict";

const desk = (() => {
  const root = document.getElementById("desk");
  const said = JSON.parse(root?.dataset.said || "{}");
  const plural = new Intl.PluralRules(document.documentElement.lang || "en");
  const SAMPLES = [1, 2, 5]; // the numbers in data-said

  // Told to who hears the page; the same words twice are told twice.
  function say(text) {
    const region = document.getElementById("said");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  }

  function counted(sentences, number) {
    const like = SAMPLES.findIndex((sample) => plural.select(sample) === plural.select(number));
    const at = like < 0 ? SAMPLES.length - 1 : like;
    return sentences[at].replace(String(SAMPLES[at]), number.toLocaleString(document.documentElement.lang));
  }

  const list = () => document.getElementById("list");
  const rows = () => [...document.querySelectorAll("main .list tr[data-number]")];
  const row = (number) => document.getElementById(`t-${number}`);
  const link = (row) => row?.querySelector("a.number");

  // Focus is the current row: readers of screens follow, and the browser shows it.
  function go(row) {
    const to = link(row);
    if (!to) return false;
    to.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    return true;
  }

  function mark(row, text, name) {
    let badge = row.querySelector(".badge.changed");
    if (!badge) {
      badge = document.createElement("span");
      badge.className = "badge changed";
      row.cells[0].append(" ", badge);
    }
    badge.textContent = text;
    row.classList.toggle("gone", name === "gone");
  }

  // One row, and the numbers around the list, as a fresh page of it has them; all else stays where it is.
  function refresh(number, page) {
    const old = row(number), fresh = page.getElementById(`t-${number}`);
    const focused = old?.contains(document.activeElement);
    if (old && fresh) {
      old.replaceWith(fresh);
      if (focused) go(fresh);
    } else if (old) {
      old.dataset.live = "999999999"; // whatever comes of it is no news here
      mark(old, said.gone, "gone");
    }
    for (const tab of page.querySelectorAll("[data-tab]")) {
      const own = document.querySelector(`[data-tab="${tab.dataset.tab}"]`);
      if (own) own.replaceChildren(...tab.childNodes);
    }
    const total = document.querySelector(".total"), anew = page.querySelector(".total");
    if (total && anew) total.replaceChildren(...anew.childNodes);
  }

  // What is typed and not sent yet outlives a fresh look at the ticket: this ticket, and this clerk. In another's
  // answer it would reach a citizen whom it is not for.
  const whose = () => [root?.dataset.login, document.querySelector(".case[data-number]")?.dataset.number ?? ""].join(" ");

  function keep() {
    const typed = [...document.querySelectorAll("main textarea[id]")].filter((one) => one.value !== one.defaultValue);
    const texts = Object.fromEntries(typed.map((one) => [one.id, one.value]));
    sessionStorage.setItem("desk-drafts", JSON.stringify({ whose: whose(), texts }));
  }

  function restore() {
    const kept = JSON.parse(sessionStorage.getItem("desk-drafts") || "{}");
    sessionStorage.removeItem("desk-drafts");
    for (const [id, text] of Object.entries(kept.whose === whose() ? kept.texts : {})) {
      const field = document.getElementById(id);
      if (!field || field.value.trim()) continue;
      field.value = text;
      if (field.closest("details")) field.closest("details").open = true;
    }
  }

  // The list once more, without leaving the row that has the focus; or the ticket.
  async function again() {
    const number = document.activeElement?.closest("tr[data-number]")?.dataset.number;
    const ticket = document.querySelector(".case[data-address]");
    if (ticket) {
      keep();
      location.href = ticket.dataset.address;
      return;
    }
    if (!window.htmx || !list()) {
      if (number) sessionStorage.setItem("desk-row", number);
      location.reload();
      return;
    }
    await htmx.ajax("GET", location.pathname + location.search, { source: list(), target: "#list", select: "#list", swap: "outerMorph" });
    if (number && row(number)) go(row(number));
  }

  function landed() {
    const number = sessionStorage.getItem("desk-row") || /^#t-([0-9A-Z-]+)$/.exec(location.hash)?.[1];
    sessionStorage.removeItem("desk-row");
    const free = !document.activeElement || document.activeElement === document.body;
    if (number && row(number) && free) go(row(number));
    restore();
    if (location.hash === "#q") document.getElementById("q")?.focus();
  }

  // An answer that is not the list (a number was found, the session is over, an error) is a page of its own.
  document.addEventListener("htmx:before:response", (event) => {
    const raw = event.detail.ctx.response.raw;
    if (raw.status === 200 && new URL(raw.url).pathname === "/desk") return;
    event.preventDefault();
    location.href = raw.url;
  });
  document.addEventListener("htmx:error", () => say(said.away));
  // After another page of the list the first row is where to go on.
  document.addEventListener("htmx:after:swap", (event) => {
    document.dispatchEvent(new CustomEvent("desk:swapped"));
    if (document.activeElement === document.body || !document.activeElement) {
      if (event.detail.ctx.sourceElement?.closest?.("main") || rows().length) go(rows()[0]);
    }
  });
  // Once the browser has gone to the address's own place, which takes the focus from where it was.
  if (document.readyState === "complete") landed(); else window.addEventListener("load", () => setTimeout(landed));

  return { root, said, say, counted, list, rows, row, link, go, mark, refresh, again };
})();
