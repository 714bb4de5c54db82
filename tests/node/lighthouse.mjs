// Lighthouse on the built console, signed in: node lighthouse.mjs BINARY LIGHTHOUSE_FOLDER CHROMIUM
// Starts the demo, signs its administrator in, and prints a markdown table. Ends the demo itself.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { demo } from './demo.mjs'

const [binary, folder, chromium] = process.argv.slice(2)
const load = (path) => import(pathToFileURL(join(folder, 'node_modules', path)).href)
const { default: lighthouse } = await load('lighthouse/core/index.js')
const { default: desktop } = await load('lighthouse/core/config/desktop-config.js')
const { launch } = await load('chrome-launcher/dist/index.js')

const { base, email, password, end } = await demo(binary)

let chrome
try {
  const answer = await fetch(`${base}/auth/password`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: base, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ email, password }),
  })
  const cookie = answer.headers.getSetCookie().map((it) => it.split(';')[0]).join('; ')
  if (!cookie.includes('session')) throw new Error(`no session: ${answer.status}`)
  chrome = await launch({
    chromePath: chromium,
    chromeFlags: [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-first-run',
    ],
  })
  console.log('| page | form | performance | accessibility | best practices | first, largest paint | blocked | what the main thread does |')
  console.log('|---|---|--:|--:|--:|--:|--:|---|')
  for (const path of ['/', '/users']) {
    for (const [form, config] of [['mobile', undefined], ['desktop', desktop]]) {
      const scores = []
      let work = ''
      // The median of three: a shared machine has its moods.
      for (let run = 0; run < 3; run++) {
        const flags = {
          port: chrome.port,
          logLevel: 'error',
          onlyCategories: ['performance', 'accessibility', 'best-practices'],
          extraHeaders: { Cookie: cookie },
        }
        const { lhr } = await lighthouse(base + path, flags, config)
        if (new URL(lhr.finalDisplayedUrl).pathname !== path) {
          throw new Error(`ended at ${lhr.finalDisplayedUrl}`)
        }
        const millis = (audit) => Math.round(lhr.audits[audit].numericValue)
        scores.push([
          ...Object.values(lhr.categories).map((it) => Math.round(it.score * 100)),
          ...['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time'].map(millis),
        ])
        work = lhr.audits['mainthread-work-breakdown'].details.items
          .slice(0, 4)
          .map((it) => `${it.groupLabel} ${Math.round(it.duration)} ms`)
          .join(', ')
      }
      const median = (index) => scores.map((it) => it[index]).sort((a, b) => a - b)[1]
      const [performance, accessible, practices, first, largest, blocked] = scores[0].map((_, index) => median(index))
      console.log(`| ${path} | ${form} | ${performance} | ${accessible} | ${practices} | ${first}, ${largest} ms | ${blocked} ms | ${work} |`)
    }
  }
} finally {
  await chrome?.kill()
  end()
}
