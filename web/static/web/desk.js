/* Comforts of a desk: how many rows are selected, keys for what officers do all day, rows put in order by drag.
   Every page works without this file. Keys are shown by ?, and can be switched off (WCAG 2.1.4). */
"use strict";

/* A block of its own: scripts of one page share their names otherwise. */
{
  const KEYS_OFF = "jy-keys-off";
  const kept = {
    get: () => { try { return localStorage.getItem(KEYS_OFF) === "yes"; } catch { return false; } },
    set: (off) => { try { localStorage.setItem(KEYS_OFF, off ? "yes" : "no"); } catch { /* nothing is kept then */ } },
  };

  /* Selection */
  const boxes = (form) => [...form.querySelectorAll("input[name=case]")];
  const tell = (form) => {
    const chosen = boxes(form).filter((box) => box.checked);
    const words = form.querySelector("[data-bulk-count]");
    words.dataset.plain ??= words.textContent;
    words.textContent = chosen.length ? `${chosen.length} ${words.dataset.words}` : words.dataset.plain;
    for (const box of boxes(form)) box.closest("tr").classList.toggle("is-selected", box.checked);
    const all = form.querySelector("[data-bulk-all]");
    all.checked = chosen.length > 0 && chosen.length === boxes(form).length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  };
  for (const form of document.querySelectorAll("form[data-bulk]")) {
    const all = form.querySelector("[data-bulk-all]");
    all.hidden = false;
    form.addEventListener("change", (event) => {
      if (event.target === all) for (const box of boxes(form)) box.checked = all.checked;
      tell(form);
    });
    tell(form);
  }

  /* Keys: plain letters, never while something is being typed. */
  const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const step = (by) => {
    const links = rows();
    if (!links.length) return false;
    const here = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
    links[Math.min(Math.max(here + by, 0), links.length - 1)].focus();
    return true;
  };
  const press = (selector) => {
    const found = document.querySelector(selector);
    if (!found) return false;
    if (found.matches("input:not([type=checkbox]), textarea, select")) found.focus();
    else found.click();
    return true;
  };
  const reach = (selector) => {
    const found = document.querySelector(selector);
    if (!found) return false;
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
    return true;
  };
  const select = () => {
    const box = document.activeElement.closest("tr")?.querySelector("input[name=case]");
    if (box) box.click();
    return Boolean(box);
  };
  const dialog = () => document.querySelector("dialog[data-keys]");
  const acts = {
    "?": () => (dialog() ? (dialog().showModal(), true) : false),
    "/": () => press("[data-key=search]"),
    j: () => step(1),
    k: () => step(-1),
    x: select,
    n: () => reach("[data-unjudged]"),
    o: () => reach("#f-opinion"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (kept.get()) return;
    const act = acts[event.key] ?? (() => press(`[data-key="${CSS.escape(event.key)}"]`));
    if (act()) event.preventDefault();
  });
  const shown = dialog();
  if (shown) {
    const off = shown.querySelector("[data-keys-off]");
    off.checked = kept.get();
    off.addEventListener("change", () => kept.set(off.checked));
    for (const button of document.querySelectorAll("[data-keys-open]")) {
      button.hidden = false;
      button.addEventListener("click", () => shown.showModal());
    }
  }

  /* Rows that people put in order: the numbers are the truth, dragging only fills them in. */
  const numberAnew = (list) => {
    list.querySelectorAll("input[data-place]").forEach((place, index) => { place.value = index + 1; });
  };
  const move = (row, by) => {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    numberAnew(row.parentElement);
  };
  for (const list of document.querySelectorAll("[data-order]")) {
    let dragged = null;
    for (const row of list.children) {
      row.draggable = true;
      row.addEventListener("dragstart", () => { dragged = row; row.classList.add("is-dragged"); });
      row.addEventListener("dragend", () => { row.classList.remove("is-dragged"); dragged = null; numberAnew(list); });
      row.addEventListener("dragover", (event) => {
        if (!dragged || dragged.parentElement !== list) return;
        event.preventDefault();
        const box = row.getBoundingClientRect();
        if (event.clientY < box.top + box.height / 2) row.before(dragged);
        else row.after(dragged);
      });
      for (const button of row.querySelectorAll("[data-move]")) {
        button.hidden = false;
        button.addEventListener("click", () => { move(row, Number(button.dataset.move)); button.focus(); });
      }
    }
  }
}
