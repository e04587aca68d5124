"use strict";

const element = (id) => document.getElementById(id);

const line = (country) => `${country.flag} User visited from ${country.name}`;

function show(model) {
  element("visitor").textContent = model.visitor ? line(model.visitor) : "Waiting for visitors…";
  element("history").replaceChildren(...(model.history ?? []).map((country) => {
    const item = document.createElement("li");
    item.textContent = `${country.flag} ${country.name}`;
    return item;
  }));
}

new EventSource("model").onmessage = (event) => show(JSON.parse(event.data));

for (const action of ["start", "stop"]) {
  element(action).onclick = () => fetch(action, { method: "POST" });
}
