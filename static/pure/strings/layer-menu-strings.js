/** The texts of the menu of layers, which comes when it is opened. */

export const LAYERS = {
  title: "Add a layer",
  networks: "Whole networks",
  networksHelp: "A trained network reads the picture itself, so it takes the place of all layers.",
  /** @param {number} classes @param {boolean} rgb */
  network: (classes, rgb) =>
    `Tells ${classes} classes apart, ${rgb ? "in color: the picture is shown in RGB" : "in gray"}.`,
};
