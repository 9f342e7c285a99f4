// What a person does with the page of a comparison, in headless Chromium. `make test-browser` runs
// it; PAGES is a folder with the pages that internal/report's TestPagesInABrowser wrote.
'use strict';
const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');

const url = (name) => pathToFileURL(path.join(process.env.PAGES, name + '.html')).href;
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
after(() => browser?.close());

// open opens a page from disk, and sees to it that nothing goes wrong in it until it is closed:
// no message, no error, no request but for the file itself, no dialogue.
const open = async (t, name, { fragment = '', ...options } = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('request', (request) => { if (request.url().split('#')[0] !== url(name)) wrong.push(`request: ${request.url()}`); });
  page.on('dialog', (dialog) => { wrong.push(`dialogue: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(url(name) + fragment);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  return page;
};

const shown = (page) => page.locator('.card:visible').evaluateAll((cards) => cards.map((card) => card.id));
const all = (page) => page.locator('.card').evaluateAll((cards) => cards.map((card) => card.id));
const status = (page, text) => page.locator('#matches', { hasText: text }).waitFor({ timeout: 5000 });

// Each kind of filter, what it must leave, and the fragment that keeps it.
const filters = [
  ['severity', 'critical', ['c1']],
  ['severity', 'none', ['c3', 'c4']],
  ['kind', 'groups', ['c2']],
  ['change', 'removed', ['c4']],
  ['actor', 'the application Nightly sync', ['c1']],
  ['actor', 'nobody known', ['c3', 'c4']],
  ['property', 'members', ['c2']],
  ['property', 'federatedIdentityCredentials', ['c3']],
];
test('each filter leaves what fits, and the fragment keeps it', async (t) => {
  const page = await open(t, 'incident');
  for (const [name, value, want] of filters) {
    await page.selectOption(`[name=${name}]`, value);
    await status(page, `${want.length} of 4 are shown.`);
    assert.deepEqual(await shown(page), want, `${name} = ${value}`);
    const fragment = await page.evaluate(() => location.hash);
    await page.click('button[type=reset]');
    await status(page, 'All 4 are shown.');
    await page.evaluate((hash) => { location.hash = hash; }, fragment);
    await status(page, `${want.length} of 4 are shown.`);
    assert.deepEqual(await shown(page), want, `what ${fragment} keeps`);
    assert.equal(await page.inputValue(`[name=${name}]`), value);
    await page.click('button[type=reset]');
    await status(page, 'All 4 are shown.');
  }
});

test('a link that was mailed opens with its filters', async (t) => {
  const page = await open(t, 'incident', { fragment: '#severity=none&actor=nobody+known&kind=users' });
  await status(page, '1 of 4 are shown.');
  assert.deepEqual(await shown(page), ['c4']);
});

test('text is searched, also in what is closed; nothing that fits is said; all come back', async (t) => {
  const page = await open(t, 'incident');
  await page.click('#close');
  await page.fill('[name=text]', 'MALLORY tier');
  await status(page, '1 of 4');
  assert.deepEqual(await shown(page), ['c2']);
  assert.equal(await page.locator('.group:visible').count(), 1, 'headings of groups without a change are hidden');
  await page.fill('[name=text]', 'no such word');
  await status(page, 'None of 4 fits.');
  await page.click('button[type=reset]');
  await status(page, 'All 4 are shown.');
  assert.equal(await page.evaluate(() => location.hash), '');
});

test('filters add up, and a number in the summary is one', async (t) => {
  const page = await open(t, 'incident');
  await page.click('#much a[href="#kind=groups&severity=high"]');
  await status(page, '1 of 4');
  assert.deepEqual(await shown(page), ['c2']);
  await page.selectOption('[name=kind]', 'users');
  await status(page, 'None of 4 fits.');
});

test('keys alone: skip, filter, open, copy', async (t) => {
  const page = await open(t, 'incident', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  assert.ok(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().left >= 0), 'the link is seen when it has the focus');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'text');
  await page.keyboard.type('payroll');
  await status(page, '1 of 4');
  for (let i = 0; i < 30 && await page.evaluate(() => document.activeElement.tagName) !== 'SUMMARY'; i++) await page.keyboard.press('Tab');
  const details = page.locator('#c3 details');
  const was = await details.evaluate((d) => d.open);
  await page.keyboard.press('Enter');
  assert.equal(await details.evaluate((d) => d.open), !was);
  if (was) await page.keyboard.press('Space');
  for (let i = 0; i < 10 && await page.evaluate(() => document.activeElement.className) !== 'copy'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#c3 .copy', { hasText: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.locator('#c3 .command code').textContent());
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none', 'the focus is seen');
});

test('a link to a change opens it', async (t) => {
  const page = await open(t, 'large');
  assert.equal(await page.locator('#c40 details').evaluate((d) => d.open), false);
  await page.evaluate(() => { location.hash = '#c40'; });
  await page.locator('#c40 details[open]').waitFor();
  await page.selectOption('[name=severity]', 'critical');
  await status(page, '1 of');
  await page.evaluate(() => { location.hash = '#c41'; });
  await page.locator('#c41 details[open]').waitFor({ state: 'visible' });
});

test('without the script everything is there', async (t) => {
  const page = await open(t, 'incident', { javaScriptEnabled: false });
  assert.equal((await shown(page)).length, 4);
  assert.equal(await page.locator('#filter').isVisible(), false);
  for (const row of await page.locator('.card .properties td').all()) assert.ok(await row.isVisible());
});

// The page's script may be what hides an attack, so hostile names are looked at with and
// without it.
for (const javaScriptEnabled of [true, false]) {
  test(`hostile names are text${javaScriptEnabled ? '' : ', without the script'}`, async (t) => {
    const page = await open(t, 'hostile', { javaScriptEnabled });
    const count = (selector) => page.locator(selector).count();
    assert.equal(await count('body script'), 1);
    for (const never of ['img', 'iframe', 'object', 'embed', 'link', 'base', 'body style', 'form form', '[style]', '[onerror]', '[onload]', '[onmouseover]']) {
      assert.equal(await count(never), 0, never);
    }
    assert.equal(await count('a[href]:not([href^="#"]):not([href^="https://attack.mitre.org/"])'), 0);
    assert.ok((await page.locator('#c2 summary').textContent()).includes('"><img src=x onerror=alert(1)>'));
    if (!javaScriptEnabled) return;
    for (const option of await page.locator('[name=actor] option, [name=property] option').evaluateAll((options) => options.map((o) => [o.parentElement.name, o.value]))) {
      await page.selectOption(`[name=${option[0]}]`, option[1]);
    }
    await page.click('button[type=reset]');
    const cards = await all(page);
    await status(page, `All ${cards.length} are shown.`);
    await page.click('#open');
    await page.locator('.card:last-child details[open]').first().waitFor();
    assert.equal(await page.evaluate(() => window.hostile), undefined);
  });
}

test('a script that somebody adds does not run', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const refused = [];
  page.on('console', (message) => refused.push(message.text()));
  await page.goto(url('incident'));
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hostile = true';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="https://example.invalid/x.png" onerror="window.hostile = true"><p style="color: red">x</p>');
  });
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.ok(refused.length >= 3 && refused.every((text) => text.includes('Content Security Policy')), refused.join('\n'));
});

for (const [name, colorScheme] of [['incident', 'light'], ['incident', 'dark'], ['hostile', 'light']]) {
  test(`axe finds nothing in ${name}, ${colorScheme}`, async (t) => {
    const page = await open(t, name, { colorScheme, bypassCSP: true });
    await page.click('#open');
    await page.addStyleTag({ content: '.chunk { content-visibility: visible !important }' });
    await page.addScriptTag({ path: axe });
    for (const width of [1200, 400]) {
      await page.setViewportSize({ width, height: 800 });
      const { violations, passes } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations', 'passes'] }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
      assert.ok(passes.find((p) => p.id === 'color-contrast')?.nodes.length > 20, 'contrast was looked at');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing is wider than ${width}`);
    }
  });
}

test('what is printed is what is shown, opened', async (t) => {
  const page = await open(t, 'incident');
  await page.click('#close');
  await page.selectOption('[name=kind]', 'groups');
  await status(page, '1 of 4');
  await page.emulateMedia({ media: 'print' });
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok(await page.locator('#c2 .properties').isVisible());
  assert.equal(await page.locator('#filter').isVisible(), false);
  assert.equal(await page.locator('#c1').isVisible(), false);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await page.locator('#c2 details').evaluate((d) => d.open), false);
});

test('a large page opens and is filtered', async (t) => {
  const began = Date.now();
  const page = await open(t, 'large');
  await status(page, 'All 3,001 are shown.');
  await page.fill('[name=text]', 'user 2999 ');
  await status(page, '1 of 3,001 are shown.');
  assert.ok(Date.now() - began < 30000, `${Date.now() - began} ms`);
});
