/**
 * Convoscope in the slides of Slidev, Marp and others that listen to the keys of their own page: after a click in a
 * figure, keys that it does not use reach the deck, as if they had been pressed in the page.
 *
 *   <script type="module" src="https://…/deck-keys.js"></script>
 *
 * Load it once; it has no imports. Decks of reveal.js do not need it.
 */

const EMBED = /\/embed\/?$/;
const LISTEN_MESSAGE = { convoscope: 1, type: "listen", events: ["key"] };

addEventListener("message", ({ data, source }) => {
  if (data?.convoscope !== 1 || !figureFrames().some(({ contentWindow }) => contentWindow === source)) return;
  if (data.type === "ready") source?.postMessage(LISTEN_MESSAGE, { targetOrigin: "*" });
  if (data.type === "key") dispatchKey(String(data.key), data.code);
});
for (const { contentWindow } of figureFrames()) contentWindow?.postMessage(LISTEN_MESSAGE, "*");

/** The frames of figures in the page. @returns {HTMLIFrameElement[]} */
function figureFrames() {
  return [...document.querySelectorAll("iframe")].filter(
    ({ src }) => URL.canParse(src) && EMBED.test(new URL(src).pathname),
  );
}

/** @param {string} key as in KeyboardEvent.key @param {unknown} place as in KeyboardEvent.code, where it is known */
function dispatchKey(key, place) {
  const code = typeof place === "string" && place ? place : key === " " ? "Space" : key;
  const options = { key, code, bubbles: true, cancelable: true };
  for (const type of ["keydown", "keyup"]) document.body.dispatchEvent(new KeyboardEvent(type, options));
}
