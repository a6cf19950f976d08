// The server's page in a browser, and what goes wrong on it: errors of scripts and of the console, violations of its content security policy. What a
// visit found is the last line of standard output, as JSON.
const { chromium } = require('playwright-core');

const patience = { timeout: 60_000 };

// visitor({ page, context, found, watch }); while watch.isOff the console's errors are expected ones.
async function visit(executable, flags, options, visitor) {
  // Muted, a tab would not be heard by who shares it either; without an output it is heard by nobody else.
  const browser = await chromium.launch({
    executablePath: executable, ignoreDefaultArgs: ['--mute-audio'], args: ['--no-sandbox', '--disable-gpu', '--disable-audio-output', ...flags],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light', ...options });
    const page = await context.newPage();
    const found = { errors: [], violations: [] };
    const watch = { isOff: false };
    page.on('pageerror', error => found.errors.push(String(error)));
    page.on('console', message => message.type() === 'error' && !watch.isOff && found.errors.push(`${message.text()} ${message.location().url}`));
    await page.exposeFunction('tellViolation', what => found.violations.push(what));
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', event => window.tellViolation(`${event.violatedDirective} ${event.blockedURI}`)));
    await visitor({ page, context, found, watch });
    console.log(JSON.stringify(found));
  } finally {
    await browser.close();
  }
}

exports.patience = patience;
exports.visit = (...all) => visit(...all).then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
