/** The texts on figures in PNG files. */

export const FIGURE_IN_PNG = {
  newer: "The figure in this picture is of a newer version of Convoscope and cannot be read here.",
};
