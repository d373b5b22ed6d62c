/* What is typed into a form that saves itself is kept in this browser as well, until the server has it: a window closed
   without a connection loses nothing. Kept by person and by address, for seven days; signing out forgets it. */
"use strict";
{
  const PREFIX = "jy-typed:";
  const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
  const attempt = (act) => { try { return act(); } catch { return null; } /* a browser that keeps nothing */ };
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  const write = (key, kept) => attempt(() => localStorage.setItem(key, JSON.stringify(kept)));
  const drop = (key) => attempt(() => localStorage.removeItem(key));
  const keys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) ?? [];

  const OURS = new Set(["csrfmiddlewaretoken", "version", "base"]);
  const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !OURS.has(name)));
  const plain = (text) => String(text ?? "").replaceAll("\r\n", "\n").trim();
  const keep = (form, more = {}) => {
    const { version, base } = form.elements;
    write(form.backup, { at: Date.now(), version: version.value, base: base.value, values: valuesOf(form), ...more });
  };

  /* Put back with the version on which it was typed: what others have saved meanwhile becomes a conflict, not a loss. */
  const putBack = (form, kept) => {
    for (const [name, value] of Object.entries(kept.values)) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    form.elements.version.value = kept.version;
    form.elements.base.value = kept.base;
    form.querySelector("textarea, input:not([type=hidden])").dispatchEvent(new Event("change", { bubbles: true }));
  };
  const offer = (form, kept) => {
    const note = document.querySelector("[data-backup-note]");
    note.querySelector("[data-backup-time]").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    note.addEventListener("click", (event) => {
      const act = event.target.closest("[data-backup]")?.dataset.backup;
      if (!act) return;
      if (act === "take") putBack(form, kept);
      else drop(form.backup);
      note.hidden = true;
      form.querySelector("textarea, input:not([type=hidden])").focus();
    });
    note.hidden = false;
  };

  for (const key of keys()) {
    const kept = read(key);
    /* Sent by the button, and the page that follows is another one: the server has it. */
    const isSent = kept?.sent && !key.endsWith(`:${location.pathname}`);
    if (!kept || isSent || Date.now() - kept.at > KEPT_MS) drop(key);
  }
  for (const form of document.querySelectorAll("form[data-forget-typed]")) {
    form.addEventListener("submit", () => keys().forEach(drop));
  }
  const form = document.querySelector("form[data-autosave][data-person]");
  if (form) {
    form.backup = `${PREFIX}${form.dataset.person}:${location.pathname}`;
    const kept = read(form.backup), now = valuesOf(form);
    if (kept) {
      const differs = Object.entries(kept.values).some(([name, value]) => name in now && plain(value) !== plain(now[name]));
      if (differs) offer(form, kept);
      else drop(form.backup);
    }
    for (const name of ["input", "change"]) form.addEventListener(name, () => keep(form));
    form.addEventListener("submit", () => { if (read(form.backup)) keep(form, { sent: true }); });
    document.addEventListener("htmx:finally:request", () => { if (!form.dataset.unsaved) drop(form.backup); });
  }
}
