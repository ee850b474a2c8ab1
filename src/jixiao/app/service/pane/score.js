// The result: total, groups as a picture, lost points, self-evaluation forms, the table of indicators.
(function () {
  'use strict';
  var make = Jixiao.make, number = Jixiao.number;
  var STATUS = { not_applicable: '不适用', pending: '待核定' };

  function by(id) { return document.getElementById(id); }

  function fact(title, value, kind) {
    return make('div', {}, [make('dt', {}, title), make('dd', kind ? { 'class': kind } : {}, value)]);
  }

  function head(data) {
    var waiting = data.indicators.filter(function (item) { return item.status === 'pending'; }).length;
    var open = data.groups.reduce(function (all, group) { return all + group.open; }, 0);
    var sum = Math.round((data.full - data.total - open) * 1e6) / 1e6;
    var facts = [
      fact('等级', data.grade || '—'),
      fact('按规则合计', number(data.rule_total, 2)),
      fact('失分', sum > 0 ? number(sum, 2) : '0', sum > 0 ? 'bad' : '')
    ];
    if (waiting) facts.push(fact('待核定', waiting + ' 项 ' + number(open) + ' 分', 'bad'));
    var who = [data.unit || '（未填单位）', data.year ? data.year + ' 年度' : ''].join('　').trim();
    Jixiao.fill(by('head'), [
      make('div', { 'class': 'who' }, [make('strong', {}, who), make('span', {}, data.rubric_name + '（' + data.rubric + '）')]),
      make('div', { 'class': 'total' }, [
        make('b', { id: 'total' }, number(data.total, 2)), make('span', {}, '分，满分 ' + number(data.full))
      ]),
      make('dl', { 'class': 'facts' }, facts)
    ]);
  }

  function groups(data) {
    var widest = Math.max.apply(null, data.groups.map(function (group) { return group.full; }).concat([1]));
    var rows = data.groups.map(function (group) {
      var lost = Math.round((group.full - group.points - group.open) * 1e6) / 1e6;
      var waits = group.open ? '待核定 ' + number(group.open) : '';
      var said = group.title + '：满分 ' + number(group.full) + '，得 ' + number(group.points) + '，失 ' + number(lost) + (waits && '，' + waits);
      return make('div', { 'class': 'group' }, [
        make('span', {}, group.title),
        Jixiao.bar(group.points, group.full, widest, said, group.open),
        make('span', { 'class': 'num' }, number(group.points, 2) + ' / ' + number(group.full)),
        make('span', { 'class': lost > 0 ? 'minus' : 'minus none' }, lost > 0 ? '−' + number(lost, 2) : waits || '未失分')
      ]);
    });
    rows.push(make('p', { 'class': 'legend', 'aria-hidden': 'true' }, [
      make('span', {}, [make('i', { 'class': 'got' }), '得分']), make('span', {}, [make('i', { 'class': 'gone' }), '失分']),
      make('span', {}, [make('i', { 'class': 'open' }), '待核定'])
    ]));
    Jixiao.fill(by('groups'), rows);
  }

  function lost(data) {
    var sum = data.lost.reduce(function (all, item) { return all + item.lost; }, 0);
    by('lost-title').textContent = data.lost.length ? '失分 ' + number(Math.round(sum * 100) / 100) + ' 分，' + data.lost.length + ' 项指标' : '失分';
    var widest = Math.max.apply(null, data.lost.map(function (item) { return item.full; }).concat([1]));
    var rows = data.lost.map(function (item) {
      var why = item.reason && item.why.indexOf(item.reason) < 0 ? item.why + '；核定理由：' + item.reason : item.why;
      return make('li', {}, [
        make('span', { 'class': 'minus' }, '−' + number(item.lost)),
        make('span', { 'class': 'what' }, [
          item.number + ' ' + item.title, make('small', {}, '得 ' + number(item.points) + '，满分 ' + number(item.full))
        ]),
        Jixiao.bar(item.points, item.full, widest, '得 ' + number(item.points) + '，失 ' + number(item.lost)),
        make('span', { 'class': 'why' }, why)
      ]);
    });
    Jixiao.fill(by('lost'), rows.length ? rows : [make('li', {}, '没有失分的指标。')]);
  }

  function forms(data) {
    var tables = data.tables || [];
    by('tables-card').hidden = !tables.length;
    Jixiao.fill(by('tables'), tables.map(function (item) {
      var money = ['年初预算数', '全年预算数', '全年执行数'].filter(function (name) { return item[name] !== undefined; });
      var figures = (money.length ? money : Object.keys(item).filter(function (name) { return /[\u4e00-\u9fff]/.test(name) && name !== '执行率'; }))
        .map(function (name) { return make('span', {}, name + ' ' + number(item[name]) + (item[name] === null ? '' : ' 万元')); });
      if (item['执行率'] !== null && item['执行率'] !== undefined) {
        figures.push(make('span', {}, '执行率 ' + number(Math.round(item['执行率'] * 10000) / 100, 2) + '%'));
      }
      return make('li', {}, [
        make('span', { 'class': 'name' }, item.name || '（未填名称）'),
        make('span', { 'class': 'kind' }, item.title),
        make('span', { 'class': 'points' }, [item.points === null ? '—' : number(item.points) + ' 分', make('small', {}, item.grade || '')]),
        make('span', { 'class': 'money' }, figures)
      ]);
    }));
  }

  function indicators(data) {
    var columns = [['编号', ''], ['三级指标', ''], ['满分', 'num full'], ['得分', 'num'], ['失分', 'num gone'], ['评分说明', 'why']];
    var rows = [], seen = '';
    data.indicators.forEach(function (item) {
      var first = item.number.charAt(0) === '+' ? '+' : item.number.split('.')[0];
      if (first !== seen) {
        seen = first;
        var group = first === '+' ? null : data.groups[Number(first) - 1];
        rows.push(make('tr', { 'class': 'group-row', role: 'row' }, [
          make('th', { colspan: '5', scope: 'rowgroup', role: 'rowheader' }, group ? first + ' ' + group.title : '加减分项'),
          make('th', { 'class': 'num', role: 'cell' }, group ? '小计 ' + number(group.points, 2) + ' / ' + number(group.full) : '')
        ]));
      }
      rows.push(row(item));
    });
    var header = make('tr', { role: 'row' }, columns.map(function (column) {
      return make('th', { scope: 'col', role: 'columnheader', 'class': column[1] }, column[0]);
    }));
    Jixiao.fill(by('indicators'), make('table', { role: 'table', 'aria-label': '指标得分表' }, [
      make('thead', { role: 'rowgroup' }, header), make('tbody', { role: 'rowgroup' }, rows)
    ]));
  }

  function row(item) {
    var gone = item.points === null || item.number.charAt(0) === '+' ? 0 : Math.round((item.full - item.points) * 1e6) / 1e6;
    var got = item.points === null ? STATUS[item.status] || '—' : number(item.points);
    var shown = [got, make('span', { 'class': 'short' }, item.points === null ? '' : ' / ' + number(item.full))];
    return make('tr', { role: 'row' }, [
      make('td', { role: 'cell', 'class': 'index' }, item.number),
      make('td', { role: 'cell', 'class': 'title' }, item.title),
      make('td', { role: 'cell', 'class': 'num full' }, item.status === 'not_applicable' ? '—' : number(item.full)),
      make('td', { role: 'cell', 'class': 'num' }, shown),
      make('td', { role: 'cell', 'class': gone > 0 ? 'num gone minus' : 'num gone' }, gone > 0 ? '−' + number(gone) : ''),
      make('td', { role: 'cell', 'class': 'why' }, item.explanation)
    ]);
  }

  Jixiao.showScore = function (data) {
    head(data);
    groups(data);
    lost(data);
    forms(data);
    indicators(data);
  };
})();
