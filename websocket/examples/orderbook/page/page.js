'use strict'

const state = document.getElementById('state')
const sides = { bids: document.getElementById('bids'), asks: document.getElementById('asks') }

function show(list, levels) {
  const most = Math.max(1, ...levels.map(level => level.amount))
  list.replaceChildren(...levels.map(level => {
    const item = document.createElement('li')
    item.style.setProperty('--share', `${100 * level.amount / most}%`)
    for (const value of [level.price.toLocaleString(), level.amount]) {
      item.append(Object.assign(document.createElement('span'), { textContent: value }))
    }
    return item
  }))
}

const views = new EventSource('views')
views.onmessage = event => {
  const view = JSON.parse(event.data)
  state.dataset.state = 'open'
  state.textContent = `change ${view.seq.toLocaleString()}, connection ${view.connection} to the exchange`
  show(sides.bids, view.bids)
  show(sides.asks, view.asks)
}
views.onerror = () => {
  state.dataset.state = 'waiting'
  state.textContent = 'Connecting…'
}
