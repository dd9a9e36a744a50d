/** What a network says of the picture before and after it was changed on purpose. */

import { mapValues } from "convoscope/pure/maps/palette.js";
import { SWEEP } from "convoscope/pure/strings/tab-strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";

/** @import {Stage, Trace} from "convoscope/pure/types.js" */

/** One class: its name, and its share before and after. @typedef {{name: string, earlier: string, now: string}} ClassShares */
/** The verdict in a sentence, and the shares of classes, the best of both answers first; `wins` are their indices. */
/** @typedef {{verdict: string, classes: ClassShares[], wins: [then: number, now: number]}} AnswersBefore */

/** Whether the last stage is the shares of classes of a picture that was changed. @param {Trace} trace */
export function hasAnswers({ scene, stages }) {
  const { kind, shape } = stages[stages.length - 1];
  const isAnswer = kind === "softmax" && shape[1] * shape[2] === 1 && shape[0] > 1;
  return isAnswer && Boolean(scene.adjust) && stages[0].image?.kind !== "gone";
}

/** The shares of all classes. @param {Stage} stage */
export function sharesOf(stage) {
  return Array.from({ length: stage.shape[0] }, (_, map) => mapValues(stage, map)[0]);
}

/** @param {number[]} then the shares before @param {Stage} after @param {number} most classes @returns {AnswersBefore} */
export function compareAnswers(then, after, most) {
  const now = sharesOf(after);
  const order = now.map((_, map) => map).sort((a, b) => Math.max(now[b], then[b]) - Math.max(now[a], then[a]));
  const name = (/** @type {number} */ map) => after.classes?.[map] ?? SWEEP.classOf(map);
  const best = (/** @type {number[]} */ shares) => shares.indexOf(Math.max(...shares));
  const [first, last] = [best(then), best(now)];
  const [thenFirst, nowLast] = [shortValue(after, then[first]), shortValue(after, now[last])];
  const classes = order
    .slice(0, most)
    .map((map) => ({ name: name(map), earlier: shortValue(after, then[map]), now: shortValue(after, now[map]) }));
  return {
    verdict:
      first === last
        ? SWEEP.sameAnswer(name(last), thenFirst, nowLast)
        : SWEEP.otherAnswer(name(first), thenFirst, name(last), nowLast),
    classes,
    wins: [order.indexOf(first), order.indexOf(last)],
  };
}
