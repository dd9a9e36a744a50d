/**
 * For frames whose surroundings let no code run from `data:` addresses, as the notebooks of VS Code do: there the
 * modules of the import map are run one by one from their own text. It stands in the page itself and needs nothing
 * beside it.
 *
 * It reads what these modules are written in: named imports and exports, each from the start of a line.
 */

const ENTRY = "convoscope/shells/offline.js";
const MAY_WAIT = /** @type {FunctionConstructor} */ ((async () => {}).constructor);
const DECLARED = /^export (?:async )?(?:function|class|const) ([\w$]+)/gm;
const LISTED = /^export \{([^}]*)\}(?: from ("[^"]+"))?;/gm;
/** What `load` is called in a module's text: a name that no module has for something of its own. */
const LOAD = "loadLinkedModule";
/** @type {Record<string, string>} */
const addresses = JSON.parse(document.querySelector("script[type=importmap]")?.textContent ?? "").imports;
/** @type {Map<string, any>} */
const ready = new Map();

/** What the module of a bare name exports; it is run when it is first asked for. @param {string} name */
function load(name) {
  if (!ready.has(name)) ready.set(name, run(name, Function));
  return ready.get(name);
}

/** @param {string} name @param {FunctionConstructor} Kind whether the module may wait for something */
function run(name, Kind) {
  const bytes = Uint8Array.from(atob(addresses[name].split(",")[1]), (sign) => sign.charCodeAt(0));
  return new Kind(LOAD, asBody(new TextDecoder().decode(bytes)))(load);
}

/** A module's text as the body of a function that returns what the module exports. @param {string} code */
function asBody(code) {
  const declared = [...code.matchAll(DECLARED)].map(([, name]) => name);
  const listed = [...code.matchAll(LISTED)].flatMap(([, list, from]) =>
    pairsOf(list).map(([name, as]) => `${as}: ${from ? `${LOAD}(${from}).` : ""}${name}`),
  );
  const body = code
    .replace(LISTED, "")
    .replace(/^export (?=async function|function|class|const)/gm, "")
    .replace(/^import \* as ([\w$]+) from ("[^"]+");/gm, `const $1 = ${LOAD}($2);`)
    .replace(
      /^import \{([^}]*)\} from ("[^"]+");/gm,
      (_, list, from) => `const {${pairsOf(list).map(([name, as]) => `${name}: ${as}`)}} = ${LOAD}(${from});`,
    )
    .replace(/^import\s("[^"]+");/gm, `${LOAD}($1);`)
    .replace(/\bimport\(("[^"]+")\)/g, `Promise.resolve(${LOAD}($1))`)
    .replace(/\bimport\.meta\.resolve\b/g, "String"); // for stylesheets, which are all in the page already
  return `"use strict";${body}\nreturn {${[...declared, ...listed].join(", ")}};`;
}

/** `a, b as c` as [name, name outside]. @param {string} list @returns {string[][]} */
function pairsOf(list) {
  const words = list
    .split(",")
    .map((one) => one.trim().split(" as "))
    .filter(([name]) => name);
  return words.map(([name, as = name]) => [name, as]);
}

import(ENTRY).catch(() => run(ENTRY, MAY_WAIT));
