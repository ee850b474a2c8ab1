// A plain browser: the open workbook is a file that the officer chooses, and what is given back is a download.
(function () {
  'use strict';
  Jixiao.hosts.browser = {
    name: '浏览器',
    showLabel: '下载评分簿',

    // Nothing is open here: the file chooser asks.
    read: async function () {
      document.getElementById('choose').click();
      return null;
    },

    // Hand a file to the officer. Leaves a sentence that says where it went.
    show: async function (name, bytes, type) {
      var address = URL.createObjectURL(new Blob([bytes], { type: type || 'application/octet-stream' }));
      var link = document.createElement('a');
      link.href = address;
      link.download = name;
      document.body.appendChild(link);
      link.click();
      document.body.removeChild(link);
      setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
      return '已下载“' + name + '”';
    }
  };
})();
