// Clicks and types its way through the page in a browser whose microphone plays a WAV file; says what it found as JSON on the last line. The line
// "restart" asks for the server to be restarted; a line on standard input says that it is back.
const { readFileSync } = require('node:fs');
const { basename } = require('node:path');
const { createInterface } = require('node:readline');
const { patience, visit } = require('./page.js');

const [executable, address, microphone, file] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// Which columns of the chart's plot hold an area: looked at between two lines of its grid, near the top, where the areas always reach.
const areaColumns = page => page.evaluate(() => {
  const canvas = document.querySelector('.area canvas');
  const over = document.querySelector('.area .u-over');
  const scale = canvas.width / canvas.clientWidth;
  const from = { x: over.offsetLeft * scale, y: over.offsetTop * scale, width: over.clientWidth * scale, height: over.clientHeight * scale };
  const row = canvas.getContext('2d').getImageData(from.x, from.y + from.height * 0.13, from.width, 1).data;
  return Array.from({ length: row.length / 4 }, (_, i) => row[4 * i + 3] > 0);
});

const runs = columns => columns.reduce((count, filled, i) => count + (filled && !columns[i - 1]), 0);

const contrasts = page => page.evaluate(() => {
  const probe = document.createElement('i');
  document.body.append(probe);
  const luminance = name => {
    probe.style.color = `var(${name})`;
    const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const genres = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock', 'electronic'];
  const found = {};
  for (const ground of ['--card', '--ground']) {
    for (const text of ['--ink', '--quiet', '--warn']) {
      found[`${text} on ${ground}`] = contrast(text, ground) / 4.5;
    }
  }
  found['--on-accent on --accent'] = contrast('--on-accent', '--accent') / 4.5;
  for (const genre of genres) {
    found[`${genre} on --card`] = contrast(`--g-${genre}`, '--card') / 3;
  }
  probe.remove();
  return Object.entries(found).filter(([, share]) => share < 1).map(([name, share]) => `${name} has ${(share * 100).toFixed(0)} % of the contrast it needs`);
});

const flags = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${microphone}`];
visit(executable, flags, { permissions: ['microphone'] }, async ({ page, found, watch }) => {
  // A frame is laid out before the chart is told of its new size: the frame after it is the first whose layout is the page's answer.
  const overflow = () => page.evaluate(async () => {
    await new Promise(laidOut => requestAnimationFrame(() => requestAnimationFrame(laidOut)));
    return document.documentElement.scrollWidth - document.documentElement.clientWidth;
  });

  await page.goto(address);
  await page.locator('#empty').waitFor(patience);
  found.contrastLight = await contrasts(page);

  // Microphone by keyboard, a file by dropping it.
  await page.locator('#microphone').focus();
  await page.keyboard.press('Enter');
  const sender = page.locator('.sender[data-state="live"]', { hasText: 'microphone-' });
  await sender.waitFor(patience);
  const dropped = await page.evaluateHandle(({ bytes, name }) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name, { type: 'audio/wav' }));
    return data;
  }, { bytes: readFileSync(file).toString('base64'), name: basename(file) });
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
  const heard = name => page.locator('.row[data-heard="genre"]', { has: page.locator('.id', { hasText: name }) });
  await heard('microphone-').waitFor(patience);
  await heard(basename(file, '.wav')).waitFor(patience);
  found.microphoneGenre = await heard('microphone-').locator('.genre').textContent();
  found.fileGenre = await heard(basename(file, '.wav')).locator('.genre').textContent();
  await page.waitForFunction(() => document.querySelector('.sender progress:not([hidden])')?.value > 0.1, null, patience);
  found.stripWords = await heard('microphone-').locator('.strip').getAttribute('aria-label');

  // Found by typing, opened by keyboard.
  await page.keyboard.press('/');
  await page.keyboard.type('microphone');
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1, null, patience);
  found.searchFocused = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#stream-title').waitFor(patience);
  found.titleFocused = await page.evaluate(() => document.activeElement.id);
  found.scores = await page.locator('.scores li').count();
  await page.waitForFunction(() => {
    const canvas = document.querySelector('.spectrogram canvas');
    return canvas.width > 300 && new Set(new Uint32Array(canvas.getContext('2d').getImageData(canvas.width - 60, 0, 60, canvas.height).data.buffer)).size > 20;
  }, null, patience);
  await page.waitForFunction(() => document.querySelector('.now').dataset.heard === 'genre' && document.querySelectorAll('.changes li').length > 0, null, patience);
  const before = await areaColumns(page);
  found.areaBefore = before.filter(Boolean).length;

  // The server goes and comes back: so does the microphone's stream, under its name, and what was heard before stays.
  watch.isOff = true;
  console.log('restart');
  await answers.next();
  await page.waitForFunction(() => document.querySelector('#connection').dataset.state === 'live' && document.querySelector('.badge').dataset.state !== 'AWAY', null, patience);
  const end = Date.now() + patience.timeout;
  let columns = await areaColumns(page);
  while (runs(columns) < 2 && Date.now() < end) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
    columns = await areaColumns(page);
  }
  found.areaAfter = columns.filter(Boolean).length;
  found.areaParts = runs(columns);
  watch.isOff = false;

  // The other theme, and as narrow as a phone.
  await page.click('#theme');
  found.theme = await page.evaluate(() => document.documentElement.dataset.theme);
  found.contrastDark = await contrasts(page);
  await page.setViewportSize({ width: 390, height: 800 });
  found.overflowStream = await overflow();
  await page.keyboard.press('Escape');
  await page.locator('#overview').waitFor(patience);
  await page.fill('#search', '');
  await page.locator('.row').first().waitFor(patience);
  found.overflowOverview = await overflow();
  found.rowsFit = await page.locator('.row').count();

  await page.click('#microphone');
  await page.locator('.row[data-state="ENDED"]', { hasText: 'microphone-' }).waitFor(patience);
  found.pressed = await page.getAttribute('#microphone', 'aria-pressed');
});
