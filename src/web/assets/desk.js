// The desk: one press is one action, or none. A press is dropped, never kept, while another is under way, while the connection
// is lost, and while somebody types.
"use strict";
(() => {
  const { say, hour, text, follow } = nowserving;
  const $ = (id) => document.getElementById(id);
  const desk = document.body.dataset.desk;
  const path = "/api/desks/" + encodeURIComponent(desk);
  const TIMEOUT = 3000;
  // a hurried double press of "call next" would call two customers; within this time it is one press
  const TWICE = 700;
  let body = null;
  let busy = false;
  let live = false;
  let last = { command: "", at: 0 };
  let undoUntil = 0;

  // ---- the wire ------------------------------------------------------------------------------------------------------------

  // randomUUID and crypto.subtle need HTTPS; getRandomValues does not
  const draw = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  const ask = async (address, options = {}) => {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), TIMEOUT);
    try {
      const answer = await fetch(address, { cache: "no-store", signal: control.signal, ...options });
      const value = await answer.json().catch(() => ({}));
      return { ok: answer.ok, status: answer.status, value };
    } finally {
      clearTimeout(timer);
    }
  };

  let fading = 0;
  const toast = (sentence, kind = "") => {
    const element = $("toast");
    clearTimeout(fading);
    fading = setTimeout(() => (element.textContent = ""), kind ? 9000 : 5000);
    element.className = kind;
    element.textContent = "";
    // a new text node, so that the same sentence is read out again
    setTimeout(() => (element.textContent = sentence), 20);
  };

  const online = (now, since) => {
    live = now;
    document.body.classList.toggle("is-lost", !now);
    text($("banner"), now ? "" : say("banner"));
    if (since) text($("status"), say(now ? "live" : "lost", { time: hour(since) }));
  };

  const failed = (status, value) => {
    if (status === 401) toast(say("loggedout"), "bad");
    else toast(value.detail || value.title || say("fault"), "bad");
  };

  const send = async (command, payload = {}) => {
    if (busy) return;
    if (!live) {
      toast(say("dropped"), "bad");
      return;
    }
    const now = Date.now();
    if (last.command === command && now - last.at < TWICE) return;
    busy = true;
    document.body.classList.add("is-busy");
    try {
      const headers = { "Content-Type": "application/json", "Idempotency-Key": draw() };
      const answer = await ask(`${path}/${command}`, { method: "POST", headers, body: JSON.stringify(payload) });
      last = { command, at: Date.now() };
      if (answer.ok) {
        toast(answer.value.message || "");
        if (answer.value.desk) show(answer.value.desk);
      } else {
        failed(answer.status, answer.value);
        refetch();
      }
    } catch {
      toast(say("noanswer"), "bad");
      online(false);
      feed.drop();
    }
    busy = false;
    document.body.classList.remove("is-busy");
  };

  let asked = 0;
  let again = 0;
  const refetch = () => {
    const wait = asked + 400 - Date.now();
    if (wait > 0) {
      if (!again) again = setTimeout(() => ((again = 0), refetch()), wait);
      return;
    }
    asked = Date.now();
    const version = asked;
    ask(path).then(
      (answer) => {
        if (answer.ok && version === asked && !busy) show(answer.value);
        else if (!answer.ok) failed(answer.status, answer.value);
      },
      () => {
        online(false);
        feed.drop();
      },
    );
  };

  // ---- what is shown -------------------------------------------------------------------------------------------------------

  const minutes = (n) => (n ? say("min", { n }) : say("now"));
  const marks = (ticket) => {
    const list = [];
    if (ticket.class) list.push(say("priority", { class: ticket.class }));
    if (ticket.transfers) list.push(say("transferred"));
    if (ticket.delays) list.push(say("letpass"));
    return list;
  };

  const showCurrent = (ticket) => {
    const card = $("current");
    card.className = "card " + (ticket ? "accent-" + ticket.accent : "is-empty");
    text($("c-service"), ticket ? ticket.service_name : "");
    text($("c-number"), ticket ? ticket.number : "");
    const n = ticket ? ticket.since_min || 0 : 0;
    let state = say({ open: "empty", closed: "emptyclosed", paused: "emptypaused" }[body.desk.phase]);
    if (ticket && ticket.phase === "serving") state = n ? say("servingfor", { n }) : say("servingnow");
    else if (ticket && ticket.invitations > 1) state = say("calledtimes", { times: ticket.invitations, n });
    else if (ticket) state = n ? say("calledfor", { n }) : say("callednow");
    text($("c-state"), state);
    const waited = ticket && ticket.waiting_min !== null ? [say("waited", { n: ticket.waiting_min })] : [];
    text($("c-marks"), ticket ? [...waited, ...marks(ticket)].join(" · ") : "");
    const gift = ticket && ticket.courtesy;
    const told = gift && gift.code ? (gift.redeemed_at ? "giftused" : "giftcode") : "gift";
    $("c-gift").hidden = !gift;
    text($("c-gift"), gift ? say(told, gift) : "");
    const lines = (ticket && body.told) || [];
    $("c-told").hidden = !lines.length;
    const rows = lines.slice(0, 6).map((row) => {
      const ago = row.ago_min ? " · " + minutes(row.ago_min) : "";
      return Object.assign(document.createElement("li"), { textContent: say("told-" + row.what, { text: row.text }) + ago });
    });
    $("c-told-list").replaceChildren(...rows);
    $("c-note").hidden = !ticket || !(ticket.name || ticket.question);
    text($("c-name"), (ticket && ticket.name) || "");
    text($("c-question"), (ticket && ticket.question) || "");
  };

  $("voucher-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const headers = { "Content-Type": "application/json", "Idempotency-Key": draw() };
    const payload = JSON.stringify({ code: $("voucher-code").value });
    try {
      const answer = await ask("/api/courtesies/redeem", { method: "POST", headers, body: payload });
      if (answer.ok) {
        $("voucher-form").reset();
        toast(answer.value.message);
        refetch();
      } else failed(answer.status, answer.value);
    } catch {
      toast(say("noanswer"), "bad");
    }
  });

  /** Why a command is not offered. */
  const why = (command) => {
    const { phase } = body.desk;
    const ticket = body.ticket;
    if (command === "undo") return say("why-undo");
    if (command === "open" || command === "pause" || command === "close") return say(ticket ? "why-busy" : "why-already");
    if (phase === "closed") return say("why-closed");
    if (command === "call-next" || command === "call") {
      if (phase === "paused") return say("why-paused");
      return say(command === "call" && ticket ? "why-busy" : "why-nobody");
    }
    return say(ticket ? "why-started" : "why-idle");
  };

  const showKeys = () => {
    for (const key of document.querySelectorAll("[data-do]")) {
      // a transfer without somebody at the desk needs a number, which this key does not ask for
      const can = body.can.includes(key.dataset.do) && (key.dataset.do !== "transfer" || body.ticket !== null);
      key.setAttribute("aria-disabled", !can);
      key.title = can ? "" : why(key.dataset.do);
    }
    text($("next"), body.next || "");
    undoUntil = body.undo ? Date.now() + body.undo.seconds_left * 1000 : 0;
    showUndo();
  };
  const showUndo = () => {
    const left = Math.ceil((undoUntil - Date.now()) / 1000);
    text($("undo"), left > 0 ? say("undoleft", { n: left }) : "");
  };

  const person = (ticket, command, minute, act) => {
    const item = $("person").content.firstElementChild.cloneNode(true);
    item.classList.add("accent-" + ticket.accent);
    item.dataset.number = ticket.number;
    item.querySelector(".n").textContent = ticket.number;
    const notes = [ticket.service_name, ...marks(ticket)];
    if (ticket.name || ticket.question) notes.push(say("wrote"));
    item.querySelector(".what").textContent = notes.join(" · ");
    item.querySelector(".min").textContent = minute === null || minute === undefined ? "" : minutes(minute);
    const button = item.querySelector("button");
    button.textContent = say(command);
    button.setAttribute("aria-label", say(command + "label", { number: ticket.number }));
    button.dataset.row = command + ticket.number;
    button.addEventListener("click", () => act(ticket.number));
    return item;
  };
  const drawn = {};
  const list = (id, tickets, command, minute, act, can) => {
    // a row replaced under a finger would lose the tap
    const sign = JSON.stringify([tickets, can]);
    if (drawn[id] === sign) return;
    drawn[id] = sign;
    const rows = tickets.map((ticket) => person(ticket, command, ticket[minute], act));
    if (!can) for (const row of rows) row.querySelector("button").hidden = true;
    $(id).replaceChildren(...rows);
    const section = $(id + "-section");
    if (section) section.hidden = !rows.length;
  };

  const show = (fresh) => {
    body = fresh;
    const focus = document.activeElement && document.activeElement.dataset.row;
    text($("phase"), say(body.desk.phase));
    $("phase").dataset.phase = body.desk.phase;
    showCurrent(body.ticket);
    showKeys();
    const can = (command) => body.can.includes(command);
    list("line", body.line, "call", "waiting_min", pick, can("call"));
    list("parked", body.parked, "resume", "since_min", (number) => send("resume", { number }), can("resume"));
    list("missed", body.missed, "requeue", "since_min", (number) => send("requeue", { number }), can("requeue"));
    // the list may be shorter than the line
    const waiting = body.waiting === undefined ? body.line.length : body.waiting;
    text($("line-count"), say(waiting ? "linecount" : "linenone", { n: waiting }));
    $("alerts").replaceChildren(
      ...body.alerts.map((one) => Object.assign(document.createElement("p"), { className: "problem", textContent: one })),
    );
    // a key replaced under a finger would lose the press
    const papers = JSON.stringify(body.reprints);
    if (drawn.reprints !== papers) {
      drawn.reprints = papers;
      $("reprints").replaceChildren(...body.reprints.map(reprintRow));
    }
    $("services").replaceChildren(...body.services.map(serviceRow));
    $("call-numbers").replaceChildren(...body.line.map((one) => new Option(one.number)));
    document.title = (body.ticket ? body.ticket.number + " – " : "") + document.body.dataset.name;
    const row = focus && document.querySelector(`[data-row="${CSS.escape(focus)}"]`);
    if (row) row.focus();
  };

  const reprintRow = (one) => {
    const row = document.createElement("p");
    row.className = "problem row";
    const key = Object.assign(document.createElement("button"), { type: "button", className: "button small-button" });
    key.textContent = say("reprint", { number: one.number });
    key.dataset.row = "reprint" + one.number;
    key.addEventListener("click", () => send("reprint", { number: one.number }));
    row.append(Object.assign(document.createElement("span"), { textContent: one.message }), " ", key);
    return row;
  };

  const serviceRow = (service) => {
    const item = document.createElement("li");
    item.className = "person accent-" + service.accent;
    const letter = Object.assign(document.createElement("span"), { className: "letter", textContent: service.id });
    letter.setAttribute("aria-hidden", true);
    const name = Object.assign(document.createElement("span"), { className: "what", textContent: service.name });
    const count = service.stopped ? say("stopped", { reason: service.stopped }) : say("waiting", { n: service.waiting });
    item.append(letter, name, Object.assign(document.createElement("span"), { className: "min", textContent: count }));
    return item;
  };

  // ---- the two questions -----------------------------------------------------------------------------------------------------

  const askTransfer = () => {
    const own = body.ticket && body.ticket.service;
    const choices = body.services.filter((service) => service.id !== own).map((service) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button choice accent-" + service.accent;
      button.dataset.to = service.id;
      const letter = Object.assign(document.createElement("kbd"), { textContent: service.id });
      button.append(letter, " " + service.name + " · " + say("waiting", { n: service.waiting }));
      button.addEventListener("click", () => transfer(service.id));
      return button;
    });
    $("transfer-list").replaceChildren(...choices);
    $("transfer").showModal();
  };
  const transfer = (to) => {
    $("transfer").close();
    send("transfer", { to });
  };

  const pick = (number) => {
    $("call-number").value = number || "";
    $("call").returnValue = "";
    $("call").showModal();
    if (number) $("call-form").querySelector("fieldset button").focus();
  };
  $("call-form").addEventListener("submit", (event) => {
    const reason = event.submitter ? event.submitter.value : "cancel";
    const number = $("call-number").value.trim().toUpperCase();
    if (reason !== "cancel" && number) send("call", { number, reason });
  });
  // Enter in the number field must not choose the first reason
  $("call-number").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    $("call-form").querySelector("fieldset button").focus();
  });

  // ---- an answer for the customer -----------------------------------------------------------------------------------------------

  const answers = (() => {
    const [dialog, field, list, state] = ["answer", "answer-words", "answer-list", "answer-state"].map($);
    let rows = [];
    let chosen = 0;
    let asked = 0;
    const mark = () => {
      [...list.children].forEach((row, at) => row.setAttribute("aria-selected", at === chosen));
      if (rows.length) field.setAttribute("aria-activedescendant", "answer-" + chosen);
    };
    const show = (found) => {
      [rows, chosen] = [found.answers.slice(0, 8), 0];
      const items = rows.map((row, at) => {
        const item = Object.assign(document.createElement("li"), { id: "answer-" + at, className: "choice answer-row" });
        item.setAttribute("role", "option");
        const question = Object.assign(document.createElement("b"), { textContent: row.question });
        item.append(question, Object.assign(document.createElement("span"), { textContent: row.short }));
        item.addEventListener("click", () => hand(row));
        return item;
      });
      list.replaceChildren(...items);
      text(state, field.value.trim() && !found.fits ? say(rows.length ? "nofit" : "noanswer-found") : "");
      mark();
    };
    const look = async () => {
      const mine = ++asked;
      const query = new URLSearchParams({ q: field.value.trim(), typing: "" });
      const own = !field.value.trim() && body && body.ticket;
      if (own) query.set("service", body.ticket.service);
      const answer = await ask("/api/answers?" + query).catch(() => null);
      if (answer && answer.ok && mine === asked) show(answer.value);
    };
    const hand = (row) => {
      dialog.close();
      send("hand", { entry: row.id });
    };
    field.addEventListener("input", look);
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && rows.length) {
        event.preventDefault();
        chosen = (chosen + step + rows.length) % rows.length;
        mark();
      } else if (event.key === "Enter" && !event.repeat) {
        event.preventDefault();
        if (rows[chosen]) hand(rows[chosen]);
      }
    });
    const open = () => {
      field.value = "";
      dialog.showModal();
      field.focus();
      look();
    };
    $("find").addEventListener("click", open);
    return { open };
  })();

  // ---- presses ---------------------------------------------------------------------------------------------------------------

  const press = (key) => {
    const command = key.dataset.do;
    if (!body || busy) return;
    if (!live) {
      toast(say("dropped"), "bad");
      return;
    }
    if (key.getAttribute("aria-disabled") === "true") {
      toast(why(command), "bad");
      return;
    }
    if (command === "transfer") askTransfer();
    else if (command === "call") pick("");
    else send(command, key.dataset.outcome ? { outcome: key.dataset.outcome } : {});
  };
  for (const key of document.querySelectorAll("[data-do]")) key.addEventListener("click", () => press(key));

  const down = new Set();
  addEventListener("keyup", (event) => down.delete(event.code));
  addEventListener("blur", () => down.clear());
  addEventListener("keydown", (event) => {
    const held = event.repeat || down.has(event.code);
    down.add(event.code);
    const target = event.target;
    const control = target.closest && target.closest("button, a, summary, select");
    const space = event.key === " " || event.key === "Enter";
    // a held Enter would click a focused button again and again
    if (held && space && control) event.preventDefault();
    if (held || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (target.closest && target.closest("input, textarea, select")) return;
    const letter = event.key.toLowerCase();
    if ($("transfer").open) {
      const choice = [...$("transfer-list").children].find((one) => one.dataset.to.toLowerCase() === letter);
      if (choice) {
        event.preventDefault();
        transfer(choice.dataset.to);
      }
      return;
    }
    if (document.querySelector("dialog[open]") || (space && control)) return;
    if (event.key === "/") {
      event.preventDefault();
      answers.open();
      return;
    }
    const key = document.querySelector(`[data-key="${CSS.escape(space ? "n" : letter)}"]`);
    if (!key) return;
    event.preventDefault();
    press(key);
  });

  // ---- live ------------------------------------------------------------------------------------------------------------------

  const feed = follow(refetch, (now, since) => {
    const back = now && !live;
    online(now, since);
    if (back) refetch();
  });
  // minutes pass without a frame, and a dead network is found by asking
  setInterval(() => live && !busy && refetch(), 10000);
  setInterval(showUndo, 500);
})();
