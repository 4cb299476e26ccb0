// Sharing the certificate as a picture, where the browser can hand a file to another program; elsewhere the link saves it.
(function () {
  "use strict";
  var button = document.querySelector("[data-share]"), saved = document.querySelector("[data-share-instead]"), file = null, asked = false;
  if (!button || !saved || !navigator.canShare || !window.fetch || !window.File) { return; }

  function fileOf(picture) { return new File([picture], button.dataset.shareName, { type: "image/png" }); }
  if (!navigator.canShare({ files: [fileOf("")] })) { return; }
  button.hidden = false;
  saved.classList.replace("btn-primary", "btn-secondary");

  function share(justFetched) {
    navigator.share({ files: [file], title: button.dataset.shareTitle }).catch(function (refusal) {
      if (refusal.name === "NotAllowedError" && justFetched) { button.textContent = button.dataset.shareAgain; return; } // the press is too long ago
      if (refusal.name !== "AbortError") { saved.click(); }
    });
  }

  // The picture is fetched at the first press: most of those who open the page only look at it.
  button.addEventListener("click", function () {
    if (file) { share(false); return; }
    if (asked) { return; }
    asked = true;
    button.setAttribute("aria-busy", "true");
    fetch(button.dataset.share, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.blob();
    }).then(function (picture) {
      file = fileOf(picture);
      share(true);
    }, function () {
      saved.click();
    }).then(function () {
      asked = false;
      button.removeAttribute("aria-busy");
    });
  });
})();
