/** The state of the page of learned filters: the user's choices and the server's data. It does not touch the page. */

import { momentAt } from "convoscope/features/gallery/film/film.js";
import { hasTemplates } from "convoscope/features/gallery/model-menu.js";
import { OpenedFiles } from "convoscope/features/gallery/opened-weights.js";

/** @import {Option, PageTables, Scene, Trace} from "convoscope/pure/types.js" */
/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @import {Film} from "convoscope/features/gallery/film/film.js" */
/** @import {FeatureMaps} from "convoscope/features/gallery/gallery-maps.js" */

/**
 * @typedef {{model: string, layer: string, filter: number | null, show: string, sort: string, scale: string, wall:
 * string, moment: number | null, at: [number, number] | null, theme: string}} Choices
 */
/**
 * @typedef {{filters: {index: number, words: string}[], orders: Record<string, number[]>, telling: number}}
 * FilterAnalysis
 */

/** A layer with filters; its shape is (K, C, h, w). @typedef {{name: string, shape: number[]}} FilterLayer */

/**
 * The tables of the page of learned filters: besides those of every page, its own options, the side of its pictures, the
 * models and the largest file of weights.
 * @typedef {PageTables & {page: Option[], side: number, models: Record<string, any>[], weights_bytes: number}}
 * GalleryTables
 */

export class GalleryState {
  /** The trained filters and their maps. @type {{trace: Trace, maps: FeatureMaps | null, bank: Bank} | null} */
  trained = null;
  /** @type {FilterAnalysis | null} */
  analysis = null;
  /** @type {Film | null} */
  film = null;
  /** The maps on the screen, of the current moment or of an earlier one. @type {FeatureMaps | null} */
  maps = null;
  /** Whether they are of an earlier moment. */
  areMapsBehind = false;
  openedFiles = new OpenedFiles();
  /** The layer of the same file that is being uploaded, to replace this one. @type {string | null} */
  pendingLayer = null;

  /** @param {GalleryTables} tables @param {Choices} chosen */
  constructor(tables, chosen) {
    this.tables = tables;
    this.chosen = chosen;
    const { image, crop, size } = tables.scene;
    /**
     * The keys of the scene for the picture; its size is used for models that take any size.
     * @type {Pick<Scene, "image" | "crop" | "size">}
     */
    this.picture = { image, crop, size: this.isFree ? size : [tables.side, tables.side] };
  }

  /** @returns {Record<string, any>} */
  get model() {
    const { models } = this.tables;
    return models.find((row) => row.name === this.chosen.model) ?? models[0];
  }

  /** The model's layers with filters, in order. @returns {FilterLayer[]} */
  get layers() {
    return (this.model.layers ?? []).filter((/** @type {Record<string, any>} */ row) => row.filters);
  }

  /** The chosen layer where it lies above the first; null for the first. @returns {FilterLayer | null} */
  get deepLayer() {
    return this.layers.slice(1).find(({ name }) => name === this.chosen.layer) ?? null;
  }

  /** The stage of a layer where the model is the whole chain: the preprocessing is the first. @param {string} layer */
  stageOf(layer) {
    return 2 + this.model.layers.findIndex((/** @type {Record<string, any>} */ { name }) => name === layer);
  }

  /** Whether the model takes pictures of any size. */
  get isFree() {
    return this.model.prepare.size === null;
  }

  /** Whether its filters can read a picture. */
  get readsPictures() {
    return [1, 3].includes(this.model.shape[0]);
  }

  /** The filter in focus: the chosen one, or a salient one. */
  get focus() {
    if (this.deepLayer) return Math.min(this.chosen.filter ?? 0, this.deepLayer.shape[0] - 1);
    return Math.min(this.chosen.filter ?? this.analysis?.telling ?? 0, this.model.filters - 1);
  }

  /** All of the model's filters, by number. @returns {number[]} */
  get allFilters() {
    return Array.from({ length: this.model.filters }, (_, index) => index);
  }

  /** The moment of the film that is shown; null for the trained filters. */
  get moment() {
    return this.film && this.chosen.moment !== null ? momentAt(this.film, this.chosen.moment) : null;
  }

  /** The scale of maps: one for all where a map is a single number. */
  get mapScale() {
    return hasTemplates(this.model) ? "all" : this.chosen.scale;
  }

  /** The filter whose map is enough for the display; null where all are needed. */
  get filterForMaps() {
    return this.chosen.wall === "maps" || this.mapScale === "all" ? null : this.focus;
  }

  /**
   * The scene of picture, preprocessing, and all filters or one.
   * @param {number | null} index @param {number | null} moment
   * @returns {Scene}
   */
  scene(index, moment) {
    const { name, layer, prepare } = this.model;
    const { image, crop, size } = this.picture;
    const filter = { model: name, layer, index, moment };
    return {
      version: 1,
      image,
      crop,
      size: prepare.size ?? size,
      channels: prepare.mean.length === 3 ? "rgb" : "gray",
      range: "byte",
      layers: [
        { op: "prepare", head: name, options: {} },
        { op: "conv", filters: [filter], options: {} },
      ],
    };
  }

  /** The cache key of maps. @param {number | null} moment @param {number | null} index */
  key(moment, index) {
    return JSON.stringify([this.picture, this.model.name, moment, index]);
  }
}
