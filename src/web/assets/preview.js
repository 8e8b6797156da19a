// The editor's picture of the board: what is typed, drawn by the hall's own screen half a second after the last key.
(() => {
  "use strict";
  const room = document.getElementById("preview-board");
  const question = document.querySelector("form [name=question]");
  if (!room || !question) return;
  const form = question.form;
  let picture = room.querySelector("[data-board]");
  let said = room.querySelector("[data-board-said]");
  if (!picture) {
    const title = Object.assign(document.createElement("h3"), { textContent: "On the wall" });
    picture = Object.assign(document.createElement("img"), { alt: "", width: 640, height: 360, hidden: true });
    said = Object.assign(document.createElement("p"), { className: "small" });
    said.setAttribute("role", "status");
    room.append(title, picture, said);
  }
  let timer = 0, asked = 0, before = "";
  const value = (name) => form.elements.namedItem(name)?.value ?? "";
  const draw = async () => {
    const service = form.querySelector("[name=services]:checked, [name=service]:checked")?.value ?? "";
    const body = new URLSearchParams({ question: value("question"), short: value("short"), service, lang: value("language") });
    if (body.toString() === before || !value("question")) return;
    before = body.toString();
    const mine = ++asked;
    said.textContent = "Drawing…";
    try {
      const answer = await fetch("/manage/preview/board.png", { method: "POST", body });
      if (mine !== asked) return;
      if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        picture.hidden = true;
        said.textContent = problem.detail ?? "The board could not be drawn just now.";
        return;
      }
      const reader = new FileReader();
      reader.onload = () => {
        if (mine !== asked) return;
        picture.src = reader.result;
        picture.alt = `The board with: ${value("question")} ${value("short")}`;
        picture.hidden = false;
        said.textContent = "The text, drawn by the hall’s own screen at 1920 × 1080; a picture, a page and opening hours are not drawn here.";
      };
      reader.readAsDataURL(await answer.blob());
    } catch {
      if (mine === asked) { before = ""; said.textContent = "The branch did not answer. The picture comes with the next key."; }
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(draw, 500); });
  draw();
})();
