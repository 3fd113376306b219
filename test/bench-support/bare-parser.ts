import { createRequire } from 'node:module'

/**
 * The floor of `npm run bench -- replay`: asterisk-manager as its README shows it, which parses the events of the story and counts
 * them. Usage: node bare-parser.ts <port>; prints one line of JSON.
 */
interface Manager {
  on(name: string, listener: (event: Readonly<Record<string, string>>) => void): void
  action(fields: Readonly<Record<string, string>>, callback: () => void): void
  disconnect(): void
}
const Ami = createRequire(import.meta.url)('asterisk-manager') as new (
  port: string,
  host: string,
  user: string,
  secret: string,
  events: boolean,
) => Manager

const [port = ''] = process.argv.slice(2)
const ami = new Ami(port, '127.0.0.1', 'tongdai', 'ami-secret', true)
let events = 0
let firstMs = 0
ami.on('managerevent', (event) => {
  if (event['userevent'] === 'Tick') return
  if (event['event'] === 'StoryDone') {
    process.stdout.write(`${JSON.stringify({ events, ms: performance.now() - firstMs })}\n`)
    process.exit() // its socket would keep the process
  }
  if (events === 0) firstMs = performance.now()
  events += 1
})
ami.on('fullybooted', () => {
  events = 0
  ami.action({ action: 'Story' }, () => undefined)
})
