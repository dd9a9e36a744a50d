/** Files of weights that were opened in this page: the layers of each, and the models that were made of them. */

/** @typedef {{file: File, layers: {name: string, shape: number[], remark: string}[]}} OpenedFile a file */
/** @typedef {{opened: OpenedFile, layer: string}} LayerModel a layer of a file, as one of the models */
/** @typedef {{layers: OpenedFile["layers"], layer: string}} LayerChoice */

export class OpenedFiles {
  /** By the names of the models. @type {Map<string, LayerModel>} */
  #kept = new Map();
  /** The model of each file that was shown last. @type {Map<File, string>} */
  #last = new Map();

  /** @param {string} model @param {LayerModel} kept */
  keep(model, kept) {
    this.#kept.set(model, kept);
  }

  /** The file of a model; undefined for one that was not brought in this page. @param {string} model */
  of(model) {
    return this.#kept.get(model);
  }

  /**
   * The layers that can be shown in place of a model's; null where there is no other.
   * @param {string} model @returns {LayerChoice | null}
   */
  choice(model) {
    const kept = this.#kept.get(model);
    return kept && kept.opened.layers.length > 1 ? { layers: kept.opened.layers, layer: kept.layer } : null;
  }

  /**
   * The models to choose from: of several that were made of one file, the one that was shown last.
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
