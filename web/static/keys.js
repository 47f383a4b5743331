// The keyboard: keys press links and buttons that stand in the page. A single key never acts while somebody types, and
// not at all for a clerk who switched them off (/desk/keys; WCAG 2.1.4).
"use strict";

(() => {
  if (!desk.root) return;
  const on = desk.root.dataset.keys === "1";
  const PATIENCE = 1500; // ms for the second key
  let first = "", since = 0, sending = false;

  const TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])";
  const typing = (target) => Boolean(target?.closest?.(TYPED));
  const mover = document.getElementById("mover"), noter = document.getElementById("noter"), taker = document.getElementById("taker");
  const opened = () => document.querySelector("dialog[open]");
  const current = () => document.activeElement?.closest("main .list tr[data-number]");
  const press = (found) => { if (found) found.click(); return Boolean(found); };
  const link = (key) => document.querySelector(`main a[data-key="${CSS.escape(key)}"]`);

  // The list -----------------------------------------------------------------------------------------------------------
  function step(by) {
    const rows = desk.rows(), at = rows.indexOf(current());
    if (!rows.length) return false;
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    if (rows[next]) return desk.go(rows[next]);
    desk.say(by > 0 ? desk.said.last : desk.said.first);
    return true;
  }

  function fill(form, row) {
    const fields = form.elements;
    form.action = `/desk/tickets/${row.dataset.number}/${form.dataset.act}`;
    form.dataset.number = row.dataset.number;
    fields.version.value = row.dataset.version;
    fields.from.value = desk.list()?.dataset.trail || "";
    fields.at.value = row.dataset.at || "0";
    for (const wrong of form.querySelectorAll(".wrong")) wrong.textContent = "";
    const number = form.querySelector(".number");
    if (number) number.textContent = row.dataset.number;
    return form;
  }

  // Done, and the row as it is now; or why not, in the server's words.
  async function send(form, submitter) {
    const number = form.dataset.number, wrong = form.querySelector(".wrong");
    const fields = new URLSearchParams(new FormData(form, submitter || undefined));
    let answer, page;
    if (sending) return;
    sending = true;
    try {
      answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      if (wrong) wrong.textContent = desk.said.away; else desk.say(desk.said.away);
      return;
    } finally {
      sending = false;
    }
    const path = new URL(answer.url).pathname;
    if (answer.ok && path === "/desk") {
      form.closest("dialog")?.close();
      form.reset();
      desk.refresh(number, page);
      desk.say(`${desk.said.saved} ${number}`);
    } else if (answer.ok) {
      location.href = answer.url; // the session is over, or the ticket is gone
    } else {
      const why = page.querySelector("main .wrong, main [role=alert]")?.textContent.trim() || desk.said.refused;
      if (wrong) wrong.textContent = why; else desk.say(why);
    }
  }

  function take(row) {
    if (!taker) return false;
    send(fill(taker, row));
    return true;
  }

  function open(dialog, row) {
    if (!dialog) return false;
    const form = dialog.querySelector("form");
    if (dialog.back !== row.dataset.number) form.reset(); // what was typed was about another ticket
    fill(form, row);
    dialog.back = row.dataset.number;
    if (dialog === mover) offer(form, row.dataset.status);
    dialog.showModal();
    return true;
  }

  function offer(form, status) {
    const allowed = JSON.parse(mover.dataset.moves)[status] || [];
    form.querySelector(".reason").hidden = true;
    for (const button of form.querySelectorAll(".moves button")) {
      button.hidden = !allowed.includes(button.value);
      button.type = button.value === "declined" ? "button" : "submit"; // it needs a reason first
    }
  }

  // With a note: a citizen who is refused is told why, and one whose ticket is resolved may be.
  function explain(form, status) {
    const reason = form.querySelector(".reason"), button = reason.querySelector(".main");
    reason.hidden = false;
    button.value = status;
    (status === "declined" ? form.elements.text : button).focus();
  }

  function resolve(row) {
    if (!open(mover, row)) return false;
    if (mover.querySelector('.moves button[value="resolved"]:not([hidden])')) explain(mover.querySelector("form"), "resolved");
    return true;
  }

  // The ticket ---------------------------------------------------------------------------------------------------------
  function assign() {
    const form = document.getElementById("assign"), select = form?.elements.to, me = desk.root.dataset.login;
    if (!form) { desk.say(desk.said.closed); return true; }
    const own = [...select.options].findIndex((option) => option.value === me);
    if (own < 0) { desk.say(desk.said.noway); return true; }
    if (select.value === me && document.querySelector(".case")?.dataset.assignee === me) { desk.say(desk.said.mine); return true; }
    select.selectedIndex = own;
    form.requestSubmit();
    return true;
  }

  // `m` leads to the choices, the next key takes one: and on to the next ticket, for who came from a list.
  function choose(key) {
    const form = document.getElementById("move");
    const keys = [...(form?.querySelectorAll("fieldset label.choice") || [])];
    const label = keys.find((one) => one.querySelector("kbd")?.textContent === key) || keys[Number(key) - 1];
    if (!label) return false;
    const radio = label.querySelector("input"), text = form.elements.text;
    radio.checked = true;
    if (radio.value === "declined" && !text.value.trim()) {
      text.focus();
    } else {
      form.requestSubmit(form.querySelector("button[name=then]"));
    }
    return true;
  }

  // Resolving waits for Enter: its citizen is told.
  function fix() {
    const form = document.getElementById("move"), radio = form?.querySelector('input[value="resolved"]');
    if (!radio) return false;
    radio.checked = true;
    (form.querySelector("button[name=then]") || form.querySelector("button.main")).focus();
    return true;
  }

  function focusMoves() {
    const radio = document.querySelector("#move input[type=radio]");
    if (!radio) { desk.say(desk.said.noway); return true; }
    radio.focus();
    document.getElementById("move").scrollIntoView({ block: "nearest" });
    return true;
  }

  function focusField(id) {
    const field = document.getElementById(id);
    const folded = field?.closest("details");
    if (folded) folded.open = true;
    field?.focus();
    return Boolean(field);
  }

  // Help ---------------------------------------------------------------------------------------------------------------
  async function help() {
    let dialog = document.getElementById("keys");
    if (!dialog) {
      const answer = await fetch("/desk/keys").catch(() => null);
      const page = new DOMParser().parseFromString((await answer?.text()) || "", "text/html");
      const shown = page.querySelector(".keyhelp");
      if (!shown) { location.href = "/desk/keys"; return; }
      dialog = document.createElement("dialog");
      dialog.id = "keys";
      dialog.className = "quick keys";
      dialog.setAttribute("aria-labelledby", "keys-title");
      dialog.append(shown);
      document.body.append(dialog);
      const title = dialog.querySelector("h1");
      title.tabIndex = -1; // where reading begins
      title.autofocus = true;
    }
    dialog.showModal();
  }

  // Keys ---------------------------------------------------------------------------------------------------------------
  function second(key) {
    if (first === "g") return press(document.querySelector(`.places [data-go="${CSS.escape(key)}"]`));
    if (first === "m") return choose(key);
    return false;
  }

  function plain(key) {
    const row = current();
    switch (key) {
      case "j": return step(1);
      case "k": return step(-1);
      case "o": return row ? press(desk.link(row)) : false;
      case "a": return row ? take(row) : Boolean(document.querySelector(".case")) && assign();
      case "m": if (row) return open(mover, row); first = document.querySelector(".case") ? "m" : ""; return Boolean(first) && focusMoves();
      case "r": return row ? resolve(row) : fix();
      case "n": return row ? open(noter, row) : focusField("note-text");
      case "w": return focusField("answer-text");
      case "x": return press(row?.querySelector("input[type=checkbox]"));
      case "u": return press(link("u"));
      case "[": case "K": return press(link("[")) || press(document.querySelector(".pages a[rel=prev]"));
      case "]": case "J": return press(link("]")) || press(document.querySelector(".pages a[rel=next]"));
      case "s": return press(document.querySelector("#news:not([hidden]) button"));
      case "g": first = "g"; return true;
      case "/": if (!focusField("q")) location.href = "/desk#q"; else document.getElementById("q").select(); return true;
      case "?": help(); return true;
      default: return false;
    }
  }

  // In the list's dialog of moves.
  function pick(key) {
    const buttons = [...mover.querySelectorAll(".moves button:not([hidden])")];
    return press(buttons.find((button) => button.dataset.key === key) || buttons[Number(key) - 1]);
  }

  function pressed(event) {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (modified && !event.getModifierState("AltGraph")) return; // by which many keyboards have their brackets
    if (event.defaultPrevented || event.isComposing || typing(event.target)) return;
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    const dialog = opened();
    if (dialog) {
      if (dialog === mover && event.key.length === 1 && pick(event.key)) event.preventDefault();
      return;
    }
    const waits = first === "m" ? Boolean(document.activeElement?.closest("#move")) : first && event.timeStamp - since < PATIENCE;
    const done = waits ? second(event.key) : false;
    if (event.key !== "Shift") first = "";
    if (done || (!waits && plain(event.key))) event.preventDefault();
    since = event.timeStamp;
  }

  if (on) document.addEventListener("keydown", pressed);
  desk.root.dataset.ready = "1";

  for (const dialog of [mover, noter]) {
    if (!dialog) continue;
    dialog.addEventListener("close", () => desk.go(desk.row(dialog.back)));
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.hasAttribute("data-close")) dialog.close();
      if (button?.value === "declined" && button.type === "button") explain(dialog.querySelector("form"), "declined");
    });
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      send(event.target, event.submitter);
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit(dialog.querySelector(".reason:not([hidden]) .main, form > .pair .main"));
    });
  }
})();
