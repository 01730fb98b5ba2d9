// Draws the tables of the overview: each chart reads the numbers of the table that it names, and folds that away.
(() => {
  'use strict';
  const ROUND = [0.1, 1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400];
  const DAY = 86400;

  function duration(s) {
    if (s < 1) return s + ' s';
    if (s < 60) return Math.round(s) + ' s';
    if (s < 3600) return Math.round(s / 60) + ' min';
    return s < 86400 ? Math.round(s / 3600) + ' h' : Math.round(s / 86400) + ' d';
  }

  function read(table) {
    const rows = [...table.querySelectorAll('tbody tr')].reverse();
    const heads = [...table.querySelectorAll('thead th[data-color]')];
    const all = [...table.querySelectorAll('thead th')];
    return {
      x: rows.map(row => Number(row.dataset.x)),
      words: rows.map(row => [...row.children].map(cell => cell.textContent)),
      series: heads.map(head => {
        const at = all.indexOf(head);
        return {
          name: head.textContent,
          at,
          key: head.dataset.color,
          y: rows.map(row => (row.children[at].dataset.y === undefined ? null : Number(row.children[at].dataset.y)))
        };
      })
    };
  }

  // The page's own colours, light or dark.
  function colour(key) {
    const probe = document.createElement('span');
    probe.className = 'key ' + key;
    probe.hidden = true;
    document.body.append(probe);
    const found = getComputedStyle(probe).getPropertyValue('--c').trim();
    probe.remove();
    return found;
  }

  const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function axes(values, size, splits) {
    const common = { stroke: variable('--soft'), font: '12px system-ui, sans-serif', ticks: { show: false } };
    return [
      {
        ...common,
        grid: { show: false },
        space: 60,
        size: 30,
        values: (u, splits) =>
          splits.map(at => new Date(at * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })),
        incrs: [1, 2, 3, 5, 7, 10, 15].map(days => days * DAY)
      },
      { ...common, grid: { stroke: variable('--line'), width: 1 }, values, size, ...(splits ? { splits, filter: (u, all) => all } : {}) }
    ];
  }

  function stacked(data) {
    // Each bar begins at 0 and is drawn over the taller one behind it.
    return data.series.map((each, at) =>
      data.x.map((x, day) => data.series.slice(at).reduce((sum, other) => sum + (other.y[day] || 0), 0))
    );
  }

  function options(box, data, stack, readout) {
    const bars = uPlot.paths.bars({ size: [0.7, 48] });
    return {
      width: box.clientWidth,
      height: 220,
      tzDate: at => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: stack ? { show: false } : { size: 7 } },
      scales: {
        x: { range: (u, min, max) => [min - DAY / 2, max + DAY / 2] },
        y: stack ? { range: (u, min, max) => [0, Math.max(1, max * 1.05)] } : { distr: 3 }
      },
      axes: stack
        ? axes((u, splits) => splits.map(n => (Number.isInteger(n) ? n.toLocaleString('en') : '')), 52)
        : axes(
            (u, splits) => splits.map(duration),
            52,
            (u, at, min, max) => ROUND.filter(s => s >= min && s <= max)
          ),
      series: [{}].concat(
        data.series.map(each => ({
          label: each.name,
          stroke: colour(each.key),
          width: stack ? 0 : 2,
          fill: stack ? colour(each.key) : undefined,
          paths: stack ? bars : undefined,
          spanGaps: false,
          points: stack ? { show: false } : { size: 5 }
        }))
      ),
      hooks: {
        setCursor: [
          u => {
            const at = u.cursor.idx;
            readout.textContent =
              at === null || at === undefined
                ? ''
                : data.words[at][0] + ': ' + data.series.map(each => each.name.toLowerCase() + ' ' + data.words[at][each.at]).join(', ');
          }
        ]
      }
    };
  }

  function draw(box) {
    const table = document.getElementById(box.dataset.of);
    const data = read(table);
    const stack = box.dataset.chart === 'stack';
    const name = document.getElementById(box.closest('section').getAttribute('aria-labelledby')).firstChild.textContent.trim();
    box.hidden = false;
    const readout = document.createElement('p');
    readout.className = 'readout';
    readout.setAttribute('aria-hidden', 'true');
    const canvas = document.createElement('div');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', name + ' as a chart; the numbers are in the table below.');
    box.replaceChildren(readout, canvas);
    // A logarithm knows no zero.
    const y = stack ? stacked(data) : data.series.map(each => each.y.map(s => (s === null ? null : Math.max(0.1, s))));
    return new uPlot(options(canvas, data, stack, readout), [data.x].concat(y), canvas);
  }

  document.addEventListener('DOMContentLoaded', () => {
    const boxes = [...document.querySelectorAll('[data-chart]')];
    document.querySelectorAll('details.numbers').forEach(each => {
      each.open = false;
      each.classList.add('folded');
    });
    let charts = boxes.map(draw);
    const again = () => {
      charts.forEach(chart => chart.destroy());
      charts = boxes.map(draw);
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    new ResizeObserver(() =>
      charts.forEach((chart, at) => {
        const width = boxes[at].clientWidth;
        if (width && width !== chart.width) chart.setSize({ width, height: 220 });
      })
    ).observe(boxes[0]);
  });
})();
