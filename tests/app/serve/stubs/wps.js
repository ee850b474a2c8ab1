// WPS 表格 as its interface is documented: synchronous, files as binary strings. BOOK (base64) is the open workbook.
(function () {
  window.kept = { files: {}, opened: [], removed: [] };
  window.Application = strict('Application', {
    ActiveWorkbook: strict('Workbook', {
      Name: '评分 簿.xlsx',
      SaveCopyAs: typed('SaveCopyAs', ['string'], function (path) { kept.files[path] = atob(BOOK); })
    }),
    Workbooks: strict('Workbooks', {
      Open: typed('Open', ['string'], function (path) {
        if (!(path in kept.files)) throw new Error('no file ' + path);
        kept.opened.push(path);
      })
    }),
    Env: strict('Env', { GetTempPath: typed('GetTempPath', [], function () { return 'C:\\Temp\\'; }) }),
    FileSystem: strict('FileSystem', {
      readAsBinaryString: typed('readAsBinaryString', ['string'], function (path) { return kept.files[path]; }),
      writeAsBinaryString: typed('writeAsBinaryString', ['string', 'string'], function (path, data) { kept.files[path] = data; }),
      Remove: typed('Remove', ['string'], function (path) { delete kept.files[path]; kept.removed.push(path); })
    })
  });
})();
