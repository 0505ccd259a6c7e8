// The signature board: strokes as integers on a grid of 1000 × 400, written as JSON into the hidden field.
// It is shown by this script alone, so that whoever has no scripts sees no board and signs by hand.
(() => {
  "use strict";
  const WIDTH = 1000, HEIGHT = 400, MOST_POINTS = 5500, MOST_STROKES = 190;

  function begin(pad) {
    const field = document.getElementById(pad.dataset.signPad);
    const drawn = document.querySelector('input[name="signature"][value="drawn"]');
    if (!field || !drawn) return;
    let strokes = [];
    try { strokes = JSON.parse(field.value || "[]"); } catch { strokes = []; }

    const hint = document.createElement("p");
    hint.className = "hint";
    hint.id = "sign-hint";
    hint.textContent = pad.dataset.hint;
    const board = document.createElement("canvas");
    board.width = WIDTH;
    board.height = HEIGHT;
    board.setAttribute("role", "img");
    board.setAttribute("aria-label", pad.dataset.label);
    board.setAttribute("aria-describedby", "sign-hint");
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "button secondary";
    clear.textContent = pad.dataset.clear;
    pad.append(hint, board, clear);

    const pen = board.getContext("2d");
    const paint = () => {
      pen.clearRect(0, 0, WIDTH, HEIGHT);
      pen.lineWidth = 6;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#1d2a30";
      for (const stroke of strokes) {
        pen.beginPath();
        stroke.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        if (stroke.length === 1) pen.lineTo(stroke[0][0] + 1, stroke[0][1]);
        pen.stroke();
      }
    };
    const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; };
    const show = () => { pad.hidden = !drawn.checked; };
    const bound = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    const point = (event) => {
      const box = board.getBoundingClientRect();
      return [
        bound(((event.clientX - box.left) / box.width) * WIDTH, WIDTH),
        bound(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT),
      ];
    };
    let now = null, count = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    board.addEventListener("pointerdown", (event) => {
      if (event.button || strokes.length >= MOST_STROKES) return;
      event.preventDefault();
      board.setPointerCapture(event.pointerId);
      now = [point(event)];
      strokes.push(now);
      count += 1;
      paint();
    });
    board.addEventListener("pointermove", (event) => {
      if (!now || count >= MOST_POINTS) return;
      const [x, y] = point(event), [a, b] = now[now.length - 1];
      if (Math.abs(x - a) + Math.abs(y - b) < 4) return;
      now.push([x, y]);
      count += 1;
      paint();
    });
    const end = () => { now = null; keep(); };
    for (const name of ["pointerup", "pointercancel"]) board.addEventListener(name, end);
    clear.addEventListener("click", () => { strokes = []; count = 0; now = null; keep(); paint(); });
    for (const choice of document.querySelectorAll('input[name="signature"]')) choice.addEventListener("change", show);
    paint();
    show();
  }

  for (const pad of document.querySelectorAll("[data-sign-pad]")) begin(pad);
})();
