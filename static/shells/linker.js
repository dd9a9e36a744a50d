/**
 * For frames in which no code may run from `data:` addresses, as in the notebooks of VS Code: the modules of the import
 * map are evaluated one by one from their source text. This script is part of the page and needs no other file.
 *
 * It supports only the syntax of these modules: named imports and exports, each at the start of a line.
 */

const ENTRY = "convoscope/shells/offline.js";
const AsyncFunction = /** @type {FunctionConstructor} */ ((async () => {}).constructor);
const EXPORT_DECLARATION = /^export (?:async )?(?:function|class|const) ([\w$]+)/gm;
const EXPORT_LIST = /^export ?\{([^}]*)\}(?: ?from ("[^"]+"))?;/gm;
/** The name of `load` in the body of a module: one that no module uses itself. */
const LOAD = "loadLinkedModule";
/** @type {Record<string, string>} */
const moduleAddresses = JSON.parse(document.querySelector("script[type=importmap]")?.textContent ?? "").imports;
/** @type {Map<string, any>} */
const loadedModules = new Map();

/** The exports of a module; it is evaluated on its first use. @param {string} name */
function load(name) {
  if (!loadedModules.has(name)) loadedModules.set(name, evaluateModule(name, Function));
  return loadedModules.get(name);
}

/** @param {string} name @param {FunctionConstructor} Kind AsyncFunction if the module may use top-level await */
function evaluateModule(name, Kind) {
  const [, text] = /** @type {RegExpExecArray} */ (/^data:[^,]*,(.*)$/.exec(moduleAddresses[name]));
  return new Kind(LOAD, toFunctionBody(decodeURIComponent(text)))(load);
}

/** The source of a module as the body of a function that returns its exports. @param {string} code */
function toFunctionBody(code) {
  const declared = [...code.matchAll(EXPORT_DECLARATION)].map(([, name]) => name);
  const listed = [...code.matchAll(EXPORT_LIST)].flatMap(([, list, from]) =>
    parseNames(list).map(([name, as]) => `${as}: ${from ? `${LOAD}(${from}).` : ""}${name}`),
  );
  const body = code
    .replace(EXPORT_LIST, "")
    .replace(/^export (?=async function|function|class|const)/gm, "")
    .replace(/^import ?\* ?as ([\w$]+) from ("[^"]+");/gm, `const $1 = ${LOAD}($2);`)
    .replace(
      /^import ?\{([^}]*)\} ?from ("[^"]+");/gm,
      (_, list, from) => `const {${parseNames(list).map(([name, as]) => `${name}: ${as}`)}} = ${LOAD}(${from});`,
    )
    .replace(/^import\s("[^"]+");/gm, `${LOAD}($1);`)
    .replace(/\bimport\(("[^"]+")\)/g, `Promise.resolve(${LOAD}($1))`)
    .replace(/\bimport\.meta\.resolve\b/g, "String"); // for stylesheets, which are all in the page already
  return `"use strict";${body}\nreturn {${[...declared, ...listed].join(", ")}};`;
}

/** `a, b as c` as pairs [name, exported or local name]. @param {string} list @returns {string[][]} */
function parseNames(list) {
  const names = list
    .split(",")
    .map((one) => one.trim().split(" as "))
    .filter(([name]) => name);
  return names.map(([name, as = name]) => [name, as]);
}

import(ENTRY).catch(() => evaluateModule(ENTRY, AsyncFunction));
