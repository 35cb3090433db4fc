// Brings the verifying page the bundle that its address names: ?draw=weekly/2026-W49/1
(function () {
  'use strict';
  var asked = /[?&]draw=((?:weekly|special-\d{1,4})\/\d{4}-W\d\d\/\d{1,6})(?:&|$)/.exec(decodeURIComponent(location.search));
  if (!asked || !window.mingchouPage) return;
  fetch('/public/' + asked[1] + '/bundle.zip').then(function (answer) {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.arrayBuffer();
  }).then(function (bytes) {
    window.mingchouPage.show([{ name: asked[1].replace(/\//g, ' ') + '.zip', zip: new Uint8Array(bytes) }]);
  }).catch(function (error) {
    window.mingchouPage.show([{ name: asked[1] + ': ' + error.message, zip: null }]);
  });
})();
