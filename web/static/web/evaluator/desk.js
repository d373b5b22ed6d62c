/* The evaluator's pages beside a rubbish bin: what is scored is kept on this device first and sent when there is signal.
   Where the browser cannot keep anything, the pages work as plain forms. */
import { Banner, button, filled, line } from "./banner.js";
import { Card } from "./card.js";
import { Sender } from "./sending.js";
import * as store from "./store.js";

const desk = JSON.parse(document.getElementById("desk-data").textContent);
const canKeep = isSecureContext && "indexedDB" in window && "locks" in navigator && "serviceWorker" in navigator;

/* The service worker keeps this page, and those that will be needed on site, and says where no way led to the server:
   that a network is there, which is all that the browser knows, is not enough. */
const keepPages = async (sender) => {
  const { serviceWorker } = navigator;
  const ask = async () => (await serviceWorker.ready).active.postMessage({ keep: [location.pathname, ...desk.keep] });
  serviceWorker.addEventListener("message", (event) => event.data.reached || sender.lose());
  if (serviceWorker.controller) serviceWorker.addEventListener("controllerchange", ask);
  await serviceWorker.register(desk.worker);
  await ask();
};

/* The sheet is handed in only when all that was written on this device has arrived. */
class HandingIn {
  constructor(form, sender) {
    Object.assign(this, { form, sender, held: 0 });
    form.addEventListener("submit", (event) => this.submit(event));
  }

  async check() {
    const here = (await store.marksOf(desk.reader)).filter((mark) => mark.sheet === desk.sheet).length;
    if (this.held && !here) return location.reload();
    this.held = here;
    const words = filled(desk.words.not_yet, { items: here });
    this.form.querySelector("[data-not-yet]").textContent = here ? words : "";
    for (const one of this.form.querySelectorAll("[type=submit]")) one.disabled = here > 0;
  }

  async submit(event) {
    if (this.isFree) return;
    event.preventDefault();
    await this.check();
    if (this.held) return this.sender.wake();
    this.isFree = true;
    this.form.submit();
  }
}

/* The list of items says which of them are on this device only. */
const tagItems = async () => {
  for (const old of document.querySelectorAll("[data-on-device]")) old.remove();
  for (const mark of await store.marksOf(desk.reader)) {
    const link = document.querySelector(`.jy-tasks a[href="${CSS.escape(mark.address)}"]`);
    if (!link) continue;
    const tag = Object.assign(document.createElement("span"), { className: "jy-tag is-wait", textContent: desk.words.on_device });
    tag.dataset.onDevice = "yes";
    tag.lang = document.documentElement.lang;
    link.after(" ", tag);
  }
};

/* Who signs out with something unsent is told so first. */
const guardSignOut = (banner) => {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.action.endsWith("/account/logout/") || form.dataset.asked) return;
    event.preventDefault();
    const { length } = await store.marksOf(desk.reader);
    form.dataset.asked = "yes";
    if (!length) return form.submit();
    const go = button(desk.words.sign_out, () => form.submit());
    banner.place.replaceChildren(line("is-bad", filled(desk.words.leave_unsent, { items: length }), go));
    banner.said = "";
    go.focus();
  });
};

const copyOnClick = () => {
  for (const one of document.querySelectorAll("[data-copy]")) {
    one.hidden = !navigator.clipboard;
    one.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(one.dataset.copy).value);
      document.querySelector("[data-copied]").textContent = desk.words.copied;
    });
  }
};

/* Where the browser keeps nothing the plain forms remain, and whoever scores is told so. */
const warn = () => document.querySelector("[data-unsent]")?.replaceChildren(line("is-off", desk.words.keeps_nothing));

const start = async () => {
  if (desk.sheet && desk.writable) await store.carryOver(desk.reader, desk.assignment, desk.sheet);
  const banner = new Banner(desk);
  const parts = [];
  const look = async (kind, percent = null) => {
    if (percent !== null) return banner.advance(percent);
    await banner.show(kind);
    if (kind !== "sending") for (const part of parts) await part();
  };
  const sender = new Sender(desk, look);
  banner.retry = () => sender.wake();
  const form = document.querySelector("form[data-sheet]");
  if (form && desk.writable) {
    const card = new Card(desk, form, sender);
    await card.start();
    parts.push(() => card.refresh());
  }
  const last = document.querySelector("[data-hand-in]");
  if (last) {
    const handing = new HandingIn(last, sender);
    parts.push(() => handing.check());
  }
  parts.push(tagItems);
  document.addEventListener("jy:kept", () => banner.show());
  store.onChange(() => look());
  guardSignOut(banner);
  await look();
  document.documentElement.dataset.ready = "yes";
  keepPages(sender).catch(() => {}); /* no worker here: marks are kept all the same, pages are not */
  await sender.run();
};

copyOnClick();
if (canKeep && (await store.isReady())) start();
else warn();
