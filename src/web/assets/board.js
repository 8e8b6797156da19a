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
