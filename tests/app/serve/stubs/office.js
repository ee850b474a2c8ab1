// Excel as Office.js documents it: slices by callback, new workbooks by promise. BOOK (base64) is the open workbook.
(function () {
  var bytes = Uint8Array.from(atob(BOOK), function (letter) { return letter.charCodeAt(0); });
  window.kept = { created: [], closed: 0, slices: [] };
  function slices(size) { return Math.ceil(bytes.length / size); }
  window.Office = strict('Office', {
    onReady: typed('onReady', [], function () { return Promise.resolve({ host: 'Excel', platform: 'PC' }); }),
    HostType: strict('HostType', { Excel: 'Excel' }),
    FileType: strict('FileType', { Compressed: 'compressed' }),
    AsyncResultStatus: strict('AsyncResultStatus', { Succeeded: 'succeeded', Failed: 'failed' }),
    context: strict('context', {
      document: strict('document', {
        url: 'https://d.docs.live.net/1/%E8%AF%84%E5%88%86%E7%B0%BF.xlsx?web=1',
        getFileAsync: typed('getFileAsync', ['string', 'object', 'function'], function (kind, options, call) {
          var size = options.sliceSize;
          if (kind !== 'compressed' || !(size > 0 && size <= 4194304)) throw new TypeError('getFileAsync');
          call({ status: 'succeeded', value: strict('File', {
            sliceCount: slices(size),
            size: bytes.length,
            getSliceAsync: typed('getSliceAsync', ['number', 'function'], function (index, done) {
              kept.slices.push(index);
              done({ status: 'succeeded', value: strict('Slice', {
                index: index, size: size, data: Array.from(bytes.subarray(index * size, (index + 1) * size))
              }) });
            }),
            closeAsync: typed('closeAsync', ['function'], function (done) { kept.closed += 1; done({ status: 'succeeded' }); })
          }) });
        })
      })
    })
  });
  window.Excel = strict('Excel', {
    createWorkbook: typed('createWorkbook', ['string'], function (base64) { kept.created.push(base64); return Promise.resolve(); })
  });
})();
