// Excel through Office.js, where an IT department has put that library beside the service. Not proven in a real Excel.
(function () {
  'use strict';

  // A batch on the open workbook. While a cell is being edited Excel refuses, which is said.
  async function run(batch) {
    try {
      return await Excel.run(batch);
    } catch (error) {
      if (error && error.code === 'InvalidOperationInCellEditMode') throw Jixiao.refused('editing');
      throw error && error.code ? Jixiao.trouble('Excel 没有完成这次操作（' + error.code + '）', '请再试一次') : error;
    }
  }

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

    // The open workbook as the service reads it. ``writing``: it will be written to.
    cells: function (writing) {
      if (writing && Office.context.document.mode === Office.DocumentMode.ReadOnly) throw Jixiao.refused('readOnly');
      return run(async function (context) {
        var book = context.workbook, active = book.worksheets.getActiveWorksheet(), names = {};
        book.worksheets.load('items/name');
        active.load('name');
        book.names.load('items/name,items/formula');
        await context.sync();
        var used = book.worksheets.items.map(function (sheet) {
          var range = sheet.getUsedRangeOrNullObject(true);
          range.load('values,formulas,rowIndex,columnIndex');
          return range;
        });
        await context.sync();
        book.names.items.forEach(function (item) { names[item.name] = item.formula; });
        return {
          name: bareName(Office.context.document.url), key: Office.context.document.url || '', active: active.name, names: names,
          sheets: book.worksheets.items.map(function (sheet, at) {
            var range = used[at];
            return range.isNullObject ? Jixiao.told(sheet.name, 1, 1, [], [])
              : Jixiao.told(sheet.name, range.rowIndex + 1, range.columnIndex + 1, range.values, range.formulas);
          })
        };
      });
    },

    // All cells, or none: first the protection is looked at, then everything is written, then it is looked whether it landed.
    write: function (writes) {
      return run(async function (context) {
        var places = writes.map(function (cell) {
          var sheet = context.workbook.worksheets.getItem(cell[0]), range = sheet.getRange(cell[1]);
          sheet.protection.load('protected');
          range.load('formulas');
          range.format.protection.load('locked');
          return { sheet: sheet, range: range, name: cell[0], value: cell[2] };
        });
        await context.sync();
        var locked = places.filter(function (place) { return place.sheet.protection.protected && place.range.format.protection.locked !== false; });
        if (locked.length) throw Jixiao.refused('locked', locked[0].name);
        var before = places.map(function (place) { return place.range.formulas; });
        places.forEach(function (place) { place.range.formulas = [[place.value]]; });
        places.forEach(function (place) { place.range.load('formulas'); });
        await context.sync();
        var lost = places.filter(function (place) { return place.value !== '' && place.range.formulas[0][0] === ''; });
        if (!lost.length) return;
        places.forEach(function (place, at) { place.range.formulas = before[at]; });
        await context.sync();
        throw Jixiao.refused('swallowed', lost[0].name);
      });
    },

    goTo: function (sheet, cell) {
      return run(async function (context) {
        var found = context.workbook.worksheets.getItem(sheet);
        found.activate();
        found.getRange(cell.split(':')[0]).select();
        await context.sync();
        return '已转到 ' + sheet + '!' + cell;
      });
    },

    // The scored workbook as a new one beside the open one.
    show: async function (name, bytes, type) {
      if (!/\.xls[xm]$/i.test(name)) return Jixiao.hosts.browser.show(name, bytes, type);
      await Excel.createWorkbook(base64(bytes));
      return '已打开评分后的工作簿，请另存到需要的位置';
    }
  };
})();
