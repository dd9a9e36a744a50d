/** The pages of exercises: the one that makes them, and the one on which a student answers. */

import { startMaker } from "convoscope/shells/exercises/exercise-form.js";
import { startTries } from "convoscope/shells/exercises/exercise-tries.js";
import { listenPlainHeader } from "convoscope/ui/page/plain-header.js";

const root = document.body;

listenPlainHeader(root);
if (root.querySelector("[data-part=maker]")) startMaker(root);
else startTries(root);
