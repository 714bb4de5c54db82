// What the console's users table costs in a browser: node console.mjs BINARY LIGHTHOUSE_FOLDER CHROMIUM USERS
// Starts the demo with so many users, signs its administrator in, and prints a markdown table. Ends the demo itself.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { demo } from './demo.mjs'

const [binary, folder, chromium, users = '100000'] = process.argv.slice(2)
const library = join(folder, 'node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js')
const { default: puppeteer } = await import(pathToFileURL(library).href)

const { base, email, password, end } = await demo(binary, '--users', users)

// Runs in the page: what is needed to see when something that was asked for stands painted.
function instruments() {
  const state = { wasm: undefined, answered: 0, text: '', long: [] }
  window.bench = state
  addEventListener('TrunkApplicationStarted', (event) => { state.wasm = event.detail.wasm })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) state.long.push(entry.duration)
  }).observe({ type: 'longtask' })
  const text = Response.prototype.text
  Response.prototype.text = async function () {
    const body = await text.call(this)
    if (new URL(this.url).pathname === '/api/users') {
      state.text = body
      state.answered = performance.now()
    }
    return body
  }
  // The end of the frame in which everything done so far is painted.
  state.painted = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => resolve(performance.now())
      channel.port2.postMessage(0)
    })
  })
  // Until an answer that was asked for after `begun` is painted, as far as it is in view.
  state.drawn = (begun) => new Promise((resolve, reject) => {
    const load = document.querySelector('.load')
    const seen = new MutationObserver(() => {
      if (state.answered < begun || load.ariaBusy === 'true') return
      seen.disconnect()
      clearTimeout(late)
      resolve(state.painted())
    })
    const late = setTimeout(() => reject(new Error(`no answer at ${location.href}`)), 10_000)
    seen.observe(load, { attributes: true, childList: true, subtree: true })
  })
  addEventListener('input', () => {
    const begun = performance.now()
    state.typed = state.drawn(begun).then((ended) => ended - begun)
  }, { capture: true })
  // The same rows by plain DOM calls, from the same text.
  state.plainly = async (body, form) => {
    const grow = ([name, attributes, children]) => {
      const space = name === 'svg' || name === 'use' ? 'http://www.w3.org/2000/svg' : 'http://www.w3.org/1999/xhtml'
      const element = document.createElementNS(space, name)
      for (const [key, value] of attributes) element.setAttribute(key, value)
      for (const child of children) element.append(typeof child === 'string' ? child : grow(child))
      return element
    }
    const there = document.querySelector('tbody')
    const before = there.rows.length
    const begun = performance.now()
    const rows = JSON.parse(body).users.map((_, at) => grow(form[at % form.length]))
    there.append(...rows)
    const ended = await state.painted()
    while (there.rows.length > before) there.lastElementChild.remove()
    await state.painted()
    return ended - begun
  }
  state.form = (row) => [
    row.localName,
    [...row.attributes].map((it) => [it.name, it.value]),
    [...row.childNodes].filter((it) => it.nodeType !== 8).map((it) => it.nodeType === 3 ? it.data : state.form(it)),
  ]
}

const at = (samples, share) => [...samples].sort((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))]
const lines = []
const say = (what, value, unit, goal) => {
  const verdict = goal === undefined ? '' : value <= goal ? 'reached' : '**falls short**'
  lines.push(`| ${what} | ${value.toFixed(1)} ${unit} | ${goal === undefined ? '' : `≤ ${goal} ${unit}`} | ${verdict} |`)
}

let browser
try {
  browser = await puppeteer.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const page = await browser.newPage()
  await page.setViewport({ width: 1280, height: 900 })
  await page.evaluateOnNewDocument(instruments)
  await page.goto(`${base}/sign-in/administrator`)
  await page.type('input[name=email]', email)
  await page.type('input[name=password]', password)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])

  await page.goto(`${base}/users?limit=100`)
  await page.waitForSelector('tbody tr')
  await page.focus('input[type=search]')
  const keys = []
  const press = async (key) => {
    await page.evaluate(() => { window.bench.typed = undefined })
    await page.keyboard.press(key)
    keys.push(await page.evaluate(() => window.bench.typed))
  }
  await page.evaluate(() => { window.bench.long = [] })
  for (const word of ['ada', 'lovelace', 'kenji.t', 'okafor', 'zo', 'martin@', 'nobody']) {
    for (const letter of word) await press(letter)
    for (const _ of word) await press('Backspace')
  }
  const long = await page.evaluate(() => window.bench.long)
  say('key press to painted result (what is in view), 100 rows a page, p50', at(keys, 0.5), 'ms')
  say('the same, p95', at(keys, 0.95), 'ms', 100)
  say('longest task while typing', Math.max(0, ...long), 'ms', 50)

  await page.evaluate(() => { window.bench.long = [] })
  const selected = []
  for (let turn = 0; turn < 20; turn++) {
    selected.push(await page.evaluate(async () => {
      const begun = performance.now()
      document.querySelector('thead input[type=checkbox]').click()
      return await window.bench.painted() - begun
    }))
  }
  say('select all of 100 to painted, p95', at(selected, 0.95), 'ms', 100)

  const ours = []
  const plain = []
  for (let turn = 0; turn < 15; turn++) {
    await page.goto(`${base}/users?turn=${turn}`)
    await page.waitForFunction(() => document.querySelector('tbody')?.rows.length === 50)
    await page.evaluate(() => window.bench.painted())
    ours.push(await page.evaluate(async () => {
      const begun = performance.now()
      document.querySelector('.panel-foot button').click()
      const rows = document.querySelector('tbody').rows.length
      while (document.querySelector('tbody').rows.length < rows + 50) await new Promise((resolve) => setTimeout(resolve, 0))
      const ended = await window.bench.painted()
      return ended - Math.max(begun, window.bench.answered)
    }))
    plain.push(await page.evaluate(() => {
      const { bench } = window
      const form = [...document.querySelector('tbody').rows].slice(-50).map(bench.form)
      return bench.plainly(bench.text, form)
    }))
  }
  say('50 more rows, from the answer to the next frame, median', at(ours, 0.5), 'ms')
  say('the same by plain DOM calls, median', at(plain, 0.5), 'ms')
  say('times as much', at(ours, 0.5) / at(plain, 0.5), '', 1.5)

  // An hour of somebody who never rests: a page, a search or a person every two seconds.
  const client = await page.createCDPSession()
  const memory = async () => {
    await client.send('HeapProfiler.collectGarbage')
    const heap = await page.evaluate(() => window.bench.wasm.memory.buffer.byteLength)
    const { JSHeapUsedSize } = await page.metrics()
    return (heap + JSHeapUsedSize) / 1e6
  }
  await page.goto(`${base}/users`)
  await page.waitForSelector('tbody tr')
  const walk = async (turns) => {
    for (let turn = 0; turn < turns; turn++) {
      const path = ['/users', '/', '/users?search=ada', '/activity/sign-ins', '/users?status=inactive', '/activity/audit'][turn % 6]
      await page.evaluate((path) => {
        const link = document.createElement('a')
        link.href = path
        document.querySelector('main').append(link)
        link.click()
      }, path)
      await (await page.waitForSelector('.load[aria-busy=false]')).dispose()
      await page.evaluate(() => window.bench.painted())
    }
  }
  await walk(120)
  const early = await memory()
  await walk(1680)
  const late = await memory()
  say('memory of the page after 120 steps (script and WebAssembly)', early, 'MB')
  say('after 1,800 steps, as many as in an hour', late, 'MB', Math.ceil(early * 1.2))
  console.log(`| console in the browser, ${Number(users).toLocaleString('en')} users | measured | goal | |`)
  console.log('|---|--:|--:|---|')
  console.log(lines.join('\n'))
} finally {
  await browser?.close()
  end()
}
