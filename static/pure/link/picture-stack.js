/**
 * The stack of pictures of a Scene, `image` first, and edits of it. Controls see a Scene whose image is the picture that
 * is shown, and their edits go to that picture.
 */

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene} from "convoscope/pure/types.js" */

/** The most pictures behind the first. */
const MOST = 8;

/** All pictures, one without a stack. @param {Scene} scene */
export function stackOf({ image, batch = [] }) {
  return [image, ...batch];
}

/** The picture that is shown. @param {Scene} scene */
export function shownImage(scene) {
  return stackOf(scene)[scene.item ?? 0];
}

/** Whether a picture of the stack is the user's. @param {Scene} scene */
export function hasUpload(scene) {
  return stackOf(scene).some((image) => "upload" in image);
}

/** The link of a picture of the stack. @param {string} link of another one @param {number} item */
export function linkOfItem(link, item) {
  return [...link.split("&").filter((pair) => pair && !pair.startsWith("item=")), `item=${item}`].join("&");
}

/** Whether the stack has room for another picture. @param {Scene} scene */
export function hasRoom({ batch = [] }) {
  return batch.length < MOST;
}

/** The Scene as controls see it: its image is the picture that is shown. @param {Scene} scene @returns {Scene} */
export function sceneOfItem(scene) {
  return scene.batch ? { ...scene, image: shownImage(scene) } : scene;
}

/**
 * An edit of the Scene that controls see, as an edit of the Scene: the picture that is shown changes.
 * @param {Edit} edit @returns {Edit}
 */
export function editItem(edit) {
  return (scene) => {
    const edited = edit(sceneOfItem(scene));
    return scene.batch
      ? withStack(edited, stackOf(scene).with(scene.item ?? 0, edited.image), scene.item ?? 0)
      : edited;
  };
}

/** Adds a picture at the end of the stack, and shows it. @param {Record<string, unknown>} image @returns {Edit} */
export function addPicture(image) {
  return (scene) => withStack(scene, [...stackOf(scene), image], stackOf(scene).length);
}

/** Takes the picture that is shown out of the stack. @type {Edit} */
export function removePicture(scene) {
  const item = scene.item ?? 0;
  const left = stackOf(scene).toSpliced(item, 1);
  return left.length ? withStack(scene, left, Math.min(item, left.length - 1)) : scene;
}

/**
 * The Scene without an upload that is no longer there: another picture takes its place, or none in a stack of others.
 * @param {Scene} scene @param {string} id @param {Record<string, unknown>} otherwise @returns {Scene}
 */
export function withoutUpload(scene, id, otherwise) {
  const left = stackOf(scene).filter(({ upload }) => upload !== id);
  const item = Math.min(scene.item ?? 0, Math.max(left.length - 1, 0));
  return withStack({ ...scene, crop: null }, left.length ? left : [otherwise], item);
}

/** @param {Scene} scene @param {Record<string, unknown>[]} stack @param {number} item @returns {Scene} */
function withStack(scene, [image, ...batch], item) {
  const { batch: _, item: __, ...others } = scene;
  return { ...others, image, ...(batch.length ? { batch, item } : {}) };
}
