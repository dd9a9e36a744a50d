/** The texts about figures that pictures carry. */

export const FIGURE_IN_PNG = {
  newer: "This picture carries a figure of a newer Convoscope, which cannot be read here.",
};
