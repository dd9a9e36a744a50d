/** A page that is read and printed: its header alone has something to press. */

import { listenPlainHeader } from "convoscope/ui/page/plain-header.js";

listenPlainHeader(document.body);
