// Talking to the service: the token of this start, one question at a time, errors as the catalogue words them.
(function () {
  'use strict';
  var KEY = 'jixiao-token', SESSION = 'jixiao-session';
  var MOST_BYTES = 30 * 1000 * 1000;
  var token = sessionStorage.getItem(KEY) || '';

  class Trouble extends Error {
    constructor(finding) {
      super(finding.message);
      this.finding = finding;
    }
  }

  function trouble(message, advice, code) {
    return new Trouble({ code: code || '', level: 'error', message: message, advice: advice || '', sources: [] });
  }

  async function send(method, path, body, type) {
    var headers = {};
    if (token) headers['X-Jixiao-Token'] = token;
    if (body !== undefined) headers['Content-Type'] = type || 'application/json';
    var answer;
    try {
      answer = await fetch(path, { method: method, headers: headers, body: body, cache: 'no-store', credentials: 'omit' });
    } catch (error) {
      throw trouble('连接不上绩效评分服务', '服务可能已经停止。请从开始菜单的“绩效评分服务”启动，或在终端运行 jixiao serve');
    }
    if (!answer.ok) {
      var said = null;
      try { said = (await answer.json()).error; } catch (error) { said = null; }
      if (answer.status === 401) sessionStorage.removeItem(KEY);
      throw said ? new Trouble(said) : trouble('服务没有完成这次操作（' + answer.status + '）', '请重试');
    }
    return answer;
  }

  async function ask(method, path, data) {
    var answer = await send(method, path, data === undefined ? undefined : JSON.stringify(data));
    return answer.json();
  }

  async function redeem(code) {
    var made = await ask('POST', '/api/open', { code: code });
    token = made.token;
    sessionStorage.setItem(KEY, token);
  }

  async function open() {
    // the code stands behind the # of the address: no server ever sees it there, and it is good once; a session may follow it
    var parts = /^#([\w-]{16,64})(?::([\w-]{16,64}))?$/.exec(location.hash);
    if (location.hash) history.replaceState(null, '', location.pathname);
    if (parts) {
      if (parts[2]) sessionStorage.setItem(SESSION, parts[2]);
      await redeem(parts[1]);
    }
    return token !== '';
  }

  async function upload(path, name, bytes) {
    if (bytes.size >= MOST_BYTES || bytes.byteLength >= MOST_BYTES) {
      throw trouble('“' + name + '”超过 30 MB', '请删除用不到的工作表和图片后重试', 'J868');
    }
    var answer = await send('PUT', path + '?name=' + encodeURIComponent(name), bytes, 'application/octet-stream');
    return answer.json();
  }

  async function fetchFile(path) {
    var answer = await send('GET', path);
    var named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') || '');
    return { name: named ? decodeURIComponent(named[1]) : '下载', bytes: await answer.arrayBuffer(), type: answer.headers.get('content-type') };
  }

  // The page goes: what it had is removed on the service, unless the page comes back soon.
  function leave(path) {
    fetch(path, { method: 'POST', headers: { 'X-Jixiao-Token': token }, keepalive: true }).catch(function () {});
  }

  // The used cells of a sheet as the service reads them: values whole, formulas by row and column within them.
  function told(name, row, column, values, formulas) {
    var found = {};
    formulas.forEach(function (line, r) {
      line.forEach(function (text, c) {
        if (typeof text === 'string' && text.charAt(0) === '=' && text !== values[r][c]) found[r + ',' + c] = text;
      });
    });
    return { name: name, row: row, column: column, values: values, formulas: found };
  }

  var REFUSED = {
    readOnly: ['这本工作簿是只读的，没有任何改动', '请另存为可以修改的工作簿，再点一次'],
    locked: ['受保护，没有改动任何单元格', '请先取消工作表保护，再点一次'],
    swallowed: ['没有接受写入的内容，已恢复原样，没有改动任何单元格', '请检查是否在合并的单元格里面，再点一次'],
    editing: ['表格软件正忙：正在编辑单元格，或者有对话框没有关闭', '请先退出单元格编辑（按 Enter 或 Esc）、关闭对话框，再点一次']
  };

  function refused(why, place) { return trouble((place ? '“' + place + '”' : '') + REFUSED[why][0], REFUSED[why][1]); }

  window.Jixiao = { told: told, refused: refused, ask: ask, open: open, redeem: redeem, upload: upload, fetchFile: fetchFile, leave: leave, trouble: trouble, SESSION: SESSION, hosts: {} };
})();
