// The fields of the form: photos made small, the place, and mistakes beside their fields.
(function (phone) {
  "use strict";
  const { setup, $, say, make, icon, small, pinning } = phone;
  const form = $("report");
  const picked = { photos: [], after_photos: [] };
  let shrinking = Promise.resolve(), mapped = false;

  // A mistake beside its field, read aloud with it; what belongs to no field is said at the top.
  function wrong(name, words) {
    const field = $(name), place = $(name + "-wrong");
    if (!field || !place) {
      phone.tell(words, true);
      return null;
    }
    place.textContent = words;
    field.setAttribute("aria-invalid", "true");
    const folded = field.closest("details");
    if (folded) folded.open = true;
    return field;
  }

  function right() {
    form.querySelectorAll(".wrong").forEach((place) => (place.textContent = ""));
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    const summary = $("wrong");
    if (summary) summary.remove();
    phone.tell("");
  }

  function draw(name) {
    const shots = $(name + "-shots");
    shots.textContent = "";
    picked[name].forEach((one, n) => {
      const figure = make("span", "shot"), picture = make("img"), away = make("button");
      picture.src = one.address;
      picture.alt = say("photo", { n: n + 1 });
      away.type = "button";
      away.setAttribute("aria-label", say("remove", { n: n + 1 }));
      away.appendChild(icon("cross"));
      away.onclick = () => {
        URL.revokeObjectURL(one.address);
        picked[name].splice(n, 1);
        draw(name);
        $(name).focus();
      };
      figure.appendChild(picture);
      figure.appendChild(away);
      shots.appendChild(figure);
    });
  }

  async function add(name, files) {
    for (const file of files) {
      if (picked.photos.length + picked.after_photos.length >= setup.photos.most) {
        wrong(name, say("most", { n: setup.photos.most }));
        return;
      }
      const blob = await small(file);
      picked[name].push({ blob: blob, address: URL.createObjectURL(blob) });
      draw(name);
    }
  }

  function place(lat, lon, words) {
    form.elements.lat.value = lat ? lat.toFixed(6) : "";
    form.elements.lon.value = lon ? lon.toFixed(6) : "";
    $("where").textContent = words;
  }

  // What a phone gives is WGS-84, as browsers promise; some Chinese system web views are said to give GCJ-02. Not verified.
  function locate() {
    $("where").textContent = say("locating");
    navigator.geolocation.getCurrentPosition(
      (found) => place(found.coords.latitude, found.coords.longitude, say("located", { m: Math.round(found.coords.accuracy) })),
      () => ($("where").textContent = say("not_located")),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
    );
  }

  function openMap() {
    if (!$("pin").open || mapped) return;
    mapped = true;
    fetch("/form/map?lang=" + setup.lang, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((drawn) => {
        $("map").innerHTML = drawn; // our own server's drawing
        pinning($("map").querySelector("svg"), document.querySelectorAll("[data-zoom]"), (lon, lat) =>
          place(lat, lon, say("pinned", { lat: lat.toFixed(5), lon: lon.toFixed(5) })),
        );
      })
      .catch(() => {
        mapped = false;
        $("where").textContent = say("no_map");
      });
  }

  // What is written, without empty fields; photos once they are small.
  async function read() {
    await shrinking;
    const fields = {};
    Array.from(form.elements).forEach((field) => {
      if (!field.name || field.name === "id" || field.type === "file" || (field.type === "checkbox" && !field.checked)) return;
      if (field.value.trim()) fields[field.name] = field.value;
    });
    if (!fields.lat) delete fields.datum;
    const files = picked.photos.map((one) => ({ name: "photos", blob: one.blob }));
    if (fields.fixed) picked.after_photos.forEach((one) => files.push({ name: "after_photos", blob: one.blob }));
    return { fields: fields, files: files };
  }

  function clear() {
    form.reset();
    form.querySelectorAll("input[type=text], textarea").forEach((field) => (field.value = ""));
    Object.keys(picked).forEach((name) => {
      picked[name].forEach((one) => URL.revokeObjectURL(one.address));
      picked[name] = [];
      draw(name);
    });
    place(0, 0, "");
    form.querySelectorAll("details").forEach((folded) => (folded.open = false));
    const plate = $("plate");
    if (plate) plate.remove();
  }

  // A report that was refused, back into the form.
  function fill(item) {
    clear();
    Object.keys(item.fields).forEach((name) => {
      const field = form.elements[name];
      if (!field) return;
      if (field.type === "checkbox") field.checked = true;
      else field.value = item.fields[name];
    });
    item.files.forEach((file) => picked[file.name].push({ blob: file.blob, address: URL.createObjectURL(file.blob) }));
    Object.keys(picked).forEach(draw);
    if (item.fields.lat) $("where").textContent = say("pinned", item.fields);
  }

  const isEmpty = () => {
    const written = Array.from(form.querySelectorAll("input[type=text], textarea")).some((field) => field.value.trim());
    return !written && !picked.photos.length && !picked.after_photos.length;
  };

  if (form) {
    form.querySelectorAll("input[type=file]").forEach((input) =>
      input.addEventListener("change", () => {
        const files = Array.from(input.files);
        input.value = "";
        shrinking = shrinking.then(() => add(input.name, files));
      }),
    );
    form.addEventListener("input", (event) => {
      const mistake = $(event.target.id + "-wrong");
      if (mistake) mistake.textContent = "";
      event.target.removeAttribute("aria-invalid");
    });
    const can = navigator.geolocation && window.isSecureContext !== false;
    $("here").hidden = !can;
    $("no-here").hidden = Boolean(can);
    $("here").onclick = locate;
    $("pin").addEventListener("toggle", openMap);
  }

  Object.assign(phone, { form, wrong, right, read, clear, fill, isEmpty });
})((window.phone = window.phone || {}));
