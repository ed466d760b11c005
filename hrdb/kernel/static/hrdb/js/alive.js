// A session lasts while somebody types; a form is not sent into a session that has ended, so nothing typed is lost.
(() => {
  "use strict";
  const BETWEEN = 5 * 60 * 1000;
  let asked = Date.now(); // when the session was last known to live

  async function ask() {
    const answer = await fetch("/alive/", { redirect: "manual", headers: { Accept: "application/json" } });
    if (!answer.ok) return answer.type === "opaqueredirect" ? false : null;
    const { token } = await answer.json();
    asked = Date.now();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  }
  function warn() {
    const text = "Phiên làm việc đã hết, chưa gửi gì. Mở trang đăng nhập ở thẻ mới, đăng nhập rồi quay lại đây gửi tiếp: nội dung vẫn còn nguyên.";
    document.dispatchEvent(new CustomEvent("hr:toast", { detail: { text, tone: "bad", stays: true } }));
  }
  const isOurs = (target) => target && target.closest && target.closest("form[data-hr-unsaved]");

  document.addEventListener("input", (event) => {
    if (isOurs(event.target) && Date.now() - asked > BETWEEN) ask().then((is) => { if (is === false) warn(); }, () => {});
  });
  document.addEventListener("submit", (event) => {
    const form = isOurs(event.target);
    if (!form || Date.now() - asked < BETWEEN) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    ask().then((is) => { if (is === false) warn(); else form.requestSubmit(button); }, () => form.requestSubmit(button));
  }, true);
})();
