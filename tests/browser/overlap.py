"""What lies over something else on a page, what is cut off, and what is wider than the window.

Texts are measured as they are drawn, also those on canvases: `RECORD_CANVASES` notes what each canvas draws, and has to
be in the page before its scripts run.
"""

from __future__ import annotations

from playwright.sync_api import Page

# For each canvas the texts and pictures that it has drawn since it was last cleared, in CSS pixels of the canvas.
RECORD_CANVASES = """(() => {
  delete Element.prototype.requestFullscreen; // a window that is full cannot be given another size
  const drawn = new WeakMap();
  window.drawnOn = (canvas) => drawn.get(canvas) ?? [];
  const prototype = CanvasRenderingContext2D.prototype;
  const original = Object.fromEntries(["fillText", "drawImage", "clearRect"].map((name) => [name, prototype[name]]));
  const note = (context, kind, text, [left, top, right, bottom]) => {
    const list = drawn.get(context.canvas) ?? [];
    drawn.set(context.canvas, list);
    const { a, d, e, f } = context.getTransform();
    const scale = window.devicePixelRatio;
    const [x, y] = [(value) => (a * value + e) / scale, (value) => (d * value + f) / scale];
    list.push({ kind, text, box: [x(left), y(top), x(right), y(bottom)], size: parseFloat(context.font) });
  };
  prototype.clearRect = function (...given) {
    drawn.set(this.canvas, []);
    return original.clearRect.apply(this, given);
  };
  prototype.fillText = function (text, x, y, ...more) {
    const at = this.measureText(text);
    const [left, right] = [x - at.actualBoundingBoxLeft, x + at.actualBoundingBoxRight];
    note(this, "text", text, [left, y - at.actualBoundingBoxAscent, right, y + at.actualBoundingBoxDescent]);
    return original.fillText.call(this, text, x, y, ...more);
  };
  prototype.drawImage = function (image, x, y, width, height) {
    note(this, "map", "", [x, y, x + width, y + height]);
    return original.drawImage.apply(this, arguments);
  };
})()"""

FAULTS = """() => {
  const SLACK = 1.25;
  const faults = [];
  const clippers = (element) => {
    const found = [];
    for (let up = element; up && up !== document.documentElement; up = up.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(up);
      found.push([up, overflowX, overflowY]);
      if (position === "fixed") break;
    }
    return found;
  };
  const isShown = (element) => {
    if (element.closest(".unseen, [hidden], .paint, .skip, noscript, script, option, .bubble:not(:popover-open)"))
      return false;
    for (let up = element; up; up = up.parentElement) if (getComputedStyle(up).clipPath !== "none") return false;
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const describe = (element) => {
    const part = element.closest("[data-part]")?.dataset.part ?? "";
    return `${part} ${element.tagName.toLowerCase()}.${[...element.classList].join(".")}`;
  };
  // The figure moves up below an open view, so that window and cell are seen.
  const isMovedIn = (area, element) => area.matches(".figure-area:has(.panel:not([hidden]))")
    && area.querySelector(":scope > .figure")?.contains(element);
  // What is left of a box within the ancestors that scroll; what others cut off is a fault.
  const clip = (box, element, label) => {
    let [left, top, right, bottom] = box;
    for (const [up, x, y] of clippers(element)) {
      if (x === "visible" && y === "visible") continue;
      const edge = up.getBoundingClientRect();
      const scrolls = [x, y].some((how) => how === "auto" || how === "scroll");
      const dots = getComputedStyle(up).textOverflow === "ellipsis";
      if (!scrolls && !dots && up !== document.body && right > left && bottom > top) {
        const over = [edge.left - left, right - edge.right];
        if (!isMovedIn(up, element)) over.push(edge.top - top, bottom - edge.bottom);
        const most = Math.max(...over);
        if (most > SLACK + 0.5) faults.push(`cut off by ${Math.round(most)}: ${label} in ${describe(up)}`);
      }
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return right - left > 1 && bottom - top > 1 ? [left, top, right, bottom] : null;
  };
  const items = [];
  const add = (kind, label, box, element, owner, drawn = null) => {
    if (box[2] - box[0] < 0.5 || box[3] - box[1] < 0.5) return;
    const seen = clip(box, element, label);
    if (seen) items.push({ kind, label, box: seen, full: box, element, owner, drawn });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    const element = node.parentElement;
    if (!text || !isShown(element)) continue;
    const style = getComputedStyle(element);
    if (parseFloat(style.fontSize) < 1) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((rect) => rect.width > 0.5);
    for (const rect of lines) {
      const trim = rect.height * 0.17; // a line of text is higher than its letters
      add("text", `"${text.slice(0, 30)}" in ${describe(element)}`,
        [rect.left, rect.top + trim, rect.right, rect.bottom - trim], element, node);
    }
  }
  for (const canvas of document.querySelectorAll("canvas")) {
    if (!isShown(canvas)) continue;
    const at = canvas.getBoundingClientRect();
    const scale = at.width / (parseFloat(canvas.style.width) || at.width) || 1;
    const inMaps = canvas.closest(".maps");
    if (!inMaps) {
      add("box", `picture in ${describe(canvas)}`, [at.left, at.top, at.right, at.bottom], canvas,
        canvas.closest("[data-picture]") ?? canvas); // its layers lie over each other
      continue;
    }
    for (const { kind, text, box } of window.drawnOn(canvas)) {
      const moved = box.map((value, i) => (i % 2 ? at.top : at.left) + value * scale);
      const label = `${kind === "map" ? "map" : `drawn "${text}"`} in ${describe(inMaps)}`;
      add(kind, label, moved, canvas, kind === "map" ? inMaps : {}, kind === "text" ? canvas : null);
    }
  }
  const BOXES = "table.grid, .field, .choices, button, input, img, .track, .dot";
  for (const element of document.querySelectorAll(BOXES)) {
    if (!isShown(element)) continue;
    const at = element.getBoundingClientRect();
    add("box", describe(element), [at.left, at.top, at.right, at.bottom], element, element);
  }
  // Two things over each other, unless one is inside the other by its nature.
  const related = (a, b) => a.owner === b.owner || a.element.contains(b.element) || b.element.contains(a.element);
  const isOnItsMap = (a, b) => a.element.closest(".maps") && a.element.closest(".maps") === b.element.closest(".maps");
  const layer = (element) => element.closest(
    "dialog[open], .transport, .problems, .bubble, .side, .view-sheet, .explain > .choices, .strip > li:first-child, "
      + ".strip > .answer");
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) {
      const [a, b] = [items[i], items[j]];
      if (a.element === b.element && a.kind === "text" && b.kind === "text" && a.owner === b.owner) continue;
      const across = Math.min(a.box[2], b.box[2]) - Math.max(a.box[0], b.box[0]);
      const down = Math.min(a.box[3], b.box[3]) - Math.max(a.box[1], b.box[1]);
      if (across <= SLACK || down <= SLACK) continue;
      // The words on the empty part of a map lie over cells that are hidden.
      if ([a, b].some(({ element }) => element.closest(".to-come")) && isOnItsMap(a, b)) continue;
      if (a.kind !== "text" || b.kind !== "text") {
        if (related(a, b)) continue;
        const [text, map] = a.kind === "text" ? [a, b] : [b, a];
        if (map.kind === "map" && text.element.matches(".to-come") && isOnItsMap(text, map)) continue; // its label
        if (map.kind === "map" && text.drawn && isOnItsMap(text, map)) {
          const inside = text.box[0] >= map.box[0] - 1 && text.box[2] <= map.box[2] + 1
            && text.box[1] >= map.box[1] - 1 && text.box[3] <= map.box[3] + 1;
          if (inside) continue; // a number in its cell
        }
      } else if (a.owner === b.owner) continue;
      // The question mark of the moving layer covers the number below it.
      if (a.drawn && b.drawn && a.drawn !== b.drawn && isOnItsMap(a, b)) continue;
      // What is fixed or sticky lies over a page that scrolls below it.
      if (layer(a.element) !== layer(b.element)) {
        const over = [layer(a.element), layer(b.element)].filter(Boolean);
        const floats = over.some((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position));
        const isPresenting = document.documentElement.hasAttribute("data-present");
        if (floats && !(isPresenting && !over.some((one) => one.matches("dialog, .problems")))) continue;
      }
      faults.push(`over each other by ${Math.round(across)} × ${Math.round(down)}: ${a.label} | ${b.label}`);
    }
  }
  // Wires run beside the numbers of a neuron, not through them.
  for (const svg of document.querySelectorAll(".neuron svg")) {
    const lines = [...svg.querySelectorAll("line")].map((line) => {
      const matrix = line.getScreenCTM();
      const end = (x, y) => new DOMPoint(line[x].baseVal.value, line[y].baseVal.value).matrixTransform(matrix);
      return [end("x1", "y1"), end("x2", "y2")];
    });
    for (const wire of svg.querySelectorAll("polyline")) {
      const matrix = wire.getScreenCTM();
      const points = [...wire.points].map((point) => new DOMPoint(point.x, point.y).matrixTransform(matrix));
      for (let k = 1; k < points.length; k++) lines.push([points[k - 1], points[k]]);
    }
    for (const item of items.filter(({ kind, element }) => kind === "text" && svg.contains(element))) {
      const [left, top, right, bottom] = item.full;
      const hit = lines.some(([from, to]) => Array.from({ length: 65 }, (_, k) => k / 64).some((t) => {
        const [x, y] = [from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t];
        return x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1;
      }));
      if (hit) faults.push(`a wire through ${item.label}`);
    }
  }
  // What leaves its panel.
  for (const item of items) {
    const panel = item.element.closest(".figure, .transport, .panel, .problem, .side, .stage, .top, .explain");
    if (!panel || panel === item.element) continue;
    const { position } = getComputedStyle(layer(item.element) ?? panel);
    const edge = position === "fixed" ? new DOMRect(0, 0, innerWidth, innerHeight) : panel.getBoundingClientRect();
    const [left, top, right, bottom] = item.box;
    const over = Math.max(edge.left - left, edge.top - top, right - edge.right, bottom - edge.bottom);
    if (over > SLACK + 0.5) faults.push(`leaves ${describe(panel)} by ${Math.round(over)}: ${item.label}`);
  }
  const wide = [document.documentElement, ...document.querySelectorAll(".main, .figure, .box, .sums, .transport")];
  for (const element of wide) {
    if (!isShown(element)) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
      faults.push(`${element.scrollWidth - element.clientWidth} px wider than its place: ${describe(element)}`);
  }
  return [...new Set(faults)];
}"""


def find_overlaps(page: Page) -> list[str]:
    """One line for each two things over each other, each thing cut off or out of its panel, each place too narrow."""
    found: list[str] = page.evaluate(FAULTS)
    return found
