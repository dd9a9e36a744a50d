/**
 * How long what moves takes. tests/golden/motion.json holds this table, so that whoever else moves a figure takes the
 * same times.
 */

/**
 * Milliseconds of each part of a motion, where its beat is long enough. `hold`: how long a total stays that is not yet the
 * result; `share`: the part of a beat that it may take;
 * `fastest`: the tempo above which nothing moves; `shortest`: what would be quicker than this is not moved at all;
 * `full`: of so many positions in a row everything moves while playing, later only the window and the cell.
 */
export const TIMINGS = Object.freeze({
  slide: 180,
  lift: 200,
  nextChannel: 60,
  merge: 160,
  each: 40,
  stagger: 400,
  subtotal: 120,
  gather: 180,
  hold: 80,
  bias: 220,
  arc: 230,
  pulse: 250,
  stage: 450,
  share: 0.8,
  fastest: 4,
  shortest: 80,
  full: 2,
});

/**
 * How long a motion takes in a beat: its own time, or as much shorter as its beat asks for; 0 for none.
 * @param {number} own milliseconds @param {number} beat milliseconds @param {number} tempo
 */
export function motionTime(own, beat, tempo) {
  const time = Math.min(own, TIMINGS.share * beat);
  return tempo > TIMINGS.fastest || time < Math.min(own, TIMINGS.shortest) ? 0 : time;
}

/** From one number to the next of so many that start one after another. @param {number} count */
export function staggerOf(count) {
  return count > 1 ? Math.min(TIMINGS.each, TIMINGS.stagger / (count - 1)) : 0;
}
