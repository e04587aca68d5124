"use strict";

const byId = (id) => document.getElementById(id);

const calm = matchMedia("(prefers-reduced-motion: reduce)");

let view = null; // the latest from the server
let online = false; // whether this page is connected to its server

// A browser would connect again by itself, but not after every kind of failure, such as a 503.
function connect() {
  const views = new EventSource("model");
  views.onmessage = (event) => {
    const before = view;
    view = JSON.parse(event.data);
    online = true;
    show(before);
  };
  views.onerror = () => {
    views.close();
    online = false;
    showState();
    setTimeout(connect, 1000);
  };
}

function show(before) {
  if (view.visits !== before?.visits) {
    showVisitor();
    showCounts();
    showHistory();
  }
  showState();
}

function showVisitor() {
  const visitor = byId("visitor");
  part(visitor, "flag", view.visitor?.flag ?? "");
  part(visitor, "text", view.visitor ? ` User visited from ${view.visitor.name}` : "Waiting for visitors…");
  const fading = visitor.getAnimations().length > 0; // continues: otherwise many visitors a second would not be seen
  if (!fading && !calm.matches) visitor.animate({ opacity: [0, 1] }, { duration: 500, easing: "ease-out" });
}

function showCounts() {
  const counts = view.counts ?? [];
  byId("visits").textContent = view.visits === 1 ? "1 visitor" : `${view.visits} visitors`;
  fill(byId("counts"), counts, (item, count) => {
    part(item, "number", count.visits);
    item.style.setProperty("--share", count.visits / counts[0].visits);
  });
}

function showHistory() {
  fill(byId("history"), view.history ?? [], (item, country) => {
    item.querySelector("time").textContent = new Date(country.timestamp).toLocaleTimeString();
  });
}

// fill gives a list an item, made of its template, for each country.
function fill(list, countries, more) {
  const template = byId(`${list.id}-item`).content.firstElementChild;
  while (list.children.length < countries.length) list.append(template.cloneNode(true));
  while (list.children.length > countries.length) list.lastElementChild.remove();
  countries.forEach((country, i) => {
    part(list.children[i], "flag", country.flag);
    part(list.children[i], "name", country.name);
    more(list.children[i], country);
  });
}

function part(parent, name, text) {
  parent.querySelector(`.${name}`).textContent = text;
}

function showState() {
  const [state, text] = connection();
  const element = byId("state");
  if (element.textContent !== text) element.textContent = text; // a screen reader says it once
  element.dataset.state = state;
  enable(online && view.state === "Closed", online && view.state !== "Closed");
}

function connection() {
  if (!online) return ["waiting", view ? "Reconnecting to this page’s server…" : "Connecting…"];
  switch (view.state) {
    case "Open": return ["open", "Live"];
    case "Closed": return ["closed", "Stopped"];
    default: return ["waiting", view.known ? "Reconnecting to the stream…" : "Connecting to the stream…"];
  }
}

// A button that is disabled loses the focus: the other one takes it over, so that the keyboard stays where it was.
function enable(start, stop) {
  const focused = byId("controls").contains(document.activeElement);
  byId("start").disabled = !start;
  byId("stop").disabled = !stop;
  if (focused && start) byId("start").focus();
  if (focused && stop) byId("stop").focus();
}

for (const action of ["start", "stop"]) {
  byId(action).onclick = () => fetch(action, { method: "POST" }).catch(() => {}); // the state shows the result
}
connect();
