// The demo, for a script that measures it: an organization with its administrator, until `end` is called.
import { spawn } from 'node:child_process'

export async function demo(binary, ...more) {
  const child = spawn(binary, ['demo', '--listen', '127.0.0.1:0', '--okta-listen', '127.0.0.1:0', ...more])
  const words = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (data) => {
      text += data
      if (text.includes('Ctrl-C')) resolve(text)
    })
    child.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${text}`)))
  })
  const [base] = words.match(/http:\/\/localhost:\d+/)
  const [, email, password] = words.match(/Administrator\s+(\S+)\s+password\s+(\S+)/)
  const end = () => {
    child.removeAllListeners('exit')
    child.kill('SIGTERM')
  }
  // Whatever ends the script ends the demo.
  process.once('exit', end)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  return { base, email, password, end }
}
