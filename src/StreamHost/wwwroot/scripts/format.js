// Numbers and times as people read them.
export const percent = share => `${Math.round(share * 100)} %`;

export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}` : `${m}:${String(s % 60).padStart(2, '0')}`;
}

export function span(seconds) {
  return seconds < 60 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const times = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
export const clock = seconds => times.format(new Date(seconds * 1000));

export const milliseconds = ms => ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

// Proto3 JSON writes durations as "1.5s".
export const parseDuration = text => text ? parseFloat(text) : 0;

// Changes the page only where something differs: most of 200 rows look the same as a second ago.
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
