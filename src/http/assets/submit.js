// Choosing files by dragging or by folder, and what happens meanwhile. Without it the form works as it stands.
(function () {
  'use strict';
  var form = document.querySelector('form[data-upload]');
  if (form) { upload(form); }
  Array.prototype.forEach.call(document.querySelectorAll('form[data-working]'), function (other) {
    other.addEventListener('submit', function () {
      var button = other.querySelector('button');
      button.disabled = true;
      button.textContent = other.getAttribute('data-working');
    });
  });

  function upload(form) {
    var input = form.querySelector('input[type=file]');
    var names = form.querySelector('[data-names]');
    var drop = form.querySelector('[data-drop]');
    var progress = form.querySelector('[data-progress]');
    var dropped = [];
    Array.prototype.forEach.call(document.querySelectorAll('.scripted:not([data-progress])'), function (part) { part.hidden = false; });

    // A browser that can choose folders does it by an input of its own.
    var folder = document.createElement('input');
    folder.type = 'file';
    folder.hidden = true;
    folder.setAttribute('webkitdirectory', '');
    form.appendChild(folder);
    form.querySelector('[data-folder]').addEventListener('click', function () { folder.click(); });
    folder.addEventListener('change', function () { take(folder.files); });
    input.addEventListener('change', show);

    ['dragenter', 'dragover'].forEach(function (name) {
      drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add('over'); });
    });
    ['dragleave', 'drop'].forEach(function (name) {
      drop.addEventListener(name, function () { drop.classList.remove('over'); });
    });
    drop.addEventListener('drop', function (event) { event.preventDefault(); take(event.dataTransfer.files); });

    function take(files) {
      dropped = dropped.concat(Array.prototype.slice.call(files));
      input.required = dropped.length === 0;
      show();
    }

    function show() {
      var all = Array.prototype.slice.call(input.files).concat(dropped);
      names.textContent = '';
      all.forEach(function (file) {
        var item = document.createElement('li');
        item.textContent = (file.webkitRelativePath || file.name) + ' · ' + Math.ceil(file.size / 1024) + ' KB';
        names.appendChild(item);
      });
    }

    form.addEventListener('submit', function (event) {
      event.preventDefault();
      var data = new FormData();
      Array.prototype.forEach.call(form.querySelectorAll('select'), function (select) { data.append(select.name, select.value); });
      Array.prototype.slice.call(input.files).concat(dropped).forEach(function (file) {
        data.append('files', file, file.webkitRelativePath || file.name);
      });
      var button = form.querySelector('button:not([type=button])');
      var words = progress.querySelector('span');
      var bar = progress.querySelector('progress');
      button.disabled = true;
      progress.hidden = false;
      words.textContent = progress.getAttribute('data-sending');
      var request = new XMLHttpRequest();
      request.open('POST', form.action);
      request.upload.addEventListener('progress', function (sent) {
        if (sent.lengthComputable) { bar.value = Math.round(sent.loaded * 100 / sent.total); }
        if (sent.loaded === sent.total) {
          bar.removeAttribute('value');
          words.textContent = progress.getAttribute('data-checking');
        }
      });
      request.addEventListener('load', function () {
        if (request.status < 400 && request.responseURL) {
          window.location.assign(request.responseURL);
          return;
        }
        // The page of the refusal, of which only its sentence is needed.
        var page = new DOMParser().parseFromString(request.responseText, 'text/html');
        var said = page.querySelector('.refusal');
        refuse(said ? said.textContent : progress.getAttribute('data-failed'));
      });
      request.addEventListener('error', function () { refuse(progress.getAttribute('data-failed')); });
      request.send(data);

      function refuse(text) {
        progress.hidden = true;
        button.disabled = false;
        var old = document.querySelector('main > .refusal');
        if (old) { old.parentNode.removeChild(old); }
        var told = document.createElement('p');
        told.className = 'refusal';
        told.setAttribute('role', 'alert');
        told.textContent = text;
        form.parentNode.insertBefore(told, form);
        told.scrollIntoView();
      }
    });
  }
})();
