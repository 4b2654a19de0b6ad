// Photos are made small before they are sent, with the time and the position that the camera wrote.
(function (phone) {
  "use strict";
  const limits = phone.setup.photos || {}, SIDE = limits.side || 1600, QUALITY = (limits.quality || 82) / 100;

  async function small(file) {
    const source = URL.createObjectURL(file);
    try {
      const picture = await new Promise((done, fail) => {
        const image = new Image();
        image.onload = () => done(image);
        image.onerror = fail;
        image.src = source;
      });
      const scale = Math.min(1, SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      canvas.width = canvas.height = 0; // gives the memory back at once
      if (!drawn || drawn.size > file.size) return file;
      return await withExif(file, drawn);
    } catch (_) {
      return file; // a format that this browser cannot draw; the server looks at it
    } finally {
      URL.revokeObjectURL(source);
    }
  }

  async function withExif(file, drawn) {
    const raw = await read(file.slice(0, 131072)), view = new DataView(raw);
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return drawn;
    for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
      const end = at + 2 + view.getUint16(at + 2);
      if (view.getUint8(at + 1) !== 0xe1 || view.getUint32(at + 4) !== 0x45786966 || end > view.byteLength) continue;
      if (window.CSS && CSS.supports("image-orientation", "from-image")) upright(view, at + 10, end);
      return new Blob([drawn.slice(0, 2), raw.slice(at, end), drawn.slice(2)], { type: "image/jpeg" });
    }
    return drawn;
  }

  // The canvas is turned already where the browser obeys the camera's orientation: nobody may turn it again.
  function upright(view, tiff, end) {
    const small_ = view.getUint16(tiff) === 0x4949, dir = tiff + view.getUint32(tiff + 4, small_);
    if (dir + 2 > end) return;
    for (let n = 0, at = dir + 2; n < view.getUint16(dir, small_) && at + 12 <= end; n += 1, at += 12) {
      if (view.getUint16(at, small_) === 0x0112) view.setUint16(at + 8, 1, small_);
    }
  }

  const read = (blob) =>
    new Promise((done, fail) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = fail;
      reader.readAsArrayBuffer(blob);
    });

  Object.assign(phone, { small });
})((window.phone = window.phone || {}));
