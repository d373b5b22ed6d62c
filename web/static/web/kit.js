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
document.addEventListener("htmx:after:swap", (event) => arrange(event.target));
