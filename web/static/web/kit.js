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

/* Of tabs that do not all fit, the one that is open is in sight. */
const showTab = () => {
  for (const here of document.querySelectorAll(".jy-tabs [aria-current]")) {
    const tabs = here.closest(".jy-tabs");
    const room = Math.max(0, tabs.clientWidth - here.offsetWidth) / 2;
    tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - room;
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

/* A form that saves itself, one request at a time: each carries all that stands in the form and the versions that the
   answer before brought. What is typed meanwhile goes with the next; what could not be sent stays and is sent again. */
const PAUSE_MS = { input: 1500, change: 400 };
const RETRY_MS = 5000;
const saver = (event) => event.target.closest?.("form[data-autosave]");
const saved = () => document.getElementById("saved");
const save = (form, pause = 0) => {
  clearTimeout(form.soon);
  form.soon = setTimeout(() => {
    if (form.isSending) form.isBehind = true;
    else window.htmx?.trigger(form, "autosave");
  }, pause);
};
const typed = (event) => {
  const form = saver(event);
  if (!form) return;
  form.dataset.unsaved = "yes";
  form.isTyped = true;
  save(form, PAUSE_MS[event.type]);
};
const saving = (event) => {
  const form = saver(event);
  if (!form) return;
  Object.assign(form, { isSending: true, isTyped: false, isBehind: false });
  form.dataset.unsaved = "yes";
  if (saved()) Object.assign(saved(), { className: "jy-saved is-busy", textContent: form.dataset.saving });
};
const unsaved = (event) => {
  const form = saver(event);
  if (!form || !saved()) return;
  const again = Object.assign(document.createElement("button"), {
    type: "button", className: "btn btn-link btn-sm", textContent: form.dataset.retry,
  });
  again.addEventListener("click", () => save(form));
  Object.assign(saved(), { className: "jy-saved is-bad", textContent: form.dataset.broken });
  saved().append(again);
  save(form, RETRY_MS);
};
/* An error page, or the sign-in that stands where the answer should be, is no answer to what was typed. */
const answered = (event) => {
  const answer = event.detail.ctx.response?.raw;
  if (!saver(event) || !answer || (answer.ok && !answer.redirected)) return;
  event.preventDefault();
  unsaved(event);
};
const settled = (event) => {
  const form = saver(event);
  if (!form) return;
  const isKept = event.detail.ctx.status === "swapped", leaving = form.leaving;
  Object.assign(form, { isSending: false, leaving: null });
  if (isKept && !form.isTyped) delete form.dataset.unsaved;
  if (isKept && leaving) form.requestSubmit(leaving);
  else if (form.isBehind) save(form);
};
/* The button waits for a save that is under way, or it would send the versions from before it. */
const leave = (event) => {
  const form = saver(event);
  if (!form) return;
  clearTimeout(form.soon);
  if (form.isSending) {
    event.preventDefault();
    form.leaving = event.submitter ?? form.querySelector("[type=submit]");
  } else form.dataset.leaving = "yes";
};
const sendAgain = () => {
  for (const form of document.querySelectorAll("form[data-autosave][data-unsaved]")) save(form);
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
  showTab();
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
document.addEventListener("submit", leave);
for (const name of Object.keys(PAUSE_MS)) document.addEventListener(name, typed);
document.addEventListener("htmx:before:request", saving);
document.addEventListener("htmx:before:response", answered);
document.addEventListener("htmx:finally:request", settled);
document.addEventListener("htmx:error", unsaved);
window.addEventListener("online", sendAgain);
window.addEventListener("beforeunload", warnOfLoss);
document.addEventListener("htmx:after:swap", (event) => arrange(event.target));

/* Pages kept on this device for where there is no signal belong to one reader: anybody else's go, and all at sign-out. */
const forgetOthers = async () => {
  const { reader } = document.body.dataset;
  if (!("caches" in window) || reader === undefined || reader === "unknown") return;
  for (const name of await caches.keys()) {
    if (name.startsWith("jiayuan-pages-") && name !== `jiayuan-pages-${reader}`) await caches.delete(name);
  }
};
document.addEventListener("DOMContentLoaded", forgetOthers);
