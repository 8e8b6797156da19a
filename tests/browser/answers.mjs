// Answers and notices, in a real browser: written, looked at, published, written by two at once, taken back; a notice in two clicks.
//
// Called by journey.mjs, with what it has: the branch's address, a manager who is logged in, and how promises are told.

import assert from "node:assert/strict";

// a black square in a white frame
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAAAAADFHGIkAAAAGUlEQVR42mP4jwMwUFmCAQ2MSgysBI3jHAChMz7QT0LS+wAAAABJRU5ErkJggg==";
const QUESTION = "How long can I bring something back?";
const PATH = "/manage/entries/how-long-can-i-bring-something-back";

/** The journey of whoever writes. */
export const answers = async ({ BASE, promise, open, leave, login, says, check, until, take, MANAGER, PASSWORD }) => {
  const desktop = { viewport: { width: 1280, height: 800 } };

  await promise("an answer is written and published without JavaScript, and what is wrong with it stands beside it", async () => {
    const plain = await open({ ...desktop, javaScriptEnabled: false });
    await login(plain, MANAGER, PASSWORD, "/manage/entries");
    await plain.click("a[href='/manage/entries/new']");
    await plain.fill("#question", QUESTION);
    await plain.fill("#short", "Within {return_days} days, with the receipt.");
    await plain.fill("#full", "## What to bring\n\n- the **receipt**\n- <script>alert(1)</script> the box");
    await plain.setInputFiles("#picture", { name: "box.png", mimeType: "image/png", buffer: Buffer.from(PICTURE, "base64") });
    await plain.click("button[value=publish]");
    await says(plain, "[role=alert]", /something stands in the way/);
    await says(plain, "#lint", /\{return_days\} stands for nothing/);
    assert.equal(await plain.inputValue("#question"), QUESTION, "what was typed is still there");
    await plain.click("button[value=save]");
    await says(plain, "[role=status]", /Kept as a draft/);
    await plain.goto(`${BASE}/manage/fields`);
    await plain.locator("input[name=words]").first().fill("30");
    await plain.click("text=Save");
    await says(plain, "[role=status]", /Saved/);
    await plain.goto(BASE + PATH);
    await plain.fill("#alt", "A box with its receipt");
    await plain.click("button[value=review]");
    await says(plain, ".tags", /In review/);
    await plain.click("button[value=publish]");
    await says(plain, "[role=status]", /Published/);
    await says(plain, ".phone-look", /Within 30 days/);
    assert.equal(await plain.locator(".phone-look script").count(), 0);
    await plain.goto(`${BASE}/manage/entries`);
    await says(plain, ".entries", /How long can I bring something back/);
    await leave(plain);
  });

  await promise("it is checked while it is typed, and the keyboard does everything", async () => {
    const page = await open(desktop);
    await login(page, MANAGER, PASSWORD, "/manage/entries/new");
    await page.focus("#question");
    await page.keyboard.type("When do you open?");
    await page.keyboard.press("Tab");
    await page.keyboard.type("word ".repeat(31));
    await says(page, "#lint", /31 words/);
    await says(page, "#short-count", /31 of 30/);
    await check(page, "entry-stops");
    await page.fill("#short", "At nine each day.");
    await says(page, "#lint-title", /To look at|Nothing to mend/);
    await page.focus("button[value=publish]");
    await page.keyboard.press("Enter");
    await says(page, "[role=status]", /Published/);
    await page.goto(`${BASE}/manage/entries`);
    const first = () => page.locator(".entries h3").first().innerText();
    const before = await first();
    await page.locator("button[name=down]").first().focus();
    await page.keyboard.press("Enter");
    await until("the order", first, (text) => text !== before);
    // and by a mouse, past the middle of the next row, however high that is
    const grips = page.locator(".grip");
    // (the list stands where the row that moved is, which may be past the first)
    await grips.nth(0).evaluate((row) => row.scrollIntoView({ block: "center" }));
    const row = await grips.nth(1).locator("xpath=ancestor::li[1]").boundingBox();
    const grip = await grips.nth(0).boundingBox();
    await page.mouse.move(grip.x + 5, grip.y + 5);
    await page.mouse.down();
    await page.mouse.move(grip.x + 5, row.y + row.height - 4, { steps: 12 });
    await page.mouse.up();
    await until("the order again", first, (text) => text === before);
    await check(page, "entries");
    await page.goto(`${BASE}/manage/entries/calendar`);
    await check(page, "calendar");
    for (const [name, path] of [["playlist", "/manage/playlists?edit=new"], ["fields", "/manage/fields"], ["entry", PATH]]) {
      for (const width of [1280, 820, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(BASE + path);
        await check(page, `${name}-${width}`);
      }
    }
    await page.goto(`${BASE}/manage/entries`);
    await check(page, "entries-390");
    await leave(page);
  });

  await promise("two who write at once are both told, and undo brings back what was", async () => {
    const [one, two] = [await open(desktop), await open({ viewport: { width: 820, height: 1180 } })];
    for (const page of [one, two]) await login(page, MANAGER, PASSWORD, PATH);
    await one.fill("#short", "Within 60 days, with the receipt.");
    await one.click("button[value=publish]");
    await says(one, "[role=status]", /Published/);
    await two.fill("#short", "Within 90 days, with the card.");
    await two.click("button[value=publish]");
    await says(two, "[role=alert]", /has changed this entry since you opened it/);
    await says(two, "#conflict", /60.*90/s);
    assert.equal(await two.inputValue("#short"), "Within 90 days, with the card.");
    await check(two, "entry-conflict");
    await two.click("button[value=publish]");
    await says(two, "[role=status]", /Published/);
    await two.locator("#versions a", { hasText: "Look" }).nth(1).click();
    await says(two, "#older", /What has changed since/);
    await check(two, "entry-version");
    await two.click("button[value=back]");
    await says(two, "[role=status]", /as it was/);
    assert.equal(await two.inputValue("#short"), "Within 60 days, with the receipt.");
    await leave(one);
    await leave(two);
  });

  await promise("a notice in two clicks from a phone is on the others within a second, and covers no number", async () => {
    const ticket = await take();
    const [mine, customer, board] = [await open(), await open(), await open({ viewport: { width: 1920, height: 1080 } })];
    await login(mine, MANAGER, PASSWORD, "/manage/notices");
    await customer.goto(`${BASE}/t/${ticket.key}`);
    await board.goto(`${BASE}/board`);
    await says(customer, "#status", /·/);
    await until("the board's clock", () => board.innerText("#status"), (text) => /\d/.test(text));
    await check(mine, "notices-phone");
    await mine.click("a[href*='use=cards']");
    const sent = Date.now();
    await mine.click("button:has-text('Send it now')");
    await says(customer, "#told-alert", /Card payments do not work/);
    console.log(`        ${Date.now() - sent} ms from the click to the phone`);
    await says(board, "#notices", /Card payments do not work/);
    await says(mine, "[role=status]", /Sent/);
    for (const [page, number, name] of [[customer, ".number", "phone-notice"], [board, "#waits", "board-notice"]]) {
      const [notice, below] = [await page.locator(".notice").first().boundingBox(), await page.locator(number).first().boundingBox()];
      assert.ok(notice.y + notice.height <= below.y, "the notice covers what is below");
      await check(page, name);
    }
    await mine.click("button:has-text('Take it back')");
    await until("it goes", () => customer.locator(".notice").count(), (n) => n === 0);
    await leave(mine);
    await leave(customer);
    await leave(board);
    await fetch(`${BASE}/api/tickets/${ticket.key}/leave`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"reason":"changed_mind"}' });
  });
};
