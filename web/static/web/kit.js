/* Small comforts of the kit. Every page works without this file; nothing here is the only way to do something. */
"use strict";

/* After a page with an error summary has loaded, the reader starts there. */
const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();

/* A link of the summary leads to its field and puts the cursor into it. */
const followToField = (event) => {
  const link = event.target.closest(".jy-errors a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
};

/* Escape and a click elsewhere close an open menu. */
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll(".jy-menu[open]")) if (menu !== except) menu.open = false;
};
const closeOnEscape = (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".jy-menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
};

/* How much of a long text is used: the figure stands below its field. */
const count = (field) => {
  let figure = field.nextElementSibling;
  if (!figure?.matches(".jy-counter")) {
    figure = Object.assign(document.createElement("p"), { className: "jy-counter", ariaHidden: "true" });
    field.after(figure);
  }
  figure.textContent = `${field.value.length} / ${field.maxLength}`;
};

/* An upload shows how far it is, and can be tried again when the connection breaks. */
const upload = (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const status = form.querySelector("[data-upload-status]");
  const bar = form.querySelector("[data-upload-bar]");
  const button = form.querySelector("[type=submit]");
  const sending = new XMLHttpRequest();
  sending.open("POST", form.action);
  sending.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  sending.upload.addEventListener("progress", (moment) => {
    bar.hidden = false;
    bar.value = moment.lengthComputable ? (100 * moment.loaded) / moment.total : 0;
    status.textContent = `${form.dataset.sending} ${Math.round(bar.value)} %`;
  });
  sending.addEventListener("load", () => {
    /* The answer is the page that a plain form would have brought. */
    const answer = new DOMParser().parseFromString(sending.responseText, "text/html");
    const main = answer.querySelector("main");
    if (!main) return broken();
    document.querySelector("main").replaceWith(main);
    if (sending.responseURL) history.replaceState(null, "", sending.responseURL);
    window.htmx?.process(main);
    arrange(main);
    focusSummary(main);
  });
  const broken = () => {
    bar.hidden = true;
    status.classList.add("is-bad");
    status.textContent = form.dataset.broken;
    button.disabled = false;
    button.focus();
  };
  sending.addEventListener("error", broken);
  sending.addEventListener("timeout", broken);
  status.classList.remove("is-bad");
  button.disabled = true;
  sending.send(new FormData(form));
};

/* A form that saves itself: says when it does, keeps what could not be sent, and sends it once the line is back. */
const RETRY_MS = 5000;
const saver = (event) => event.target.closest?.("form[data-autosave]");
const saved = () => document.getElementById("saved");
const saving = (event) => {
  const form = saver(event);
  if (!form) return;
  form.dataset.unsaved = "yes";
  if (saved()) Object.assign(saved(), { className: "jy-saved is-busy", textContent: form.dataset.saving });
};
const unsaved = (event) => {
  const form = saver(event);
  if (!form || !saved()) return;
  const again = Object.assign(document.createElement("button"), {
    type: "button", className: "btn btn-link btn-sm", textContent: form.dataset.retry,
  });
  again.addEventListener("click", () => window.htmx.trigger(form, "autosave"));
  Object.assign(saved(), { className: "jy-saved is-bad", textContent: form.dataset.broken });
  saved().append(again);
  clearTimeout(form.retry);
  form.retry = setTimeout(() => window.htmx.trigger(form, "autosave"), RETRY_MS);
};
const kept = (event) => {
  const form = saver(event);
  if (form) delete form.dataset.unsaved;
};
const sendAgain = () => {
  for (const form of document.querySelectorAll("form[data-autosave][data-unsaved]")) window.htmx?.trigger(form, "autosave");
};
const warnOfLoss = (event) => {
  if (document.querySelector("form[data-autosave][data-unsaved]:not([data-leaving])")) event.preventDefault();
};

const arrange = (root) => {
  for (const field of root.querySelectorAll("textarea[data-count]")) count(field);
};

document.addEventListener("DOMContentLoaded", () => {
  arrange(document);
  focusSummary(document);
});
document.addEventListener("click", (event) => {
  followToField(event);
  closeMenus(event.target.closest(".jy-menu"));
});
document.addEventListener("keydown", closeOnEscape);
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-count]")) count(event.target);
});
document.addEventListener("submit", upload);
document.addEventListener("submit", (event) => {
  const form = saver(event);
  if (form) form.dataset.leaving = "yes";
});
document.addEventListener("input", (event) => {
  const form = saver(event);
  if (form) form.dataset.unsaved = "yes";
});
document.addEventListener("htmx:before:request", saving);
document.addEventListener("htmx:after:swap", kept);
document.addEventListener("htmx:error", unsaved);
window.addEventListener("online", sendAgain);
window.addEventListener("beforeunload", warnOfLoss);
document.addEventListener("htmx:after:swap", (event) => arrange(event.target));
