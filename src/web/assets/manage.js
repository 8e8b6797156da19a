// The manager's forms: each says with data-api what it sends where. After a change the page comes fresh from the server.
"use strict";
(() => {
  const { say } = nowserving;
  const $ = (id) => document.getElementById(id);

  const toast = (sentence, kind = "") => {
    $("toast").className = kind;
    $("toast").textContent = sentence;
    if (sentence) $("toast").scrollIntoView({ block: "nearest" });
  };

  const number = (text) => (text === "" || text === null ? null : Number(text));

  const spans = (row) => {
    const value = (name) => row.querySelector(`[name="day-${name}"]`).value;
    const time = (text) => (text.length === 5 ? text + ":00" : text);
    const pairs = [[value("open0"), value("close0")], [value("open1"), value("close1")]];
    return pairs.filter(([open, close]) => open && close).map(([open, close]) => ({ open: time(open), close: time(close) }));
  };

  const desk = (data) => {
    const takes = data.getAll("takes");
    const weights = Object.fromEntries(takes.map((id) => [id, Number(data.get("weight-" + id) || 1)]));
    const profile = data.get("rule") === "ratio" ? { ratio: weights } : { longest_wait: takes };
    return { id: data.get("id"), name: data.get("name"), profile, default_outcome: data.get("default_outcome") };
  };

  const service = (data) => ({
    id: data.get("id"),
    name: data.get("name"),
    have_ready: data.get("have_ready"),
    accent: data.get("accent"),
    rank: number(data.get("rank")),
    first: number(data.get("first")),
    last: number(data.get("last")),
    digits: number(data.get("digits")),
    max_waiting: number(data.get("max_waiting")),
    typical_min: number(data.get("typical_min")),
  });

  const hours = (form) => {
    const week = [...form.querySelectorAll("tr[data-day]")].map(spans);
    const exceptions = {};
    for (const row of form.querySelectorAll("tr[data-exception]")) {
      const date = row.querySelector('[name="date"]').value;
      if (date) exceptions[date] = spans(row);
    }
    return { week, exceptions };
  };

  const payload = (form, data) => {
    switch (form.dataset.kind) {
      case "service":
        return service(data);
      case "desk":
        return desk(data);
      case "hours":
        return hours(form);
      case "courtesy":
        return { give: data.get("give"), text: data.get("text"), per_day: number(data.get("per_day")), after_min: number(data.get("after_min")) };
      default:
        return Object.fromEntries(data);
    }
  };

  const sure = (sentence) =>
    new Promise((resolve) => {
      $("sure-text").textContent = sentence;
      $("sure").returnValue = "no";
      $("sure").addEventListener("close", () => resolve($("sure").returnValue === "yes"), { once: true });
      $("sure").showModal();
    });

  let sending = false;
  const send = async (form) => {
    const data = new FormData(form);
    const [method, where] = form.dataset.api.split(" ");
    const address = where.replace("{id}", encodeURIComponent(data.get("id") || ""));
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    const options = { method, headers: { "Idempotency-Key": key } };
    if (method !== "DELETE") {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(payload(form, data));
    }
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), 8000);
    try {
      const answer = await fetch(address, { ...options, signal: control.signal });
      const value = await answer.json().catch(() => ({}));
      if (answer.ok) {
        sessionStorage.setItem("said", value.message || say("saved"));
        const section = form.closest("section");
        history.replaceState(null, "", section ? "#" + section.id : "");
        location.reload();
      } else {
        toast(answer.status === 401 ? say("loggedout") : value.detail || value.title || say("fault"), "bad");
      }
    } catch {
      toast(say("noanswer"), "bad");
    }
    clearTimeout(timer);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.api) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    if (!form.dataset.sure || (await sure(form.dataset.sure))) await send(form);
    sending = false;
  });

  $("add-exception").addEventListener("click", () => {
    const row = $("exception").content.firstElementChild.cloneNode(true);
    $("exceptions").tBodies[0].append(row);
    row.querySelector("input").focus();
  });

  const said = sessionStorage.getItem("said");
  sessionStorage.removeItem("said");
  if (said) toast(said);
})();
