import { get } from 'node:http'

/** What an address answered. */
export interface ProbeAnswer {
  readonly status: number
  readonly body: string
}

const WITHIN_MS = 2_000

/** One GET on loopback; undefined when nobody answers in time. */
export async function probe(url: string): Promise<ProbeAnswer | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: WITHIN_MS }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => {
        resolve(undefined)
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
      })
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', () => {
      resolve(undefined)
    })
  })
}
