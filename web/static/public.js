// What a script adds to the public pages; they do all without it.
"use strict";

const DECIMALS = 3; // of degrees, about 100 m: the street, not the door

const near = document.getElementById("near");
if (near && navigator.geolocation && window.isSecureContext) {
  near.hidden = false;
  near.addEventListener("click", () => {
    near.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const to = new URL(near.dataset.to, location.href);
        to.searchParams.set("near", `${coords.latitude.toFixed(DECIMALS)},${coords.longitude.toFixed(DECIMALS)}`);
        to.hash = "list";
        location.assign(to);
      },
      () => {
        near.disabled = false;
        document.getElementById("near-answer").textContent = near.dataset.no;
      },
      { maximumAge: 300000, timeout: 15000 },
    );
  });
}

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
