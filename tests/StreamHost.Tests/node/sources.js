// Adds a source by the page's form, hears it, and removes it; then looks at a server that lets nobody change its sources.
const { patience, visit } = require('./page.js');

const [executable, address, url, readOnlyAddress] = process.argv.slice(2);
const name = 'Radio of the test';

visit(executable, [], {}, async ({ page, found, watch }) => {
  const listed = page.locator('#source-list li');
  const added = listed.filter({ hasText: name });
  const stream = page.locator('.row', { hasText: name });
  const open = async () => {
    await page.click('#sources');
    await page.locator('#sources-dialog[open]').waitFor(patience);
  };

  // What the server refuses it says in words, what was typed stays, and nothing is added.
  await page.goto(address);
  await open();
  await page.fill('[name=url]', 'file:/etc/hostname');
  watch.isOff = true;
  await page.click('#source-form .primary');
  await page.waitForFunction(() => document.querySelector('#source-form output').textContent !== '', null, patience);
  found.refusal = await page.textContent('#source-form output');
  found.typed = await page.inputValue('[name=url]');
  found.listedAfterRefusal = await listed.count();
  watch.isOff = false;

  // Added by keyboard.
  await page.fill('[name=url]', url);
  await page.fill('[name=name]', name);
  await page.keyboard.press('Enter');
  await added.filter({ hasText: 'live · ' }).waitFor(patience);
  found.words = await added.locator('span').textContent();
  found.afterwards = await page.inputValue('[name=url]') + await page.textContent('#source-form output');
  await page.keyboard.press('Escape');
  found.isOpen = await page.locator('#sources-dialog[open]').count();
  await page.locator('.row[data-heard="genre"]', { hasText: name }).waitFor(patience);
  found.genre = await stream.locator('.genre').textContent();
  found.title = await stream.locator('.title').textContent();

  // Removed: its stream ends.
  await open();
  await page.getByRole('button', { name: `Remove ${name}` }).click();
  await added.waitFor({ ...patience, state: 'detached' });
  await page.click('#sources-dialog [aria-label=Close]');
  await page.locator('.row[data-state="ENDED"]', { hasText: name }).waitFor(patience);

  await page.goto(readOnlyAddress);
  await open();
  await listed.first().waitFor(patience);
  found.readOnly = { listed: await listed.count(), buttons: await listed.locator('button').count(), form: await page.isVisible('#source-form') };
});
