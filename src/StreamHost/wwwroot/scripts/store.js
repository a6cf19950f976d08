// All streams as the server last told them, over one connection. What was heard is kept by wall time, so that it outlives a restart of the server.
const awayFor = 60_000;
const listeners = new Set();

export const store = { labels: [], model: '', cellSeconds: 10, cells: 60, streams: new Map(), state: 'connecting' };

export function onStreams(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = () => listeners.forEach(listener => listener());

function apply(changes) {
  const now = Date.now();
  const told = new Set();
  for (const next of changes.streams) {
    told.add(next.id);
    const stream = store.streams.get(next.id) ?? { strip: new Map(), changedAt: next.at };
    if (stream.heard !== next.heard) {
      stream.changedAt = next.at;
    }
    const { strip, ...rest } = next;
    Object.assign(stream, { name: '', title: '' }, rest);
    strip?.heard.forEach((heard, i) => {
      if (heard !== -3) {
        stream.strip.set(strip.last - strip.heard.length + 1 + i, heard);
      }
    });
    if (next.at > 0 && next.state !== 'ENDED') {
      stream.strip.set(Math.floor(next.at / store.cellSeconds), next.heard);
    }
    store.streams.set(next.id, stream);
  }
  changes.removed.forEach(id => store.streams.delete(id));

  const oldest = Math.floor(now / 1000 / store.cellSeconds) - store.cells;
  for (const [id, stream] of store.streams) {
    // A server that came back may not have all its streams back yet: they are shown as away for a while, and go on where they were.
    if (changes.full && !told.has(id)) {
      stream.state = 'AWAY';
      stream.awaySince ??= now;
    } else if (stream.state !== 'AWAY') {
      delete stream.awaySince;
    }
    if (stream.awaySince && now - stream.awaySince > awayFor) {
      store.streams.delete(id);
    }
    for (const cell of stream.strip.keys()) {
      if (cell > oldest) {
        break;
      }
      stream.strip.delete(cell);
    }
  }
}

let events;

// A tab that nobody looks at asks for nothing: a browser opens six connections to a server, for all its tabs. What it missed comes with the first answer.
export function start() {
  connect();
  document.addEventListener('visibilitychange', () => {
    events.close();
    if (!document.hidden) {
      connect();
    }
  });
}

function connect() {
  const mine = new EventSource('v1/events');
  events = mine;
  events.addEventListener('legend', message => {
    Object.assign(store, JSON.parse(message.data));
  });
  events.addEventListener('streams', message => {
    apply(JSON.parse(message.data));
    store.state = 'live';
    tell();
  });
  events.addEventListener('error', () => {
    store.state = 'lost';
    tell();

    // The browser tries again by itself, unless the answer was no stream of events (a proxy's error page).
    if (mine.readyState === EventSource.CLOSED) {
      setTimeout(() => mine === events && !document.hidden && connect(), 2000);
    }
  });
}
