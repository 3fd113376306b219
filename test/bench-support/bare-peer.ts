import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * The floor of `npm run bench -- pop`, as a process of its own: asterisk-manager as its README shows it, a WebSocket, a page
 * that writes the number down. No database, no session, no history, no softphone.
 *
 * Usage: node bare-peer.ts <amiPort> <user> <secret>; prints its HTTP port.
 */
interface Manager {
  keepConnected(): void
  on(name: string, listener: (event: Readonly<Record<string, string>>) => void): void
}
const Ami = createRequire(import.meta.url)('asterisk-manager') as new (
  port: string,
  host: string,
  user: string,
  secret: string,
  events: boolean,
) => Manager

const PAGE = `<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>pop</title>
<h1>Tổng đài</h1>
<div id="pops"></div>
<script>
  const pops = document.getElementById('pops')
  new WebSocket('ws://' + location.host + '/' + location.search).onmessage = (event) => {
    const message = JSON.parse(event.data)
    if (message.type === 'pop') {
      const pop = document.createElement('section')
      pop.dataset.testid = 'pop'
      pop.dataset.call = message.callId
      pop.textContent = message.number + ' ' + message.name
      pops.append(pop)
    } else {
      document.querySelector('[data-call="' + message.callId + '"]')?.remove()
    }
  }
</script>`

const [port = '', user = '', secret = ''] = process.argv.slice(2)
const pages = new Set<{ readonly socket: WebSocket; readonly member: string }>()
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(PAGE)
})
new WebSocketServer({ server }).on('connection', (socket, request) => {
  const page = {
    socket,
    member: new URL(request.url ?? '/', 'http://localhost').searchParams.get('member') ?? '',
  }
  pages.add(page)
  socket.on('close', () => pages.delete(page))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const ami = new Ami(port, '127.0.0.1', user, secret, true)
ami.keepConnected()
ami.on('agentcalled', (event) => {
  send(event, {
    type: 'pop',
    callId: event['uniqueid'],
    number: event['calleridnum'],
    name: event['calleridname'],
  })
})
ami.on('agentringnoanswer', (event) => {
  send(event, { type: 'gone', callId: event['uniqueid'] })
})
ami.on('queuecallerabandon', (event) => {
  send(event, { type: 'gone', callId: event['uniqueid'] })
})
process.once('SIGTERM', () => process.exit()) // a bench peer has nothing to bring to an end
process.stdout.write(`${String((server.address() as AddressInfo).port)}\n`)

/** To the page of the member it rings at; an abandoned call to all. */
function send(event: Readonly<Record<string, string>>, message: object): void {
  const text = JSON.stringify(message)
  for (const { socket, member } of pages) {
    if (event['membername'] === undefined || event['membername'] === member) socket.send(text)
  }
}
