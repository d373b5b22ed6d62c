/* The line on top: what is on this device and not sent yet, and what the reader has to do about it. */
import { isWhole } from "./sending.js";
import * as store from "./store.js";

export const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);

export const line = (look, text, ...more) => {
  const made = Object.assign(document.createElement("p"), { className: `jy-unsent-line ${look}`, textContent: text });
  made.append(...more.flatMap((one) => [" ", one]));
  return made;
};

export const button = (words, act, look = "btn btn-outline-secondary btn-sm") => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: look, textContent: words });
  made.addEventListener("click", act);
  return made;
};

export const link = (words, address) => Object.assign(document.createElement("a"), { href: address, textContent: words });

const STUCK = ["refused", "closed"];

export class Banner {
  constructor(desk) {
    Object.assign(this, { desk, place: document.querySelector("[data-unsent]"), said: "", hadSome: false, kind: "idle" });
    this.retry = () => {};
  }

  /* `kind` is how sending stands: idle, sending, unreachable, broken, signed_out, somebody_else, not_evaluator. */
  async show(kind = this.kind) {
    this.kind = kind;
    if (!this.place) return;
    const marks = await store.marksOf(this.desk.reader);
    const lines = [this.#unsent(marks), ...this.#stuck(marks)].filter(Boolean);
    const said = lines.map((one) => one.outerHTML).join("");
    if (said === this.said) return;
    this.said = said;
    this.place.replaceChildren(...lines);
  }

  /* How far the photo that is being sent has come, beside the words: a reading program is not told each percent. */
  advance(percent) {
    const busy = this.place?.querySelector(".is-busy");
    if (!busy) return;
    const bar = busy.querySelector("progress") ?? busy.appendChild(Object.assign(document.createElement("progress"), { max: 100 }));
    bar.setAttribute("aria-label", this.desk.words.photo_on_its_way);
    bar.value = percent;
  }

  #unsent(marks) {
    const { words } = this.desk;
    const waiting = marks.filter((mark) => mark.state === "waiting" && isWhole(mark));
    const counts = { items: waiting.length, photos: waiting.filter((mark) => mark.shot && !mark.photo).length };
    this.hadSome ||= waiting.length > 0;
    if (!navigator.onLine || this.kind === "unreachable") {
      return line("is-off", waiting.length ? filled(words.offline_unsent, counts) : words.offline);
    }
    if (["signed_out", "somebody_else", "not_evaluator"].includes(this.kind) && waiting.length) return this.#barred(counts);
    if (waiting.length && this.kind === "sending") return line("is-busy", filled(words.sending, counts));
    if (waiting.length) {
      return line("is-off", filled(words.unsent, counts), button(words.send_now, () => this.retry()));
    }
    return this.hadSome && marks.length === 0 ? line("is-sent", words.sent) : null;
  }

  #barred(counts) {
    const { words, login } = this.desk;
    const back = `${login}?next=${encodeURIComponent(location.pathname)}`;
    const way = this.kind === "not_evaluator" ? [] : [link(words.sign_in, back)];
    return line("is-off", `${filled(words.unsent, counts)} ${words[this.kind]}`, ...way);
  }

  #stuck(marks) {
    const { words } = this.desk;
    const told = (look, kind, which) => {
      if (!which.length) return null;
      const [first] = which;
      return line(look, filled(words[kind], { items: which.length }), link(words.show, first.address));
    };
    const unfinished = marks.filter((mark) => mark.state === "waiting" && !isWhole(mark));
    return [
      told("is-bad", "undecided", marks.filter((mark) => mark.state === "undecided")),
      told("is-bad", "stuck", marks.filter((mark) => STUCK.includes(mark.state))),
      told("is-off", "unfinished", unfinished),
    ];
  }
}
