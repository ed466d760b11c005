// A place to drop a file on; the name of the chosen file is shown, the browser's own words are hidden.
(() => {
  "use strict";
  const size = (bytes) => bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`;
  function show(zone) {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-hr-drop-name]");
    if (input.files.length && name) name.textContent = [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
  }
  const ready = () => document.querySelectorAll("[data-hr-drop]").forEach((zone) => zone.classList.add("is-ready"));
  document.addEventListener("htmx:afterSettle", ready);
  ready();
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest ? event.target.closest("[data-hr-drop]") : null;
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      const input = zone.querySelector("input[type=file]");
      const taken = new DataTransfer();
      for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) taken.items.add(file);
      input.files = taken.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  document.addEventListener("change", (event) => {
    const zone = event.target.closest ? event.target.closest("[data-hr-drop]") : null;
    if (zone) show(zone);
  });
})();
