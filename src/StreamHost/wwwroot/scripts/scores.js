// Each genre's rolling score as a bar, with the newest window's own as a mark on it.
import { percent, setText } from './format.js';
import { nameOf, variableOf } from './genres.js';

// More than these says nothing; a model may know hundreds.
const most = 14;

export class Scores {
  constructor(list, labels) {
    this.list = list;
    this.rows = labels.map(label => {
      const item = document.createElement('li');
      const [name, track, fill, mark, share] = ['label', 'track', 'fill', 'mark', 'percent'].map(part => Object.assign(document.createElement('span'), { className: part }));
      name.textContent = nameOf(label);
      item.style.setProperty('--genre', variableOf(label));
      track.append(fill, mark);
      item.append(name, track, share);
      return { item, fill, mark, share };
    });
  }

  show(rolling, newest) {
    const order = this.rows.map((_, i) => i).sort((a, b) => (rolling?.[b] ?? 0) - (rolling?.[a] ?? 0)).slice(0, most);
    order.forEach((label, place) => {
      const row = this.rows[label];
      const score = rolling?.[label] ?? 0;
      row.fill.style.transform = `scaleX(${score})`;
      row.mark.style.transform = `translateX(${(newest?.[label] ?? 0) * 100}%)`;
      row.mark.hidden = !newest;
      setText(row.share, percent(score));
      if (this.list.children[place] !== row.item) {
        this.list.insertBefore(row.item, this.list.children[place] ?? null);
      }
    });
    while (this.list.children.length > order.length) {
      this.list.lastElementChild.remove();
    }
  }
}
