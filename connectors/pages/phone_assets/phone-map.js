// A pin on the map of the region: tap, drag, zoom, arrow keys. It gives WGS-84 degrees.
(function (phone) {
  "use strict";

  // `keys` are the buttons for zooming; `choose(lon, lat)` is called for each place of the pin.
  function pinning(svg, keys, choose) {
    const of = (name) => Number(svg.getAttribute("data-" + name));
    const box = svg.getAttribute("viewBox").split(" ").map(Number), wide = box[2], high = box[3];
    const mark = svg.querySelector(".mark"), view = { x: 0, y: 0, size: 1 };
    let at = null, from = null;
    const within = (value, most) => Math.min(Math.max(value, 0), most);
    function draw() {
      view.x = within(view.x, wide - wide * view.size);
      view.y = within(view.y, high - high * view.size);
      svg.setAttribute("viewBox", [view.x, view.y, wide * view.size, high * view.size].join(" "));
      svg.querySelectorAll("text").forEach((one) => one.setAttribute("font-size", String(view.size * 36)));
      svg.querySelectorAll("circle.spot").forEach((one) => one.setAttribute("r", String(view.size * 10)));
      svg.classList.toggle("far", view.size > 0.4);
      if (at) mark.setAttribute("transform", "translate(" + at.x + " " + at.y + ") scale(" + view.size * 3 + ")");
    }
    function put(x, y) {
      at = { x: within(x, wide), y: within(y, high) };
      mark.removeAttribute("hidden");
      choose(of("west") + at.x / of("per-lon"), of("north") - at.y / of("per-lat"));
      draw();
    }
    function zoom(factor) {
      const middle = at || { x: view.x + (wide * view.size) / 2, y: view.y + (high * view.size) / 2 };
      view.size = Math.min(Math.max(view.size * factor, 0.05), 1);
      view.x = middle.x - (wide * view.size) / 2;
      view.y = middle.y - (high * view.size) / 2;
      draw();
    }
    const unit = () => 1 / svg.getScreenCTM().a;
    svg.addEventListener("pointerdown", (event) => (from = { x: event.clientX, y: event.clientY, vx: view.x, vy: view.y, moved: false }));
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const dx = event.clientX - from.x, dy = event.clientY - from.y;
      if (!from.moved && Math.hypot(dx, dy) < 8) return;
      from.moved = true;
      view.x = from.vx - dx * unit();
      view.y = from.vy - dy * unit();
      draw();
    });
    svg.addEventListener("pointerup", () => setTimeout(() => (from = null), 0));
    svg.addEventListener("pointercancel", () => (from = null));
    svg.addEventListener("click", (event) => {
      if (from && from.moved) return;
      const matrix = svg.getScreenCTM();
      put((event.clientX - matrix.e) / matrix.a, (event.clientY - matrix.f) / matrix.d);
    });
    svg.addEventListener("keydown", (event) => {
      const step = 20 * view.size;
      const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (event.key === "+" || event.key === "=") zoom(0.5);
      else if (event.key === "-") zoom(2);
      else if (way) put((at ? at.x : wide / 2) + way[0], (at ? at.y : high / 2) + way[1]);
      else return;
      event.preventDefault();
    });
    keys.forEach((one) => (one.onclick = () => zoom(one.dataset.zoom === "in" ? 0.5 : 2)));
    draw();
  }

  Object.assign(phone, { pinning });
})((window.phone = window.phone || {}));
