// The frame: drawer on a narrow screen, menus that close, the chosen look.
(() => {
  "use strict";
  const drawer = document.querySelector("[data-hr-drawer]");
  const openers = document.querySelectorAll("[data-hr-drawer-open]");

  function setDrawer(open) {
    if (!drawer) return;
    drawer.classList.toggle("is-open", open);
    openers.forEach((one) => one.setAttribute("aria-expanded", String(open)));
    if (open) (drawer.querySelector("[aria-current]") || drawer.querySelector("a")).focus();
    else if (openers[0] && openers[0].offsetParent) openers[0].focus();
  }
  openers.forEach((one) => one.addEventListener("click", (event) => { event.preventDefault(); setDrawer(true); }));
  document.querySelectorAll("[data-hr-drawer-close]").forEach((one) =>
    one.addEventListener("click", (event) => { event.preventDefault(); setDrawer(false); }));
  if (drawer) {
    drawer.addEventListener("keydown", (event) => {
      if (event.key !== "Tab" || !drawer.classList.contains("is-open")) return;
      const links = [...drawer.querySelectorAll("a")].filter((link) => link.offsetParent);
      const edge = event.shiftKey ? links[0] : links[links.length - 1];
      if (document.activeElement === edge) { event.preventDefault(); (event.shiftKey ? links[links.length - 1] : links[0]).focus(); }
    });
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-hr-menu][open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }
  document.addEventListener("click", (event) => {
    if (event.target.isConnected) closeMenus(event.target.closest("details[data-hr-menu]"));
  });
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches("details[data-hr-menu]") || !menu.open) return;
    closeMenus(menu);
    focusFirst(menu);
  }, true);
  // A menu whose fields are fetched when it opens has the focus in them, too.
  document.addEventListener("htmx:afterSettle", (event) => {
    const menu = event.target.closest ? event.target.closest("details[data-hr-menu][open]") : null;
    if (menu && !menu.querySelector(".panel :focus")) focusFirst(menu);
  });
  function focusFirst(menu) {
    const field = menu.querySelector(".panel input:not([type=hidden]):not([type=checkbox]), .panel select");
    if (field) { field.focus(); if (field.select) field.select(); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = document.querySelector("details[data-hr-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (drawer && drawer.classList.contains("is-open")) setDrawer(false);
  });

  document.querySelectorAll("[data-hr-theme]").forEach((box) => {
    box.hidden = false;
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-hr-theme-set]");
      if (!button) return;
      const theme = button.dataset.hrThemeSet;
      document.documentElement.dataset.theme = theme;
      document.cookie = `hr-theme=${theme};path=/;max-age=31536000;samesite=lax`;
      closeMenus(null);
    });
  });
})();
