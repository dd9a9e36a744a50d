/** The texts of editing numbers where they are shown, loaded with the settings. */

import { inLanguage } from "convoscope/pure/strings/language.js";

export const EDIT = inLanguage({
  /** @param {number} row @param {number} col @param {string} text */
  weightToChange: (row, col, text) => `weight, row ${row}, column ${col}: ${text}. Press Enter to change it.`,
  /** @param {string} table @param {number} row @param {number} col */
  weight: (table, row, col) => `${table}, row ${row}, column ${col}`,
  /** @param {number} row @param {number} col */
  cell: (row, col) => `Input, row ${row}, column ${col}`,
  /** @param {string} name @param {string} text */
  changed: (name, text) => `${name} is now ${text}.`,
  /** @param {string} name @param {string} text */
  stays: (name, text) => `${name} stays ${text}.`,
  weightHint: "Click it or press Enter to type a number; drag it up or down.",
  weightHintForTouch: "Tap it again to type, or drag it up or down.",
  cellHint: "A double click or Enter changes a cell of the input.",
  cellHintForTouch: "Two taps change a cell of the input.",
  openHint: "Enter keeps it, Escape takes it back. Arrow up and down or the wheel change it, Tab goes on.",
  openHintForTouch: "Drag it up or down, or type a number.",
  chooseChannel: "This picture is shown in color. Choose one of its channels below the input, then change its cells.",
});
