// Opens a report in a browser: wide and light, wide and dark, as narrow as a phone, and printed; prints what it finds as JSON.
const { pathToFileURL } = require('node:url');
const { chromium } = require('playwright-core');

const [executable, file] = process.argv.slice(2);

async function look(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = [];
  const requests = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  page.on('request', request => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  const found = await page.evaluate(async () => {
    const color = name => {
      const probe = document.createElement('i');
      probe.style.color = `var(${name})`;
      document.body.append(probe);
      const value = getComputedStyle(probe).color.match(/\d+/g).slice(0, 3).map(Number);
      probe.remove();
      return value;
    };
    const names = ['--surface', '--page', '--ink', '--muted', '--accent', '--on-accent', ...[1, 2, 3, 4, 5, 6, 7, 8].map(i => `--s${i}`)];
    return {
      charts: [...document.querySelectorAll('[data-chart]')].map(place => place.querySelectorAll('svg path').length),
      legends: await Promise.all(JSON.parse(document.getElementById('charts').textContent).filter(chart => chart.series.length > 1).map(async chart => {
        const place = document.querySelector(`[data-chart="${chart.id}"]`);
        const buttons = [...place.parentElement.querySelectorAll('.legend button')];
        const before = place.innerHTML;
        buttons[0].click();
        for (let frame = 0; place.innerHTML === before && frame < 300; frame++) await new Promise(requestAnimationFrame);
        return {
          series: chart.series.length,
          shown: buttons.filter(button => button.getBoundingClientRect().right <= innerWidth && button.scrollWidth <= button.clientWidth).length,
          hides: buttons[0].getAttribute('aria-pressed') === 'false' && place.innerHTML !== before,
        };
      })),
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      colors: Object.fromEntries(names.map(name => [name, color(name)])),
    };
  });
  const pdf = options.colorScheme === 'dark' ? (await page.pdf({ format: 'A4', printBackground: true })).length : 0;
  await context.close();
  return { errors, requests, pdf, ...found };
}

(async () => {
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
  const wide = { viewport: { width: 1200, height: 900 } };
  console.log(JSON.stringify({
    light: await look(browser, { ...wide, colorScheme: 'light' }),
    dark: await look(browser, { ...wide, colorScheme: 'dark' }),
    phone: await look(browser, { viewport: { width: 390, height: 800 }, colorScheme: 'light' }),
  }));
  await browser.close();
})().catch(error => {
  console.error(error);
  process.exit(1);
});
