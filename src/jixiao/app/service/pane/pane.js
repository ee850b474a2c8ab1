// The page at work: files in, the score out, the workbook and the report back.
(function () {
  'use strict';
  var make = Jixiao.make;
  var ROLES = { book: '评分簿', source: '来源', facts: '补充数据', definition: '评分表' };
  var IMPORTED = '@', WISHES = ['rubric', 'unit', 'year'];
  var host = Jixiao.hosts.browser, session = '', files = [], chosen = '', busy = 0, about = null, found = [];

  function by(id) { return document.getElementById(id); }

  function say(text, working) {
    by('status').textContent = text || '';
    by('status').classList.toggle('busy', Boolean(working));
    document.body.setAttribute('aria-busy', String(Boolean(working)));
  }

  // Everything that went wrong, each in lines of its own.
  function complain(errors) {
    Jixiao.fill(by('banner-lines'), [].concat(errors).reduce(function (lines, error) {
      var finding = error && error.finding ? error.finding : { message: '页面出错（' + (error && error.name) + '）', advice: '请重新打开本页', sources: [] };
      var places = (finding.sources || []).map(function (s) { return [s.file, s.sheet, s.cell].filter(Boolean).join(' '); })
        .filter(function (place) { return place && finding.message.indexOf(place) < 0; });
      if (finding.code === 'J871' || finding.code === 'J872') by('pair').hidden = false;
      if (finding.code === 'J875') forget();
      return lines.concat([
        make('p', { 'class': 'banner-text' }, finding.message + (places.length ? '（' + places.slice(0, 3).join('；') + '）' : '')),
        make('p', { 'class': 'banner-advice' }, finding.advice + (finding.code ? '　' + finding.code : ''))
      ]);
    }, []));
    by('banner').classList.remove('good');
    by('banner').hidden = false;
  }

  function forget() {
    session = '';
    sessionStorage.removeItem(Jixiao.SESSION);
    take({ files: [], chosen: '' });
    Jixiao.showQuestions(null, [], {});
    offer(null);
  }

  function settle() { by('banner').hidden = true; }

  // One piece of work: buttons rest while it lasts, what goes wrong is told. Without a text it is too small to be spoken of.
  async function work(text, call) {
    var before = text ? '' : by('status').textContent;
    busy += 1;
    refresh();
    settle();
    say(text, true);
    try {
      var told = await call();
      say(told || before);
    } catch (error) {
      say('');
      complain(error);
    } finally {
      busy -= 1;
      refresh();
    }
  }

  function refresh() {
    var hasBook = files.some(function (file) { return file.role === 'book'; });
    by('score').disabled = busy > 0 || !files.length || !about;
    by('new-book').hidden = hasBook;
    ['take-book', 'verify', 'report', 'clear', 'read-open', 'live-score', 'live-check', 'live-undo'].forEach(function (id) { by(id).disabled = busy > 0; });
  }

  function path(rest) { return '/api/sessions/' + session + (rest || ''); }

  async function start() {
    if (session) return;
    session = (await Jixiao.ask('POST', '/api/sessions')).session;
    sessionStorage.setItem(Jixiao.SESSION, session);
  }

  function size(bytes) {
    return bytes < 100000 ? Math.max(1, Math.round(bytes / 1000)) + ' KB' : (bytes / 1000000).toFixed(1) + ' MB';
  }

  function listFiles() {
    var books = files.filter(function (file) { return file.role === 'book'; }).length;
    Jixiao.fill(by('files'), files.map(function (file) {
      var remove = make('button', { type: 'button', 'class': 'quiet', 'aria-label': '去掉 ' + file.name }, '去掉');
      remove.addEventListener('click', function () {
        work('', async function () {
          take(await Jixiao.ask('DELETE', path('/files?name=' + encodeURIComponent(file.name))));
          by('choose').focus();
        });
      });
      var fill = null;
      if (file.role === 'book' && books > 1) {
        var pick = make('input', { type: 'radio', name: 'book', value: file.name });
        pick.checked = file.name === chosen;
        pick.addEventListener('change', function () {
          work('', async function () {
            take(await Jixiao.ask('POST', path('/choose'), { file: file.name }));
            return '点“评分”的是“' + file.name + '”';
          });
        });
        fill = make('label', { 'class': 'inline' }, [pick, '评分这一本']);
      }
      if (file.table) {
        fill = make('button', { type: 'button' }, '填写其中的评分表');
        fill.addEventListener('click', function () { own(file.name, ''); });
      }
      return make('li', {}, [
        make('span', { 'class': 'role ' + file.role }, ROLES[file.role]),
        make('span', {}, [file.name, make('small', {}, size(file.size)), fill]), remove
      ]);
    }));
  }

  function take(answer) {
    files = answer.files;
    chosen = answer.chosen;
    listFiles();
    refresh();
  }

  // A wrong file is told and passed over; the others come in.
  async function bring(given) {
    await work('正在读入 ' + given.length + ' 个文件', async function () {
      await start();
      var wrong = [];
      for (var at = 0; at < given.length; at += 1) {
        say('正在读入 ' + given[at].name + '（' + (at + 1) + '/' + given.length + '）', true);
        try {
          take(await Jixiao.upload(path('/files'), given[at].name, given[at].bytes));
        } catch (error) {
          if (error.finding && error.finding.code === 'J875') throw error;
          wrong.push(error);
        }
      }
      if (wrong.length) complain(wrong);
      if (files.some(function (file) { return file.role === 'definition'; })) await questions(null);
      var books = files.filter(function (file) { return file.role === 'book'; }).length;
      return wrong.length ? wrong.length + ' 个文件没有读入' : books > 1 ? '有 ' + books + ' 本评分簿，点“评分”的是“' + chosen + '”' : '已读入，点“评分”继续';
    });
  }

  function fromList(list) {
    return [].slice.call(list).map(function (file) { return { name: file.name, bytes: file }; });
  }

  // The rubrics to choose from: those at hand, and the imported one.
  function offer(state) {
    var before = by('rubric').value, made = about ? about.rubrics.slice() : [];
    if (state) made.unshift({ id: IMPORTED, name: '导入的：' + state.name });
    Jixiao.fill(by('rubric'), [make('option', { value: '' }, '请选择')].concat(made.map(function (item) {
      return make('option', { value: item.id }, item.name);
    })));
    by('rubric').value = made.some(function (item) { return item.id === before; }) ? before : '';
  }

  // The imported table and its questions, as the service has them, or as an answer of it says.
  async function questions(made, next) {
    var state = made || (await Jixiao.ask('GET', path())).questions;
    offer(state);
    Jixiao.showQuestions(state, found, {
      question: function (words, show) { work('', async function () { show(await Jixiao.ask('POST', path('/question'), words)); }); },
      tried: function (words, show) { work('', async function () { show(await Jixiao.ask('POST', path('/try'), words)); }); },
      answer: function (words) {
        work('正在保存', async function () {
          localStorage.setItem('jixiao-who', words.who);
          var saved = await Jixiao.ask('POST', path('/answer'), words);
          await questions(saved.questions, true);
          return '已保存 ' + saved.count + ' 题，还有 ' + saved.questions.questions.length + ' 题';
        });
      }
    }, next);
    if (state) by('empty').hidden = true;
  }

  async function importTable(file) {
    await work('正在读评分表“' + file.name + '”，并试建评分簿', async function () {
      await start();
      var made = await Jixiao.upload(path('/table'), file.name, file);
      found = made.findings;
      take(made);
      await questions(made.questions, true);
      by('rubric').value = IMPORTED;
      keepWishes();
      by('finish').scrollIntoView({ block: 'start' });
      return made.questions.questions.length ? '已导入，' + made.questions.questions.length + ' 个问题待定' : '已导入，可以放入来源文件评分';
    });
  }

  function keepWishes() {
    WISHES.forEach(function (id) { sessionStorage.setItem('jixiao-' + id, by(id).value); });
  }

  // A page that is loaded again, or opened for a workbook: its files, answers and results.
  async function restore() {
    var state = await Jixiao.ask('GET', path());
    take(state);
    found = state.told.import || [];
    await questions(state.questions);
    WISHES.forEach(function (id) { by(id).value = sessionStorage.getItem('jixiao-' + id) || ''; });
    if (state.told.score) showScore(state.told.score);
    if (state.told.own) showOwn(state.told.own);
    if (state.told.verify) Jixiao.showVerified(state.told.verify);
    if (state.told.report) showReport(state.told.report);
    refresh();
  }

  function showScore(data) {
    by('empty').hidden = true;
    by('scored').hidden = false;
    Jixiao.fill(by('verified'), []);
    Jixiao.fill(by('reported'), []);
    Jixiao.showScore(data);
    Jixiao.showFindings(data.findings, data.checks);
    Jixiao.showFacts(data.facts);
  }

  async function score() {
    if (!by('new-book').hidden && !by('rubric').value) {
      complain(Jixiao.trouble('还没有选择评分表', '请在“评分表”中选择与印发文件相符的一份；没有的，点“导入印发的评分表”', 'J896'));
      by('rubric').focus();
      return;
    }
    await work('正在取数、勾稽、评分', async function () {
      var data = await Jixiao.ask('POST', path('/score'), {
        rubric: by('rubric').value, unit: by('unit').value.trim(), year: by('year').value.trim()
      });
      showScore(data);
      by('result').focus({ preventScroll: true });
      by('result').scrollIntoView({ block: 'start' });
      return '评分完成：' + data.total.toFixed(2) + ' 分，等级 ' + data.grade + '，发现 ' + data.findings.length + ' 项';
    });
  }

  Jixiao.picture = async function (place) {
    var found = null;
    await work('正在取原文', async function () {
      found = await Jixiao.fetchFile(path('/picture?file=' + encodeURIComponent(place.file) + '&box=' + place.box.join(',')));
      return '原文已显示';
    });
    return found && found.bytes;
  };

  // The officer's own table, filled by the same code as the button in Excel.
  async function own(name, rubric) {
    await work('正在填写“' + name + '”', async function () {
      var data = await Jixiao.ask('POST', path('/own'), { file: name, rubric: rubric });
      showOwn(data);
      return data.message;
    });
  }

  function showOwn(data) {
    by('empty').hidden = true;
    Jixiao.showOwn(data, host.showLabel === '下载评分簿' ? '下载填好的工作簿' : '打开填好的工作簿', about.rubrics, {
      again: function (chosen) { own(data.file, chosen); },
      take: function () { work('正在取回', function () { return giveBack('own'); }); }
    });
  }

  // The open workbook: the one around the page, whose cells are told and written in place; beside a browser the one in
  // Excel on this machine, by way of the service and without any macro.
  async function live(verb, rubric) {
    await work('正在处理打开的工作簿', async function () {
      var data, asked = { verb: verb, rubric: rubric };
      if (host.cells) {
        asked.book = await host.cells(verb !== 'check');
        data = await Jixiao.ask('POST', '/api/cells', asked);
        await host.write(data.writes);
        data.cells = data.writes.map(function (cell) { return cell[0] + '!' + cell[1]; });
      } else {
        data = await Jixiao.ask('POST', '/api/desk', asked);
        data.cells = [];
      }
      by('empty').hidden = true;
      Jixiao.showOwn(data, '', about.rubrics, { again: function (chosen) { live(verb, chosen); } });
      return data.message.split('\n')[0];
    });
  }

  async function verify() {
    await work('正在由独立的计算引擎复算，约需几秒', async function () {
      var data = await Jixiao.ask('POST', path('/verify'), {});
      Jixiao.showVerified(data);
      return data.proved ? '核验通过' : '核验未通过';
    });
  }

  async function giveBack(what) {
    var file = await Jixiao.fetchFile(path('/' + what));
    return host.show(file.name, file.bytes, file.type);
  }

  async function report() {
    await work('正在核验并撰写报告', async function () {
      var made = await Jixiao.ask('POST', path('/report'), { kind: by('kind').value, draft: by('draft').checked });
      showReport(made);
      return giveBack('report');
    });
  }

  function showReport(made) {
    Jixiao.showReported(made, function () { work('正在取回', function () { return giveBack('report'); }); });
  }

  async function clear() {
    await work('', async function () {
      if (session) await Jixiao.ask('DELETE', path());
      forget();
      by('scored').hidden = true;
      by('own').hidden = true;
      by('empty').hidden = false;
      by('choose').value = '';
      by('choose').focus();
      return '已清空，本机的临时文件已删除';
    });
  }

  async function pairing() {
    await work('', async function () {
      var made = await Jixiao.ask('POST', '/api/pair', {});
      Jixiao.fill(by('banner-lines'), [make('p', { 'class': 'banner-text' }, '配对码：' + made.code),
        make('p', { 'class': 'banner-advice' }, '请在 WPS 或 Excel 的任务窗格里填写。5 分钟内有效，只能用一次。')]);
      by('banner').classList.add('good');
      by('banner').hidden = false;
    });
  }

  async function chooseHost() {
    if (Jixiao.hosts.wps.isHere()) host = Jixiao.hosts.wps;
    else if (await Jixiao.hosts.office.isHere()) host = Jixiao.hosts.office;
    by('take-book').textContent = host.showLabel;
    by('read-open').hidden = !host.readLabel;
    by('read-open').textContent = host.readLabel || '';
    Jixiao.goTo = host.goTo ? function (place) { work('', function () { return host.goTo(place.sheet, place.cell); }); } : null;
  }

  async function begin() {
    if (!(await Jixiao.open())) {
      throw Jixiao.trouble('本页还没有通过验证', '请从开始菜单的“绩效评分服务”打开本页（或在终端运行 jixiao serve）；任务窗格请输入配对码', 'J871');
    }
    about = await Jixiao.ask('GET', '/api/about');
    by('pair').hidden = true;
    offer(null);
    by('finish-who').value = localStorage.getItem('jixiao-who') || '';
    by('report-tools').hidden = !about.report;
    by('live').hidden = !host.cells && !about.desk;
    by('pair-show').hidden = host !== Jixiao.hosts.browser;
    session = sessionStorage.getItem(Jixiao.SESSION) || '';
    if (session) {
      try {
        await restore();
      } catch (error) {
        if (!error.finding || error.finding.code !== 'J875') throw error;
        forget(); // it was left for long, or the service has started again
      }
    }
    return '版本 ' + about.version + '，' + (session ? '接着上次的文件' : '可以放入文件');
  }

  function wire() {
    var over = 0;
    window.addEventListener('pagehide', function () {
      if (session) Jixiao.leave(path('/leave'));
    });
    window.addEventListener('pageshow', function (event) {
      if (event.persisted) work('正在连接', begin); // back by the browser's button
    });
    by('import').addEventListener('change', function (event) {
      var given = event.target.files[0];
      if (given) importTable(given).then(function () { event.target.value = ''; });
    });
    by('finish-back').addEventListener('click', function () {
      work('', async function () { await questions((await Jixiao.ask('POST', path('/back'), {})).questions); return '已撤回'; });
    });
    by('finish-take').addEventListener('click', function () { work('正在取回', function () { return giveBack('definition'); }); });
    by('choose').addEventListener('change', function (event) {
      var given = fromList(event.target.files);
      event.target.value = '';
      if (given.length) bring(given);
    });
    document.addEventListener('dragenter', function () { over += 1; document.body.classList.add('dragging'); });
    document.addEventListener('dragleave', function () { over -= 1; if (over <= 0) document.body.classList.remove('dragging'); });
    document.addEventListener('dragover', function (event) { event.preventDefault(); });
    document.addEventListener('drop', function (event) {
      event.preventDefault();
      over = 0;
      document.body.classList.remove('dragging');
      if (event.dataTransfer.files.length) bring(fromList(event.dataTransfer.files));
    });
    WISHES.forEach(function (id) { by(id).addEventListener('change', keepWishes); });
    ['unit', 'year'].forEach(function (id) {
      by(id).addEventListener('keydown', function (event) { if (event.key === 'Enter' && !by('score').disabled) score(); });
    });
    by('read-open').addEventListener('click', async function () {
      await work('正在读取当前工作簿', async function () {
        var read = await host.read();
        if (read) await bring([read]);
      });
    });
    by('score').addEventListener('click', score);
    ['score', 'check', 'undo'].forEach(function (verb) {
      by('live-' + verb).addEventListener('click', function () { live(verb, ''); });
    });
    by('verify').addEventListener('click', verify);
    by('report').addEventListener('click', report);
    by('clear').addEventListener('click', clear);
    by('take-book').addEventListener('click', function () { work('正在取回评分簿', function () { return giveBack('book'); }); });
    by('pair-show').addEventListener('click', pairing);
    by('banner-close').addEventListener('click', function () { settle(); by('banner').classList.remove('good'); by('choose').focus(); });
    document.addEventListener('keydown', function (event) { if (event.key === 'Escape') settle(); });
    by('pair').addEventListener('submit', function (event) {
      event.preventDefault();
      work('', async function () {
        await Jixiao.redeem(by('pair-code').value.trim());
        by('pair-code').value = '';
        return begin();
      });
    });
  }

  wire();
  chooseHost().then(function () { return work('正在连接', begin); });
})();
