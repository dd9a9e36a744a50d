/** Draws the tiles, the chosen filter's row, and the film from one state. */

import { lastMoment } from "convoscope/features/gallery/film/film.js";
import { createFilmPanel } from "convoscope/features/gallery/film/film-panel.js";
import { filterValues, largestMagnitude } from "convoscope/features/gallery/filter-colors.js";
import { createFilterRow } from "convoscope/features/gallery/filter-row.js";
import { labLink, modelLink } from "convoscope/features/gallery/gallery-address.js";
import { mapOf, mapRange } from "convoscope/features/gallery/gallery-maps.js";
import { createLayerChoice } from "convoscope/features/gallery/layers/layer-choice.js";
import { createLayerWall } from "convoscope/features/gallery/layers/layer-wall.js";
import { createDisplayOptions, createModelMenu, hasTemplates } from "convoscope/features/gallery/model-menu.js";
import { createFilterTiles } from "convoscope/features/gallery/tiles/filter-tiles.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { numberText, signedNumber } from "convoscope/pure/text/caption.js";
import { fill, getPart, setText } from "convoscope/ui/dom.js";

/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @import {PrefetchMaps} from "convoscope/features/gallery/film/film-panel.js" */
/** @import {LayerPatch, LayerPeaks} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {Choices, GalleryState} from "convoscope/features/gallery/gallery-state.js" */
/** @import {Found} from "convoscope/features/gallery/layers/layer-peaks.js" */

/**
 * The filters on the screen, all or the filmed ones; `indices` are their numbers.
 * @typedef {{bank: Bank, indices: number[], filmed: boolean}} ShownFilters
 */

/**
 * @param {HTMLElement} root @param {GalleryState} state
 * @param {{onChange: (next: Partial<Choices>, push?: boolean) => void, onLayer: (name: string) => void, prefetch:
 * PrefetchMaps}} events
 */
export function createGallery(root, state, { onChange, onLayer, prefetch }) {
  const models = createModelMenu(getPart(root, "models"), {
    onModel: (model) => onChange({ model, layer: "", filter: null, moment: null, at: null }, true),
    onLayer,
  });
  const looks = createDisplayOptions(getPart(root, "looks"), state.tables.page, (choice) => onChange(choice));
  const tiles = createFilterTiles(getPart(root, "tiles"), (index) => onChange({ filter: index, at: null }));
  const row = createFilterRow(
    getPart(root, "filter-row"),
    (at) => onChange({ at }),
    (index) => onChange({ filter: index, at: null }),
  );
  const layers = createLayerChoice(getPart(root, "layers"), (layer) =>
    onChange({ layer: layer === state.model.layer ? "" : layer, filter: null, at: null }, true),
  );
  const wall = createLayerWall(root, (map) => onChange({ filter: map, at: null }));
  const panel = createFilmPanel(
    getPart(root, "film"),
    (moment) => onChange({ moment: state.film && moment < lastMoment(state.film) ? state.film.steps[moment] : null }),
    prefetch,
  );

  /** @param {ShownFilters} shown @param {number} all */
  function showTiles({ bank, indices }, all) {
    const { chosen, maps } = state;
    const trained = /** @type {NonNullable<GalleryState["trained"]>} */ (state.trained).bank;
    const areMaps = areMapsShown(state);
    // The scores of classes stand with their templates, those of other templates with their maps.
    const scoreOn = (/** @type {number} */ index) => (areMaps || classOf(state, index) ? scoreOf(state, index) : "");
    tiles.show({
      order: state.analysis?.orders[chosen.sort] ?? state.allFilters,
      chosen: state.focus,
      show: chosen.show,
      bank,
      indices,
      trained,
      range: (index) => rangeOf(index, { bank, indices }, all),
      words: (index) => [classOf(state, index), scoreOn(index), wordsOf(state, index)].filter(Boolean).join(", "),
      label: (index) => GALLERY.tileLabel(index, classOf(state, index), scoreOn(index)),
      maps:
        areMaps && maps
          ? {
              values: (index) => mapOf(maps, index),
              rows: maps.stage.shape[1],
              columns: maps.stage.shape[2],
              range: rangeOfMap,
            }
          : null,
    });
  }

  /** @param {ShownFilters} shown @param {number} all */
  function showRow({ bank, indices }, all) {
    const { chosen, focus, maps, moment, film, areMapsBehind } = state;
    const { trace } = /** @type {NonNullable<GalleryState["trained"]>} */ (state.trained);
    const map = mapOf(maps, focus);
    const at = indices.indexOf(focus);
    const bias = moment !== null && film ? film.bias(moment, at) : (trace.stages[2]?.bias?.[at] ?? null);
    row.show({
      index: focus,
      templates: hasTemplates(state.model),
      words: wordsOf(state, focus),
      label: classOf(state, focus),
      bank,
      at,
      filterRange: rangeOf(focus, { bank, indices }, all),
      trace,
      stage: maps?.stage ?? null,
      map,
      mapRange: rangeOfMap(focus),
      isCentered: state.model.prepare.mean.some((/** @type {number} */ mean) => mean !== 0),
      place: chosen.at,
      bias: map ? bias : null,
      ranking: rankScores(state),
      isBeforeEnd: moment !== null,
      isMapBehind: areMapsBehind,
      link: labLink(state),
      digits: chosen.show === "digits",
    });
  }

  /**
   * The range of a filter's colors.
   * @param {number} index @param {{bank: Bank, indices: number[]}} shown @param {number} all
   */
  function rangeOf(index, { bank, indices }, all) {
    if (state.chosen.scale === "all") return all;
    const at = indices.indexOf(index);
    return at < 0
      ? largestMagnitude(filterValues(/** @type {NonNullable<GalleryState["trained"]>} */ (state.trained).bank, index))
      : largestMagnitude(filterValues(bank, at));
  }

  /** @param {number} index */
  function rangeOfMap(index) {
    return state.mapScale === "all" ? mapRange(state.maps) : mapRange(state.maps, index);
  }

  /** Shows the chosen model and layer, and how they can be shown. */
  function showMenu() {
    const { deepLayer, model } = state;
    root.classList.toggle("of-deep-layer", deepLayer !== null);
    models.show(state);
    layers.show(state.layers, deepLayer?.name ?? model.layer);
    if (!deepLayer) {
      wall.rest();
      return looks.show(state.chosen);
    }
    fill(getPart(root, "looks"), [
      "p",
      { class: "small muted", "data-part": "looks-note" },
      GALLERY.looksOfFirst(model.layer, deepLayer.name),
      " ",
      ["a", { class: "link", href: modelLink(state, state.stageOf(deepLayer.name)) }, GALLERY.mapsInLab],
    ]);
  }

  return {
    panel,
    /** Shows a layer above the first. @param {Found<LayerPeaks>} peaks @param {Found<LayerPatch[]>} patches */
    showLayer(peaks, patches) {
      const { deepLayer, focus, model } = state;
      if (!deepLayer) return;
      wall.show({ ...deepLayer, map: focus, peaks, patches });
      setText(getPart(root, "tiles-title"), GALLERY.excites(deepLayer.name));
      setText(getPart(root, "tiles-shape"), GALLERY.shape(deepLayer.shape));
      const samples = Object.keys(peaks.value?.pictures ?? {}).length;
      const why = GALLERY.whyPatches(deepLayer.name, deepLayer.shape, samples);
      setText(getPart(root, "tiles-note"), [why, model.film ? GALLERY.filmOfFirst(model.layer) : ""].join(" ").trim());
    },
    /** @type {ReturnType<typeof createFilterRow>["patches"]} */
    showPatches: (patches) => row.patches(patches),
    showMenu,
    /** Shows the first layer. */
    show() {
      if (!state.trained || state.deepLayer) return;
      const { film, moment } = state;
      const shown =
        film && moment !== null
          ? { bank: film.bank(moment), indices: film.filters, filmed: true }
          : { bank: state.trained.bank, indices: state.allFilters, filmed: false };
      const all = largestMagnitude(shown.bank.values);
      showTiles(shown, all);
      showRow(shown, all);
      showHeadings(root, state, shown, all);
      if (film) panel.show(moment ?? lastMoment(film), state.areMapsBehind);
      looks.show(state.chosen);
    },
  };
}

/** @param {HTMLElement} root @param {GalleryState} state @param {ShownFilters} shown @param {number} all */
function showHeadings(root, state, shown, all) {
  const { maps, model, chosen } = state;
  const { filters, shape, options } = model;
  const areMaps = areMapsShown(state);
  setText(
    getPart(root, "tiles-title"),
    GALLERY.title(areMaps, hasTemplates(model), model.card.recipe ? "" : model.layer),
  );
  setText(
    getPart(root, "tiles-shape"),
    areMaps && maps ? GALLERY.shape(maps.stage.shape) : GALLERY.shape([filters, ...shape], options.stride),
  );
  const scale = areMaps
    ? GALLERY.signedScale(state.mapScale, numberText(mapRange(maps)))
    : GALLERY.grayScale(chosen.scale, numberText(all));
  const kept = shown.filmed && shown.indices.length < filters ? GALLERY.filmed(shown.indices.length, filters) : "";
  // Notes on what an uploaded file of weights leaves open.
  const unsure = model.card.recipe ? [] : (model.card.notes ?? []).slice(1);
  setText(getPart(root, "tiles-note"), [scale, kept, ...unsure].filter(Boolean).join(" "));
}

/** @param {GalleryState} state */
function areMapsShown({ chosen, maps }) {
  return chosen.wall === "maps" && maps !== null;
}

/** @param {GalleryState} state @param {number} index */
function wordsOf({ analysis }, index) {
  return analysis?.filters[index]?.words ?? "";
}

/** More templates than this are not all ranked. */
const MOST_RANKED = 10;

/** The ranking of the templates by their scores; null where maps have several cells. @param {GalleryState} state */
function rankScores(state) {
  const { maps, focus, allFilters } = state;
  if (!maps || maps.stage.shape[1] * maps.stage.shape[2] > 1) return null;
  const all = allFilters
    .flatMap((index) => [...(mapOf(maps, index) ?? [])].map((score) => ({ index, score })))
    .sort((a, b) => b.score - a.score);
  const rank = all.findIndex(({ index }) => index === focus);
  const listed = rank < MOST_RANKED ? all.slice(0, MOST_RANKED) : [...all.slice(0, MOST_RANKED - 1), all[rank]];
  const scores = listed.map(({ score }) => score);
  return {
    lines: listed.map((one) => ({ ...one, name: classOf(state, one.index) || GALLERY.filter(one.index, true) })),
    least: Math.min(0, ...scores),
    most: Math.max(0, ...scores),
    note: rank < 0 ? "" : GALLERY.rank(rank + 1, all.length),
  };
}

/** The score of a template. @param {GalleryState} state @param {number} index @returns {string} */
function scoreOf({ maps }, index) {
  const map = mapOf(maps, index);
  return map?.length === 1 ? signedNumber(Number(map[0].toPrecision(2))) : "";
}

/**
 * The class of a template, where each has one.
 * @param {GalleryState} state @param {number} index
 * @returns {string}
 */
function classOf({ model }, index) {
  return model.classes?.length === model.filters ? model.classes[index] : "";
}
