/* A button to print, where there is a script; the browser's own menu does it everywhere. */
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
