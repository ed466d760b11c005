// Ctrl K opens the search dialog anywhere; arrows walk the hits, Enter opens, Esc closes.
(() => {
  "use strict";
  const palette = document.querySelector("[data-hr-palette]");
  if (!palette || !palette.showModal) return;
  const field = palette.querySelector("input[name=q]");

  function open(text) {
    if (!palette.open) palette.showModal();
    field.value = text || "";
    field.focus();
    if (text) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("");
    }
  });
  document.querySelectorAll("[data-hr-palette-open] input[name=q]").forEach((input) => {
    input.addEventListener("mousedown", (event) => { event.preventDefault(); open(input.value); });
    input.addEventListener("input", () => { const text = input.value; input.value = ""; open(text); });
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  palette.addEventListener("keydown", (event) => {
    const hits = [...palette.querySelectorAll("[data-hr-hit]")];
    const at = hits.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && hits.length) { event.preventDefault(); hits[Math.min(at + 1, hits.length - 1)].focus(); }
    else if (event.key === "ArrowUp" && hits.length) { event.preventDefault(); if (at <= 0) field.focus(); else hits[at - 1].focus(); }
    else if (event.key === "Enter" && document.activeElement === field && hits.length) { event.preventDefault(); hits[0].click(); }
  });
})();
