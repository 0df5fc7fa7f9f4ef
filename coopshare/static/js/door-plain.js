/* The screen at a door, for browsers without modules: loads the page again each minute, but only when the server answers, so that a network cut leaves
   the last page on the wall. Written as browsers of 2012 read it. */
(function () {
  "use strict";
  var every = Number(document.body.getAttribute("data-every")) * 1000;
  setInterval(function () {
    var request = new XMLHttpRequest();
    request.open("GET", document.body.getAttribute("data-source"), true);
    request.onload = function () {
      if (request.status < 500) { window.location.reload(); }
    };
    request.send();
  }, every);
}());
