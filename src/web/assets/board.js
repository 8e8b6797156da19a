// The board in a browser, live: with each change it takes its fresh self from the server, where it is made once for all boards. Whose language it
// speaks the server says, by the rule of the hall's own board.
"use strict";
(() => {
  const { say, hour, now, text, follow, learn } = nowserving;
  const status = document.getElementById("status");
  let asked = false;
  let again = false;

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const root = document.documentElement;
    // the board speaks several languages in turn
    document.body.dataset.turns = fresh.body.dataset.turns;
    if (root.lang !== fresh.documentElement.lang) {
      Object.assign(root, { lang: fresh.documentElement.lang, dir: fresh.documentElement.dir });
      document.title = fresh.title;
      learn(fresh);
      clock();
    }
    for (const old of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(old.id);
      if (next && old.innerHTML !== next.innerHTML) old.innerHTML = next.innerHTML;
    }
  };

  const refresh = async () => {
    again = asked;
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch("/board" + location.search, { cache: "no-store" });
      if (answer.ok) swap(await answer.text());
    } catch {
      // the feed notices too and says so; its next view asks again
    }
    asked = false;
    if (again) refresh();
  };

  // what hangs beside the numbers, by the hub's word; its name chooses what is meant for this board
  const answer = document.getElementById("answer");
  const part = (name) => answer.querySelector(name);
  let ends = 0;
  let lasts = 1;
  const hang = (told) => {
    const { hangs } = told;
    answer.hidden = !hangs;
    if (!hangs) return;
    const accent = hangs.accent ? " accent-" + hangs.accent : "";
    answer.className = "answer" + accent + (hangs.kind === "picture" ? " is-whole" : "");
    answer.lang = hangs.language || "";
    answer.dir = hangs.rtl ? "rtl" : "ltr";
    text(part(".kicker"), hangs.kicker);
    text(part("h2"), hangs.question);
    text(part(".says p"), hangs.answer);
    const picture = part("img");
    picture.hidden = !hangs.picture;
    picture.alt = hangs.picture ? hangs.picture.alt : "";
    if (hangs.picture) picture.src = hangs.picture.url;
    else picture.removeAttribute("src");
    lasts = hangs.seconds;
    ends = performance.now() + told.left_ms;
    passed();
  };
  const passed = () => {
    const left = Math.ceil(Math.max(0, ends - performance.now()) / 1000);
    part("progress").value = 1 - left / lasts;
  };
  const name = new URLSearchParams(location.search).get("screen") || "board";
  const wall = new EventSource("/api/wall?screen=" + encodeURIComponent(name));
  wall.addEventListener("wall", (event) => hang(JSON.parse(event.data)));
  wall.addEventListener("error", () => hang({ hangs: null }));
  setInterval(() => answer.hidden || passed(), 1000);

  const clock = () => feed.live && text(status, hour(now()));
  const feed = follow(
    refresh,
    (live, since) => {
      document.body.classList.toggle("is-lost", !live);
      text(status, live ? hour(now()) : say("lost", { time: hour(since) }));
    },
    () => clock(),
  );
  setInterval(clock, 5000);
  setInterval(() => document.body.dataset.turns > 1 && refresh(), Number(document.body.dataset.turnMs));
})();
