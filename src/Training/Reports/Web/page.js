// Draws the charts as SVG in the page's own colours, and anew whenever scheme, width or medium change.
(() => {
  'use strict';
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const byId = new Map(charts.map(chart => [chart.id, chart]));
  const dashes = ['solid', [7, 4], [2, 3], [9, 3, 2, 3], 'solid', [7, 4], [2, 3], [9, 3, 2, 3]];
  const drawn = new Map();
  const hidden = new Map(charts.map(chart => [chart.id, new Set()]));

  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const format = value => value === null || value === undefined ? '–' : String(Math.round(value * 1000) / 1000);

  function axis(spec, theme, horizontal) {
    const shared = {
      name: spec.name,
      nameLocation: 'middle',
      nameGap: horizontal ? 28 : 42,
      nameTextStyle: { color: theme.muted, fontSize: 12 },
      axisLine: { show: horizontal, lineStyle: { color: theme.line } },
      axisTick: { show: false },
      axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true },
      splitLine: { show: !horizontal, lineStyle: { color: theme.grid } },
    };
    return spec.categories
      ? { ...shared, type: 'category', data: spec.categories }
      : { ...shared, type: spec.logarithmic ? 'log' : 'value', min: spec.min ?? undefined, max: spec.max ?? undefined, scale: true, minInterval: spec.whole ? 1 : undefined };
  }

  function option(spec, theme, small) {
    return {
      animation: false,
      aria: { enabled: true, label: { description: spec.title } },
      color: theme.series,
      textStyle: { fontFamily: theme.font, color: theme.ink },
      grid: { left: spec.y.name ? 58 : 34, right: 14, top: 12, bottom: spec.x.name ? 44 : 24 },
      legend: { show: false, selected: Object.fromEntries([...hidden.get(spec.id)].map(name => [name, false])) },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: theme.surface,
        borderColor: theme.line,
        textStyle: { color: theme.ink, fontSize: 12 },
        axisPointer: { lineStyle: { color: theme.muted } },
        valueFormatter: format,
      },
      xAxis: { ...axis(spec.x, theme, true), ...(small ? { splitNumber: 2, interval: 0.5 } : {}) },
      yAxis: { ...axis(spec.y, theme, false), ...(small ? { splitNumber: 2, interval: 0.5 } : {}) },
      series: spec.series.map((series, index) => ({
        name: series.name || spec.y.name || spec.title,
        data: series.points,
        ...(series.kind === 'bar'
          ? { type: 'bar', barCategoryGap: '12%', itemStyle: { color: theme.series[index] } }
          : series.kind === 'points'
            ? { type: 'scatter', symbolSize: 9, symbol: 'diamond', itemStyle: { color: theme.series[index], borderColor: theme.surface, borderWidth: 1 } }
            : {
              type: 'line',
              showSymbol: series.points.length === 1,
              symbolSize: 6,
              connectNulls: series.kind === 'joined',
              lineStyle: { width: 2, type: dashes[index % dashes.length] },
              areaStyle: series.kind === 'area' ? { opacity: 0.13 } : undefined,
            }),
      })),
    };
  }

  // Of markup, as it wraps into as many lines as it needs, on phones and on paper too. A click hides a series.
  function legend(place, spec, theme, chart) {
    if (place.previousElementSibling) place.previousElementSibling.remove();
    if (spec.series.length < 2) return;
    const list = document.createElement('ul');
    list.className = 'legend';
    spec.series.forEach((series, index) => {
      const off = hidden.get(spec.id);
      const button = document.createElement('button');
      button.type = 'button';
      button.innerHTML = swatch(series.kind, theme.series[index % theme.series.length], dashes[index % dashes.length]);
      button.append(series.name);
      button.setAttribute('aria-pressed', String(!off.has(series.name)));
      button.addEventListener('click', () => {
        const shown = !off.delete(series.name);
        if (shown) off.add(series.name);
        button.setAttribute('aria-pressed', String(!shown));
        chart.dispatchAction({ type: 'legendToggleSelect', name: series.name });
      });
      list.appendChild(document.createElement('li')).append(button);
    });
    place.before(list);
  }

  function swatch(kind, fill, dash) {
    const shape = kind === 'bar' ? `<rect y="1" width="14" height="8" rx="2" fill="${fill}"/>`
      : kind === 'points' ? `<path d="M7 0l5 5-5 5-5-5z" fill="${fill}"/>`
        : `<path d="M0 5h26" stroke="${fill}" stroke-width="2.5" stroke-dasharray="${dash === 'solid' ? '' : dash}"/>`;
    const width = kind === 'bar' || kind === 'points' ? 14 : 26;
    return `<svg width="${width}" height="10" viewBox="0 0 ${width} 10" aria-hidden="true">${shape}</svg>`;
  }

  function draw() {
    const theme = {
      font: getComputedStyle(document.body).fontFamily,
      ink: color('--ink'), muted: color('--muted'), line: color('--line'), grid: color('--grid'), surface: color('--surface'),
      series: [1, 2, 3, 4, 5, 6, 7, 8].map(index => color('--s' + index)),
    };
    for (const place of document.querySelectorAll('[data-chart]')) {
      const spec = byId.get(place.dataset.chart);
      drawn.get(place)?.dispose();
      const chart = echarts.init(place, null, { renderer: 'svg', ...size(place) });
      chart.setOption(option(spec, theme, place.classList.contains('small')));
      drawn.set(place, chart);
      legend(place, spec, theme, chart);
      scale(place);
    }
  }

  function size(place) {
    // When a page is printed its layout may still be the screen's: nothing is drawn wider than paper then.
    const width = matchMedia('print').matches ? Math.min(place.clientWidth, 680) : place.clientWidth;
    return { width, height: parseFloat(getComputedStyle(place).getPropertyValue('--h')) };
  }

  // With a viewBox the picture can be scaled by the print style, whatever width it was drawn at.
  function scale(place) {
    const svg = place.querySelector('svg');
    svg.setAttribute('viewBox', `0 0 ${svg.getAttribute('width')} ${svg.getAttribute('height')}`);
  }

  draw();
  const observed = new ResizeObserver(entries => entries.forEach(({ target }) => {
    const chart = drawn.get(target);
    if (chart && target.clientWidth > 0 && chart.getWidth() !== target.clientWidth && !matchMedia('print').matches) {
      chart.resize(size(target));
      scale(target);
    }
  }));
  document.querySelectorAll('[data-chart]').forEach(place => observed.observe(place));
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', draw);
  }
})();
