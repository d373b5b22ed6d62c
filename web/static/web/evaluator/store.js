/* What this device keeps until the server has it: marks, photos, and the delivery that is under way. Everything is filed
   under its reader; nobody reads or sends what somebody else has written. */
const NAME = "jiayuan-evaluator";
const EDITION = 1;
const SAFE = { durability: "strict" };

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened = null;
const open = () => {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, EDITION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("marks", { keyPath: ["reader", "sheet", "item"] }).createIndex("reader", "reader");
      database.createObjectStore("shots", { keyPath: ["reader", "id"] });
      database.createObjectStore("batches", { keyPath: ["reader", "sheet"] }).createIndex("reader", "reader");
      database.createObjectStore("lines", { keyPath: ["reader", "sheet"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
};

/* One transaction: it is over, and on the disk, when the promise is kept. */
const within = async (names, mode, work) => {
  const transaction = (await open()).transaction(names, mode, SAFE);
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  const result = await work(...names.map((name) => transaction.objectStore(name)));
  await done;
  return result;
};

/* Other tabs of this browser look again when something has changed. */
const channel = new BroadcastChannel(NAME);
const changed = () => channel.postMessage("changed");
export const onChange = (listener) => channel.addEventListener("message", listener);

export const ready = () => open();

export const marksOf = (reader) => within(["marks"], "readonly", (marks) => answered(marks.index("reader").getAll(reader)));

export const batchesOf = (reader) =>
  within(["batches"], "readonly", (batches) => answered(batches.index("reader").getAll(reader)));

export const markOf = (reader, sheet, item) =>
  within(["marks"], "readonly", (marks) => answered(marks.get([reader, sheet, item])));

/* A change that is on its way keeps its id, for it may have been saved already; what is written after it names it. */
const successor = (former, batch) => {
  if (!former) return { change: crypto.randomUUID(), after: "" };
  const isUnderWay = batch?.changes.some((change) => change.change === former.change);
  return isUnderWay ? { change: crypto.randomUUID(), after: former.change } : { change: former.change, after: former.after };
};

/* Write a mark down, replacing what was written for the item before; `shot` is a new photo to be kept with it. */
export const write = async (mark, shot = null) => {
  await within(["marks", "batches", "shots"], "readwrite", async (marks, batches, shots) => {
    const former = await answered(marks.get([mark.reader, mark.sheet, mark.item]));
    const batch = await answered(batches.get([mark.reader, mark.sheet]));
    const state = former?.state === "refused" ? "waiting" : former?.state ?? "waiting";
    const kept = { told: [], stored: null, ...former, ...mark, ...successor(former, batch), state };
    if (former) kept.version = former.version;
    if (former?.shot && former.shot !== kept.shot) shots.delete([mark.reader, former.shot]);
    if (shot) shots.put({ reader: mark.reader, ...shot });
    marks.put(kept);
  });
  changed();
};

/* Take a mark back and say whether that was possible: not once its delivery is under way. */
export const withdraw = async (mark) => {
  const isGone = await within(["marks", "batches", "shots"], "readwrite", async (marks, batches, shots) => {
    const batch = await answered(batches.get([mark.reader, mark.sheet]));
    if (batch?.changes.some((change) => change.item === mark.item)) return false;
    if (mark.shot) shots.delete([mark.reader, mark.shot]);
    marks.delete([mark.reader, mark.sheet, mark.item]);
    return true;
  });
  changed();
  return isGone;
};

/* Change some members of a mark, provided that nothing newer was written meanwhile. */
export const amend = async (mark, members) => {
  await within(["marks"], "readwrite", async (marks) => {
    const present = await answered(marks.get([mark.reader, mark.sheet, mark.item]));
    if (present && present.change === mark.change && present.shot === mark.shot) marks.put({ ...present, ...members });
  });
  changed();
};

export const shotOf = (reader, id) => within(["shots"], "readonly", (shots) => answered(shots.get([reader, id])));

export const startBatch = (batch) => within(["batches"], "readwrite", (batches) => answered(batches.put(batch)));

export const endBatch = (batch) =>
  within(["batches"], "readwrite", (batches) => answered(batches.delete([batch.reader, batch.sheet])));

const settled = (mark, result) => {
  if (mark.change !== result.change) {
    /* Written after the one that was answered, and in sight of it. */
    return result.outcome === "saved" ? { ...mark, version: result.version, after: "" } : mark;
  }
  if (result.outcome === "saved") return null;
  const state = { conflict: "undecided", refused: "refused", closed: "closed" }[result.outcome];
  return { ...mark, state, stored: result.stored, told: result.refusals.map((refusal) => refusal.message) };
};

/* Note what became of a delivery: what was saved is forgotten here, everything else is kept with the reason. */
export const settle = async (batch, answer) => {
  await within(["marks", "batches", "shots", "lines"], "readwrite", async (marks, batches, shots, lines) => {
    for (const result of answer.results) {
      const key = [batch.reader, batch.sheet, result.item];
      const mark = await answered(marks.get(key));
      if (!mark) continue;
      const left = settled(mark, result);
      if (left) marks.put(left);
      else marks.delete(key);
      if (!left && mark.shot) shots.delete([batch.reader, mark.shot]);
    }
    lines.put({ reader: batch.reader, sheet: batch.sheet, lines: answer.sheet.lines });
    batches.delete([batch.reader, batch.sheet]);
  });
  changed();
};

export const linesOf = async (reader, sheet) =>
  (await within(["lines"], "readonly", (lines) => answered(lines.get([reader, sheet]))))?.lines ?? [];

/* What a closed sheet did not take goes over to its next version once it is unlocked, for the reader to decide. */
export const carryOver = async (reader, assignment, sheet) => {
  await within(["marks"], "readwrite", async (marks) => {
    for (const mark of await answered(marks.index("reader").getAll(reader))) {
      if (mark.assignment !== assignment || mark.sheet === sheet) continue;
      marks.delete([reader, mark.sheet, mark.item]);
      const fresh = { change: crypto.randomUUID(), after: "", version: 0, state: "waiting", told: [], stored: null };
      marks.put({ ...mark, ...fresh, sheet });
    }
  });
  changed();
};
