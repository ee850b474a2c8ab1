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

  Jixiao.hosts.wps = {
    name: 'WPS 表格',
    readLabel: '读取当前工作簿',
    showLabel: '打开评分后的工作簿',
    isHere: function () { return application() !== null; },

    // The open workbook, unsaved edits included, by way of a copy that is removed at once.
    read: async function () {
      var book = application().ActiveWorkbook;
      if (!book) throw Jixiao.trouble('没有打开的工作簿', '请先打开要评分的工作簿');
      var name = /\.[A-Za-z]+$/.test(book.Name) ? book.Name : book.Name + '.xlsx';
      var path = temporary(name);
      book.SaveCopyAs(path);
      try {
        return { name: name, bytes: bytesOf(application().FileSystem.readAsBinaryString(path)) };
      } finally {
        application().FileSystem.Remove(path);
      }
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
