// Typed values are not lost: leaving a changed form asks first; a form is sent once only.
(() => {
  "use strict";
  const changed = new Set();
  const forms = () => document.querySelectorAll("form[data-hr-unsaved]");

  function mark(form, is) {
    if (is) changed.add(form); else changed.delete(form);
    const word = form.querySelector("[data-hr-unsaved-word]");
    if (word) word.hidden = !is;
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest ? event.target.closest("form[data-hr-unsaved]") : null;
    if (form) mark(form, true);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-hr-unsaved]")) return;
    if (form.dataset.hrSent) { event.preventDefault(); return; }
    form.dataset.hrSent = "yes";
    mark(form, false);
  });
  window.addEventListener("pageshow", () => forms().forEach((form) => delete form.dataset.hrSent));
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const form of [...changed]) if (!form.isConnected) changed.delete(form);
    const first = document.querySelector("[autofocus][aria-invalid=true]");
    if (first) first.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "Enter") return;
    const form = event.target.closest ? event.target.closest("form[data-hr-unsaved]") : null;
    if (form) { event.preventDefault(); form.requestSubmit(); }
  });
})();
