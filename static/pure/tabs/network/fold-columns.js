/**
 * Columns that do not fit side by side: neighbors of the same shape become one, as the repeated blocks of a deep network, and
 * where that is not enough, neighbors of other shapes, as a layer and its pool.
 */

/** @import {Trace} from "convoscope/pure/types.js" */
/** @import {NetworkColumn} from "convoscope/pure/tabs/network/network-columns.js" */

/**
 * The columns, folded until no more than `most` stand side by side; the longest run of neighbors whose maps have one shape
 * is folded first, then the pair of neighbors with the fewest layers. A folded column draws the maps of its last layer
 * and says how many layers it has.
 * @param {Trace} trace @param {NetworkColumn[]} columns @param {number} most @returns {NetworkColumn[]}
 */
export function foldColumns(trace, columns, most) {
  let folded = columns;
  while (widthOf(folded) > most) {
    const run = longestRun(trace, folded) ?? shortestPair(folded);
    if (!run) return folded;
    folded = foldRun(folded, run);
  }
  return folded;
}

/** How many columns stand side by side. @param {NetworkColumn[]} columns */
function widthOf(columns) {
  return Math.max(...columns.map(({ depth }) => depth)) + 1;
}

/**
 * @param {Trace} trace @param {NetworkColumn[]} columns
 * @returns {[first: number, last: number] | null} null where no two neighbors have one shape
 */
function longestRun({ stages }, columns) {
  /** @type {[number, number] | null} */
  let longest = null;
  let first = 0;
  for (let n = 1; n <= columns.length; n++) {
    const isSame =
      n < columns.length &&
      columns[n].kind === "maps" &&
      columns[first].kind === "maps" &&
      String(stages[columns[n].shown].shape) === String(stages[columns[first].shown].shape) &&
      columns[n].reads.every((read) => read >= first || read === columns[first].reads[0]);
    if (isSame) continue;
    if (n - 1 > first && (!longest || n - 1 - first > longest[1] - longest[0])) longest = [first, n - 1];
    first = n;
  }
  return longest;
}

/**
 * The first of the pairs with the fewest layers, of which nothing else reads the first column.
 * @param {NetworkColumn[]} columns @returns {[first: number, last: number] | null}
 */
function shortestPair(columns) {
  /** @type {[number, number] | null} */
  let shortest = null;
  let fewest = Infinity;
  for (let n = 1; n < columns.length; n++) {
    const [one, next] = [columns[n - 1], columns[n]];
    const count = (one.repeats ?? 1) + (next.repeats ?? 1);
    const isChain = columns.every(({ reads }, m) =>
      m === n ? String(reads) === String([n - 1]) : !reads.includes(n - 1),
    );
    if (one.kind !== "maps" || next.kind !== "maps" || !isChain || count >= fewest) continue;
    [shortest, fewest] = [[n - 1, n], count];
  }
  return shortest;
}

/** @param {NetworkColumn[]} columns @param {[number, number]} run @returns {NetworkColumn[]} */
function foldRun(columns, [first, last]) {
  const run = columns.slice(first, last + 1);
  const place = (/** @type {number} */ n) => (n < first ? n : n <= last ? first : n - (last - first));
  const made = {
    ...run[0],
    stages: run.flatMap(({ stages }) => stages),
    shown: run[run.length - 1].shown,
    repeats: run.reduce((sum, { repeats }) => sum + (repeats ?? 1), 0),
  };
  const folded = [...columns.slice(0, first), made, ...columns.slice(last + 1)].map((column, n) => ({
    ...column,
    reads: n <= first ? column.reads : [...new Set(column.reads.map(place))].filter((read) => read < n),
  }));
  folded.forEach((column) => {
    column.depth = column.reads.length ? Math.max(...column.reads.map((read) => folded[read].depth)) + 1 : 0;
  });
  return folded;
}
