// Lists the streams every second and follows each live one by Server-Sent Events. After a server restart both reconnect by themselves.
const cards = new Map();

// A browser opens six connections to a server over HTTP/1.1. Streams beyond these show their top genre from the list.
const maxFollowed = 4;
const element = id => document.getElementById(id);

const seconds = duration => duration ? parseFloat(duration) : 0;
const clock = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;
const stateName = state => (state ?? '').replace('STREAM_STATE_', '');

function cardOf(id) {
  let card = cards.get(id);
  if (!card) {
    const section = element('stream').content.cloneNode(true).firstElementChild;
    section.querySelector('.id').textContent = id;
    element('streams').append(section);
    card = { section, events: null };
    cards.set(id, card);
  }
  return card;
}

function show(card, update) {
  const state = stateName(update.state);
  const missed = Number(update.droppedWindows ?? 0);
  card.section.dataset.state = state;
  card.section.querySelector('.state').textContent =
    state === 'WARMING_UP' && update.smoothedDuration ? `warming up: rests on ${seconds(update.smoothedDuration).toFixed(0)} s`
      : state.toLowerCase().replace('_', ' ');
  card.section.querySelector('.facts').textContent =
    clock(seconds(update.windowEnd)) +
    (update.processingLatency ? ` · ${(seconds(update.processingLatency) * 1000).toFixed(1)} ms` : '') +
    (missed ? ` · ${missed} windows dropped` : '');
  const list = card.section.querySelector('.genres');
  const scores = [...(update.rollingScores ?? [])].sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, 5);
  while (list.children.length < scores.length) {
    list.append(element('genre').content.cloneNode(true));
  }
  while (list.children.length > scores.length) {
    list.lastElementChild.remove();
  }
  scores.forEach(({ genre, score = 0 }, i) => {
    const row = list.children[i];
    row.querySelector('.name').textContent = genre;
    row.querySelector('meter').value = score;
    row.querySelector('.score').textContent = `${(score * 100).toFixed(0)} %`;
  });
}

function follow(card, id) {
  card.events = new EventSource(`v1/streams/${encodeURIComponent(id)}/updates`);
  card.events.onmessage = message => {
    const update = JSON.parse(message.data);
    show(card, update);
    if (stateName(update.state) === 'ENDED') {
      card.events.close();
      card.events = null;
    }
  };
}

async function list() {
  try {
    const response = await fetch('v1/streams');
    if (!response.ok) {
      throw new Error(`the server answered ${response.status}`);
    }
    const streams = (await response.json()).streams ?? [];
    element('connection').textContent = '';
    element('empty').hidden = streams.length > 0;
    const known = new Set(streams.map(s => s.streamId));
    for (const [id, card] of cards) {
      if (!known.has(id)) {
        card.events?.close();
        card.section.remove();
        cards.delete(id);
      }
    }
    for (const stream of streams) {
      const card = cardOf(stream.streamId);
      const over = stateName(stream.state) === 'ENDED';
      if (!card.events && (!over || card.section.dataset.state !== 'ENDED')) {
        if ([...cards.values()].filter(c => c.events).length < maxFollowed) {
          follow(card, stream.streamId);
        } else {
          const rollingScores = stream.topGenre ? [{ genre: stream.topGenre, score: stream.topScore }] : [];
          show(card, { ...stream, windowEnd: stream.audioDuration, rollingScores });
        }
      }
    }
  } catch (error) {
    element('connection').textContent = `not connected (${error.message}); trying again`;
  }
  setTimeout(list, 1000);
}

const model = await fetch('v1/model').then(r => r.ok ? r.json() : null).catch(() => null);
if (model) {
  element('model').textContent = `${model.name} ${model.version}: ${model.labels.join(', ')}`;
}
list();
