/** Checks what a student answered: whether it is right, and which mistake leads to what is wrong. */

/** @typedef {{label: string, right: number, wrong: {number: number, sentence: string}[]}} NumberField */
/** @typedef {{text: string, sentence: string}} Offered */
/** @typedef {{isRight: boolean, sentences: string[]}} Verdict */

/**
 * Reads a typed number, also one with a minus or a decimal comma as people write them.
 * @param {string} text @returns {number} NaN for what is no number
 */
export function readNumber(text) {
  const plain = text.trim().replace(/^[−–]/, "-").replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

/**
 * @param {NumberField[]} fields @param {number[]} numbers one for each field
 * @param {number} tolerance how far a number may be from the right one @returns {Verdict} with the known mistakes
 */
export function checkNumbers(fields, numbers, tolerance) {
  const missed = fields
    .map((field, index) => ({ field, number: numbers[index] }))
    .filter(({ field, number }) => Math.abs(number - field.right) > tolerance);
  const sentences = missed.flatMap(({ field, number }) => {
    const known = field.wrong.find((one) => one.number === number);
    const place = fields.length > 1 ? `${field.label}: ` : "";
    return known ? [place + known.sentence] : [];
  });
  return { isRight: !missed.length, sentences };
}

/** @param {Offered[]} offered @param {number} index @returns {Verdict} */
export function checkChoice(offered, index) {
  const { sentence } = offered[index];
  return { isRight: !sentence, sentences: sentence ? [sentence] : [] };
}
