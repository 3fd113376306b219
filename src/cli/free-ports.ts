import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { AppError } from '../platform/errors.ts'

/** The nature of a port: TCP or UDP. */
export type PortKind = 'tcp' | 'udp'

/** True when nobody on this machine holds the port on loopback. */
export async function isPortFree(kind: PortKind, port: number): Promise<boolean> {
  return (await tryPort(kind, port)) !== undefined
}

/** Ports nobody holds now, all different: the wanted ones where they are free, else those the system names. */
export async function pickPorts(
  wanted: readonly { readonly kind: PortKind; readonly port?: number | undefined }[],
): Promise<number[]> {
  const taken = new Set<number>()
  const ports: number[] = []
  for (const { kind, port } of wanted) {
    let found = port === undefined || taken.has(port) ? undefined : await tryPort(kind, port)
    while (found === undefined || taken.has(found)) {
      found = await tryPort(kind, 0)
      if (found === undefined)
        throw new AppError('unavailable', 'NO_FREE_PORT', 'This machine has no free port')
    }
    taken.add(found)
    ports.push(found)
  }
  return ports
}

async function tryPort(kind: PortKind, port: number): Promise<number | undefined> {
  return kind === 'tcp' ? tryTcp(port) : tryUdp(port)
}

async function tryTcp(port: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    server.close()
    await once(server, 'close')
    return typeof address === 'object' && address !== null ? address.port : undefined
  } catch {
    return undefined // taken, or not ours to take
  }
}

async function tryUdp(port: number): Promise<number | undefined> {
  const socket = createSocket('udp4')
  try {
    socket.bind(port, '127.0.0.1')
    await once(socket, 'listening')
    const found = socket.address().port
    socket.close()
    return found
  } catch {
    return undefined
  }
}
