/* What stands at an item that needs its reader: both sides of a conflict, or the reasons why it could not be taken. */
import { button, filled } from "./banner.js";
import * as store from "./store.js";

const paragraph = (text, look = "") => Object.assign(document.createElement("p"), { className: look, textContent: text });

const clock = (instant) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
  }).format(new Date(instant));

const side = (title, when, shown, words) => {
  const made = Object.assign(document.createElement("section"), { className: "jy-side" });
  const points = shown.not_applicable ? words.not_applicable : filled(words.points, { points: Number(shown.points) });
  made.append(
    Object.assign(document.createElement("h2"), { className: "jy-h3", textContent: title }),
    paragraph(when ? clock(when) : "", "jy-small jy-muted mb-1"),
    paragraph(shown.points === null && !shown.not_applicable ? words.no_mark : points, "jy-strong mb-1"),
    Object.assign(paragraph(shown.words, "mb-1"), { lang: "zh-Hans" }),
    paragraph(shown.photo ? words.with_photo : words.without_photo, "jy-small jy-muted mb-2"),
  );
  return made;
};

const conflict = (mark, words, before, after) => {
  const { stored } = mark;
  const mine = side(words.mine, mark.written_at, { ...mark, photo: mark.photo ?? mark.shot }, words);
  const theirs = side(words.theirs, stored.saved_at, { ...stored, words: stored.remark || stored.reason }, words);
  const keep = async () => {
    await before();
    await store.amend(mark, { version: stored.version, state: "waiting", stored: null, told: [], after: "" });
    after(true);
  };
  const take = async () => {
    await before();
    await store.withdraw(mark);
    after(true);
  };
  mine.append(button(words.keep_mine, keep, "btn btn-outline-primary"));
  theirs.append(button(words.take_theirs, take, "btn btn-outline-primary"));
  const made = Object.assign(document.createElement("div"), { className: "jy-sides mb-3" });
  made.append(mine, theirs);
  return made;
};

const refusal = (mark, words, before, after) => {
  const made = Object.assign(document.createElement("div"), { className: "jy-quote is-back mb-3" });
  made.append(...mark.told.map((sentence) => paragraph(sentence)));
  if (mark.state === "closed") {
    const shown = mark.not_applicable ? words.not_applicable : filled(words.points, { points: Number(mark.points) });
    const drop = async () => {
      await before();
      await store.withdraw(mark);
      after(false);
    };
    made.append(paragraph([shown, mark.words].filter(Boolean).join(" · ")), button(words.discard, drop));
  }
  return made;
};

/* Return what is to be shown for a mark, `null` where nothing stands in its way; `before` lets what is
   still being typed be written down, `after` is told of a decision. */
export const settling = (mark, words, before, after) => {
  if (mark?.state === "undecided" && mark.stored) return conflict(mark, words, before, after);
  if (["refused", "closed"].includes(mark?.state)) return refusal(mark, words, before, after);
  return null;
};
