// Answers on phones: found while typing, and read over the ticket's page, so that this stays live and rings. Without this script
// every link and form leads to a page of its own.
"use strict";
(() => {
  const TYPING = 200;
  // so long without a letter, and the words are what is looked for
  const MEANT = 2000;
  const ticket = document.body.dataset.page === "ticket";
  const find = document.querySelector("[data-find]");
  const found = document.getElementById("found");

  const fetched = async (address, options) => {
    const answer = await fetch(address, { cache: "no-store", ...options });
    return { html: await answer.text(), at: new URL(answer.url).pathname };
  };
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  // ---- searching -----------------------------------------------------------------------------------------------------------

  let asked = 0;
  let timer = 0;
  const look = async (typing) => {
    const mine = ++asked;
    const query = new URLSearchParams(new FormData(find));
    if (typing) query.set("typing", "");
    if (!query.get("q").trim()) {
      if (ticket) found.replaceChildren();
      return;
    }
    try {
      const fresh = parsed((await fetched(find.action + "?" + query)).html).getElementById("found");
      if (fresh && mine === asked) found.innerHTML = fresh.innerHTML;
    } catch {
      // the connection is away: what was found before stands
    }
    if (typing) timer = setTimeout(() => look(false), MEANT);
  };
  if (find) {
    find.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look(true), TYPING);
    });
    find.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      look(false);
    });
  }

  // ---- reading over the ticket's page ----------------------------------------------------------------------------------------

  if (!ticket || !window.HTMLDialogElement) return;
  const reader = document.createElement("dialog");
  document.querySelector("main").append(reader);

  const show = (html, fallback) => {
    const fresh = parsed(html).querySelector("main#answers");
    if (!fresh) return void location.assign(fallback);
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "button reader-close", textContent: "×" });
    close.setAttribute("aria-label", document.title);
    close.addEventListener("click", () => reader.close());
    // the page below has a field of that name already
    for (const one of fresh.querySelectorAll("[data-find], #found ul, #found form, section")) one.remove();
    for (const one of fresh.querySelectorAll("[id]")) one.removeAttribute("id");
    const inside = document.createElement("div");
    inside.append(...fresh.childNodes);
    reader.setAttribute("aria-label", inside.querySelector("h1").textContent);
    reader.replaceChildren(inside, close);
    if (!reader.open) reader.showModal();
    reader.scrollTop = 0;
  };
  reader.addEventListener("close", () => document.dispatchEvent(new CustomEvent("fresh")));
  document.addEventListener("called", () => reader.open && reader.close());

  document.addEventListener("click", async (event) => {
    const link = event.target.closest && event.target.closest("a[data-read]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      show((await fetched(link.href)).html, link.href);
    } catch {
      location.assign(link.href);
    }
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-verdict]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
    try {
      const { html, at } = await fetched(form.action, { method: "POST", body });
      if (parsed(html).body.dataset.page === "ticket") {
        if (reader.open) reader.close();
        document.dispatchEvent(new CustomEvent("fresh", { detail: html }));
      } else if (at.endsWith("/answers")) {
        if (found) found.replaceChildren();
        if (find) find.reset();
        show(html, at);
      } else show(html, at);
    } catch {
      location.reload();
    }
  });

  // ---- what a desk hands over: asked for while somebody is at a desk, kept waiting by the branch until there is something -----

  const card = document.getElementById("card");
  const hear = async () => {
    for (;;) {
      const wait = ["called", "serving"].includes(card.dataset.phase) && !document.hidden;
      let pause = 2000;
      if (wait) {
        const known = document.querySelectorAll("#handed a").length;
        try {
          const answer = await fetch(location.pathname + "/handed?known=" + known, { cache: "no-store" });
          const { handed } = await answer.json();
          if (handed > known) document.dispatchEvent(new CustomEvent("fresh"));
          pause = handed === known ? 0 : 1000;
        } catch {
          pause = 5000;
        }
      }
      await new Promise((go) => setTimeout(go, pause));
    }
  };
  hear();
})();
