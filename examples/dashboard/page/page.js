"use strict";

const byId = (id) => document.getElementById(id);

function connect() {
  const boards = new EventSource("boards");
  boards.onmessage = (event) => {
    byId("state").textContent = "Live";
    show(JSON.parse(event.data));
  };
  boards.onerror = () => {
    boards.close();
    byId("state").textContent = "Reconnecting…";
    setTimeout(connect, 1000);
  };
}

function show(board) {
  byId("alerts").replaceChildren(...board.silent.map((name) => element("li", `${name} is silent`)));
  byId("offers").replaceChildren(...board.offers.map((offer) => {
    const row = element("tr", "");
    row.append(element("td", offer.item), element("td", offer.price.toFixed(2)), element("td", offer.exchange));
    return row;
  }));
}

function element(name, text) {
  const e = document.createElement(name);
  e.textContent = text;
  return e;
}

connect();
