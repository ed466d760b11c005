// Filters apply by themselves; empty fields stay out of the address; the keyboard keeps its place in a list.
(() => {
  "use strict";
  let waiting;
  let typed = null;

  document.addEventListener("input", (event) => {
    const form = event.target.closest ? event.target.closest("form[data-hr-filters]") : null;
    if (!form || !event.target.matches("input[type=search], .search input")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(), 300);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest ? event.target.closest("form[data-hr-filters]") : null;
    if (!form || event.target.matches("input[type=search], input[type=text], input[type=number], .search input")) return;
    if (event.target.closest(".panel.many") || event.target.name === "columns") return;
    form.requestSubmit();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLElement) || !form.matches("form[data-hr-filters]")) return;
    const sent = event.detail.parameters;
    const boxes = [...form.querySelectorAll("input[name=columns]")];
    const untouched = boxes.every((box) => box.checked === box.defaultChecked);
    if (untouched && !new URLSearchParams(location.search).has("columns")) sent.delete("columns");
    const withDefault = (form.dataset.hrDefaults || "").split(" ");
    for (const [key, value] of [...sent.entries()]) if (value === "" && !withDefault.includes(key)) sent.delete(key);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const field = document.activeElement;
    if (event.detail.target && event.detail.target.id === "list" && field && field.matches("form[data-hr-filters] .search input")) {
      typed = { value: field.value, at: field.selectionStart };
    }
  });
  let place = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    const link = document.activeElement;
    if (!event.detail.target || event.detail.target.id !== "list" || !link || !link.matches(":is(#list thead a, #list .pages a):focus-visible")) return;
    const head = link.closest("th");
    place = { head: head ? head.cellIndex : -1 };
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!place) return;
    const head = place.head < 0 ? null : document.querySelectorAll("#list thead th")[place.head];
    const link = head ? head.querySelector("a") : document.querySelector("#list tbody a");
    place = null;
    if (link) link.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterSettle", () => {
    const field = typed && document.querySelector("form[data-hr-filters] .search input");
    if (!field) return;
    field.value = typed.value;
    field.focus();
    field.setSelectionRange(typed.at, typed.at);
    typed = null;
  });
})();
