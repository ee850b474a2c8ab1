// What the proof says, and what the report still lacks.
(function () {
  'use strict';
  var make = Jixiao.make;

  function by(id) { return document.getElementById(id); }

  Jixiao.showVerified = function (data) {
    var lines = data.engines.map(function (engine) {
      return make('li', {}, engine.not_run ? engine.engine + ' 未复算：' + engine.not_run
        : engine.engine + ' 复算 ' + engine.cells + ' 个单元格，差异 ' + engine.differences + ' 处');
    });
    if (data.proved) lines.push(make('li', {}, '公式 ' + data.formulas + ' 个，未被改动'));
    var wrong = data.findings.filter(function (item) { return item.level === 'error'; });
    Jixiao.fill(by('verified'), make('div', { 'class': data.proved ? 'verdict' : 'verdict bad' }, [
      make('strong', {}, data.proved ? '核验通过' : '核验未通过'), make('ul', {}, lines)
    ].concat(wrong.map(Jixiao.finding))));
  };

  Jixiao.showReported = function (made, again) {
    var button = make('button', { type: 'button' }, '下载报告');
    button.addEventListener('click', again);
    Jixiao.fill(by('reported'), make('div', { 'class': 'verdict' }, [
      make('strong', {}, '已写出' + made.kind + '报告' + (made.draft ? '（草稿）' : '')),
      made.pending.length ? make('p', {}, '还缺 ' + made.pending.length + ' 项：') : null,
      made.pending.length ? make('ul', {}, made.pending.map(function (text) { return make('li', {}, text); })) : null,
      button
    ]));
  };
})();
