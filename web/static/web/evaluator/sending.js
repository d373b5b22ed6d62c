/* Brings what this device keeps to the server: photos first and in their order, then the marks of a sheet as one delivery.
   A delivery is written down before it leaves, with its key, and is repeated letter for letter until it is answered. */
import * as store from "./store.js";
import { upload } from "./uploading.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;
const PATIENCE_MS = 30000;
const MOST_CHANGES = 200;
const AGAIN = ["broken", "unreachable"];
const ANY = "00000000-0000-0000-0000-000000000000";

export const isWhole = (mark) => (mark.not_applicable ? mark.words.trim() !== "" : mark.points !== null);
const isWaiting = (mark) => mark.state === "waiting" && isWhole(mark);
const byTime = (one, other) => one.written_at - other.written_at;

/* Something that ends this attempt: `kind` says what, `wait` when to try again. */
class Stop extends Error {
  constructor(kind, wait = null) {
    super(kind);
    Object.assign(this, { kind, wait });
  }
}

/* Whatever carries it: no answer, a fault of the server and the end of the session each end the attempt. */
const asked = async (asking) => {
  const response = await asking.catch(() => { throw new Stop("unreachable"); });
  if (response.status >= 500) throw new Stop("broken");
  if (response.status === 429) throw new Stop("broken", 1000 * Number(response.headers.get("Retry-After") ?? 0));
  if (response.redirected || response.status === 401) throw new Stop("signed_out");
  return response;
};

const ask = (address, how = {}) =>
  asked(fetch(address, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout?.(PATIENCE_MS), ...how }));

/* An answer that broke off on its way is none: what was asked is asked again. */
const read = async (response) => {
  try {
    return await response.json();
  } catch {
    if (response.ok) throw new Stop("unreachable");
    return {};
  }
};

const sentences = (problem) => {
  const told = [...(problem.refusals ?? []), ...(problem.errors ?? [])].map((one) => one.message ?? one.detail);
  return told.filter(Boolean).length ? told.filter(Boolean) : [problem.detail ?? problem.title ?? ""];
};

export class Sender {
  constructor(desk, tell) {
    Object.assign(this, { desk, tell, tries: 0, timer: null, running: null, again: false, isLost: false });
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.tell("idle"));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  /* Something has happened that makes another attempt worth while. */
  wake() {
    this.tries = 0;
    return this.run();
  }

  /* The worker has found no way to the server: look for one from time to time, even with nothing to send. */
  lose() {
    if (this.isLost) return;
    this.isLost = true;
    this.tell("unreachable");
    this.#later();
  }

  /* Send what there is; a second call while one is under way makes it look once more. */
  run() {
    clearTimeout(this.timer);
    this.again = Boolean(this.running);
    this.running ??= this.#guarded().finally(() => {
      this.running = null;
      if (this.again) return this.run();
    });
    return this.running;
  }

  async #guarded() {
    try {
      /* Tabs take turns: a delivery is made by one of them. */
      await navigator.locks.request(`jiayuan-evaluator-${this.desk.reader}`, () => this.#everything());
      Object.assign(this, { tries: 0, isLost: false });
      await this.tell("idle");
    } catch (stop) {
      if (!(stop instanceof Stop || stop instanceof DOMException)) throw stop;
      this.isLost = stop.kind === "unreachable";
      const kind = stop.kind ?? "broken"; /* the store had no room, or was closed under us */
      await this.tell(kind);
      if (AGAIN.includes(kind)) this.#later(stop.wait);
    }
  }

  #later(wait = null) {
    const pause = Math.min(FIRST_WAIT_MS * 2 ** this.tries, LONGEST_WAIT_MS);
    this.tries += 1;
    this.timer = setTimeout(() => this.run(), Math.max(wait ?? 0, pause));
  }

  async #everything() {
    const { reader } = this.desk;
    const sheets = async () => {
      const marks = (await store.marksOf(reader)).filter(isWaiting);
      return new Set([...marks, ...(await store.batchesOf(reader))].map((one) => one.sheet));
    };
    let left = await sheets();
    if (!left.size && !this.isLost) return;
    if (!navigator.onLine) throw new Stop("idle");
    if (left.size) await this.tell("sending");
    const mark = await this.#identify();
    /* What was written meanwhile goes along; each round settles what it has sent, so that this comes to an end. */
    while (left.size) {
      for (const sheet of left) await this.#sheet(sheet, mark);
      left = await sheets();
    }
  }

  /* Who is signed in now? Nothing is sent in anybody else's name. */
  async #identify() {
    const response = await ask(this.desk.device, { headers: { Accept: "application/json" } });
    if (response.status === 403) throw new Stop("not_evaluator");
    if (!response.ok) throw new Stop("broken");
    const { reader, csrf } = await read(response);
    if (reader !== this.desk.reader) throw new Stop("somebody_else");
    return csrf;
  }

  async #sheet(sheet, csrf) {
    const { reader } = this.desk;
    const under = (await store.batchesOf(reader)).find((batch) => batch.sheet === sheet);
    if (under) return this.#deliver(under, csrf);
    for (const mark of (await store.marksOf(reader)).filter((one) => one.sheet === sheet && isWaiting(one)).sort(byTime)) {
      if (mark.shot && !mark.photo) await this.#upload(mark, csrf);
    }
    const batch = await store.startBatch(reader, sheet, changesOf);
    if (batch) await this.#deliver(batch, csrf);
  }

  async #upload(mark, csrf) {
    const shot = await store.shotOf(mark.reader, mark.shot);
    if (!shot) return store.amend(mark, { shot: null });
    const form = new FormData();
    form.append("label", mark.code);
    form.append("file", shot.blob, shot.name);
    const headers = { "X-CSRFToken": csrf, "Idempotency-Key": shot.id, Accept: "application/json" };
    const address = this.desk.photos_of.replace(ANY, mark.sheet);
    const response = await asked(upload(address, form, headers, (percent) => this.tell("sending", percent)));
    const answer = await read(response);
    if (response.ok) return store.amend(mark, { photo: answer.id });
    if (response.status === 413) return store.amend(mark, { state: "refused", told: [this.desk.words.photo_too_large] });
    await store.amend(mark, this.#refusal(response, answer));
  }

  async #deliver(batch, csrf) {
    const response = await ask(this.desk.sync.replace(ANY, batch.sheet), {
      method: "POST",
      body: JSON.stringify({ changes: batch.changes }),
      headers: {
        "Content-Type": "application/json", "X-CSRFToken": csrf, "Idempotency-Key": batch.key, Accept: "application/json",
      },
    });
    const answer = await read(response);
    if (response.ok) return store.settle(batch, answer);
    await store.refuse(batch, this.#refusal(response, answer));
  }

  /* The server takes none of it: the reason is noted at each item, and the marks stay. */
  #refusal(response, answer) {
    if (response.status === 403) throw new Stop(answer.code === "csrf_failed" ? "broken" : "not_evaluator");
    const { words } = this.desk;
    const closed = { 404: words.gone, 409: words.closed }[response.status];
    return closed ? { state: "closed", told: [closed] } : { state: "refused", told: sentences(answer) };
  }
}

/* What goes along: whole marks whose photos are on the server, the oldest first. */
const changesOf = (marks) =>
  marks.filter((mark) => isWaiting(mark) && (!mark.shot || mark.photo)).sort(byTime).slice(0, MOST_CHANGES).map(changeOf);

const changeOf = (mark) => ({
  change: mark.change,
  item: mark.item,
  version: mark.version,
  ...(mark.after ? { after: mark.after } : {}),
  points: mark.not_applicable ? null : mark.points,
  not_applicable: mark.not_applicable,
  reason: mark.not_applicable ? mark.words.trim() : "",
  remark: mark.not_applicable ? "" : mark.words.trim(),
  photo: mark.photo,
});
