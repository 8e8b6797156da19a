// The phone pages, live. What a number alone can tell is worked out here from the feed; when the own ticket changes its state,
// the page takes its new self from the server, at a random moment within two seconds.
"use strict";
(() => {
  const { say, hour, timed, now: time, ahead, range, wait, count, text, follow } = nowserving;
  const overview = document.body.dataset.page === "overview";
  const $ = (id) => document.getElementById(id);
  const within = (parent, name) => parent && parent.querySelector(`[data-say="${name}"]`);
  const status = $("status");
  let view = null;
  let known = null;
  let feed = null;

  if (!window.ReadableStream || !window.AbortController) {
    setTimeout(() => location.assign(document.body.dataset.path), 20000);
    return;
  }

  // ---- the page's fresh self -------------------------------------------------------------------------------------------

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const focus = document.activeElement && document.activeElement.id;
    for (const old of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(old.id);
      // what a desk handed over stays readable when the visit is over and the branch has forgotten it
      if (!next || ("kept" in old.dataset && !next.children.length)) continue;
      for (const name of ["class", "hidden", "data-phase", "data-service", "data-whole"]) {
        const value = next.getAttribute(name);
        if (value === null) old.removeAttribute(name);
        else if (old.getAttribute(name) !== value) old.setAttribute(name, value);
      }
      if (old.dataset.live === "attrs") continue;
      replace(old, next);
    }
    if (focus && $(focus) && document.activeElement === document.body) $(focus).focus();
    if (fresh.title) document.title = fresh.title;
    draw();
  };

  // the element that is read out stays where it is, so that its new text is read out, once
  const replace = (old, next) => {
    const alert = old.querySelector("#alert");
    const said = next.querySelector("#alert");
    if (old.innerHTML === next.innerHTML) return;
    const open = new Set([...old.querySelectorAll("details[open]")].map((one) => one.id));
    if (alert && said) {
      if (alert.textContent.trim() !== said.textContent.trim()) alert.innerHTML = said.innerHTML;
      for (const child of [...old.childNodes]) if (child !== alert) child.remove();
      let before = true;
      for (const child of [...next.childNodes]) {
        if (child === said) before = false;
        else if (before) old.insertBefore(child, alert);
        else old.append(child);
      }
    } else {
      old.innerHTML = next.innerHTML;
    }
    for (const one of old.querySelectorAll("details")) one.open = open.has(one.id);
  };

  let planned = 0;
  const refetch = (spread) => {
    if (planned) return;
    planned = setTimeout(async () => {
      planned = 0;
      try {
        const answer = await fetch(document.body.dataset.path, { cache: "no-store" });
        if (answer.ok || answer.status === 404) swap(await answer.text());
      } catch {
        // the feed says that the connection is lost, and the next view asks again
        known = null;
      }
    }, Math.random() * spread);
  };

  // ---- what the feed tells ---------------------------------------------------------------------------------------------

  /** Whether somebody could be let pass. */
  const behind = (row, mine) =>
    row.service === mine.service && (row.place[0] > mine.place[0] || (row.place[0] === mine.place[0] && row.place[1] > mine.place[1]));

  /** Where a ticket is, by the public view alone, as far as it changes what its page offers. */
  const state = (number) => {
    const desk = view.desks.find((row) => row.number === number);
    if (desk) return { phase: desk.serving ? "serving" : "called", desk: desk.name, times: desk.invitations };
    const mine = view.line[number];
    if (mine) return { phase: "waiting", service: mine.service, last: !Object.values(view.line).some((row) => behind(row, mine)) };
    if (number in view.missed) return { phase: "missed", until: view.missed[number] };
    return { phase: view.parked.includes(number) ? "parked" : "ended" };
  };

  const call = (now) => {
    const sentence = say("called", { desk: now.desk });
    const alert = $("alert");
    const again = now.times > 1 ? say("again") : "";
    document.title = (again ? again + " – " : "") + sentence;
    if (alert && alert.textContent.trim() !== (again + " " + sentence).trim()) {
      const line = document.createElement("p");
      line.className = "called";
      if (again) line.append(Object.assign(document.createElement("span"), { textContent: again }), " ");
      line.append(Object.assign(document.createElement("strong"), { className: "figure", textContent: sentence }));
      alert.replaceChildren(line);
    }
    $("card").classList.add("is-called");
    document.dispatchEvent(new Event("called"));
    ring();
  };

  const drawTicket = () => {
    const card = $("card");
    const now = state(card.dataset.number);
    // a courtesy may be this one's: only its own page knows
    const sign = JSON.stringify([now, now.phase === "ended" ? 0 : view.courtesy.given]);
    if (sign !== known) {
      if (now.phase === "called" && known !== null) call(now);
      else stopRing();
      // what the server rendered first is what the first view says, or the page is asked for again
      if (known !== null || now.phase !== card.dataset.phase) refetch(now.phase === "called" ? 300 : 2000);
      known = sign;
    }
    if (now.phase !== "waiting" || card.dataset.phase !== "waiting") return;
    const place = ahead(view, card.dataset.number);
    const pair = range(view.waits[now.service], place);
    text(within(card, "wait"), wait(pair));
    text(within(card, "ahead"), count("ahead", place));
    document.title = say("titleahead", { number: card.dataset.number, ahead: count("ahead", place) });
    const last = view.calls[0];
    const desk = last && view.desks.find((row) => row.id === last.desk);
    if (last) text(within(card, "nowcalled"), say("nowcalled", { number: last.number, desk: desk ? desk.name : last.desk }));
    stretch(card, pair);
  };

  /** The stretch of time on its bar: Stretch::of in words.rs. */
  const stretch = (card, pair) => {
    const svg = card.querySelector(".stretch");
    if (svg) svg.toggleAttribute("hidden", !pair);
    if (!svg || !pair) return;
    const [from, to] = pair;
    const full = Math.ceil((Math.max(Number(card.dataset.whole), to, 1) * 5) / 4);
    const left = Math.floor((from * 100) / full);
    const right = Math.max(Math.floor((to * 100) / full), left + 4);
    const at = (minutes) => hour(time() + minutes * 60000);
    const part = svg.querySelector(".part");
    part.setAttribute("x", left + "%");
    part.setAttribute("width", right - left + "%");
    const both = at(from) + "–" + at(to);
    let labels = [[Math.max(right, 20), "middle", at(to)]];
    if (left >= 16 && right - left >= 16) labels = [[left, "middle", at(from)], [right, "middle", at(to)]];
    else if (left > 60) labels = [[right, "end", both]];
    else if (left >= 16) labels = [[left, "start", both]];
    const group = svg.querySelector(".labels");
    while (group.children.length > 1) group.lastChild.remove();
    for (const [x, anchor, words] of labels) {
      const label = document.createElementNS(svg.namespaceURI, "text");
      label.setAttribute("x", x + "%");
      label.setAttribute("y", 36);
      label.setAttribute("text-anchor", anchor);
      label.textContent = words;
      group.append(label);
    }
    text(within(card, "between"), say("between", { from: at(from), to: at(to) }));
  };

  const drawOverview = (frame) => {
    const stopped = Object.values(view.waits).map((row) => row.stopped);
    const sign = JSON.stringify([view.open, stopped, view.services]);
    const stale = $("open").dataset.phase !== view.open.open + " " + view.open.closing;
    if (known === null ? stale : sign !== known) refetch(2000);
    known = sign;
    for (const row of document.querySelectorAll("[data-service]")) {
      const now = view.waits[row.dataset.service];
      if (!now) continue;
      text(within(row, "wait"), wait(now.now));
      text(within(row, "waiting"), count("waiting", now.waiting));
      const until = within(row, "until");
      text(until, now.takes_until ? say("until", { time: timed(now.takes_until) }) : "");
      if (until) until.hidden = !now.takes_until;
      const learning = within(row, "learning");
      if (learning) learning.hidden = !now.learning || !now.now || !within(row, "wait");
    }
    if (frame && !frame.calls) return;
    $("calls-section").hidden = !view.calls.length;
    const items = view.calls.slice(0, 4).map((one) => {
      const desk = view.desks.find((row) => row.id === one.desk);
      const item = document.createElement("li");
      const number = Object.assign(document.createElement("b"), { className: "figure", textContent: one.number });
      item.append(number, Object.assign(document.createElement("span"), { textContent: desk ? desk.name : one.desk }));
      return item;
    });
    $("calls").replaceChildren(...items);
  };

  const draw = (frame) => {
    if (!view) return;
    if (overview) drawOverview(frame);
    else if ($("card").dataset.phase !== "ended") drawTicket();
  };

  // ---- ring me -----------------------------------------------------------------------------------------------------------

  let sound = null;
  let ringing = 0;
  let awake = null;

  const beep = () => {
    if (!sound) return;
    for (const [after, pitch] of [[0, 880], [0.25, 1175], [0.5, 880], [0.75, 1175]]) {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      const at = sound.currentTime + after;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, at);
      loud.gain.exponentialRampToValueAtTime(0.5, at + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
      tone.connect(loud).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.24);
    }
    if (navigator.vibrate) navigator.vibrate([300, 150, 300, 150, 600]);
  };
  const stopRing = () => {
    clearInterval(ringing);
    ringing = 0;
  };
  const ring = () => {
    stopRing();
    let left = 6;
    beep();
    ringing = setInterval(() => (left-- > 0 ? beep() : stopRing()), 4000);
  };
  const stayAwake = async () => {
    try {
      awake = await navigator.wakeLock.request("screen");
      $("ring-help").textContent = say("awake");
    } catch {
      awake = null; // not offered here, or refused: the words on the page hold
    }
  };
  const button = $("ring");
  if (button) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", on);
      button.textContent = say(on ? "ringon" : "ringoff");
      if (on) {
        const Audio = window.AudioContext || window.webkitAudioContext;
        sound = Audio ? new Audio() : null;
        if (sound) sound.resume();
        beep();
        if (navigator.wakeLock) stayAwake();
      } else {
        stopRing();
        if (sound) sound.close();
        sound = null;
        if (awake) awake.release();
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || button.getAttribute("aria-pressed") !== "true") return;
      if (sound) sound.resume();
      if (navigator.wakeLock) stayAwake();
    });
  }

  // ---- forms without leaving the page, so that the sound stays allowed --------------------------------------------------------

  let sending = false;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-quiet]")) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), 8000);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: control.signal });
      swap(await answer.text());
    } catch {
      $("problem").innerHTML = '<p class="problem"></p>';
      $("problem").firstChild.textContent = say("unsent");
    }
    clearTimeout(timer);
    sending = false;
  });

  // answers.js has got this page's fresh self, or knows that there is one
  document.addEventListener("fresh", (event) => (event.detail ? swap(event.detail) : refetch(0)));

  // why another went first is as fresh as the moment it is asked
  document.addEventListener("click", (event) => {
    const why = event.target.closest("#why summary");
    if (why && !why.parentElement.open) refetch(0);
  });

  // ---- live ------------------------------------------------------------------------------------------------------------------

  feed = follow(
    (now, frame) => {
      view = now;
      draw(frame);
    },
    (live, since) => {
      document.body.classList.toggle("is-lost", !live);
      text(status, say(live ? "live" : "lost", { time: hour(since) }));
      text($("net"), live ? "" : say("lost", { time: hour(since) }));
    },
    () => draw({}),
  );
  setInterval(() => feed.live && draw(), 30000);
})();
