/** The texts of the menu of layers, loaded when it is opened. */

export const LAYERS = {
  title: "Add a layer",
  networks: "Whole networks",
  networksHelp: "A trained network reads the picture itself, so it replaces all layers.",
  /** @param {number} classes @param {boolean} rgb */
  network: (classes, rgb) =>
    `Distinguishes ${classes} classes, ${rgb ? "in color: the picture is shown in RGB" : "in gray"}.`,
};
