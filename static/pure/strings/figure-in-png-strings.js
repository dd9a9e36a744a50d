/** The texts about figures that pictures carry. */

export const CARRIED = {
  newer: "This picture carries a figure of a newer Convoscope, which cannot be read here.",
};
