/** What somebody typed as a guess, and what it would be right for. */

/** @import {Answer} from "convoscope/pure/types.js" */

/** A guess is as exact as the page writes numbers: four digits. */
const EXACT = 0.0006;

/**
 * The numbers in a typed guess: one, or rows and columns of a size, where one number stands for both.
 * @param {string} text @param {boolean} isSize @returns {number[] | null} null where there are others
 */
export function readGuess(text, isSize) {
  const plain = text
    .replaceAll("−", "-")
    .replace(/(\d),(?=\d{3}(\D|$))/g, "$1")
    .replaceAll(",", ".");
  const numbers = (plain.match(/-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/gi) ?? []).map(Number);
  const rest = plain.replace(/-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/gi, "").replace(/[\s+()x×*·]/gi, "");
  if (rest || !numbers.length || numbers.length > (isSize ? 2 : 1)) return null;
  return isSize && numbers.length === 1 ? [numbers[0], numbers[0]] : numbers;
}

/**
 * What a typed guess is: "" for the right answer, what it would be right for, null where no rule has it.
 * @param {number[]} guess @param {Pick<Answer, "rules">} answer @returns {string | null}
 */
export function judgeGuess(guess, { rules }) {
  const rule = rules.find(({ numbers }) => numbers.every((number, i) => isNear(number, guess[i])));
  return rule ? rule.reason : null;
}

/** @param {number} one @param {number} other */
function isNear(one, other) {
  if (Number.isInteger(one) && Math.abs(one) < 1e6) return one === other;
  return Math.abs(one - other) <= EXACT * Math.abs(one);
}

/**
 * What becomes of a guess, as a sentence.
 * @param {Record<string, string>} texts @param {string | null} guess null where nobody guessed
 * @param {string} answer @param {string | null} reason "" for the right answer, null where no rule has the guess
 * @returns {string}
 */
export function writeVerdict(texts, guess, answer, reason) {
  if (guess === null) return fillIn(texts.told, { answer });
  return fillIn(reason === null ? texts.miss : reason ? texts.slip : texts.hit, {
    guess,
    answer,
    reason: reason ?? "",
  });
}

/** Fills the gaps of a sentence, such as {guess}. @param {string} sentence @param {Record<string, string>} parts */
export function fillIn(sentence, parts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");
}
