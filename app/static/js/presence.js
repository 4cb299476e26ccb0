// The daftar hadir on a phone: the line says what was chosen; saving stays on the page, so that a lost signal loses nothing.
(function () {
  "use strict";
  var form = document.querySelector("form[data-presence]"), told = form && form.querySelector("[data-presence-sent]");
  if (!form || !told || !window.fetch || !window.DOMParser) { return; }
  var count = form.querySelector("[data-presence-count]");

  function show() {
    var all = form.querySelectorAll(".presence-list > li"), there = 0, absent = 0;
    all.forEach(function (line) {
      var chosen = line.querySelector("input[type=radio]:checked");
      if (!chosen) { return; }
      line.querySelector("[data-presence-now]").textContent = chosen.parentNode.textContent.trim();
      line.classList.toggle("is-absent", chosen.value !== "present");
      if (chosen.value === "present" || chosen.value === "late") { there += 1; } else if (chosen.value !== "keep") { absent += 1; }
    });
    count.textContent = count.dataset.text.replace("{there}", there).replace("{absent}", absent);
  }
  form.addEventListener("change", function (event) {
    told.hidden = true;
    if (event.target.type === "radio") { show(); }
  });
  show();

  function tell(sentence, failed) {
    told.textContent = sentence;
    told.classList.toggle("field-error", failed);
    told.hidden = false;
    told.focus();
  }

  // Each save is an act of its own: the key of the last one would answer as if nothing had been changed since.
  function newKey() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  }

  // Nothing is chosen while a save is on its way: it would look saved.
  function rest(resting) {
    form.querySelector(".presence-list").inert = resting;
    form.querySelector("[type=submit]").disabled = resting;
  }

  // What was saved is read again with its version: the next save is compared with what this page shows then.
  function readAgain() {
    return fetch(form.action, { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (page) {
      var fresh = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-presence]");
      if (!fresh) { return; }
      form.querySelector(".presence-list").replaceWith(fresh.querySelector(".presence-list"));
      form.querySelector("[name=version]").value = fresh.querySelector("[name=version]").value;
      show();
    }).catch(function () { /* no signal: the version stays, and the next save asks where it differs */ });
  }

  form.addEventListener("submit", function (event) {
    var key = form.querySelector("[name=idempotency_key]"), button = form.querySelector("[type=submit]");
    if (!key || button.disabled) { return; }
    event.preventDefault();
    rest(true);
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (page) {
        var kept = answer.ok && answer.redirected && new DOMParser().parseFromString(page, "text/html").querySelector("main [role=status] p");
        if (!kept) { form.submit(); return; } // the page that says why
        key.value = newKey();
        return readAgain().then(function () {
          rest(false);
          tell(kept.textContent, false);
        });
      });
    }).catch(function () {
      rest(false); // the same key is sent again: what arrived after all is not entered twice
      tell(form.dataset.unsent, true);
    });
  });
})();
