// A calendar beside a day field (dd/mm/yyyy), weeks from Monday; the field itself stays a plain text field.
(() => {
  "use strict";
  const HEADS = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"];
  const pad = (number) => String(number).padStart(2, "0");
  const written = (day) => `${pad(day.getDate())}/${pad(day.getMonth() + 1)}/${day.getFullYear()}`;
  let open = null;

  function typed(text) {
    const found = /^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*$/.exec(text);
    if (!found) return null;
    const day = new Date(+found[3], +found[2] - 1, +found[1]);
    return day.getMonth() === +found[2] - 1 ? day : null;
  }
  function button(text, label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", action);
    return made;
  }
  function close() {
    if (!open) return;
    open.box.remove();
    open.opener.setAttribute("aria-expanded", "false");
    open = null;
  }
  function draw(focused) {
    const { box, field, month } = open;
    const chosen = typed(field.value);
    const move = (months) => { month.setMonth(month.getMonth() + months); draw(false); };
    const title = document.createElement("span");
    title.textContent = `Tháng ${month.getMonth() + 1}/${month.getFullYear()}`;
    title.setAttribute("aria-live", "polite");
    const top = document.createElement("div");
    top.className = "top";
    top.append(button("«", "Năm trước", () => move(-12)), button("‹", "Tháng trước", () => move(-1)), title,
      button("›", "Tháng sau", () => move(1)), button("»", "Năm sau", () => move(12)));
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    HEADS.forEach((text) => { const cell = document.createElement("th"); cell.scope = "col"; cell.textContent = text; head.append(cell); });
    const body = table.createTBody();
    const day = new Date(month.getFullYear(), month.getMonth(), 1);
    day.setDate(1 - ((day.getDay() + 6) % 7));
    for (let week = 0; week < 6; week += 1) {
      const row = body.insertRow();
      for (let place = 0; place < 7; place += 1) {
        const value = new Date(day);
        const one = button(String(day.getDate()), written(day), () => take(value));
        if (day.getMonth() !== month.getMonth()) one.className = "out";
        if (written(day) === written(new Date())) one.setAttribute("aria-current", "date");
        if (chosen && written(day) === written(chosen)) one.setAttribute("aria-pressed", "true");
        one.tabIndex = focused && written(day) === written(focused) ? 0 : -1;
        row.insertCell().append(one);
        day.setDate(day.getDate() + 1);
      }
    }
    box.replaceChildren(top, table);
    const at = box.querySelector("td button[tabindex='0']") || box.querySelector("td button[aria-pressed]") || box.querySelector("td button:not(.out)");
    at.tabIndex = 0;
    if (focused) at.focus();
  }
  function take(day) {
    const { field } = open;
    field.value = written(day);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  }
  function show(frame, opener) {
    const field = frame.querySelector("input");
    close();
    const day = typed(field.value) || new Date();
    const box = document.createElement("div");
    box.className = "calendar";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", "Chọn ngày");
    frame.append(box);
    open = { box, field, opener, month: new Date(day.getFullYear(), day.getMonth(), 1) };
    opener.setAttribute("aria-expanded", "true");
    draw(day);
    box.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
      const at = event.target.closest("td button");
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); field.focus(); }
      else if (step && at) {
        event.preventDefault();
        const to = typed(at.getAttribute("aria-label"));
        to.setDate(to.getDate() + step);
        open.month = new Date(to.getFullYear(), to.getMonth(), 1);
        draw(to);
      }
    });
  }
  function prepare(root) {
    root.querySelectorAll("[data-hr-calendar]:not([data-hr-ready])").forEach((frame) => {
      frame.dataset.hrReady = "";
      const opener = document.createElement("button");
      opener.type = "button";
      opener.setAttribute("aria-label", "Mở lịch");
      opener.setAttribute("aria-expanded", "false");
      opener.innerHTML = '<svg width="15" height="15" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M8 2v4M16 2v4M3 10h18"/><rect x="3" y="4" width="18" height="18" rx="2"/></svg>';
      opener.addEventListener("click", () => { if (open && open.opener === opener) close(); else show(frame, opener); });
      frame.append(opener);
    });
  }
  document.addEventListener("click", (event) => { if (open && !open.box.parentElement.contains(event.target) && event.target.isConnected) close(); });
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));
  prepare(document);
})();
