// Excel through Office.js, where an IT department has put that library beside the service. Not proven in a real Excel.
(function () {
  'use strict';
  var SLICE = 1 << 20;

  function file() {
    return new Promise(function (resolve, reject) {
      Office.context.document.getFileAsync(Office.FileType.Compressed, { sliceSize: SLICE }, function (result) {
        if (result.status === Office.AsyncResultStatus.Succeeded) resolve(result.value);
        else reject(Jixiao.trouble('读不到当前工作簿', '请先退出单元格编辑，再试一次'));
      });
    });
  }

  function slice(from, index) {
    return new Promise(function (resolve, reject) {
      from.getSliceAsync(index, function (result) {
        if (result.status === Office.AsyncResultStatus.Succeeded) resolve(result.value.data);
        else reject(Jixiao.trouble('读取工作簿时中断', '请再试一次'));
      });
    });
  }

  function base64(bytes) {
    var all = new Uint8Array(bytes), pieces = [];
    for (var at = 0; at < all.length; at += 8192) pieces.push(String.fromCharCode.apply(null, all.subarray(at, at + 8192)));
    return btoa(pieces.join(''));
  }

  function bareName(address) {
    var last = String(address || '').split(/[\\/]/).pop().split('?')[0];
    try { last = decodeURIComponent(last); } catch (error) { /* a plain per cent sign in a name */ }
    return /\.xls[xm]$/i.test(last) ? last : (last || '工作簿') + '.xlsx';
  }

  Jixiao.hosts.office = {
    name: 'Excel',
    readLabel: '读取当前工作簿',
    showLabel: '打开评分后的工作簿',

    isHere: async function () {
      if (!window.Office || !window.Office.onReady) return false;
      var info = await Office.onReady();
      return info.host === Office.HostType.Excel;
    },

    // The open workbook in pieces, put together in their order.
    read: async function () {
      var from = await file(), pieces = [];
      try {
        for (var index = 0; index < from.sliceCount; index += 1) pieces.push(new Uint8Array(await slice(from, index)));
      } finally {
        from.closeAsync(function () {});
      }
      return { name: bareName(Office.context.document.url), bytes: new Uint8Array(await new Blob(pieces).arrayBuffer()) };
    },

    // The scored workbook as a new one beside the open one.
    show: async function (name, bytes, type) {
      if (!/\.xls[xm]$/i.test(name)) return Jixiao.hosts.browser.show(name, bytes, type);
      await Excel.createWorkbook(base64(bytes));
      return '已打开评分后的工作簿，请另存到需要的位置';
    }
  };
})();
