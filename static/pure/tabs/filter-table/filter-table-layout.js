/** How the cards of a filter table lie: their columns and the size of their pictures, as large as the room allows. */

/** @import {FilterCard} from "convoscope/pure/tabs/filter-table/filter-cards.js" */

/**
 * @typedef {object} TableLayout
 * @property {number} columns of cards
 * @property {number} side the longest side of a picture, in CSS pixels
 * @property {boolean} isBeside whether matrix and picture stand beside each other, else one below the other
 * @property {boolean} hasDigits whether the matrices have their numbers, else they are pictures
 * @property {boolean} scrolls whether the table is higher than its room
 */

/** The width of a character of a sentence, of a name and of a digit, and the height of a line of each, in fonts. */
const [CHARACTER, BOLD, DIGIT, LINE, ROW] = [0.53, 0.62, 0.61, 1.35, 1.5];
/** Between cards, inside a card, and between its parts, in CSS pixels. */
const [GAP, PADDING, BETWEEN] = [8, 8, 10];
/** The least and the most side of a picture, and the least width of a card, in fonts. */
const [LEAST_SIDE, MOST_SIDE, LEAST_CARD] = [4.2, 30, 20];
/** The narrowest card, in fonts: below that its words are a column. */
const NARROWEST = 10;
/** The side of a filter that is drawn without its numbers, in fonts. */
const WEIGHTS = 4;
/** The widest matrix that has numbers, in fonts. */
const MOST_MATRIX = 24;
const MOST_COLUMNS = 9;
/** The most side of a picture in a table that scrolls, in fonts. */
const MOST_SCROLLED = 9;

/** The width and the height of the matrices of a card, with their factor and names. @param {FilterCard} card @param {number} text */
function measureMatrix({ planes }, text) {
  const [one] = planes;
  if (!one) return { width: 0, height: 0 };
  const digits = Math.max(...planes.flatMap(({ matrix }) => matrix.texts.flat().map((number) => number.length)));
  const factor = one.matrix.factor ? (one.matrix.factor.length - 2 + 2.2) * DIGIT * text + BETWEEN : 0;
  const cell = Math.max(ROW, digits * DIGIT + 0.75) * text;
  return {
    width: planes.length * (one.matrix.texts[0].length * cell + factor) + (planes.length - 1) * 8,
    height: (one.matrix.texts.length * ROW + (one.name ? LINE : 0)) * text,
  };
}

/**
 * The largest pictures for which all cards fit; where none can be seen, the table scrolls. On a screen that is read from
 * afar it rather draws its matrices without their numbers.
 * @param {FilterCard[]} cards @param {{width: number, height: number, text: number}} size of the room; a height of 0 is
 * as much as it needs
 * @param {boolean} isAfar
 * @returns {TableLayout}
 */
export function layoutTable(cards, size, isAfar) {
  const { width, text } = size;
  const matrices = cards.map((card) => measureMatrix(card, text));
  const written = {
    width: Math.max(...matrices.map((one) => one.width)),
    height: Math.max(...matrices.map((one) => one.height)),
  };
  const planes = Math.max(...cards.map((card) => card.planes.length));
  const drawn = {
    width: planes * WEIGHTS * text + (planes - 1) * GAP,
    height: (WEIGHTS + (planes > 1 ? LINE : 0)) * text,
  };
  const most = Math.min(MOST_MATRIX * text * Math.min(cards[0].planes.length, 2), width - 2 * PADDING - 2);
  const hasDigits = written.width <= most;
  const matrix = hasDigits ? written : drawn;
  const fitting = fitCards(cards, size, matrix);
  if (fitting) return { ...fitting, hasDigits, scrolls: false };
  const smaller = isAfar && hasDigits ? fitCards(cards, size, drawn) : null;
  if (smaller) return { ...smaller, hasDigits: false, scrolls: false };
  return { ...scrollCards(width, text, matrix.width), hasDigits, scrolls: true };
}

/**
 * The columns with the largest pictures that fit, null where none are large enough.
 * @param {FilterCard[]} cards @param {{width: number, height: number, text: number}} size
 * @param {{width: number, height: number}} matrix
 */
function fitCards(cards, { width, height, text }, matrix) {
  if (!height) return null;
  const count = cards.length + 1; // and the input
  const [longest, longestName] = [
    Math.max(...cards.map(({ words }) => words.length)),
    Math.max(...cards.map(({ name }) => name.length)),
  ];
  const [least, most] = [LEAST_SIDE * text, MOST_SIDE * text];
  /** @type {{columns: number, side: number, isBeside: boolean} | null} */
  let best = null;
  for (let columns = 1; columns <= Math.min(count, MOST_COLUMNS); columns++) {
    const inside = insideOf(width, columns);
    if (columns > 1 && inside < NARROWEST * text) break;
    const heading = Math.ceil((longestName * BOLD * text) / inside);
    const lines = longest && Math.ceil((longest * CHARACTER * text) / inside + 0.35);
    const rows = Math.ceil(count / columns);
    const free = (height - (rows - 1) * GAP) / rows - 2 * PADDING - 2 - (heading + lines) * LINE * text - 8;
    for (const isBeside of [true, false]) {
      const across = isBeside ? inside - matrix.width - BETWEEN : inside;
      const down = isBeside ? (free < matrix.height ? 0 : free) : free - matrix.height - BETWEEN;
      const side = Math.floor(Math.min(across, down, most));
      if (matrix.width <= inside && side >= least && side > (best?.side ?? 0) + 1) best = { columns, side, isBeside };
    }
  }
  return best;
}

/** The room inside a card. @param {number} width @param {number} columns */
function insideOf(width, columns) {
  return (width - (columns - 1) * GAP) / columns - 2 * PADDING - 2;
}

/**
 * As many cards beside each other as have a picture that can be seen.
 * @param {number} width @param {number} text @param {number} matrix its width
 */
function scrollCards(width, text, matrix) {
  const [least, most] = [LEAST_SIDE * text, MOST_SCROLLED * text];
  const card = Math.max(matrix + BETWEEN + least + 2 * PADDING + 2, LEAST_CARD * text);
  const columns = Math.max(1, Math.floor((width + GAP) / (card + GAP)));
  const across = insideOf(width, columns) - matrix - BETWEEN;
  const isBeside = across >= least;
  return { columns, side: Math.floor(Math.min(isBeside ? across : insideOf(width, columns), most)), isBeside };
}
