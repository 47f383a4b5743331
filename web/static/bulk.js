// Ticking tickets in the list: a whole stretch with Shift, all of a page; and a result that shows how far it is.
// Without it the list is a plain form, and the result has a link to itself.
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll("[data-pick]")];
  let last = null;

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-pick]");
    if (!box) return;
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)];
    if (event.shiftKey && from >= 0) {
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
    }
    last = box;
    count();
  });

  // looked for each time: the list may be another one by now
  const form = () => document.getElementById("bulk");

  function count() {
    const [toggle, go] = [form()?.querySelector("[data-all]"), form()?.querySelector("[data-selected]")];
    if (!toggle || !go) return;
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    toggle.textContent = chosen && chosen === all.length ? toggle.dataset.none : toggle.dataset.all;
    toggle.hidden = all.length === 0;
    go.textContent = chosen ? `${go.dataset.selected} (${chosen})` : go.dataset.selected;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#bulk [data-all]")) return;
    const all = boxes();
    const to = !all.every((box) => box.checked);
    for (const box of all) box.checked = to;
    count();
  });
  for (const name of ["htmx:afterSwap", "htmx:after:swap"]) document.addEventListener(name, count);
  window.addEventListener("pageshow", count);
  count();

  // what is chosen in an act's list is the act that is meant
  for (const list of document.querySelectorAll("[data-means]")) {
    list.addEventListener("change", () => {
      const radio = document.querySelector(`[name=what][value="${CSS.escape(list.dataset.means)}"]`);
      if (radio && list.value) radio.checked = true;
    });
  }

  async function refresh() {
    const there = document.querySelector("#result[data-refresh]");
    if (!there) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("result");
      if (answer.ok && fresh && !there.contains(document.activeElement)) there.replaceWith(fresh);
    } catch {
      // the line is gone: the next look may find it again
    }
    wait();
  }

  function wait() {
    const there = document.querySelector("#result[data-refresh]");
    if (there) setTimeout(refresh, Number(there.dataset.refresh));
  }
  wait();
})();
