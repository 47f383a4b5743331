// News of an open page, by /desk/live: marks rows that changed and counts what is new, and moves nothing.
"use strict";

(() => {
  if (!desk.root || !window.EventSource) return;
  const bar = document.getElementById("news");
  let stream = null, fresh = new Set(), moved = new Set(), many = false, changed = false, over = false;

  const watched = () => document.querySelector("main .case[data-number]");

  function address() {
    const asked = new URLSearchParams(), list = desk.list(), ticket = watched();
    const rows = list ? desk.rows() : ticket ? [ticket] : [];
    if (list) { asked.set("list", list.dataset.list); asked.set("at", list.dataset.at); }
    if (rows.length) asked.set("rows", rows.map((row) => `${row.dataset.number}.${row.dataset.version}`).join(","));
    return `/desk/live?${asked}`;
  }

  // One connection of the browser's six belongs to each open stream: a page that nobody sees has none.
  function open() {
    if (stream || over || document.hidden) return;
    stream = new EventSource(address());
    stream.addEventListener("news", (event) => tell(JSON.parse(event.data)));
    stream.addEventListener("rest", close);
    stream.addEventListener("end", () => { close(); over = true; show(); });
  }

  function close() {
    stream?.close();
    stream = null;
  }

  function tell(news) {
    if (news.waiting) wait(...news.waiting);
    for (const [name, number] of Object.entries(news.tabs || {})) tab(name, number);
    for (const [number, row] of Object.entries(news.rows || {})) rowChanged(number, ...row);
    for (const number of news.new || []) if (!desk.row(number)) fresh.add(number);
    for (const number of news.moved || []) if (!desk.row(number) && !fresh.has(number)) moved.add(number);
    many = many || Boolean(news.many);
    show();
  }

  function wait(emergencies, unread) {
    const alarm = document.getElementById("alarm"), talks = document.querySelector('.places [data-go="t"]');
    if (alarm) {
      const text = emergencies ? desk.counted(desk.said.alarms, emergencies) : "";
      if (alarm.textContent.trim() !== text) {
        const link = document.createElement("a");
        link.href = "/desk/threads";
        link.textContent = text;
        alarm.hidden = !emergencies;
        alarm.replaceChildren(...(emergencies ? [link] : []));
      }
    }
    if (talks) count(talks, unread ? unread.toLocaleString(document.documentElement.lang) : "");
  }

  function count(link, number) {
    let shown = link.querySelector(".count");
    if (!shown && number) {
      shown = document.createElement("span");
      shown.className = "count";
      link.append(" ", shown);
    }
    if (shown && shown.textContent !== number) shown.textContent = number;
  }

  function tab(name, number) {
    const link = document.querySelector(`[data-tab="${CSS.escape(name)}"]`);
    if (link) count(link, number);
  }

  function rowChanged(number, version, listed) {
    const row = desk.row(number) || (watched()?.dataset.number === number ? watched() : null);
    if (!row || Number(row.dataset.live || row.dataset.version) >= version) return;
    row.dataset.live = version; // not its version: an act is on what was seen
    if (row === watched()) { changed = true; return; }
    desk.mark(row, listed ? desk.said.changed : desk.said.gone, listed ? "changed" : "gone");
  }

  function show() {
    const parts = [];
    if (over) parts.push(desk.said.over);
    if (changed) parts.push(desk.said.this);
    if (many) parts.push(desk.said.many);
    else {
      if (fresh.size) parts.push(desk.counted(desk.said.news, fresh.size));
      if (moved.size) parts.push(desk.counted(desk.said.changes, moved.size));
    }
    const text = parts.join(" · "), words = bar.querySelector("span");
    if (words.textContent !== text) words.textContent = text;
    bar.hidden = !parts.length;
  }

  function begin() {
    fresh = new Set(); moved = new Set(); many = false; changed = false;
    show();
    close();
    open();
  }

  bar.querySelector("button").addEventListener("click", async () => {
    await desk.again();
    begin();
  });
  document.addEventListener("desk:swapped", begin);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("focus", open); // its stream made room for another page's
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
})();
