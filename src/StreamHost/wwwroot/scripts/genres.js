// What is heard, in words and colours. Numbers under 0 are reasons to name no genre; the server's Heard has the same.
export const UNSURE = -1;
export const SILENT = -2;
export const NOTHING = -3;

const names = { hiphop: 'Hip-hop', 'r&b': 'R&B', randb: 'R&B', edm: 'EDM' };
const palette = ['blues', 'classical', 'country', 'disco', 'hiphop', 'jazz', 'metal', 'pop', 'reggae', 'rock', 'electronic'];
const resolved = new Map();
let probe;

export const nameOf = genre => names[genre] ?? genre.charAt(0).toUpperCase() + genre.slice(1).replaceAll('_', ' ');

export function heardName(heard, labels) {
  return heard >= 0 ? nameOf(labels[heard] ?? '') : heard === UNSURE ? 'Unsure' : heard === SILENT ? 'Silent' : 'Listening';
}

export const heardKind = heard => heard >= 0 ? 'genre' : heard === UNSURE ? 'unsure' : heard === SILENT ? 'silent' : 'nothing';

// Another model's genres get the same colours in another order, each always the same one.
export function variableOf(genre) {
  const known = genre.toLowerCase();
  if (palette.includes(known)) {
    return `var(--g-${known})`;
  }
  let hash = 0;
  for (const c of known) {
    hash = (hash * 31 + c.codePointAt(0)) >>> 0;
  }
  return `var(--g-${palette[hash % palette.length]})`;
}

export function heardVariable(heard, labels) {
  return heard >= 0 ? variableOf(labels[heard] ?? '') : heard === UNSURE ? 'var(--g-unsure)' : 'var(--g-silent)';
}

// For canvases, which know no variables.
export function color(variable) {
  let value = resolved.get(variable);
  if (!value) {
    if (!probe) {
      probe = document.createElement('i');
      probe.hidden = true;
      document.body.append(probe);
    }
    probe.style.color = variable;
    value = getComputedStyle(probe).color;
    resolved.set(variable, value);
  }
  return value;
}

export const forgetColors = () => resolved.clear();
