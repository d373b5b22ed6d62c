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

/* A later edition of these pages, in another tab, is not kept waiting: this page is loaded anew in that edition. */
const giveWay = (database) => {
  database.onversionchange = () => {
    database.close();
    location.reload();
  };
  return database;
};

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
    request.onsuccess = () => resolve(giveWay(request.result));
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

export const isReady = () => open().then(() => true, () => false);

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

/* Which version the writer had in sight: a delivery may have been settled since the card was drawn. */
const inSight = (mark, former, sheet) => {
  if (former) return former.version;
  const own = sheet?.saved?.[mark.item];
  return own?.from === mark.version ? own.to : mark.version;
};

/* Write a mark down, replacing what was written for the item before; `shot` is a new photo to be kept with it. */
export const write = async (mark, shot = null) => {
  await within(["marks", "batches", "shots", "lines"], "readwrite", async (marks, batches, shots, lines) => {
    const former = await answered(marks.get([mark.reader, mark.sheet, mark.item]));
    const batch = await answered(batches.get([mark.reader, mark.sheet]));
    const sheet = await answered(lines.get([mark.reader, mark.sheet]));
    const state = former?.state === "refused" ? "waiting" : former?.state ?? "waiting";
    const version = inSight(mark, former, sheet);
    const kept = { told: [], stored: null, ...former, ...mark, ...successor(former, batch), state, version };
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

/* Write down the delivery of a sheet's marks, as `changesOf` picks them, and return it; `null` where there is nothing to
   bring. Picked and written down in one transaction: a mark touched in between would count as delivered, and be lost. */
export const startBatch = (reader, sheet, changesOf) =>
  within(["marks", "batches"], "readwrite", async (marks, batches) => {
    const all = await answered(marks.index("reader").getAll(reader));
    const changes = changesOf(all.filter((mark) => mark.sheet === sheet));
    if (!changes.length) return null;
    const batch = { reader, sheet, key: crypto.randomUUID(), changes };
    batches.put(batch);
    return batch;
  });

/* The server took none of a delivery: note why at each mark that has not been written anew meanwhile. */
export const refuse = async (batch, members) => {
  await within(["marks", "batches"], "readwrite", async (marks, batches) => {
    for (const { item, change } of batch.changes) {
      const mark = await answered(marks.get([batch.reader, batch.sheet, item]));
      if (mark?.change === change) marks.put({ ...mark, ...members });
    }
    batches.delete([batch.reader, batch.sheet]);
  });
  changed();
};

const settled = (mark, result) => {
  if (mark.change !== result.change) {
    /* Written after the one that was answered, and in sight of it. */
    return result.outcome === "saved" ? { ...mark, version: result.version, after: "" } : mark;
  }
  if (result.outcome === "saved") return null;
  const state = { conflict: "undecided", refused: "refused", closed: "closed" }[result.outcome];
  return { ...mark, state, stored: result.stored, told: result.refusals.map((refusal) => refusal.message) };
};

/* From which version to which this device has brought the items that were saved. */
const savedBy = (batch, answer) => {
  const versions = new Map(batch.changes.map((change) => [change.change, change.version]));
  const saved = answer.results.filter((result) => result.outcome === "saved");
  return Object.fromEntries(saved.map(({ item, change, version }) => [item, { from: versions.get(change), to: version }]));
};

/* Note what became of a delivery: what was saved is forgotten here, everything else is kept with the reason. */
export const settle = async (batch, answer) => {
  await within(["marks", "batches", "shots", "lines"], "readwrite", async (marks, batches, shots, lines) => {
    const former = await answered(lines.get([batch.reader, batch.sheet]));
    const saved = { ...former?.saved, ...savedBy(batch, answer) };
    for (const result of answer.results) {
      const key = [batch.reader, batch.sheet, result.item];
      const mark = await answered(marks.get(key));
      if (!mark) continue;
      const left = settled(mark, result);
      if (left) marks.put(left);
      else marks.delete(key);
      if (!left && mark.shot) shots.delete([batch.reader, mark.shot]);
    }
    lines.put({ reader: batch.reader, sheet: batch.sheet, lines: answer.sheet.lines, saved });
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
