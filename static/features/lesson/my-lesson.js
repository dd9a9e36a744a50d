/** The lesson that is being made. It is kept in this browser tab alone, in the form that /api/lessons/check reads. */

/** @typedef {{text: string, is_right: boolean, reason: string}} Answer */
/** @typedef {{sentence: string, answers: Answer[]}} Why */
/**
 * @typedef {object} Question
 * @property {string} kind @property {string} sentence @property {Answer[]} answers @property {string} link
 * @property {string} reveal @property {string} line @property {Why | null} why
 */
/** @typedef {{heading: string, link: string, text: string, question: Question | null}} Scene */
/** @typedef {{text: string, wrong_answers: string[]}} Misconception */
/** @typedef {{ask: string, misconceptions: Misconception[], say: string, exam: string}} Notes */
/**
 * @typedef {object} MyLesson
 * @property {string} name of its file @property {string} title @property {string} aim @property {number} minutes
 * @property {string[]} tracks @property {string[]} needs @property {string} next @property {Scene[]} scenes
 * @property {Notes} teacher
 */

export const MOST_SCENES = 6;
const KEY = "convoscope-my-lesson";
/** The kinds of questions that a link can ask. */
const KINDS = ["cell", "size", "parameters", "map", "class", "filter", "fit"];

/** @returns {MyLesson} */
export function emptyLesson() {
  const teacher = { ask: "", misconceptions: [], say: "", exam: "" };
  return {
    name: "my-lesson",
    title: "",
    aim: "",
    minutes: 5,
    tracks: [],
    needs: [],
    next: "",
    scenes: [],
    teacher,
  };
}

/** @returns {MyLesson} the lesson of this tab, an empty one where there is none or it cannot be read */
export function readMyLesson() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept && Array.isArray(kept.scenes) ? { ...emptyLesson(), ...kept } : emptyLesson();
  } catch {
    return emptyLesson();
  }
}

/** @param {MyLesson} lesson @returns {boolean} whether the browser keeps it */
export function keepMyLesson(lesson) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(lesson));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} kind @returns {Question} */
export function emptyQuestion(kind) {
  return { kind, sentence: "", answers: [], link: "", reveal: "", line: "", why: null };
}

/**
 * The scene of a figure: what its link asks becomes the question of the scene.
 * @param {string} link `?…`, `compare?…` or `filters?…` @param {string} heading @returns {Scene}
 */
export function sceneOfLink(link, heading = "") {
  const [page, query = ""] = splitOnce(link, "?");
  const parts = query.split("&").filter(Boolean);
  const asked = parts.find((part) => part.startsWith("predict="))?.slice("predict=".length) ?? "";
  const kind = KINDS.includes(asked) && !page ? asked : "";
  const kept = kind ? parts.filter((part) => !part.startsWith("predict=")) : parts;
  return { heading, link: `${page}?${kept.join("&")}`, text: "", question: kind ? emptyQuestion(kind) : null };
}

/** @param {string} address an address of this site, or a link @returns {string} the link as a lesson has it */
export function linkOfAddress(address) {
  const text = address.trim();
  const [path, query = ""] = splitOnce(text, "?");
  const isWhole = /^https?:\/\//.test(text);
  const page = path.split("/").filter(Boolean).at(-1) ?? "";
  if (!isWhole) return text.replace(/^\//, "");
  const isOurs = text.startsWith(globalThis.location?.origin ?? "\0");
  return isOurs ? `${["compare", "filters"].includes(page) ? page : ""}?${query.split("#")[0]}` : text;
}

/** @param {string} text @param {string} mark @returns {[string, string?]} */
function splitOnce(text, mark) {
  const place = text.indexOf(mark);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}
