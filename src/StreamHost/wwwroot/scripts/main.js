// Starts the page's parts and shows the view that the address names: all streams (#/) or one (#/stream/ID).
import { setText } from './format.js';
import { startListening } from './listen.js';
import { startOverview } from './overview.js';
import { startSources } from './sources.js';
import { onStreams, start, store } from './store.js';
import { StreamPage } from './stream-page.js';
import { startTheme } from './theme.js';

const element = id => document.getElementById(id);
let page;

function route() {
  const [, id] = location.hash.match(/^#\/stream\/(.+)$/) ?? [];
  const wanted = id ? decodeURIComponent(id) : undefined;
  if (page?.id === wanted && (wanted || !element('overview').hidden)) {
    return;
  }
  page?.destroy();
  page = undefined;
  element('overview').hidden = Boolean(wanted);
  element('stream').hidden = !wanted;
  document.title = wanted ? `${wanted} · StreamGenre` : 'StreamGenre';
  if (wanted) {
    page = new StreamPage(element('stream'), wanted);
    element('stream-title').focus({ preventScroll: true });
    scrollTo(0, 0);
  } else {
    refresh();
  }
}

startTheme(element('theme'));
const refresh = startOverview();
onStreams(() => {
  element('connection').dataset.state = store.state;
  setText(element('connection'), store.state === 'live' ? 'Live' : 'Server away, trying again');
  setText(element('model'), store.model);
});

// The views need the model's genres, which come first.
const stop = onStreams(() => {
  if (store.labels.length) {
    stop();
    route();
    addEventListener('hashchange', route);
  }
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && page && !element('sources-dialog').open) {
    const { id } = page;
    location.hash = '#/';
    addEventListener('hashchange', () => document.querySelector(`.row a[href="#/stream/${CSS.escape(encodeURIComponent(id))}"]`)?.focus(), { once: true });
  } else if (event.key === '/' && !page && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
    event.preventDefault();
    element('search').focus();
  }
});
startListening();
startSources();
start();
