/** What changes a picture on purpose, as values: an adjustment that changes nothing is left out. */

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Option, Scene} from "convoscope/pure/types.js" */

/** The value of an adjustment, its default where it is left out. @param {Scene} scene @param {Option} option */
export function adjustmentOf(scene, option) {
  const given = /** @type {Record<string, any>} */ (scene.adjust ?? {});
  return given[option.name] ?? option.default;
}

/** @param {Option} option @param {unknown} value @returns {Edit} */
export function adjustBy(option, value) {
  return (scene) => {
    const { [option.name]: _, ...others } = /** @type {Record<string, unknown>} */ (scene.adjust ?? {});
    const isNeutral = JSON.stringify(value) === JSON.stringify(option.default);
    const adjust = isNeutral ? others : { ...others, [option.name]: value };
    return { ...scene, adjust: Object.keys(adjust).length ? adjust : null };
  };
}

/** A number of a slider as a link writes it. @param {number} value */
export function writeNumber(value) {
  return String(Number(value.toFixed(6)));
}

/** A number as a link writes it, also a fraction. @param {unknown} text */
export function readNumber(text) {
  const [top, bottom = "1"] = String(text).split("/");
  return Number(top) / Number(bottom);
}
