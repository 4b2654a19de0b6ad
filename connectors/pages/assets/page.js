// Every page: keeps clocks going, listens to the live stream, sends forms to the API.
import { tick } from "./clock.js";
import { listen } from "./live.js";
import { follow } from "./fresh.js";
import { take } from "./forms.js";
import { places } from "./place.js";

document.documentElement.classList.add("scripted");
tick();
take();
places();
follow(listen);
