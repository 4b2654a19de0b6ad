// On a page whose forms the browser itself sends: photos are made small as soon as they are chosen.
(function (phone) {
  "use strict";
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    try {
      const box = new DataTransfer(); // from Chrome 60 on; before, and wherever this fails, they go as they are
      for (const file of Array.from(input.files)) {
        const blob = await phone.small(file);
        box.items.add(new File([blob], file.name, { type: blob.type }));
      }
      input.files = box.files;
    } catch (_) {
      return;
    }
  });
})((window.phone = window.phone || {}));
