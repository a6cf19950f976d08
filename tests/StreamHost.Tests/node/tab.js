// Shares a tab that plays a WAV file with the page, and closes that tab.
const { readFileSync } = require('node:fs');
const { patience, visit } = require('./page.js');

const [executable, address, file] = process.argv.slice(2);
const title = 'A tab that plays';

visit(executable, [`--auto-select-tab-capture-source-by-title=${title}`, '--autoplay-policy=no-user-gesture-required'], {}, async ({ page, context, found }) => {
  const tab = await context.newPage();
  await tab.setContent(`<title>${title}</title><audio autoplay loop src="data:audio/wav;base64,${readFileSync(file).toString('base64')}"></audio>`);
  await tab.waitForFunction(() => document.querySelector('audio').currentTime > 0, null, patience);

  await page.bringToFront();
  await page.goto(address);

  // What comes after one has stopped waiting for it is let go.
  found.late = await page.evaluate(async () => {
    const sound = new AudioContext().createMediaStreamDestination().stream;
    let give;
    navigator.mediaDevices.getDisplayMedia = () => new Promise(resolve => { give = resolve; });
    document.querySelector('#tab').click();
    document.querySelector('#tab').click();
    delete navigator.mediaDevices.getDisplayMedia;
    give(sound);
    await new Promise(resolve => setTimeout(resolve));
    return sound.getTracks().map(track => track.readyState).join();
  });

  await page.click('#tab');
  await page.locator('.sender[data-state="live"]', { hasText: 'tab-' }).waitFor(patience);
  found.pressed = await page.getAttribute('#tab', 'aria-pressed');
  const stream = page.locator('.row', { hasText: 'tab-' });
  await page.locator('.row[data-heard="genre"]', { hasText: 'tab-' }).waitFor(patience);
  found.genre = await stream.locator('.genre').textContent();

  // A tab that is closed is no longer shared: the stream ends by itself.
  await tab.close();
  await page.locator('.row[data-state="ENDED"]', { hasText: 'tab-' }).waitFor(patience);
  found.senders = await page.locator('.sender').count();
  found.pressedAfterwards = await page.getAttribute('#tab', 'aria-pressed');

  // Chromium looks at the camera's policy too when a tab's picture is shared, and says so; the sound comes all the same.
  found.errors = found.errors.filter(error => !error.startsWith('Permissions policy violation: camera'));
});
