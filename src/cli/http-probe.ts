import { get } from 'node:http'

/** What an address answered. */
export interface ProbeAnswer {
  readonly status: number
  readonly body: string
}

const WITHIN_MS = 2_000

/** One GET on loopback; undefined when nobody answers in time. */
export async function probe(url: string): Promise<ProbeAnswer | undefined> {
  const answer = await ask(url)
  return typeof answer === 'string' ? undefined : answer
}

/** Does nothing come at all? Whoever refuses or ends the connection is at work, however badly. */
export async function isSilent(url: string): Promise<boolean> {
  return (await ask(url)) === 'silent'
}

async function ask(url: string): Promise<ProbeAnswer | 'refused' | 'silent'> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: WITHIN_MS }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => {
        resolve('refused')
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
      })
    })
    request.on('timeout', () => {
      resolve('silent')
      request.destroy()
    })
    request.on('error', () => {
      resolve('refused')
    })
  })
}
