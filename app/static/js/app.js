// Small helps for pages that also work without them: busy buttons, NIK counter, menus, print, preview, tick all, region picker.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // A form that came back with errors: begin reading there.
  var summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }

  // A pressed button rests until the answer comes; after eight seconds (downloads, lost signal) it may be pressed again.
  function release(button) { button.disabled = false; button.removeAttribute("aria-busy"); }
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter || form.querySelector("[type=submit]");
    if (!button || form.hasAttribute("data-no-busy")) { return; }
    setTimeout(function () {
      if (event.defaultPrevented) { return; }
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
      setTimeout(release, 8000, button);
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[aria-busy=true][disabled]").forEach(release);
  });

  // NIK: how many digits so far, in groups of four; the field itself is left alone, only spaces go when sending.
  document.querySelectorAll("input[data-nik]").forEach(function (input) {
    var note = document.getElementById(input.id + "-count");
    if (!note) { return; }
    function count() {
      var digits = input.value.replace(/\D/g, "");
      note.textContent = note.dataset.text.replace("{n}", digits.length) + (digits ? ": " + digits.replace(/(.{4})(?=.)/g, "$1 ") : "");
    }
    input.addEventListener("input", count);
    if (input.form) { input.form.addEventListener("submit", function () { input.value = input.value.replace(/\s+/g, ""); }); }
    count();
  });

  // Menus open over the page: a press elsewhere or Escape closes them, Escape gives the focus back.
  function close(except, focus) {
    document.querySelectorAll(".menu-more[open]").forEach(function (menu) {
      if (menu.contains(except)) { return; }
      if (focus && menu.contains(document.activeElement)) { menu.querySelector("summary").focus(); }
      menu.open = false;
    });
  }
  document.addEventListener("click", function (event) { close(event.target); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { close(null, true); } });

  // Print what is open.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });

  // A chosen picture is shown below its field, drawn on a canvas: no address is needed for it.
  document.querySelectorAll("input[type=file][data-preview]").forEach(function (input) {
    var canvas = document.getElementById(input.id + "-preview");
    input.addEventListener("change", function () {
      var file = input.files[0];
      canvas.hidden = true;
      if (!file || file.type.indexOf("image/") || !window.createImageBitmap) { return; }
      createImageBitmap(file).then(function (picture) {
        var scale = Math.min(1, 320 / picture.width, 320 / picture.height);
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.hidden = false;
      }).catch(function () {});
    });
  });

  // Tick all: ticks every box of that name that can be ticked without more, or clears them when all of these are ticked.
  document.querySelectorAll("button[data-check-all]").forEach(function (button) {
    button.addEventListener("click", function () {
      var boxes = Array.prototype.filter.call((button.form || document).querySelectorAll("input[type=checkbox]"), function (box) {
        return box.name === button.dataset.checkAll && !box.disabled && !box.hasAttribute("data-not-all");
      });
      var tick = boxes.some(function (box) { return !box.checked; });
      boxes.forEach(function (box) {
        if (box.checked !== tick) { box.checked = tick; box.dispatchEvent(new Event("change", { bubbles: true })); }
      });
    });
  });

  // Region picker: choosing a level fills the next one and clears the deeper ones; old answers that arrive late are dropped.
  function fill(select, regions) {
    select.length = 1;
    regions.forEach(function (region) { select.add(new Option(region.name, region.code)); });
    select.value = "";
    select.disabled = regions.length === 0;
  }
  document.querySelectorAll("[data-children-url]").forEach(function (box) {
    var levels = Array.prototype.slice.call(box.querySelectorAll("select[data-region-level]"));
    var asked = 0, note = box.querySelector("[data-region-note]");
    levels.forEach(function (select, index) {
      select.disabled = index > 0 && select.length < 2;
      select.addEventListener("change", function () {
        var turn = ++asked, next = levels[index + 1];
        levels.slice(index + 1).forEach(function (deeper) { fill(deeper, []); });
        note.textContent = "";
        if (!next || !select.value) { return; }
        fetch(box.dataset.childrenUrl + (box.dataset.childrenUrl.indexOf("?") < 0 ? "?" : "&") + "parent=" + encodeURIComponent(select.value),
          { headers: { Accept: "application/json" }, credentials: "same-origin" })
          .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.json(); })
          .then(function (data) { if (turn === asked) { fill(next, data.regions); } })
          .catch(function () {
            if (turn !== asked) { return; }
            note.textContent = note.dataset.failed;
            box.querySelectorAll(".no-js").forEach(function (button) { button.classList.remove("no-js"); });
          });
      });
    });
  });
})();
