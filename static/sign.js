/* A board to draw a signature on, with a mouse, a finger or a pen.  Optional: without scripts it never shows.

   <div class="sign-pad" hidden data-sign-pad="ID" data-label="…" data-hint="…" data-clear="…"></div>

   ID is that of a hidden input, into which go the strokes as JSON: [[[x, y], …], …], whole numbers, x from 0 to 1000
   and y from 0 to 400.  Where the form has radio buttons named "signature", the board shows only while "drawn" is
   chosen. */
"use strict";

for (const pad of document.querySelectorAll("[data-sign-pad]")) {
  const input = document.getElementById(pad.dataset.signPad);
  if (input) set(pad, input);
}

function set(pad, input) {
  const WIDTH = 1000, HEIGHT = 400, MOST_STROKES = 200, MOST_POINTS = 6000, NEAR = 3;
  const hint = add(pad, "p", { className: "hint", textContent: pad.dataset.hint });
  const board = add(pad, "canvas", { width: WIDTH, height: HEIGHT });
  const clear = add(pad, "button", { type: "button", className: "button secondary small", textContent: pad.dataset.clear });
  hint.id = input.id + "_hint";
  board.setAttribute("role", "img");
  board.setAttribute("aria-label", pad.dataset.label);
  board.setAttribute("aria-describedby", hint.id);

  const pen = board.getContext("2d");
  let strokes = read(input.value);
  let drawing = null; // The pointer that draws; a second finger or the palm is not it.

  board.addEventListener("pointerdown", (event) => {
    if (drawing !== null || event.button !== 0 || strokes.length >= MOST_STROKES) return;
    event.preventDefault();
    drawing = event.pointerId;
    board.setPointerCapture(drawing);
    strokes.push([]);
    extend(event);
  });
  board.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const one of all.length ? all : [event]) extend(one);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    board.addEventListener(name, (event) => {
      if (event.pointerId !== drawing) return;
      drawing = null;
      write();
    });
  }
  clear.addEventListener("click", () => {
    strokes = [];
    write();
    paint();
  });

  const choices = pad.closest("form").querySelectorAll('input[type="radio"][name="signature"]');
  for (const choice of choices) choice.addEventListener("change", show);
  // A page that comes back from the browser's memory has its choice, and its drawing, put back after this has run.
  addEventListener("pageshow", show);
  show();

  function show() {
    pad.hidden = choices.length > 0 && ![...choices].some((choice) => choice.checked && choice.value === "drawn");
    if (!pad.hidden) paint();
  }

  function extend(event) {
    const box = board.getBoundingClientRect();
    const stroke = strokes[strokes.length - 1];
    const last = stroke[stroke.length - 1];
    const point = [
      within((event.clientX - box.x - board.clientLeft) / board.clientWidth, WIDTH),
      within((event.clientY - box.y - board.clientTop) / board.clientHeight, HEIGHT),
    ];
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return;
    if (strokes.reduce((sum, one) => sum + one.length, 0) >= MOST_POINTS) return;
    stroke.push(point);
    line(last || point, point);
  }

  function paint() {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    for (const stroke of strokes) stroke.forEach((point, at) => line(stroke[at - 1] || point, point));
  }

  function line(from, to) {
    pen.strokeStyle = getComputedStyle(board).color;
    pen.lineWidth = 5;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
  }

  function write() {
    input.value = strokes.length ? JSON.stringify(strokes) : "";
  }
}

function add(parent, name, properties) {
  const element = Object.assign(document.createElement(name), properties);
  parent.append(element);
  return element;
}

function within(share, size) {
  return Math.min(size, Math.max(0, Math.round(share * size)));
}

function read(text) {
  try {
    const strokes = JSON.parse(text || "[]");
    return Array.isArray(strokes) ? strokes : [];
  } catch {
    return [];
  }
}
