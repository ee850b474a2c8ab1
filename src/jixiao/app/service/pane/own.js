// What was filled into a workbook of the officer's own, and what is still to be said for it.
(function () {
  'use strict';
  var make = Jixiao.make;

  function by(id) { return document.getElementById(id); }

  // One listener a button, however often the card is drawn.
  function press(id, call) {
    var old = by(id), fresh = old.cloneNode(true);
    old.parentNode.replaceChild(fresh, old);
    fresh.addEventListener('click', call);
    return fresh;
  }

  Jixiao.showOwn = function (data, takeLabel, rubrics, calls) {
    by('own').hidden = false;
    by('own-title').textContent = calls.take ? '填写我的评分表' : '当前工作簿';
    by('own-message').textContent = (data.file || data.book ? '“' + (data.file || data.book) + '”：' : '') + data.message;
    by('own-cells').textContent = data.cells.length ? '写入的单元格：' + data.cells.slice(0, 40).join('、') + (data.cells.length > 40 ? ' 等 ' + data.cells.length + ' 个' : '') : '';
    by('own-choose').hidden = data.need !== 'rubric';
    Jixiao.fill(by('own-rubric'), rubrics.filter(function (item) {
      return !data.options.length || data.options.indexOf(item.id) >= 0;
    }).map(function (item) { return make('option', { value: item.id }, item.name); }));
    press('own-again', function () { calls.again(by('own-rubric').value); });
    var take = press('own-take', calls.take || function () {});
    take.textContent = takeLabel;
    take.hidden = !data.ok || !calls.take;
    Jixiao.fill(by('own-findings'), data.findings.map(Jixiao.finding));
    by('own').scrollIntoView({ block: 'start' });
  };
})();
