/** The wall, the chosen filter on the picture, and the film, drawn from one state. */

import { lastMoment } from "convoscope/features/gallery/film/film.js";
import { createFilmPanel } from "convoscope/features/gallery/film/film-panel.js";
import { filterValues, reach } from "convoscope/features/gallery/filter-colors.js";
import { createRow } from "convoscope/features/gallery/filter-row.js";
import { createTiles } from "convoscope/features/gallery/filter-tiles.js";
import { labLink } from "convoscope/features/gallery/gallery-address.js";
import { mapOf, mapRange } from "convoscope/features/gallery/gallery-maps.js";
import { createLooks, createModels, hasTemplates } from "convoscope/features/gallery/model-menu.js";
import { WALL } from "convoscope/pure/strings/gallery-strings.js";
import { numberText, signedNumber } from "convoscope/pure/text/caption.js";
import { part, say } from "convoscope/ui/dom.js";

/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @import {Gather} from "convoscope/features/gallery/film/film-panel.js" */
/** @import {Chosen, WallState} from "convoscope/features/gallery/gallery-state.js" */

/**
 * The filters on the screen: all, or those that were filmed; `held` are their numbers.
 * @typedef {{bank: Bank, held: number[], filmed: boolean}} Shown
 */

/**
 * @param {HTMLElement} root @param {WallState} state
 * @param {{onChange: (next: Partial<Chosen>, push?: boolean) => void, onLayer: (name: string) => void, gather: Gather}}
 * events
 */
export function createGallery(root, state, { onChange, onLayer, gather }) {
  const models = createModels(part(root, "models"), {
    onModel: (model) => onChange({ model, filter: null, moment: null, at: null }, true),
    onLayer,
  });
  const looks = createLooks(part(root, "looks"), state.tables.page, (choice) => onChange(choice));
  const tiles = createTiles(part(root, "wall"), (index) => onChange({ filter: index, at: null }));
  const row = createRow(part(root, "close"), (at) => onChange({ at }));
  const panel = createFilmPanel(
    part(root, "film"),
    (moment) => onChange({ moment: state.film && moment < lastMoment(state.film) ? state.film.steps[moment] : null }),
    gather,
  );

  /** @param {Shown} shown @param {number} all */
  function showWall({ bank, held }, all) {
    const { chosen, maps } = state;
    const rest = /** @type {NonNullable<WallState["whole"]>} */ (state.whole).bank;
    const shows = showsMaps(state);
    tiles.show({
      order: state.portraits?.orders[chosen.sort] ?? state.everyFilter,
      chosen: state.focus,
      show: chosen.show,
      bank,
      held,
      rest,
      range: (index) => rangeOf(index, { bank, held }, all),
      words: (index) => wordsOf(state, index),
      label: (index) => WALL.tileLabel(index, classOf(state, index), shows ? scoreOf(state, index) : ""),
      maps:
        shows && maps
          ? {
              values: (index) => mapOf(maps, index),
              rows: maps.stage.shape[1],
              columns: maps.stage.shape[2],
              range: rangeOfMap,
            }
          : null,
    });
  }

  /** @param {Shown} shown @param {number} all */
  function showRow({ bank, held }, all) {
    const { chosen, focus, maps, moment, film, behind } = state;
    const { trace } = /** @type {NonNullable<WallState["whole"]>} */ (state.whole);
    const map = mapOf(maps, focus);
    const at = held.indexOf(focus);
    const bias = moment !== null && film ? film.bias(moment, at) : (trace.stages[2]?.bias?.[at] ?? null);
    row.show({
      index: focus,
      templates: hasTemplates(state.model),
      words: wordsOf(state, focus),
      label: classOf(state, focus),
      bank,
      at,
      filterRange: rangeOf(focus, { bank, held }, all),
      trace,
      stage: maps?.stage ?? null,
      map,
      mapRange: rangeOfMap(focus),
      isCentered: state.model.prepare.mean.some((/** @type {number} */ mean) => mean !== 0),
      place: chosen.at,
      bias: map ? bias : null,
      later: moment !== null,
      behind,
      link: labLink(state),
      digits: chosen.show === "digits",
    });
  }

  /**
   * The reach of a filter's colors.
   * @param {number} index @param {{bank: Bank, held: number[]}} shown @param {number} all
   */
  function rangeOf(index, { bank, held }, all) {
    if (state.chosen.scale === "all") return all;
    const at = held.indexOf(index);
    return at < 0
      ? reach(filterValues(/** @type {NonNullable<WallState["whole"]>} */ (state.whole).bank, index))
      : reach(filterValues(bank, at));
  }

  /** @param {number} index */
  function rangeOfMap(index) {
    return state.mapScale === "all" ? mapRange(state.maps) : mapRange(state.maps, index);
  }

  return {
    panel,
    /** @type {ReturnType<typeof createRow>["patches"]} */
    showPatches: (patches) => row.patches(patches),
    /** The model that is chosen, before anything of it is here. */
    showMenu() {
      models.show(state);
      looks.show(state.chosen);
    },
    show() {
      if (!state.whole) return;
      const { film, moment } = state;
      const shown =
        film && moment !== null
          ? { bank: film.bank(moment), held: film.filters, filmed: true }
          : { bank: state.whole.bank, held: state.everyFilter, filmed: false };
      const all = reach(shown.bank.values);
      showWall(shown, all);
      showRow(shown, all);
      sayAround(root, state, shown, all);
      if (film) panel.show(moment ?? lastMoment(film), state.behind);
      looks.show(state.chosen);
    },
  };
}

/** @param {HTMLElement} root @param {WallState} state @param {Shown} shown @param {number} all */
function sayAround(root, state, shown, all) {
  const { maps, model, chosen } = state;
  const { filters, shape, options } = model;
  const shows = showsMaps(state);
  say(part(root, "wall-title"), WALL.title(shows, hasTemplates(model), model.card.recipe ? "" : model.layer));
  say(
    part(root, "wall-shape"),
    shows && maps ? WALL.shape(maps.stage.shape) : WALL.shape([filters, ...shape], options.stride),
  );
  const scale = shows
    ? WALL.signedScale(state.mapScale, numberText(mapRange(maps)))
    : WALL.grayScale(chosen.scale, numberText(all));
  const kept = shown.filmed && shown.held.length < filters ? WALL.filmed(shown.held.length, filters) : "";
  // What the file of brought weights does not say.
  const unsure = model.card.recipe ? [] : (model.card.notes ?? []).slice(1);
  say(part(root, "wall-says"), [scale, kept, ...unsure].filter(Boolean).join(" "));
}

/** @param {WallState} state */
function showsMaps({ chosen, maps }) {
  return chosen.wall === "maps" && maps !== null;
}

/** @param {WallState} state @param {number} index */
function wordsOf({ portraits }, index) {
  return portraits?.filters[index]?.words ?? "";
}

/** The score of a template. @param {WallState} state @param {number} index @returns {string} */
function scoreOf({ maps }, index) {
  const map = mapOf(maps, index);
  return map?.length === 1 ? signedNumber(Number(map[0].toPrecision(2))) : "";
}

/**
 * The class that a template stands for, where there is one for each.
 * @param {WallState} state @param {number} index
 * @returns {string}
 */
function classOf({ model }, index) {
  return model.classes?.length === model.filters ? model.classes[index] : "";
}
