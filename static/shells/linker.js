/**
 * For frames whose surroundings let no code run from `data:` addresses, as the notebooks of VS Code do: there the
 * modules of the import map are run one by one from their own text. It stands in the page itself and needs nothing
 * beside it.
 *
 * It reads what these modules are written in: named imports and exports, each from the start of a line.
 */

const ENTRY = "convoscope/shells/offline.js";
const AsyncFunction = /** @type {FunctionConstructor} */ ((async () => {}).constructor);
const EXPORT_DECLARATION = /^export (?:async )?(?:function|class|const) ([\w$]+)/gm;
const EXPORT_LIST = /^export \{([^}]*)\}(?: from ("[^"]+"))?;/gm;
/** @type {Record<string, string>} */
const moduleAddresses = JSON.parse(document.querySelector("script[type=importmap]")?.textContent ?? "").imports;
/** @type {Map<string, any>} */
const loadedModules = new Map();

/** What the module of a bare name exports; it is run when it is first asked for. @param {string} name */
function load(name) {
  if (!loadedModules.has(name)) loadedModules.set(name, evaluateModule(name, Function));
  return loadedModules.get(name);
}

/** @param {string} name @param {FunctionConstructor} Kind whether the module may wait for something */
function evaluateModule(name, Kind) {
  const bytes = Uint8Array.from(atob(moduleAddresses[name].split(",")[1]), (sign) => sign.charCodeAt(0));
  return new Kind("load", toFunctionBody(new TextDecoder().decode(bytes)))(load);
}

/** A module's text as the body of a function that returns what the module exports. @param {string} code */
function toFunctionBody(code) {
  const declared = [...code.matchAll(EXPORT_DECLARATION)].map(([, name]) => name);
  const listed = [...code.matchAll(EXPORT_LIST)].flatMap(([, list, from]) =>
    parseNames(list).map(([name, as]) => `${as}: ${from ? `load(${from}).` : ""}${name}`),
  );
  const body = code
    .replace(EXPORT_LIST, "")
    .replace(/^export (?=async function|function|class|const)/gm, "")
    .replace(/^import \* as ([\w$]+) from ("[^"]+");/gm, "const $1 = load($2);")
    .replace(
      /^import \{([^}]*)\} from ("[^"]+");/gm,
      (_, list, from) => `const {${parseNames(list).map(([name, as]) => `${name}: ${as}`)}} = load(${from});`,
    )
    .replace(/^import\s("[^"]+");/gm, "load($1);")
    .replace(/\bimport\(("[^"]+")\)/g, "Promise.resolve(load($1))");
  return `"use strict";${body}\nreturn {${[...declared, ...listed].join(", ")}};`;
}

/** `a, b as c` as [name, name outside]. @param {string} list @returns {string[][]} */
function parseNames(list) {
  const words = list
    .split(",")
    .map((one) => one.trim().split(" as "))
    .filter(([name]) => name);
  return words.map(([name, as = name]) => [name, as]);
}

import(ENTRY).catch(() => evaluateModule(ENTRY, AsyncFunction));
