// What pages of entries do beyond forms: rows that are dragged, words that are counted and a text that is checked while somebody
// types. All of it works without: by the buttons beside each row, and by looking at it.
"use strict";
(() => {
  document.documentElement.className = "js";
  const $ = (id) => document.getElementById(id);

  // ---- the order -----------------------------------------------------------------------------------------------------------

  const list = document.querySelector("[data-sort]");
  if (list) {
    let dragged = null;
    let before = "";
    const order = () => [...list.children].map((row) => row.dataset.id).join(",");
    const send = (row) => {
      if (order() === before) return;
      $("order").value = order();
      $("dragged").value = row.dataset.id;
      $("order-form").submit();
    };
    // pointer events: a mouse, a finger and a pen alike
    list.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest(".grip");
      if (!grip || event.button > 0) return;
      event.preventDefault();
      dragged = grip.closest("li");
      before = order();
      dragged.classList.add("is-dragged");
      grip.setPointerCapture(event.pointerId);
    });
    list.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const row = under && under.closest("[data-sort] > li");
      if (!row || row === dragged) return;
      const box = row.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
    });
    const drop = (keep) => {
      if (!dragged) return;
      const row = dragged;
      dragged = null;
      row.classList.remove("is-dragged");
      if (keep) send(row);
    };
    list.addEventListener("pointerup", () => drop(true));
    list.addEventListener("pointercancel", () => drop(false));
  }

  // ---- the text ------------------------------------------------------------------------------------------------------------

  const form = $("entry-form");
  if (!form) return;
  const take = (fresh, id) => {
    const [old, next] = [$(id), fresh.getElementById(id)];
    if (old && next && old.innerHTML !== next.innerHTML) old.innerHTML = next.innerHTML;
  };
  let asked = 0;
  let planned = 0;
  const check = async () => {
    const version = (asked += 1);
    const data = new FormData(form);
    data.delete("picture");
    data.set("do", "check");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok || version !== asked) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["lint", "preview-phone", "question-count", "short-count"]) take(fresh, id);
      document.dispatchEvent(new CustomEvent("entry-checked", { detail: fresh }));
    } catch {
      // the next key asks again; saving tells what is wrong
    }
  };
  let typed = false;
  form.addEventListener("input", () => {
    typed = true;
    clearTimeout(planned);
    planned = setTimeout(check, 500);
  });
  form.addEventListener("submit", () => (typed = false));
  addEventListener("beforeunload", (event) => typed && event.preventDefault());
})();
