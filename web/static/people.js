// What a script adds to fields of passwords; they do all without it. A button shows what was typed, and a meter says how
// good a new one is: a hint by plain rules, and the server, which knows lists of common ones, decides.
"use strict";

(() => {
  const SHORTEST = 12, GOOD = 14, BEST = 18; // characters that somebody would have to guess
  const WORDS = ["password", "passwort", "contraseña", "contrasena", "senha", "motdepasse", "qwerty", "qwertz", "azerty",
    "asdfgh", "admin", "welcome", "bonjour", "vecino", "letmein", "dragon", "123456", "654321"];
  const LEETS = { "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t" };

  const plain = (text) => [...text.toLowerCase()].map((sign) => LEETS[sign] || sign).join("");

  // How many characters are left to guess, where a known word counts as one, and a repeated or counted-on sign as none.
  function left(password, known) {
    let rest = password.toLowerCase();
    for (const word of [...known, ...WORDS]) {
      rest = rest.split(word).join("\u0000");
      if (plain(rest).includes(plain(word))) rest = plain(rest).split(plain(word)).join("\u0000");
    }
    rest = rest.replace(/(.{1,40}?)\1+/gu, "$1");
    const signs = [...rest];
    return signs.filter((sign, at) => {
      const step = at ? sign.codePointAt(0) - signs[at - 1].codePointAt(0) : 9;
      return Math.abs(step) > 1 || (at < 2);
    }).length;
  }

  function level(password, known) {
    if ([...password].length < SHORTEST) return 0;
    const count = left(password, known);
    return count >= BEST ? 4 : count >= GOOD ? 3 : count >= 9 ? 2 : 1;
  }

  function showing(field) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "show quiet";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-controls", field.id);
    const what = document.createElement("span");
    what.className = "hidden";
    what.textContent = ` ${field.dataset.label}`;
    button.append(field.dataset.show, what);
    const turn = (on) => {
      field.type = on ? "text" : "password";
      button.setAttribute("aria-pressed", String(on));
    };
    button.addEventListener("click", () => turn(field.type === "password"));
    field.form?.addEventListener("submit", () => turn(false)); // browsers keep what was typed into other fields
    field.spellcheck = false; // nor does what is shown go to a service that checks spelling
    field.autocapitalize = "none";
    const row = document.createElement("span");
    row.className = "password";
    field.replaceWith(row);
    row.append(field, button);
    return row;
  }

  function measuring(field, row) {
    const { label, levels } = JSON.parse(field.dataset.meter);
    const meter = document.createElement("meter"), said = document.createElement("span"), line = document.createElement("span");
    Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0 });
    meter.setAttribute("aria-label", label);
    said.setAttribute("aria-live", "polite");
    line.className = "measured hint";
    line.append(meter, said);
    row.after(line);
    const own = [...field.form.querySelectorAll("[name=login], [name=name]")];
    field.addEventListener("input", () => {
      const words = [field.dataset.known, ...own.map((one) => one.value)].join(" ").toLowerCase().split(/[\s._@+-]+/);
      const now = level(field.value, words.filter((word) => word.length > 2));
      meter.value = now;
      meter.setAttribute("aria-valuetext", levels[now]);
      const text = field.value ? levels[now] : "";
      if (said.textContent !== text) said.textContent = text; // told when it changes, not at each key
    });
  }

  for (const field of document.querySelectorAll("input[data-show]")) {
    const focused = document.activeElement === field;
    const row = showing(field);
    if (focused) field.focus();
    if (field.dataset.meter) measuring(field, row);
  }
})();
