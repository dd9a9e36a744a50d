/** Files of weights that were opened in this page: their layers, and the models made of these. */

/** @typedef {{file: File, layers: {name: string, shape: number[], remark: string}[]}} OpenedFile */
/** @typedef {{opened: OpenedFile, layer: string}} LayerModel a layer of a file that was uploaded as a model */
/** @typedef {{layers: OpenedFile["layers"], layer: string}} LayerChoice */

export class OpenedFiles {
  /** By the name of the model. @type {Map<string, LayerModel>} */
  #kept = new Map();
  /** The last shown model of each file. @type {Map<File, string>} */
  #last = new Map();

  /** @param {string} model @param {LayerModel} kept */
  keep(model, kept) {
    this.#kept.set(model, kept);
  }

  /** The file of a model; undefined for one that was not opened in this page. @param {string} model */
  of(model) {
    return this.#kept.get(model);
  }

  /**
   * The layers of a model's file; null where it has no other.
   * @param {string} model @returns {LayerChoice | null}
   */
  choice(model) {
    const kept = this.#kept.get(model);
    return kept && kept.opened.layers.length > 1 ? { layers: kept.opened.layers, layer: kept.layer } : null;
  }

  /**
   * The models of the menu: of several models of one file only the last shown.
   * @param {Record<string, any>[]} rows @param {string} shown
   */
  rows(rows, shown) {
    const file = this.#kept.get(shown)?.opened.file;
    if (file) this.#last.set(file, shown);
    return rows.filter(({ name }) => {
      const kept = this.#kept.get(name);
      return !kept || this.#last.get(kept.opened.file) === name;
    });
  }
}
