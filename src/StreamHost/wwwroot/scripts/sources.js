// The server's own sources: shown, added and removed where the server lets one.
import { ask } from './address.js';

const element = id => document.getElementById(id);
const everyMs = 2000;
const states = { CONNECTING: 'connecting', LIVE: 'live', SILENT: 'silent', STALLED: 'stalled', BACKING_OFF: 'will try again', FAILED: 'failed' };

function row(source, refresh, canChange) {
  const item = document.createElement('li');
  const name = Object.assign(document.createElement('b'), { textContent: source.name || source.id });
  const state = states[source.state.replace('SOURCE_STATE_', '')] ?? '';
  const failed = !['SOURCE_STATE_LIVE', 'SOURCE_STATE_SILENT'].includes(source.state) && source.lastError;
  const words = Object.assign(document.createElement('span'), { textContent: [state, failed ? source.lastError : source.streamTitle, source.url].filter(Boolean).join(' · ') });
  words.title = words.textContent;
  const remove = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Remove' });
  remove.setAttribute('aria-label', `Remove ${source.name || source.id}`);
  remove.addEventListener('click', async () => {
    remove.disabled = true;
    try {
      await ask(`v1/sources/${encodeURIComponent(source.id)}`, { method: 'DELETE', headers: { 'Content-Type': 'application/json' } });
    } catch (error) {
      element('source-form').querySelector('output').textContent = error.message;
      remove.disabled = false;
    }
    refresh();
  });
  item.append(name, words, ...(canChange ? [remove] : []));
  return item;
}

export async function startSources() {
  const dialog = element('sources-dialog');
  const form = element('source-form');
  const output = form.querySelector('output');
  const load = () => ask('v1/sources');
  let canChange = false;
  const refresh = async () => {
    const { sources } = await load().catch(() => ({ sources: [] }));
    const shown = JSON.stringify(sources);
    if (dialog.dataset.shown !== shown) {
      dialog.dataset.shown = shown;
      element('source-list').replaceChildren(...sources.map(source => row(source, refresh, canChange)));
    }
  };
  try {
    ({ canChangeSources: canChange } = await ask('v1/server'));
    if (!canChange && (await load()).sources.length === 0) {
      // Nothing to see and nothing to do.
      return;
    }
  } catch {
    return;
  }
  form.hidden = !canChange;
  element('sources').hidden = false;
  let timer;
  element('sources').addEventListener('click', () => {
    output.textContent = '';
    dialog.showModal();
    refresh();
    timer = setInterval(refresh, everyMs);
  });
  dialog.addEventListener('close', () => clearInterval(timer));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    output.textContent = '';
    try {
      const { url, name } = Object.fromEntries(new FormData(form));
      await ask('v1/sources', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ url, name }) });
      form.reset();
      refresh();
    } catch (error) {
      output.textContent = error.message;
    }
  });
}
