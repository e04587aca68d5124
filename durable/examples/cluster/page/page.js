"use strict";

const counts = { seen: 0, missing: 0, doubled: 0, reconnections: 0 };
let previous = 0; // the highest number seen, or 0

function show() {
  for (const [name, n] of Object.entries(counts)) {
    const element = document.getElementById(name);
    element.textContent = n;
    element.classList.toggle("bad", n > 0 && (name === "missing" || name === "doubled"));
  }
}

function showState(text) {
  const state = document.getElementById("state");
  if (state.textContent !== text) state.textContent = text;
}

function count(number) {
  counts.seen++;
  if (previous > 0 && number <= previous) counts.doubled++;
  if (previous > 0 && number > previous + 1) counts.missing += number - previous - 1;
  previous = Math.max(previous, number);
}

function list(visitor) {
  const item = document.createElement("li");
  item.textContent = `${visitor.number}  ${visitor.country}`;
  const latest = document.getElementById("latest");
  latest.prepend(item);
  while (latest.children.length > 20) latest.lastChild.remove();
}

const events = new EventSource("events"); // it reconnects by itself, with the ID of its last event
events.onopen = () => showState("Live");
events.onerror = () => {
  if (events.readyState === EventSource.CLOSED) {
    showState("The stream does not reach back to the last visitor of this page. Reload the page.");
    return;
  }
  counts.reconnections++;
  showState("Reconnecting…");
  show();
};
events.onmessage = (event) => {
  const visitor = JSON.parse(event.data);
  count(visitor.number);
  list(visitor);
  show();
};
