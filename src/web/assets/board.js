// The board in a browser, live: with each change it takes its fresh self from the server, where it is made once for all boards.
"use strict";
(() => {
  const { say, hour, now, text, follow } = nowserving;
  const status = document.getElementById("status");
  let asked = false;
  let again = false;

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
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
      const answer = await fetch("/board", { cache: "no-store" });
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
})();
