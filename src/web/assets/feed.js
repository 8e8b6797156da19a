// What every live page needs: the sentences of the page, the feed of the branch, and the sums that a phone does itself.
// The feed is read with fetch instead of EventSource because that shows the heartbeats: a network that died without a word is
// noticed within SILENCE.
"use strict";
document.documentElement.className = "js";

const nowserving = (() => {
  const SILENCE = 35000;
  const sentences = {};
  /** Takes the sentences of a page: this one's, or those of its fresh self in another language. */
  const learn = (page) => {
    for (const template of page.querySelectorAll("template.words")) {
      for (const item of template.content.querySelectorAll("[data-w]")) sentences[item.dataset.w] = item.textContent.trim();
    }
  };
  learn(document);

  /** A sentence of the page with its {places} filled. */
  const say = (key, values = {}) =>
    (sentences[key] || "").replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));

  // numbers as the page's language counts and writes them, with the digits that stand on every ticket
  const language = document.documentElement.lang || "en";
  const plural = new Intl.PluralRules(language);
  const figures = new Intl.NumberFormat(language + "-u-nu-latn");
  /** The key of the sentence for so many. */
  const kind = (key, n) => {
    const one = key + "." + plural.select(n);
    return one in sentences ? one : key + ".other";
  };

  const two = (n) => String(n).padStart(2, "0");

  // The branch's clock, as the feed tells it: this device's may be unset or in another time zone, and a demo's day runs faster
  // than any clock. HubClock of the program does the same for screens.
  const clock = { ms: Date.now(), at: performance.now(), offset: -60 * new Date().getTimezoneOffset(), rate: 1, measured: 1 };
  const hear = ({ now_ms, offset_s }, at = performance.now()) => {
    if (clock.heard && at > clock.at) {
      const measured = (now_ms - clock.ms) / (at - clock.at);
      // a clock that was set once looks fast only once
      const twice = Math.abs(measured / clock.measured - 1) < 0.2;
      Object.assign(clock, { rate: twice && measured > 1.5 ? measured : 1, measured });
    }
    Object.assign(clock, { ms: now_ms, at, offset: offset_s, heard: true });
  };
  /** Now by the branch's clock, milliseconds; performance.now() stops with a sleeping phone, until the feed tells again. */
  const now = () => clock.ms + (performance.now() - clock.at) * clock.rate;
  /** A time of day as the page's language writes it. */
  const clocked = (hour, minute) => say("clock", { hour, minute }) || hour + ":" + minute;
  /** 14:07 in the branch's time zone. */
  const hour = (ms) => {
    const local = new Date(ms + clock.offset * 1000);
    return clocked(two(local.getUTCHours()), two(local.getUTCMinutes()));
  };
  /** A time of day that the branch tells as HH:MM. */
  const timed = (text) => clocked(...text.split(":"));

  /** Takes a frame into a view: View::apply of the program. */
  const apply = (view, frame) => {
    if (frame.view) return frame.view;
    view.seq = frame.seq;
    if (frame.open) view.open = frame.open;
    Object.assign(view.waits, frame.waits);
    for (const row of frame.desks || []) {
      const at = view.desks.findIndex((desk) => desk.id === row.id);
      if (at >= 0) view.desks[at] = row;
    }
    if (frame.calls) view.calls = frame.calls;
    for (const [number, row] of Object.entries(frame.line || {})) {
      if (row) view.line[number] = row;
      else delete view.line[number];
    }
    if (frame.missed) view.missed = frame.missed;
    if (frame.parked) view.parked = frame.parked;
    if (frame.courtesy) view.courtesy = frame.courtesy;
    if (frame.devices) view.devices = frame.devices;
    if (frame.notices) view.notices = frame.notices;
    if (frame.languages) view.languages = frame.languages;
    return view;
  };

  /** How many go before a number, or null: View::ahead of the program. */
  const ahead = (view, number) => {
    const mine = view.line[number];
    if (!mine) return null;
    let before = 0;
    let others = 0;
    for (const row of Object.values(view.line)) {
      if (row.service !== mine.service) continue;
      if (!row.priority !== !mine.priority) others += 1;
      else if (row.place[0] < mine.place[0] || (row.place[0] === mine.place[0] && row.place[1] < mine.place[1])) before += 1;
    }
    const ratio = Math.max(view.priority_ratio, 1);
    const pass = mine.priority ? Math.floor(before / ratio) : ratio * (before + 1);
    return before + Math.min(others, pass);
  };

  /** [from, to] minutes with so many ahead, or null. Beyond what the branch tells, the last steps go on. */
  const range = (row, place) => {
    const told = (row && row.by_place) || [];
    if (!told.length) return null;
    if (place < told.length) return told[place];
    const last = told.length - 1;
    const grow = (i) => {
      const step = last ? (told[last][i] - told[0][i]) / last : 0;
      return Math.round((told[last][i] + step * (place - last)) / 5) * 5;
    };
    return [grow(0), grow(1)];
  };

  /** A length of time: 25 min, 1 h, 1 h 30. */
  const length = (minutes) => {
    const [h, m] = [Math.floor(minutes / 60), minutes % 60];
    if (!h) return say(kind("m", m), { m });
    return m ? say("hm", { h, m: two(m) }) : say(kind("h", h), { h });
  };

  /** A wait as people say it: Wait of phrase.rs chooses by the same rule. */
  const wait = (pair) => {
    if (!pair) return say("nodesk");
    const [from, to] = pair;
    if (to <= 5) return say("few");
    if (from === 0) return say("upto", { length: length(to) });
    const span = to < 60 ? say(kind("span", to), { from, to }) : say("spanlong", { from: length(from), to: length(to) });
    return say("about", { span });
  };

  /** A counted sentence; that of nobody is one of its own. */
  const count = (key, n) => (n === 0 && sentences[key + "0"] ? say(key + "0") : say(kind(key, n), { n: figures.format(n) }));

  /** Sets the text of an element only if it differs, so that nothing is read out twice. */
  const text = (element, value) => {
    if (element && element.textContent !== value) element.textContent = value;
  };

  /**
   * Follows the feed for as long as the page lives. onview(view, frame or null) is called after each change,
   * onstate(live, since) when the connection comes and goes and with each sign of life, onclock() when the branch has told its
   * time.
   */
  const follow = (onview, onstate, onclock) => {
    let view = null;
    let id = "";
    let tries = 0;
    let heard = Date.now();
    let control = null;
    let retry = 0;
    const self = { live: false, since: now() };

    const alive = () => {
      heard = Date.now();
      tries = 0;
      self.live = true;
      self.since = now();
      onstate(true, self.since);
    };
    const lost = () => {
      self.live = false;
      onstate(false, self.since);
    };
    const take = (block) => {
      let event = "message";
      let data = "";
      for (const line of block.split("\n")) {
        if (line.startsWith("event:")) event = line.slice(6).trim();
        else if (line.startsWith("data:")) data += line.slice(5).trim();
        else if (line.startsWith("id:")) id = line.slice(3).trim();
      }
      if (!data) return;
      const value = JSON.parse(data);
      if (event === "clock") {
        hear(value);
        if (onclock) onclock();
      }
      if (event === "view") {
        view = value;
        onview(view, null);
      } else if (event === "frame" && view) {
        view = apply(view, value);
        onview(view, value.view ? null : value);
      }
    };
    const read = async () => {
      control = new AbortController();
      const headers = { Accept: "text/event-stream" };
      if (view && id) headers["Last-Event-ID"] = id;
      const answer = await fetch("/feed", { headers, signal: control.signal, cache: "no-store" });
      if (!answer.ok || !answer.body) throw new Error("feed " + answer.status);
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        rest += decoder.decode(value, { stream: true }).replace(/\r/g, "");
        const blocks = rest.split("\n\n");
        rest = blocks.pop();
        blocks.forEach(take);
        alive();
      }
    };
    const run = async () => {
      clearTimeout(retry);
      retry = 0;
      heard = Date.now();
      try {
        await read();
      } catch {
        // said on the page below; tried again
      }
      lost();
      // a thousand phones must not all come back in the same instant
      const pause = Math.min(1000 * 2 ** tries, 15000) * (0.5 + Math.random());
      tries += 1;
      retry = setTimeout(run, pause);
    };
    const poke = () => {
      if (retry) run();
      else if (Date.now() - heard > SILENCE) control.abort();
    };
    setInterval(() => retry || poke(), 5000);
    addEventListener("online", poke);
    addEventListener("offline", () => control && control.abort());
    document.addEventListener("visibilitychange", () => document.hidden || poke());
    self.drop = () => control && control.abort();
    run();
    return self;
  };

  return { say, hour, timed, now, ahead, range, wait, count, text, follow, apply, learn };
})();
