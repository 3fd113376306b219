import { once } from 'node:events'
import { type Server, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { chooseStartPorts } from '../../src/cli/start-ports.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function take(port: number): Promise<number> {
  const server = createServer()
  servers.push(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('each port is another one, from its default on', async () => {
  const ports = await chooseStartPorts({})
  expect(ports.AMI_PORT).toBeGreaterThanOrEqual(5038)
  expect(ports.PBX_HTTP_PORT).toBeGreaterThanOrEqual(8088)
  expect(new Set([ports.PBX_SIP_PORT, ports.NETWORK_SIP_PORT]).size).toBe(2)
  expect(new Set([ports.AMI_PORT, ports.NETWORK_AMI_PORT, ports.PBX_HTTP_PORT]).size).toBe(3)
})

test('a port somebody holds is passed over', async () => {
  const { AMI_PORT: first } = await chooseStartPorts({})
  await take(first)
  const { AMI_PORT: second } = await chooseStartPorts({})
  expect(second).toBeGreaterThan(first)
})

test('a port that is asked for is used, and refused when it is taken', async () => {
  const [wanted = 0] = await pickPorts([{ kind: 'tcp' }])
  expect((await chooseStartPorts({ AMI_PORT: String(wanted) })).AMI_PORT).toBe(wanted)
  const taken = await take(0)
  await expect(chooseStartPorts({ AMI_PORT: String(taken) })).rejects.toThrow(
    `AMI_PORT: port ${String(taken)} is taken`,
  )
})
