// Findings: grave ones first, each to be opened for its cells and what to do about it.
(function () {
  'use strict';
  var make = Jixiao.make;
  var LEVELS = [['error', '错误'], ['warning', '提醒'], ['note', '说明']];
  var shown = { error: true, warning: true, note: false }; // notes are many, and ask for nothing

  function by(id) { return document.getElementById(id); }

  function title(level) {
    return LEVELS.filter(function (pair) { return pair[0] === level; })[0][1];
  }

  // The place of a figure in its PDF, drawn below its row: the picture comes with the token, so it is no <img>.
  function seen(place, row) {
    var button = make('button', { type: 'button', 'class': 'quiet no-print' }, '看原文');
    button.addEventListener('click', async function () {
      if (row.nextSibling && row.nextSibling.className === 'seen') { row.nextSibling.remove(); return; }
      var canvas = make('canvas', { role: 'img', 'aria-label': place.file + ' ' + place.sheet + ' ' + place.cell });
      var bytes = await Jixiao.picture(place);
      if (!bytes) return;
      var image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d').drawImage(image, 0, 0);
      row.after(make('tr', { 'class': 'seen' }, make('td', { colspan: String(row.children.length) }, canvas)));
    });
    return make('td', {}, button);
  }

  function place(place, first) {
    var row = make('tr', {}, first.map(function (text) { return make('td', {}, text); }).concat([
      make('td', {}, place.file || '（评分簿）'), make('td', {}, place.sheet || ''),
      make('td', place.cell ? { 'class': 'cell' } : {}, place.cell || ''), make('td', {}, place.label || '')
    ]));
    if (place.box && place.box.length) row.appendChild(seen(place, row));
    if (Jixiao.goTo && place.sheet && place.cell) {
      var go = make('button', { type: 'button' }, '转到单元格');
      go.addEventListener('click', function () { Jixiao.goTo(place); });
      row.appendChild(make('td', {}, go));
    }
    return row;
  }

  function table(names, rows) {
    var header = make('tr', {}, names.concat(['文件', '工作表或页', '单元格', '内容']).map(function (name) { return make('th', { scope: 'col' }, name); }));
    return make('table', { 'class': 'places' }, [make('thead', {}, header), make('tbody', {}, rows)]);
  }

  function places(sources) {
    return table([], sources.map(function (source) { return place(source, []); }));
  }

  Jixiao.showFacts = function (facts) {
    Jixiao.fill(by('facts'), table(['名称', '数'], facts.map(function (fact) { return place(fact, [fact.name, fact.value]); })));
  };

  function finding(item) {
    var inside = [];
    if (item.advice) inside.push(make('p', { 'class': 'advice' }, '建议：' + item.advice));
    if (item.sources.length) inside.push(places(item.sources));
    inside.push(make('p', { 'class': 'code' }, '编号 ' + item.code));
    return make('details', { 'class': 'finding', 'data-code': item.code }, [
      make('summary', {}, [
        make('span', { 'class': 'level ' + item.level }, title(item.level)), make('span', {}, item.message)
      ]),
      make('div', { 'class': 'inside' }, inside)
    ]);
  }

  function list(items) {
    var sorted = LEVELS.reduce(function (all, pair) {
      return all.concat(items.filter(function (item) { return item.level === pair[0] && shown[item.level]; }));
    }, []);
    Jixiao.fill(by('findings'), sorted.length ? sorted.map(finding) : [make('p', { 'class': 'hint' }, items.length ? '筛选后没有内容。' : '没有发现问题。')]);
  }

  Jixiao.showFindings = function (items, checks) {
    by('findings-title').textContent = '发现的问题' + (items.length ? ' ' + items.length + ' 项' : '');
    var told = Object.keys(checks || {}).filter(function (name) { return checks[name]; }).map(function (name) { return name + ' ' + checks[name]; });
    by('checks').textContent = told.length ? '勾稽核对：' + told.join('，') : '没有可核对的勾稽关系。';
    Jixiao.fill(by('filter'), LEVELS.map(function (pair) {
      var count = items.filter(function (item) { return item.level === pair[0]; }).length;
      var button = make('button', { type: 'button', 'aria-pressed': String(shown[pair[0]]) }, pair[1] + ' ' + count);
      button.addEventListener('click', function () {
        shown[pair[0]] = !shown[pair[0]];
        button.setAttribute('aria-pressed', String(shown[pair[0]]));
        list(items);
      });
      return button;
    }));
    list(items);
  };

  Jixiao.finding = finding;

  // Esc closes the finding that one is in, and puts the focus back on its line
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return;
    var inside = document.activeElement && document.activeElement.closest ? document.activeElement.closest('details[open]') : null;
    if (inside) {
      inside.open = false;
      inside.querySelector('summary').focus();
    }
  });
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('.finding').forEach(function (item) {
      item.open = true;
    });
  });
})();
