/* One item of the sheet as a card: filled in from what the server has and what this device keeps, written down at each
   touch, and changed for the next card without asking the server. */
import { button, filled } from "./banner.js";
import { settling } from "./settling.js";
import { thumbnail } from "./shots.js";
import * as store from "./store.js";

const TYPING_MS = 300;
const PATIENCE_MS = 3000;
const REST_MS = 2000;
const ANY = "00000000-0000-0000-0000-000000000000";

const wordsOf = (line) => (line.not_applicable ? line.reason : line.remark);

/* Whether something is missing on an item; the server's own answer is given before the sheet is handed in. */
const isOpen = (line, now) => {
  if (["undecided", "refused"].includes(now.state)) return true;
  if (now.not_applicable) return now.words.trim() === "";
  if (now.points === null) return true;
  const hasPhoto = Boolean(now.photo ?? now.shot);
  const isLow = Number(now.points) < Number(line.explained_below);
  return (isLow && now.words.trim() === "") || ((isLow || line.evidence_required) && !hasPhoto);
};

export class Card {
  constructor(desk, form, sender) {
    Object.assign(this, { desk, form, sender, lines: desk.lines });
    /* What is in sight, and which card is to be. */
    Object.assign(this, { number: 0, line: null, mark: null, wanted: 0 });
    /* What is under way: typing, writing, the next delivery; how often something was touched, a photo drawn. */
    Object.assign(this, { typing: null, pending: null, rest: null, touches: 0, turn: 0, isUnkept: false });
    this.part = (selector) => document.querySelector(selector);
  }

  async start() {
    const { form } = this;
    await this.learn();
    await this.show(this.#asked());
    form.addEventListener("change", (event) => this.#touched(event));
    form.addEventListener("input", (event) => event.target.matches("textarea") && this.#typed());
    form.addEventListener("submit", (event) => this.#next(event));
    document.addEventListener("click", (event) => this.#followed(event));
    addEventListener("popstate", () => this.show(this.#asked(), true));
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  /* Take in what the last answer of the server said, where it is newer than the page. */
  async learn() {
    const newer = new Map((await store.linesOf(this.desk.reader, this.desk.sheet)).map((line) => [line.item, line]));
    this.lines = this.lines.map((line) => {
      const other = newer.get(line.item);
      return other && other.version > line.version ? { ...line, ...this.#plain(other) } : line;
    });
  }

  /* Something was sent or has changed in another tab: show it, unless the reader is at work on this very card. */
  async refresh() {
    await this.learn();
    if (!this.pending && !this.typing) await this.show(this.wanted);
  }

  async show(number, isMove = false) {
    this.wanted = number;
    const { desk } = this;
    let [mark, touches] = [null, 0];
    /* Whatever is touched while the store is being read belongs to the card that is still in sight. */
    do {
      touches = this.touches;
      if (isMove) await this.flush();
      mark = (await store.markOf(desk.reader, desk.sheet, this.lines[number - 1].item)) ?? null;
    } while (isMove && touches !== this.touches);
    /* A later call may have gone on to another card meanwhile. */
    if (touches !== this.touches || number !== this.wanted) return;
    const line = this.lines[number - 1];
    Object.assign(this, { number, line, mark });
    const shown = mark ?? { ...line, words: wordsOf(line), shot: null };
    this.#fill(shown);
    this.#dress(line);
    this.#points();
    this.part("[data-told]").replaceChildren(...this.#told());
    document.title = document.title.replace(/^\S+/, line.code);
    if (isMove) this.#arrive();
    await this.#photo(shown);
  }

  /* Put down at once what is still being typed. */
  async flush() {
    clearTimeout(this.typing);
    if (this.typing) this.#write();
    this.typing = null;
    await this.pending;
  }

  #plain(line) {
    const names = ["points", "not_applicable", "reason", "remark", "photo", "version"];
    return Object.fromEntries(names.map((name) => [name, line[name]]));
  }

  #asked() {
    const found = /items\/(\d+)\/$/.exec(location.pathname);
    const number = Number(found?.[1] ?? 1);
    return Math.min(Math.max(number, 1), this.lines.length);
  }

  #address(number) {
    return this.desk.urls.item.replace("items/0/", `items/${number}/`);
  }

  #fill(shown) {
    const { elements } = this.form;
    const whole = shown.points === null ? null : Math.floor(Number(shown.points));
    for (const radio of this.form.querySelectorAll("[name=score]")) radio.checked = Number(radio.value) === whole;
    elements.half.checked = shown.points !== null && Number(shown.points) % 1 !== 0;
    elements.remark.value = shown.words;
    elements.version.value = this.line.version;
    elements.photo_id.value = shown.photo ?? "";
    if (elements.not_applicable) elements.not_applicable.checked = shown.not_applicable;
  }

  #dress(line) {
    const { desk, part, number } = this;
    const count = this.lines.length;
    part("#group").textContent = line.group;
    part("#item").textContent = line.text;
    part("[data-number]").textContent = number;
    part("main .jy-fill")?.setAttribute("width", Math.round((100 * number) / count));
    const last = part(".jy-crumbs li:last-child");
    if (last) last.textContent = line.code;
    part("[data-before]").href = number > 1 ? this.#address(number - 1) : desk.urls.overview;
    const next = part("[data-next]");
    if (next) next.textContent = number < count ? desk.words.next : desk.words.last;
    const least = part("[data-least]");
    if (least) least.textContent = line.explained_below;
  }

  #told() {
    const after = (isDecided) => {
      if (isDecided) this.sender.wake();
      return this.show(this.number).then(() => this.part("#item").focus());
    };
    const box = settling(this.mark, this.desk.words, () => this.flush(), after);
    return box ? [box] : [];
  }

  #points() {
    const { form } = this;
    const whole = form.querySelector("[name=score]:checked");
    if (whole && Number(whole.value) >= this.line.most) form.elements.half.checked = false;
    const isNothing = !whole || form.elements.not_applicable?.checked;
    const output = form.querySelector("output.jy-value");
    output.hidden = isNothing;
    if (!isNothing) output.querySelector("[data-points]").textContent = this.#read().points;
  }

  async #photo(shown) {
    const { desk, form } = this;
    const place = form.querySelector(".jy-shots");
    const turn = (this.turn += 1);
    if (form.elements.photo) form.elements.photo.value = "";
    const kept = shown.shot ? await store.shotOf(desk.reader, shown.shot) : null;
    if (!kept && !shown.photo) return place.replaceChildren();
    const words = kept && !shown.photo ? desk.words.photo_kept : desk.words.photo_sent;
    const picture = kept ? await thumbnail(kept.blob, words) : this.#stored(shown.photo, words);
    if (turn !== this.turn) return;
    const box = Object.assign(document.createElement("div"), { className: "jy-shot" });
    box.append(...[picture, Object.assign(document.createElement("span"), { className: "jy-sub", textContent: words })].filter(Boolean));
    const drop = button(desk.words.remove_photo, () => this.#unshot(), "btn btn-link btn-sm px-0");
    place.replaceChildren(box, ...(form.elements.photo ? [drop] : []));
  }

  #stored(photo, words) {
    if (!this.desk.photos.includes(photo) || !navigator.onLine) return null;
    return Object.assign(document.createElement("img"), {
      src: `${this.desk.urls.photo.replace(ANY, photo)}?small=1`, alt: words, width: 160, height: 160,
    });
  }

  /* The card as it stands in the form. */
  #read() {
    const { form } = this;
    const whole = form.querySelector("[name=score]:checked");
    const half = form.elements.half.checked && Number(whole?.value) < this.line.most;
    const isOut = Boolean(form.elements.not_applicable?.checked);
    return {
      points: isOut || !whole ? null : String(Number(whole.value) + (half ? 0.5 : 0)),
      not_applicable: isOut,
      words: form.elements.remark.value,
    };
  }

  #isAsStored(read, line) {
    const isSame = read.points === null ? line.points === null : line.points !== null && Number(read.points) === Number(line.points);
    return isSame && read.not_applicable === line.not_applicable && read.words.trim() === wordsOf(line).trim();
  }

  /* One after the other: the later reads what the earlier has written. */
  #write(...what) {
    const [number, line, read] = [this.number, this.line, this.#read()];
    const keeping = (this.pending ?? Promise.resolve()).then(() => this.#keep(number, line, read, ...what));
    const writing = keeping.then(() => { this.isUnkept = false; }, () => this.#lack());
    this.pending = writing;
    this.form.dataset.keeping = "yes";
    const over = () => {
      if (this.pending !== writing) return;
      this.pending = null;
      if (!this.typing) delete this.form.dataset.keeping;
    };
    return writing.finally(over);
  }

  /* Write the card down on this device before anything else happens to it; `line` is the item as it was in sight. */
  async #keep(number, line, read, members = {}, shot = null) {
    const { desk } = this;
    const former = await store.markOf(desk.reader, desk.sheet, line.item);
    const { photo, shot: formerShot } = former ?? { photo: line.photo, shot: null };
    const isStored = !("photo" in members) && !formerShot && photo === line.photo;
    if (isStored && this.#isAsStored(read, line)) {
      if (!former || (former.state !== "undecided" && (await store.withdraw(former)))) return this.#kept(number);
    }
    await store.write({
      reader: desk.reader, sheet: desk.sheet, assignment: desk.assignment, item: line.item, code: line.code,
      address: this.#address(number), version: line.version, written_at: Date.now(),
      photo, shot: formerShot, ...read, ...members,
    }, shot);
    navigator.storage?.persist?.();
    await this.#kept(number);
  }

  /* The device has no room: said at once, and the next step sends the card as a plain form. */
  #lack() {
    this.isUnkept = true;
    this.#complain(this.desk.words.no_room);
  }

  async #kept(number) {
    const { desk } = this;
    this.form.dispatchEvent(new CustomEvent("jy:kept", { bubbles: true }));
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.sender.run(), REST_MS);
    if (number === this.number) this.mark = (await store.markOf(desk.reader, desk.sheet, this.lines[number - 1].item)) ?? null;
  }

  #typed() {
    this.touches += 1;
    this.form.dataset.keeping = "yes";
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.flush(), TYPING_MS);
  }

  #touched(event) {
    this.touches += 1;
    if (event.target.matches("textarea")) return this.flush();
    if (event.target.matches("[name=photo]")) return this.#shot(event.target.files[0]);
    if (event.target.matches("[name=score], [name=half]") && this.form.elements.not_applicable) {
      this.form.elements.not_applicable.checked = false;
    }
    this.#points();
    clearTimeout(this.typing);
    this.typing = null;
    this.#write();
  }

  async #shot(file) {
    if (!file) return;
    const id = crypto.randomUUID();
    const shot = { id, blob: file, name: file.name || `${this.line.code}.jpg` };
    this.flush();
    await this.#write({ shot: id, photo: null }, shot);
    await this.#photo(this.mark);
  }

  async #unshot() {
    this.flush();
    await this.#write({ shot: null, photo: null });
    await this.#photo(this.mark ?? { shot: null, photo: null });
    this.form.elements.photo.focus();
  }

  async #next(event) {
    event.preventDefault();
    if (this.wanted !== this.number) return; /* a second tap while the next card is being fetched */
    await this.flush();
    const read = this.#read();
    const fault = this.#fault(read);
    if (fault) return this.#complain(...fault);
    if (this.isUnkept) return navigator.onLine ? this.form.submit() : this.#complain(this.desk.words.no_room);
    this.part("[data-fault]")?.remove();
    this.sender.wake();
    if (this.number < this.lines.length) return this.#go(this.number + 1);
    await Promise.race([this.sender.run(), new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); })]);
    location.assign(this.desk.urls.overview);
  }

  #fault(read) {
    if (read.not_applicable) return read.words.trim() ? null : [this.desk.words.say_why, "#remark"];
    return read.points === null ? [this.desk.words.choose, "#s0"] : null;
  }

  #complain(words, selector = null) {
    this.part("[data-fault]")?.remove();
    const told = Object.assign(document.createElement("p"), { className: "jy-error", textContent: words, role: "alert" });
    told.dataset.fault = "yes";
    this.part(".jy-score-line").before(told);
    if (selector) this.part(selector).focus();
  }

  async #go(number) {
    this.part("[data-fault]")?.remove();
    history.pushState(null, "", this.#address(number));
    await this.show(number, true);
  }

  #arrive() {
    this.part(".jy-shots").replaceChildren();
    scrollTo({ top: 0 });
    this.part("#item").focus({ preventScroll: true });
  }

  /* Links to other cards need no server. */
  async #followed(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isFirstOpen = link.matches("[data-first-open]");
    const number = isFirstOpen ? null : this.#numberOf(link.pathname);
    if (!isFirstOpen && !number) return;
    event.preventDefault();
    await this.flush();
    this.sender.wake();
    return this.#go(number ?? (await this.#firstOpen()));
  }

  #numberOf(path) {
    const stem = this.desk.urls.item.replace(/0\/$/, "");
    const rest = path.startsWith(stem) ? /^(\d+)\/$/.exec(path.slice(stem.length)) : null;
    return rest ? Number(rest[1]) : null;
  }

  async #firstOpen() {
    const marks = new Map((await store.marksOf(this.desk.reader)).map((mark) => [mark.item, mark]));
    const nowOf = (line) => marks.get(line.item) ?? { ...line, words: wordsOf(line) };
    const found = this.lines.findIndex((line) => isOpen(line, nowOf(line)));
    return found < 0 ? this.lines.length : found + 1;
  }
}
