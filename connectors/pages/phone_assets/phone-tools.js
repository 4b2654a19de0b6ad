// The chat and the form, in files that share `phone`. Written for Android 8's web view and WeChat's browser: ES2017
// (Chrome 58), no build, no modules, no optional chaining, no object spread. Here: what all parts use.
(function (phone) {
  "use strict";
  const setup = JSON.parse(document.getElementById("setup").textContent);
  const $ = (id) => document.getElementById(id);

  const say = (key, facts) => setup.words[key].replace(/\{(\w+)\}/g, (_, name) => (facts && facts[name]) || "");
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => ("0" + byte.toString(16)).slice(-2)).join("");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  function make(tag, className, content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (content !== undefined) element.textContent = content;
    return element;
  }

  function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "/assets/icons.svg#" + name);
    use.setAttributeNS("http://www.w3.org/1999/xlink", "href", "/assets/icons.svg#" + name);
    svg.appendChild(use);
    return svg;
  }

  function link(href, content) {
    const anchor = make("a", "", content);
    anchor.href = href;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    return anchor;
  }

  function button(label, action) {
    const element = make("button", "", label);
    element.type = "button";
    element.onclick = action;
    return element;
  }

  function tell(words, bad) {
    const note = $("note");
    note.textContent = words;
    note.className = bad ? "bad" : "";
    note.hidden = !words;
  }

  Object.assign(phone, { setup, $, say, fresh, pause, make, icon, link, button, tell });
})((window.phone = window.phone || {}));
