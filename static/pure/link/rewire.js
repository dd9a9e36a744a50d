/**
 * Edits of a chain that keep its references true: `app/core/graph/rewire.py` is the same in Python, and
 * tests/golden/rewire.json holds both. A reference means a stage and not a place: after an edit it has the new number of
 * the same stage. A reference to a layer that is removed means what that layer read, and so on back.
 */

import { JOINS } from "convoscope/pure/frame/stage.js";

/** @import {SceneLayer} from "convoscope/pure/types.js" */

/**
 * One edit of a list of layers, at `index`: `insert` puts `layer` before the one there, `replace` in its place, `move`
 * takes a layer to the index `to` of the list without it. `count` is the number of stages of `layer`.
 * @typedef {object} LayerEdit
 * @property {"insert" | "remove" | "move" | "replace"} kind
 * @property {number} index
 * @property {SceneLayer} [layer]
 * @property {number} [to]
 * @property {number} [count]
 */

/**
 * A written reference that means another stage since an edit: the index of its layer after the edit, the number that was
 * written, and the number of the stage that is read instead.
 * @typedef {{layer: number, stage: number, used: number}} ReplacedStage
 */

/** @typedef {{start: number | null, joined: number[]}} References the `from` of a layer, and the stages of a join */

/** The stages that a layer names. @param {SceneLayer} layer @returns {References} */
function readReferences({ op, head, options }) {
  const joined = JOINS.includes(op) ? [head].flat() : [];
  return { start: /** @type {number | undefined} */ (options.from) ?? null, joined: /** @type {number[]} */ (joined) };
}

/** The layer with these stages in place of its own. @param {SceneLayer} layer @param {References} references @returns {SceneLayer} */
function writeReferences(layer, { start, joined }) {
  const { from: _, ...options } = layer.options;
  const head = joined.length ? { head: joined } : {};
  return { ...layer, ...head, options: start === null ? options : { ...options, from: start } };
}

/**
 * The layers after an edit, with every reference renumbered. `counts` are the numbers of stages of the layers. A layer
 * behind a removed one that named no stage reads what the removed one read. A moved layer keeps its references; one to a
 * stage that no longer lies before it means what that stage read. A `from` that became the stage before is left out.
 * @param {SceneLayer[]} layers @param {LayerEdit} edit @param {number[]} counts
 * @returns {{layers: SceneLayer[], replaced: ReplacedStage[]}}
 */
export function rewire(layers, edit, counts) {
  const { kind, index, to = 0, count = 1 } = edit;
  /** The old index of each layer after the edit. @type {(number | null)[]} */
  const order = Array.from(layers.keys());
  if (kind === "insert") order.splice(index, 0, null);
  else if (kind !== "replace") {
    const taken = order.splice(index, 1);
    if (kind === "move") order.splice(to, 0, ...taken);
  }
  const isNew = (/** @type {number | null} */ old) => old === null || (kind === "replace" && old === index);
  const first = numberStages(counts);
  const newFirst = numberStages(order.map((old) => (isNew(old) ? count : counts[old ?? 0])));
  /** @type {ReplacedStage[]} */
  const replaced = [];

  const findLayer = (/** @type {number} */ stage) => first.findLastIndex((start) => start <= stage);

  /** What a stage reads first, in the old numbers. @param {number} stage */
  function stepBack(stage) {
    const old = findLayer(stage);
    const { start } = stage > first[old] ? { start: null } : readReferences(layers[old]);
    return Math.min(start ?? stage - 1, stage - 1);
  }

  /**
   * The new number of a stage or of what stands for it, and whether it is the same stage.
   * @param {number} stage @returns {[number, boolean]}
   */
  function renumber(stage) {
    if (stage === 0) return [0, true];
    if (stage >= first[layers.length]) return [stage + newFirst[order.length] - first[layers.length], true];
    const old = findLayer(stage);
    const place = order.indexOf(old);
    if (place < 0) return [renumber(stepBack(first[old]))[0], false];
    const [offset, last] = [stage - first[old], first[old + 1] - first[old] - 1];
    if (isNew(old) && last + 1 !== count) return [newFirst[place] + count - 1, offset === last];
    return [newFirst[place] + offset, true];
  }

  /** @param {number} stage @param {number} old @param {number} place @returns {number} */
  function follow(stage, old, place) {
    let [read, [used, isSame]] = [stage, renumber(stage)];
    while (used >= newFirst[place] && read < first[old]) {
      read = stepBack(read);
      [used, isSame] = [renumber(read)[0], false];
    }
    if (!isSame) replaced.push({ layer: place, stage, used });
    return used;
  }

  const made = order.map((old, place) => {
    if (old === null || isNew(old)) return /** @type {SceneLayer} */ (edit.layer);
    const { start: written, joined } = readReferences(layers[old]);
    let start = written === null ? null : follow(written, old, place);
    const stages = joined.map((stage) => follow(stage, old, place));
    if (written === null && kind === "remove" && old === index + 1) [start] = renumber(stepBack(first[index]));
    if (start === newFirst[place] - 1 && written !== first[old] - 1) start = null;
    return writeReferences(layers[old], { start, joined: stages });
  });
  return { layers: made, replaced };
}

/** The number of the first stage of each layer, and of one after the last. @param {number[]} counts */
function numberStages(counts) {
  const first = [1];
  for (const count of counts) first.push(first[first.length - 1] + count);
  return first;
}
