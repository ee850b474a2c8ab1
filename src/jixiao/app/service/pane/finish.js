// The questions that the import of an official table left open: choices with what each gives, a sentence of one's own, tried.
(function () {
  'use strict';
  var make = Jixiao.make, calls = null;

  function by(id) { return document.getElementById(id); }

  function points(values, given) {
    return values.map(function (value, at) { return value + '：' + given[at]; }).join('　');
  }

  function text(name, label, value) {
    return make('label', { 'class': 'inline' }, [label, make('input', { type: 'text', name: name, maxlength: '200', value: value || '' })]);
  }

  function field(form, name) { return form.elements.namedItem(name); }

  function words(form) {
    var chosen = form.querySelector('input[name=choice]:checked'), own = field(form, 'text');
    var made = { question: form.getAttribute('data-id') };
    if (chosen && chosen.value !== '') made.choice = chosen.value;
    else made.text = own ? own.value.trim() : '';
    return made;
  }

  function choice(label, number, more) {
    return make('label', { 'class': 'choice' }, [
      make('input', { type: 'radio', name: 'choice', value: number, required: '' }), ' ' + label
    ].concat(more.filter(Boolean).map(function (line) { return make('small', {}, line); })));
  }

  function drawn(data) {
    var rows = data.choices.map(function (item, at) {
      return choice(item.label, String(at), [
        data.asks === 'rule' && item.rule !== item.label ? item.rule : '', item.points.length ? points(data.values, item.points) : ''
      ]);
    });
    if (data.takes) rows.push(choice('自己写' + data.takes, '', []));
    var inside = [data.says ? make('blockquote', {}, data.says) : null, make('p', {}, (data.at ? data.at + '：' : '') + data.why),
      make('fieldset', {}, [make('legend', { 'class': 'hint' }, '怎样读')].concat(rows))];
    var said = make('p', { 'class': 'hint', role: 'status' }), test = make('button', { type: 'button' }, '试算');
    if (data.takes) inside.push(make('div', { 'class': 'row' }, [text('text', '写法')]));
    if (data.asks === 'rule' || data.asks === 'value') inside.push(make('div', { 'class': 'row' }, [text('value', '数值'), test]), said);
    inside.push(make('div', { 'class': 'row' }, [
      text('why', '理由'), make('label', { 'class': 'inline' }, [make('input', { type: 'checkbox', name: 'alike' }),
        data.together.length ? '下面各项同样回答：' + data.together.join('、') : '其余也可这样答的一并保存']),
      make('button', { type: 'submit', 'class': 'primary' }, '保存')
    ]));
    var form = make('form', { 'data-id': String(data.id) }, inside);
    field(form, 'alike').checked = data.together.length > 0;
    if (field(form, 'text')) field(form, 'text').addEventListener('input', function () { form.querySelector('input[name=choice][value=""]').checked = true; });
    field(form, 'why').placeholder = '按原文的意思';
    test.addEventListener('click', function () {
      calls.tried(Object.assign(words(form), { value: field(form, 'value').value.trim() }), function (made) {
        said.textContent = [made.rule ? '读作：' + made.rule : '', points(made.values, made.points), made.at ? field(form, 'value').value + '：' + made.at : ''].filter(Boolean).join('　');
      });
    });
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      calls.answer(Object.assign(words(form), { why: field(form, 'why').value.trim(), who: by('finish-who').value.trim(), alike: field(form, 'alike').checked }));
    });
    return form;
  }

  function one(item) {
    var made = make('details', { 'class': 'finding question' }, [
      make('summary', {}, [make('span', { 'class': 'level warning' }, '待定'),
        make('span', {}, item.about + (item.point ? ' 第' + item.point + '个要点' : '') + '：' + item.why)])
    ]);
    made.addEventListener('toggle', function () {
      if (!made.open || made.querySelector('form')) return;
      calls.question({ question: String(item.id) }, function (data) { made.appendChild(make('div', { 'class': 'inside' }, drawn(data))); });
    });
    return made;
  }

  // What is open, what was decided by whom, and what the import found; ``next``: the first question is opened.
  Jixiao.showQuestions = function (state, findings, given, next) {
    calls = given;
    by('finish').hidden = !state;
    if (!state) return;
    by('finish-title').textContent = '评分表“' + state.name + '”' + (state.questions.length ? '：' + state.questions.length + ' 个问题待定' : '');
    by('finish-said').textContent = state.questions.length ? '每题答完即保存在“' + state.file + '”里，可以随时下载；下次把它拖进来接着回答。没有回答的由评价人核定。'
      : '没有待定的问题。放入来源文件后点“评分”；“' + state.file + '”下载后留存，下次拖进来即可使用。';
    by('finish-back').hidden = !state.back;
    Jixiao.fill(by('finish-questions'), state.questions.map(one));
    [['finish-decided', '已决定 ', state.decisions.map(function (item) {
      return make('li', {}, item.about + '：' + item.decided + '（' + item.reason + '；' + item.who + '，' + item.when + '）');
    })], ['finish-findings', '导入时发现 ', findings.map(Jixiao.finding)]].forEach(function (part) {
      by(part[0]).hidden = !part[2].length;
      by(part[0]).querySelector('summary').textContent = part[1] + part[2].length + ' 项';
      Jixiao.fill(by(part[0]).lastElementChild, part[2]);
    });
    if (next && by('finish-questions').firstChild) by('finish-questions').firstChild.open = true;
  };
})();
