import { createRequire } from 'node:module'

/**
 * The floor of `npm run bench -- replay`: asterisk-manager as its README shows it, which parses the events of the story and counts
 * them. Usage: node bare-parser.ts <port>; prints one line of JSON: when each was through, in milliseconds.
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
let atMs: number[] = []
ami.on('managerevent', (event) => {
  if (event['userevent'] === 'Tick') return
  if (event['event'] === 'StoryDone') {
    process.stdout.write(`${JSON.stringify(atMs)}\n`, () => process.exit()) // its socket would keep the process
    return
  }
  atMs.push(performance.now())
})
ami.on('fullybooted', () => {
  atMs = []
  ami.action({ action: 'Story' }, () => undefined)
})
