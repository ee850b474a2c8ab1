// WPS 表格 with its add-in interface (window.Application). Not proven in a real WPS: see addin/wps/README.md.
(function () {
  'use strict';

  function application() {
    return window.Application && window.Application.FileSystem ? window.Application : null;
  }

  function bytesOf(binary) {
    var made = new Uint8Array(binary.length);
    for (var at = 0; at < binary.length; at += 1) made[at] = binary.charCodeAt(at) & 255;
    return made;
  }

  function binaryOf(bytes) {
    var all = new Uint8Array(bytes), pieces = [];
    for (var at = 0; at < all.length; at += 8192) pieces.push(String.fromCharCode.apply(null, all.subarray(at, at + 8192)));
    return pieces.join('');
  }

  function temporary(name) {
    var folder = String(application().Env.GetTempPath()).replace(/[\\/]+$/, '');
    var stamp = Date.now().toString(36);
    return folder + (folder.indexOf('\\') >= 0 ? '\\' : '/') + 'jixiao-' + stamp + '-' + name;
  }

  function rows(found) {
    if (found === undefined || found === null) return [['']];
    return Array.isArray(found) ? found.map(function (line) { return Array.isArray(line) ? line.slice() : [line]; }) : [[found]];
  }

  function open() {
    var book = application().ActiveWorkbook;
    if (!book) throw Jixiao.trouble('没有打开的工作簿', '请先打开要评分的工作簿');
    return book;
  }

  function each(all, call) {
    for (var at = 1; at <= all.Count; at += 1) call(all.Item(at));
  }

  Jixiao.hosts.wps = {
    name: 'WPS 表格',
    readLabel: '读取当前工作簿',
    showLabel: '打开评分后的工作簿',
    isHere: function () { return application() !== null; },

    // The open workbook, unsaved edits included, by way of a copy that is removed at once.
    read: async function () {
      var book = open();
      var name = /\.[A-Za-z]+$/.test(book.Name) ? book.Name : book.Name + '.xlsx';
      var path = temporary(name);
      book.SaveCopyAs(path);
      try {
        return { name: name, bytes: bytesOf(application().FileSystem.readAsBinaryString(path)) };
      } finally {
        application().FileSystem.Remove(path);
      }
    },

    // The open workbook as the service reads it. ``writing``: it will be written to.
    cells: async function (writing) {
      var book = open(), names = {}, sheets = [];
      if (writing && book.ReadOnly) throw Jixiao.refused('readOnly');
      each(book.Names, function (item) { names[item.Name] = item.RefersTo; });
      each(book.Worksheets, function (sheet) {
        var used = sheet.UsedRange;
        sheets.push(Jixiao.told(sheet.Name, used.Row, used.Column, rows(used.Value2), rows(used.Formula)));
      });
      return { name: book.Name, key: book.FullName, active: book.ActiveSheet.Name, names: names, sheets: sheets };
    },

    // All cells, or none: what was written is put back where a later one is refused.
    write: async function (writes) {
      var places = writes.map(function (cell) {
        var sheet = open().Worksheets.Item(cell[0]), range = sheet.Range(cell[1]);
        if (sheet.ProtectContents && range.Locked !== false) throw Jixiao.refused('locked', cell[0]);
        return { range: range, name: cell[0], value: cell[2], before: range.Formula };
      });
      var done = [];
      try {
        places.forEach(function (place) {
          place.range.Formula = place.value;
          done.push(place);
          if (place.value !== '' && place.range.Formula === '') throw Jixiao.refused('swallowed', place.name);
        });
      } catch (error) {
        done.forEach(function (place) { place.range.Formula = place.before; });
        throw error && error.finding ? error : Jixiao.refused('editing');
      }
    },

    goTo: async function (sheet, cell) {
      var found = open().Worksheets.Item(sheet);
      found.Activate();
      found.Range(cell.split(':')[0]).Select();
      return '已转到 ' + sheet + '!' + cell;
    },

    // The scored workbook as a workbook of its own: the officer compares, and saves it where it belongs.
    show: async function (name, bytes) {
      var path = temporary(name);
      application().FileSystem.writeAsBinaryString(path, binaryOf(bytes));
      if (!/\.xls[xm]$/i.test(name)) return '已存到临时文件夹：' + path;
      application().Workbooks.Open(path);
      return '已打开“' + name + '”，请另存到需要的位置';
    }
  };
})();
